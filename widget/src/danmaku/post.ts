/** The line in which danmaku is written. */
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { onceKey } from "../reading/api.ts";
import { define } from "../reading/base.ts";
import { type Context, mendable, sayProblem, tell } from "../reading/context.ts";
import { msg, type Texts } from "../reading/i18n.ts";
import { Problem } from "../reading/problem.ts";
import type { Submitted } from "../reading/types.ts";
import type { Mode } from "./lanes.ts";

export const LONGEST = 100; // characters
export const WHITE = 0xffffff;
const MODES: [Mode, string][] = [
  ["scroll", msg("Crossing")],
  ["top", msg("At the top")],
  ["bottom", msg("At the bottom")],
];
const COLOURS: Record<string, string> = {
  white: msg("White"),
  red: msg("Red"),
  orange: msg("Orange"),
  yellow: msg("Yellow"),
  green: msg("Green"),
  cyan: msg("Cyan"),
  blue: msg("Blue"),
  violet: msg("Violet"),
  pink: msg("Pink"),
};

export interface SentLine {
  submitted: Submitted;
  t: number;
  text: string;
  mode: Mode;
  colour: number;
}

export class Post extends LitElement {
  static override properties: PropertyDeclarations = { reviewed: { type: Boolean }, palette: { attribute: false }, problem: { state: true }, busy: { state: true } };

  texts!: Texts;
  /** Path of the thread below the API. */
  thread!: string;
  /** Who is here, as far as that is known now. */
  someone!: () => Promise<Context>;
  /** Milliseconds into the media. */
  now!: () => number;
  declare palette: Record<string, number>;
  declare reviewed: boolean;
  declare problem: unknown;
  declare busy: boolean;
  private once = onceKey();

  constructor() {
    super();
    this.palette = {};
    this.reviewed = true;
    this.problem = null;
    this.busy = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const t = (text: string) => this.texts.t(text);
    const more = this.problem !== null && mendable(this.problem);
    return html`<form @submit=${this.submitted} novalidate>
      <label class="skip" for="gentie-dm-text">${t("Write danmaku")}</label>
      <input id="gentie-dm-text" name="text" maxlength=${LONGEST} autocomplete="off" dir="auto" aria-describedby="gentie-dm-wrong" placeholder=${t("A line over the picture")} @focus=${this.prepare} @input=${this.typed} />
      <label class="skip" for="gentie-dm-mode">${t("Where it stands")}</label>
      <select id="gentie-dm-mode" name="mode">${MODES.map(([mode, name]) => html`<option value=${mode}>${t(name)}</option>`)}</select>
      <label class="skip" for="gentie-dm-colour">${t("Colour")}</label>
      <select id="gentie-dm-colour" name="colour">${Object.entries(this.palette).map(([name, value]) => html`<option value=${value}>${t(COLOURS[name] ?? name)}</option>`)}</select>
      <button class="btn" ?disabled=${this.busy}>${this.reviewed ? t("Send for review") : t("Send")}</button>
      <p class="problem" id="gentie-dm-wrong" role="alert">${this.problem === null ? nothing : sayProblem(this.texts, this.problem)} ${more ? html`<button type="button" class="act strong" @click=${this.mend}>${t("Continue there")}</button>` : nothing}</p>
    </form>`;
  }

  private prepare = (): void => {
    void this.someone().then((ctx) => ctx.prepare(), () => undefined);
  };

  private typed = (): void => {
    this.once = onceKey();
    this.problem = null;
  };

  private mend = (): void => {
    void this.send(true);
  };

  private submitted = (event: Event): void => {
    event.preventDefault();
    void this.send(false);
  };

  private async send(anew: boolean): Promise<void> {
    const form = this.querySelector("form") as HTMLFormElement;
    const given = new FormData(form);
    const text = String(given.get("text")).trim();
    const area = this.querySelector<HTMLInputElement>("#gentie-dm-text");
    if (this.busy || !text) return area?.focus();
    this.busy = true;
    try {
      const ctx = await this.someone();
      if (!(await isSomebody(ctx, anew, this.problem))) return;
      const wanted = { text, t: Math.max(0, Math.round(this.now())), mode: String(given.get("mode")) as Mode, colour: Number(given.get("colour") ?? WHITE) };
      const { t: t_ms, ...rest } = wanted;
      const submitted = await (await this.someone()).api.ask<Submitted>("POST", `${this.thread}/danmaku`, true, { ...rest, t_ms }, this.once);
      if (area) area.value = "";
      this.typed();
      tell(this, "gentie-dm-sent", { submitted, ...wanted } satisfies SentLine);
    } catch (problem) {
      this.problem = problem;
      if (!(problem instanceof Problem)) throw problem;
    } finally {
      this.busy = false;
      area?.focus();
    }
  }
}

/** Whether somebody is signed in, if need be now, by the door of the page's thread. */
async function isSomebody({ api, enter, me, places }: Context, anew: boolean, problem: unknown): Promise<boolean> {
  if (me && !anew) return true;
  if (api.door.kind !== "own") return enter();
  const path = problem instanceof Problem ? problem.path : null;
  places.go(path ? places.help(path) : places.signUp());
  return false;
}

define("gentie-dm-post", Post);
