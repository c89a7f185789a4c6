/** The text version: every line in order of time, never a sample, and with it everything that a line allows. */
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../reading/base.ts";
import { tell } from "../reading/context.ts";
import type { Texts } from "../reading/i18n.ts";
import { clock, density, type Line, type Lines } from "./lines.ts";

const MINUTE = 60_000;
const LEVELS = 8;

export class Transcript extends LitElement {
  static override properties: PropertyDeclarations = {
    version: { type: Number },
    ready: { type: Boolean },
    asked: { state: true },
    active: { state: true },
    open: { state: true },
    follows: { state: true },
  };

  lines!: Lines;
  texts!: Texts;
  /** Where a line's report form comes from. */
  renderReport: (line: Line) => unknown = () => nothing;
  declare version: number;
  /** Whether a report can be written. */
  declare ready: boolean;
  /** What is looked for. */
  declare asked: string;
  /** The line whose controls are in the order of the Tab key. */
  declare active: string;
  /** The line that is being reported. */
  declare open: string;
  declare follows: boolean;
  private current: HTMLElement | null = null;

  constructor() {
    super();
    this.version = 0;
    this.ready = false;
    this.asked = "";
    this.active = "";
    this.open = "";
    this.follows = true;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private t(text: string, values?: Record<string, string | number>): string {
    return this.texts.t(text, values);
  }

  protected override render(): TemplateResult {
    const all = this.lines.all;
    const asked = this.asked.trim().toLowerCase();
    const found = asked ? all.filter(({ author, text }) => text.toLowerCase().includes(asked) || author.toLowerCase().includes(asked)) : all;
    const active = this.lines.get(this.active)?.id ?? found[0]?.id ?? "";
    return html`<div class="finder">
        <label for="gentie-dm-find" class="skip">${this.t("Search the danmaku")}</label>
        <input id="gentie-dm-find" type="search" placeholder=${this.t("Search the danmaku")} .value=${this.asked} @input=${this.search} />
        <button type="button" class="act" aria-pressed=${this.follows ? "true" : "false"} @click=${this.toggleFollowing}>${this.t("Follow the video")}</button>
      </div>
      ${this.renderStrip(all)}
      <p class="how" role="status">${asked ? this.texts.n("{n} line found", "{n} lines found", found.length) : nothing}</p>
      <div class="lines" role="group" aria-labelledby="gentie-dm-title" @keydown=${this.pressed} @wheel=${this.rest} @touchmove=${this.rest} @focusin=${this.touched}>
        ${found.length
          ? repeat(minutes(found), ([minute]) => minute, ([minute, lines]) => html`<h3>${clock(minute * MINUTE)}</h3>
            <ol>${guard([...lines, active, this.open, this.ready], () => repeat(lines, ({ id }) => id, (line) => this.renderLine(line, active)))}</ol>`)
          : html`<p class="empty">${asked ? this.t("No line has these words.") : this.t("There is no danmaku here yet.")}</p>`}
      </div>`;
  }

  /** How many lines each minute has; a press goes there. */
  private renderStrip(lines: readonly Line[]): TemplateResult | typeof nothing {
    const counts = density(lines);
    const most = Math.max(0, ...counts.values());
    if (!most) return nothing;
    const last = Math.max(...counts.keys());
    const each = Array.from({ length: last + 1 }, (_, minute) => counts.get(minute) ?? 0);
    return html`<div class="strip" role="group" aria-label=${this.t("Lines in each minute")} @keydown=${this.stepped}>
      ${each.map((n, minute) => {
        const name = `${clock(minute * MINUTE)}: ${this.texts.n("{n} line", "{n} lines", n)}`;
        return html`<button type="button" class=${`l${Math.ceil((n / most) * LEVELS)}`} tabindex=${minute ? -1 : 0} aria-label=${name} title=${name} @click=${() => this.go(minute * MINUTE)}></button>`;
      })}
    </div>`;
  }

  private renderLine(line: Line, active: string): TemplateResult {
    const { author, id, own, refused, says, t, text, waiting } = line;
    const tab = id === active ? 0 : -1;
    const time = clock(t);
    return html`<li id=${`dm-${id}`} class=${own ? "own" : ""}>
      <button type="button" class="go" data-id=${id} tabindex=${tab} aria-label=${this.t("{time}, {text}: go there", { time, text })} @click=${() => this.go(t, id)}>
        <time datetime=${`PT${Math.floor(t / 1000)}S`}>${time}</time>
      </button>
      <span class="said"><span dir="auto">${text}</span> <span class="by">${author}</span>${waiting ? html` <strong class="wait">${this.t("In review: only you see it")}</strong>` : nothing}${refused === undefined
        ? nothing
        : html` <strong class="no" dir="auto">${says}</strong> ${refused ? html`<a href=${refused} target="_blank" rel="noopener">${this.t("Reasons and appeal")}</a>` : nothing}`}</span>
      ${own
        ? nothing
        : html`<span class="do">
            <button type="button" class="act" tabindex=${tab} aria-expanded=${this.open === id ? "true" : "false"} aria-label=${this.t("Report the line at {time}", { time })} @click=${() => this.report(id)}>${this.t("Report")}</button>
            <button type="button" class="act" tabindex=${tab} aria-label=${this.t("Hide {name} from the picture", { name: author })} @click=${() => tell(this, "gentie-dm-hide", { author })}>${this.t("Hide")}</button>
          </span>`}
      ${this.open === id ? this.renderReport(line) : nothing}
    </li>`;
  }

  private search = (event: Event): void => {
    this.asked = (event.target as HTMLInputElement).value;
  };

  private toggleFollowing = (): void => {
    this.follows = !this.follows;
  };

  /** Whoever moves the list by hand wants to read there. */
  private rest = (): void => {
    this.follows = false;
  };

  private touched = (event: Event): void => {
    const id = (event.target as HTMLElement).closest<HTMLElement>("li")?.id.slice(3);
    if (id) this.active = id;
  };

  private go(t: number, id = ""): void {
    if (id) this.active = id;
    tell(this, "gentie-dm-go", { t });
  }

  /** Open the form for a line, or close it. */
  report(id: string): void {
    this.open = this.open === id ? "" : id;
    if (this.open) tell(this, "gentie-dm-report", { id });
  }

  /** Bring a line into view and the focus to it. */
  async show(id: string): Promise<void> {
    this.asked = "";
    this.active = id;
    this.follows = false;
    await this.updateComplete;
    const row = this.row(id);
    if (row) this.reach(row, true);
    row?.querySelector<HTMLElement>(".go")?.focus({ preventScroll: true });
  }

  private row(id: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(`[id="${CSS.escape(`dm-${id}`)}"]`);
  }

  /** Mark the line of this moment. */
  mark(line: Line | undefined): void {
    const row = line ? this.row(line.id) : null;
    if (row === this.current) return;
    this.current?.removeAttribute("aria-current");
    this.current = row;
    row?.setAttribute("aria-current", "true");
    if (row && this.follows) this.reach(row, false);
  }

  /** Within the list only: the page stays where it is. */
  private reach(row: HTMLElement, centre: boolean): void {
    const list = this.querySelector<HTMLElement>(".lines");
    if (!list) return;
    const [inside, at] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
    if (!centre && at.top >= inside.top && at.bottom <= inside.bottom) return;
    list.scrollTop += at.top - inside.top - (inside.height - at.height) / 2;
  }

  private pressed = (event: KeyboardEvent): void => {
    const from = (event.target as HTMLElement).closest(".go") as HTMLElement | null;
    if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...this.querySelectorAll<HTMLElement>(".go")];
    const at = all.indexOf(from);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.follows = false;
      const next = all[Math.max(0, Math.min(all.length - 1, to))];
      next?.focus();
    } else if (event.key.toLowerCase() === "r" && from.dataset["id"]) {
      event.preventDefault();
      this.report(from.dataset["id"]);
    }
  };

  private stepped = (event: KeyboardEvent): void => {
    const all = [...this.querySelectorAll<HTMLElement>(".strip button")];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = all.indexOf(event.target as HTMLElement) + step;
    all[Math.max(0, Math.min(all.length - 1, at))]?.focus();
  };
}

function minutes(lines: readonly Line[]): [number, Line[]][] {
  const found = new Map<number, Line[]>();
  for (const line of lines) {
    const minute = Math.floor(line.t / MINUTE);
    const there = found.get(minute);
    if (there) there.push(line);
    else found.set(minute, [line]);
  }
  return [...found];
}

define("gentie-dm-transcript", Transcript);
