/**
 * Danmaku over a video of the page, and all of it as text: one element, fed by the same lines.
 *
 * The layer does not start without its text version in view (2017-5.4, 2022-4.3).
 */
import "./transcript.ts";
import { html, nothing, type PropertyDeclarations, type TemplateResult, unsafeCSS } from "lit";
import { define } from "../reading/base.ts";
import { contextOf, dresser } from "../reading/mount.ts";
import { Store } from "../reading/store.ts";
import type { Context } from "../reading/context.ts";
import { type Choices, keepChoices, readChoices, rowsOf, unusable, wanting } from "./choices.ts";
import css from "./danmaku.css?inline";
import { Feed } from "./feed.ts";
import { clock, type Line } from "./lines.ts";
import type { Mine } from "./mine.ts";
import type { renderPanel } from "./panel.ts";
import type { SentLine } from "./post.ts";
import { Playing } from "./playing.ts";
import { type Place, Someone } from "./someone.ts";

const CALM = 250; // milliseconds between two drawings of the text version

export class Screen extends Playing {
  static override properties: PropertyDeclarations = {
    on: { state: true },
    choices: { state: true },
    settings: { state: true },
    version: { state: true },
    refused: { state: true },
    back: { state: true },
    ctx: { state: true },
    said: { state: true },
    panel: { state: true },
  };

  place!: Place;
  someone!: Someone;
  /** Facts and texts without anybody. */
  plain!: Context;
  declare settings: boolean;
  declare version: number;
  /** Where the video was before a jump. Null: nobody has jumped. */
  declare back: number | null;
  declare ctx: Context | null;
  declare said: string;
  /** Comes when somebody wants it. */
  declare panel: typeof renderPanel | null;
  /** Comes when somebody is here. */
  private mine: Mine | null = null;
  private drawing = 0;
  private readonly quiet = window.matchMedia("(prefers-reduced-motion: reduce)");

  constructor() {
    super();
    this.choices = readChoices();
    this.on = false;
    this.settings = false;
    this.version = 0;
    this.refused = false;
    this.back = null;
    this.ctx = null;
    this.said = "";
    this.panel = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get host(): HTMLElement {
    return (this.getRootNode() as ShadowRoot).host as HTMLElement;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const named = document.getElementById(this.host.getAttribute("for") ?? "");
    this.video = named instanceof HTMLVideoElement ? named : null;
    this.wanted = wanting(this.choices);
    this.feed = new Feed(this.place.base, this.place.thread, this.lines, { arrived: this.arrived, changed: this.changed, gone: this.gone }, () => this.now);
    this.feed.open();
    this.play();
    document.addEventListener("keydown", this.pressed);
    window.addEventListener("pagehide", this.left);
    window.addEventListener("pageshow", this.came);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.feed.close();
    this.mine?.close();
    this.mine = null;
    window.clearTimeout(this.drawing);
    this.drawing = 0;
    document.removeEventListener("keydown", this.pressed);
    window.removeEventListener("pagehide", this.left);
    window.removeEventListener("pageshow", this.came);
  }

  private left = (): void => this.feed.close();

  private came = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.feed.open();
  };

  protected override firstUpdated(): void {
    this.on = this.video !== null && (this.choices.on ?? true) && !this.quiet.matches;
    this.come();
    void this.recall();
  }

  /** Who is here already gets back what they wrote. */
  private async recall(): Promise<void> {
    if ((await this.someone.isKnown()) && this.isConnected) await this.met();
  }

  /** To the line that the address names. */
  private come(): void {
    const id = /^#dm-([\w-]+)$/.exec(location.hash)?.[1];
    if (!id) return;
    void this.feed.read().then(async () => {
      const line = this.lines.get(id);
      if (!line) return;
      this.seek(line.t);
      this.draw();
      await this.updateComplete;
      await this.text?.show(id);
    });
  }

  private toggle = (): void => {
    if (!this.video) return;
    this.on = !this.on;
    this.settle();
    this.choose({ on: this.on });
    this.said = this.on ? this.t("Danmaku is on.") : this.t("Danmaku is off.");
  };

  private gone = (ids: string[]): void => {
    this.drop(ids);
    if (ids.some((id) => this.lines.owned.has(id))) void this.mine?.look(true);
  };

  /** What is gone is not to be read a moment longer. */
  drop(ids: string[]): void {
    this.layer?.remove(ids);
    this.draw();
  }

  read(): void {
    void this.feed.read();
  }

  say(said: string): void {
    this.said = said;
  }

  private changed = (): void => {
    this.drawing ||= window.setTimeout(() => this.draw(), CALM);
  };

  draw(): void {
    window.clearTimeout(this.drawing);
    this.drawing = 0;
    this.version += 1;
  }

  private choose = (patch: Partial<Choices>): void => {
    this.choices = { ...this.choices, ...patch };
    this.wanted = wanting(this.choices);
    keepChoices(this.choices);
    this.layer?.dress(this.choices);
    this.renew();
  };

  private pressed = (event: KeyboardEvent): void => {
    if (!this.choices.key || event.key.toLowerCase() !== "d" || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    const [at] = event.composedPath();
    if (at instanceof HTMLElement && at.closest("input:not([type=checkbox],[type=range]), textarea, select, [contenteditable]")) return;
    event.preventDefault();
    this.toggle();
  };

  private seek(t: number): void {
    if (this.video && !this.live) this.video.currentTime = t / 1000;
  }

  private go = ({ detail }: CustomEvent<{ t: number }>): void => {
    this.back = this.now;
    this.seek(detail.t);
    this.said = this.t("The video is at {time}.", { time: clock(detail.t) });
  };

  private goBack = (): void => {
    if (this.back !== null) this.seek(this.back);
    this.back = null;
  };

  private set = async (): Promise<void> => {
    this.settings = !this.settings;
    const { renderPanel, sheet } = await import("./panel.ts");
    this.someone.dress.add(sheet);
    this.panel = renderPanel;
  };

  private hide = ({ detail }: CustomEvent<{ author: string }>): void => {
    this.choose({ people: [...new Set([...this.choices.people, detail.author])] });
    this.said = this.t("{name} is not shown over the picture any more. The settings undo it.", { name: detail.author });
  };

  private report = async (): Promise<void> => {
    await this.met();
    await this.ctx?.load("report");
    this.draw();
  };

  private async met(): Promise<Context> {
    const store = await this.someone.meet();
    this.ctx = this.someone.ctx(store);
    if (this.ctx.me && !this.mine) {
      const { Mine } = await import("./mine.ts");
      this.mine ??= new Mine(this);
      void this.mine.look(false);
    }
    return this.ctx;
  }

  private sent = async ({ detail }: CustomEvent<SentLine>): Promise<void> => {
    await this.met();
    this.mine?.sent(detail);
  };

  t(text: string, values?: Record<string, string | number>): string {
    return this.plain.texts.t(text, values);
  }

  private copy = async (): Promise<void> => {
    const rows = this.lines.all.filter(({ refused, waiting }) => !waiting && refused === undefined).map(({ author, t, text }) => `${clock(t)}\t${author}\t${text}`);
    await navigator.clipboard.writeText(`${rows.join("\n")}\n`).then(
      () => (this.said = this.t("Copied.")),
      () => (this.said = this.t("The browser does not allow copying here.")),
    );
  };

  protected override render(): TemplateResult {
    const { texts } = this.plain;
    return html`<section
      class=${`dm${texts.isChinese ? " zh" : ""}`}
      lang=${texts.lang}
      dir=${texts.dir}
      aria-labelledby="gentie-dm-title"
      part="danmaku"
      @gentie-dm-go=${this.go}
      @gentie-dm-hide=${this.hide}
      @gentie-dm-report=${this.report}
      @gentie-dm-sent=${this.sent}
    >
      ${this.renderBar()} ${this.settings && this.panel ? this.panel(texts, { choices: this.choices, choose: this.choose, rows: rowsOf, wrong: unusable(this.choices.words) }) : nothing} ${this.renderPost()}
      <p class="skip" role="status" aria-live="polite">${this.said}</p>
      ${this.renderNotes()} ${this.renderText()}
    </section>`;
  }

  private renderBar(): TemplateResult {
    return html`<div class="dm-bar">
      ${this.video
        ? html`<button type="button" class="btn quiet" aria-pressed=${this.on ? "true" : "false"} aria-keyshortcuts=${this.choices.key ? "D" : nothing} @click=${this.toggle}>${this.t("Danmaku over the picture")}</button>`
        : nothing}
      <button type="button" class="act" aria-expanded=${this.settings ? "true" : "false"} @click=${this.set}>${this.t("Settings")}</button>
      ${this.back === null ? nothing : html`<button type="button" class="act strong" @click=${this.goBack}>${this.t("Back to {time}", { time: clock(this.back) })}</button>`}
    </div>`;
  }

  private renderPost(): TemplateResult | typeof nothing {
    const { manifest } = this.feed;
    if (!manifest?.on) return nothing;
    void import("./post.ts");
    return html`<gentie-dm-post .texts=${this.plain.texts} .thread=${this.place.thread} .palette=${manifest.palette} .someone=${() => this.met()} .now=${() => this.now} .reviewed=${manifest.review === "first"}></gentie-dm-post>`;
  }

  private renderNotes(): TemplateResult {
    const { rate } = this.feed;
    return html`${this.refused ? html`<p class="state refused" role="alert">${this.t("The danmaku can only be shown together with its text version, which is hidden on this page.")}</p>` : nothing}
    ${this.feed.problem ? html`<p class="state refused" role="alert">${this.t("The danmaku cannot be read at the moment.")} <button type="button" class="act" @click=${() => void this.feed.read()}>${this.t("Try again")}</button></p>` : nothing}
    ${rate < 1 ? html`<p class="state info">${this.t("There is a lot of danmaku: the picture shows about {share} %. All of it is in the text below.", { share: Math.max(1, Math.round(rate * 100)) })}</p>` : nothing}`;
  }

  private renderText(): TemplateResult {
    const { base } = this.place;
    const { manifest } = this.feed;
    const { published } = this.lines;
    const all = manifest?.count ?? published;
    const files = Object.entries(manifest?.exports ?? {});
    return html`<div class="th"><h2 id="gentie-dm-title" tabindex="-1">${this.t("Danmaku as text")}</h2>
        <span class="n" data-count=${published}>${published < all ? this.t("{here} of {all} lines", { here: published, all }) : this.plain.texts.n("{n} line", "{n} lines", published)}</span></div>
      <p class="how">${this.t("Every line, in order of time. Nothing is picked or left out.")}</p>
      <gentie-dm-transcript part="transcript" .lines=${this.lines} .texts=${this.plain.texts} .version=${this.version} .ready=${this.ctx !== null} .renderReport=${this.renderReport}></gentie-dm-transcript>
      <p class="foot"><button type="button" class="act" @click=${this.copy}>${this.t("Copy all")}</button>
        ${files.map(([ending, path]) => html`<a class="act" href=${base + path} download aria-label=${this.t("Download as {ending}", { ending })}>${ending}</a>`)}
        ${manifest ? html`<a class="act last" href=${base + manifest.transcript}>${this.t("As a page of its own")}</a>` : nothing}</p>`;
  }

  private renderReport = (line: Line): unknown => {
    if (!this.ctx) return html`<p class="how">${this.t("Reading the rules of this site …")}</p>`;
    const close = () => this.text?.report(line.id);
    return html`<gentie-report .ctx=${this.ctx} .subject=${line.id} @gentie-cancel=${close}></gentie-report>`;
  };
}

define("gentie-dm-screen", Screen);

/** Fill the element. What was in it stays until there is something better to read. */
export async function mount(root: ShadowRoot, place: Place): Promise<Screen> {
  const dress = dresser(root);
  dress.add(unsafeCSS(css));
  const screen = new Screen();
  screen.place = place;
  const bare: Store = new Store(contextOf({}, { ...place, first: null }, dress, () => bare), () => undefined, async () => false, () => undefined);
  screen.plain = bare.ctx;
  screen.someone = new Someone(place, dress, () => screen.requestUpdate());
  dress.now();
  root.append(screen);
  await screen.updateComplete;
  root.querySelector("slot")?.remove();
  return screen;
}
