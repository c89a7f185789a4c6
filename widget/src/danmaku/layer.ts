/** Draws lines over a picture by the Web Animations API: the compositor moves them, not the page. */
import { adoptStyles, unsafeCSS } from "lit";
import { Lanes, type Mode, NONE } from "./lanes.ts";
import css from "./layer.css?inline";
import type { Line } from "./lines.ts";
import { drawnBy } from "./rect.ts";

export interface Looks {
  area: number;
  speed: number;
  size: number;
  opacity: number;
  merge: boolean;
}

/** Where the media is: milliseconds of it, how fast it goes, and whether it does. */
export interface Moment {
  now: number;
  rate: number;
  runs: boolean;
}

interface Made {
  line: Line;
  at: number;
  node: HTMLElement;
  /** Lines that this node stands for. */
  ids: string[];
}

interface Item extends Made {
  animation: Animation;
}

export const CROSSING = 8000; // milliseconds
const STANDING = 4000;
const LEAD = 0.25; // of a crossing, beyond either edge
const LEADING = 1.35;
const MOST = 120; // nodes; 60 in a small window
const SMALL = 600; // pixels

export class Layer {
  readonly host = document.createElement("div");
  private readonly items = new Set<Item>();
  private readonly root: ShadowRoot;
  private lanes: Lanes | null = null;
  private moment: Moment = { now: 0, rate: 1, runs: false };

  constructor(
    private readonly video: HTMLVideoElement,
    private looks: Looks,
    pick: (id: string) => void,
  ) {
    this.host.setAttribute("aria-hidden", "true"); // all of it is in the text version
    this.host.className = "gentie-danmaku-layer";
    this.root = this.host.attachShadow({ mode: "open" });
    adoptStyles(this.root, [unsafeCSS(css)]);
    this.root.addEventListener("click", (event) => {
      const id = (event.target as HTMLElement).dataset["id"];
      if (id) pick(id);
    });
    video.after(this.host);
  }

  /** Ids that are over the picture now. */
  get ids(): string[] {
    return [...this.items].flatMap(({ ids }) => ids);
  }

  dress(looks: Looks): void {
    this.looks = looks;
    this.host.style.width = ""; // so that everything is measured anew
    this.place();
  }

  /** Put the layer exactly over the drawn picture. Says whether its size is another one. */
  place(): boolean {
    const { style } = this.host;
    const drawn = drawnBy(this.video);
    const [width, height] = [`${drawn.width}px`, `${drawn.height}px`];
    const other = style.width !== width || style.height !== height;
    style.width = width;
    style.height = height;
    style.opacity = `${this.looks.opacity}`;
    style.setProperty("--size", `${this.looks.size}px`);
    const is = this.host.getBoundingClientRect();
    style.left = `${(Number.parseFloat(style.left) || 0) + drawn.x - is.left}px`;
    style.top = `${(Number.parseFloat(style.top) || 0) + drawn.y - is.top}px`;
    if (other) this.renew(drawn.width, drawn.height);
    return other;
  }

  private renew(width: number, height: number): void {
    this.clear();
    const lanes = Math.floor(height / (this.looks.size * LEADING));
    const usable = Math.max(1, Math.floor(lanes * this.looks.area));
    this.lanes = lanes && width ? new Lanes({ width, lanes, usable, crossing: this.crossing, standing: STANDING }) : null;
  }

  get crossing(): number {
    return CROSSING / this.looks.speed;
  }

  /** Draw lines, each since its moment. They come in order. */
  show(lines: readonly { line: Line; at: number }[]): void {
    const { lanes } = this;
    if (!lanes || !lines.length) return;
    const most = lanes.ground.width < SMALL ? MOST / 2 : MOST;
    const made: Made[] = [];
    for (const { at, line } of lines) {
      const same = this.looks.merge && !line.own && [...this.items, ...made].find((one) => one.line.text === line.text && one.line.mode === line.mode && !one.line.own && at - one.at < this.crossing);
      if (same) this.stand(same, [...same.ids, line.id]);
      else if (this.moment.now - at < this.lasts(line.mode) && (this.items.size + made.length < most || line.own)) made.push({ line, at, node: this.node(line), ids: [line.id] });
    }
    const widths = made.map(({ node }) => node.offsetWidth); // one layout for all
    for (const [place, one] of made.entries()) this.launch(lanes, one, widths[place] as number);
  }

  /** One node for the same words, however often they come while it is there. */
  private stand(one: Made, ids: string[]): void {
    one.ids = ids;
    one.node.dataset["id"] = ids[0] as string;
    one.node.textContent = one.line.text + (ids.length > 1 ? ` ×${ids.length}` : "");
  }

  private node({ colour, id, mode, own, text, waiting }: Line): HTMLElement {
    const node = document.createElement("b");
    node.textContent = text;
    node.dataset["id"] = id;
    node.className = `${mode === "scroll" ? "" : "still "}${own ? "own " : ""}${waiting ? "waiting" : ""}`;
    if (colour !== 0xffffff) node.style.color = `#${colour.toString(16).padStart(6, "0")}`;
    this.root.append(node);
    return node;
  }

  private launch(lanes: Lanes, made: Made, width: number): void {
    const { at, line, node } = made;
    const { mode } = line;
    const lane = lanes.take(mode, at, width, line.own);
    if (lane === NONE) return node.remove();
    node.style.top = `${lane * this.looks.size * LEADING}px`;
    const animation = mode === "scroll" ? this.cross(node, lanes.ground.width + width) : this.rest(node);
    const item: Item = { ...made, animation };
    this.items.add(item);
    this.time(item);
  }

  /** On its way from before it is seen until after: a beginning or an end would each cost the page a drawing. */
  private cross(node: HTMLElement, away: number): Animation {
    const frames = { transform: [`translateX(${away * LEAD}px)`, `translateX(${-away * (1 + LEAD)}px)`] };
    return node.animate(frames, { duration: this.crossing + 2 * this.lead, fill: "both" });
  }

  /** Unseen for as long before and after. */
  private rest(node: HTMLElement): Animation {
    const all = STANDING + 2 * this.lead;
    const [from, to] = [this.lead / all, 1 - this.lead / all];
    return node.animate({ opacity: [0, 0, 1, 1, 0, 0], offset: [0, from, from, to, to, 1] }, all);
  }

  /** Milliseconds from the beginning of an animation to its line's moment. One that begins later than now makes the page draw every frame until then. */
  get lead(): number {
    return this.crossing * LEAD;
  }

  /** How long a line is there. */
  private lasts(mode: Mode): number {
    return mode === "scroll" ? this.crossing : STANDING;
  }

  /** The moment of the media has changed: by itself, by pausing, by another speed. What is over goes, all of it together. */
  sync(moment: Moment): void {
    const { rate, runs } = this.moment;
    this.moment = moment;
    for (const item of this.items) {
      if (moment.now - item.at > this.lasts(item.line.mode)) this.drop(item);
      else if (rate !== moment.rate || runs !== moment.runs) this.time(item);
    }
  }

  /** Its place is where it would be, had it begun exactly at its moment. */
  private time({ animation, at }: Item): void {
    const { now, rate, runs } = this.moment;
    const is = now - at + this.lead;
    animation.playbackRate = rate;
    if (!runs || rate <= 0) {
      animation.pause();
      animation.currentTime = is;
    } else animation.startTime = Number(document.timeline.currentTime) - is / rate;
  }

  remove(ids: readonly string[]): void {
    const gone = new Set(ids);
    for (const item of this.items) {
      if (!item.ids.some((id) => gone.has(id))) continue;
      const left = item.ids.filter((id) => !gone.has(id));
      if (left.length) this.stand(item, left);
      else this.drop(item);
    }
  }

  clear(): void {
    for (const item of this.items) this.drop(item);
    const { ground } = this.lanes ?? {};
    if (ground) this.lanes = new Lanes(ground);
  }

  private drop(item: Item): void {
    item.animation.cancel();
    item.node.remove();
    this.items.delete(item);
  }

  end(): void {
    this.clear();
    this.host.remove();
  }
}
