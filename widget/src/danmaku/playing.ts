/** What happens over the picture: which line is there when, as the video runs, stops and jumps. */
import { LitElement } from "lit";
import type { Choices } from "./choices.ts";
import type { Feed } from "./feed.ts";
import { Layer, type Moment } from "./layer.ts";
import { type Line, Lines } from "./lines.ts";
import type { Transcript } from "./transcript.ts";

const TICK = 400; // milliseconds: what comes, goes and is marked in them costs the page one drawing
const AHEAD = 500; // at the usual speed: a line is there before its moment
const JUMP = 3000; // the media is elsewhere, though nobody said so
const SOON = 1000; // a line that comes this close to now is drawn now
const SPREAD = 250; // milliseconds over which a batch is spread
const SEEN = ["play", "playing", "pause", "waiting", "seeking", "seeked", "ratechange", "loadedmetadata", "resize"];

export abstract class Playing extends LitElement {
  declare on: boolean;
  declare choices: Choices;
  /** Whether the layer is wanted and cannot be: its text is not to be seen. */
  declare refused: boolean;
  readonly lines = new Lines();
  layer: Layer | null = null;
  protected feed!: Feed;
  protected video: HTMLVideoElement | null = null;
  protected wanted: (line: Line) => boolean = () => true;
  private last = 0;
  private timer = 0;
  private watcher: ResizeObserver | null = null;

  protected play(): void {
    this.timer = window.setInterval(this.tick, TICK);
    this.watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
    this.stop();
    for (const name of SEEN) this.video?.removeEventListener(name, this.moved);
    this.watcher?.disconnect();
  }

  private watch(): void {
    const { video } = this;
    if (!video) return;
    for (const name of SEEN) video.addEventListener(name, this.moved);
    this.watcher = new ResizeObserver(() => this.resized());
    for (const one of [video, video.parentElement, document.body]) if (one) this.watcher.observe(one);
  }

  protected get text(): Transcript | null {
    return this.querySelector<Transcript>("gentie-dm-transcript");
  }

  protected get live(): boolean {
    return this.feed.manifest?.stream.kind === "live";
  }

  /** Milliseconds into the media; of a broadcast since it began. */
  get now(): number {
    const { started_at } = this.feed?.manifest?.stream ?? {};
    if (started_at) return Math.max(0, Date.now() - Date.parse(started_at));
    return (this.video?.currentTime ?? 0) * 1000;
  }

  protected get runs(): boolean {
    const { video } = this;
    return video !== null && !video.paused && !video.ended && !video.seeking && video.readyState > 2;
  }

  /** Whether everybody on this page can read what the layer would show. */
  protected get readable(): boolean {
    const { text } = this;
    if (!text?.clientHeight) return false;
    return "checkVisibility" in text ? text.checkVisibility({ opacityProperty: true, visibilityProperty: true }) : true;
  }

  /** The layer, where it is wanted and everything in it can be read as text; else none. */
  protected settle(): void {
    this.refused = this.on && Boolean(this.text?.hasUpdated) && !this.readable;
    if (this.on && this.video && this.readable) {
      if (this.layer) return;
      this.layer = new Layer(this.video, this.choices, (id) => void this.text?.show(id));
      this.layer.place();
      this.renew();
    } else this.stop();
  }

  protected stop(): void {
    this.layer?.end();
    this.layer = null;
  }

  protected tick = (): void => {
    const { layer, now } = this;
    this.text?.mark(this.lines.all[this.lines.at(now + 1) - 1]);
    this.settle();
    if (!layer || layer !== this.layer) return;
    if (Math.abs(now - this.last) > JUMP) return this.renew();
    layer.sync(this.moment);
    const until = Math.max(this.last, now + this.ahead);
    if (!this.live) this.due(this.last, until);
    this.last = until;
  };

  /** What belongs over the picture now, as if it had been playing all the time. */
  protected renew = (): void => {
    const { layer, now } = this;
    if (!layer) return;
    layer.clear();
    layer.sync(this.moment);
    if (!this.live) this.due(now - layer.crossing, now + this.ahead);
    this.last = now + this.ahead;
  };

  protected get ahead(): number {
    return AHEAD * this.moment.rate;
  }

  protected get moment(): Moment {
    return { now: this.now, rate: this.video?.playbackRate ?? 1, runs: this.runs };
  }

  show(lines: { line: Line; at: number }[]): void {
    this.layer?.sync(this.moment);
    this.layer?.show(lines);
  }

  protected due(from: number, until: number): void {
    const due = this.lines.between(from, until).filter(this.wanted);
    this.layer?.show(due.map((line) => ({ line, at: line.t })));
  }

  protected resized(): void {
    if (this.layer?.place()) this.renew();
  }

  protected moved = ({ type }: Event): void => {
    if (type === "seeking" || type === "seeked") this.renew();
    else if (type === "loadedmetadata" || type === "resize") this.resized();
    this.tick();
  };

  /** Lines that the stream tells: over the picture at once where it is their time. */
  protected arrived = (lines: Line[]): void => {
    const { layer, now } = this;
    if (!layer || (this.live && !this.runs)) return; // nothing moves: it would pile up
    const due = lines.filter((line) => this.wanted(line) && (this.live || (line.t < this.last && line.t > this.last - SOON - this.ahead)));
    layer.remove(due.filter(({ own }) => own).map(({ id }) => id)); // it waited; now it is there for all
    this.show(due.map((line, place) => ({ line, at: this.live ? now + (place * SPREAD) / due.length : now })));
  };
}
