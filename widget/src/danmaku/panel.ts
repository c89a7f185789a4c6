/** What a viewer sets for themselves. */
import { html, nothing, type TemplateResult, unsafeCSS } from "lit";
import { msg, type Texts } from "../reading/i18n.ts";
import type { Choices } from "./choices.ts";
import type { Mode } from "./lanes.ts";
import css from "./panel.css?inline";

export const sheet = unsafeCSS(css);

type Slid = "area" | "speed" | "size" | "opacity";

const SLID: [Slid, string, number, number, number, (n: number) => string][] = [
  ["area", msg("Area of the picture"), 0.25, 1, 0.25, (n) => `${n * 100} %`],
  ["speed", msg("Speed"), 0.5, 2, 0.25, (n) => `× ${n}`],
  ["size", msg("Size of the letters"), 14, 40, 2, (n) => `${n} px`],
  ["opacity", msg("Opacity"), 0.2, 1, 0.1, (n) => `${Math.round(n * 100)} %`],
];
const MODES: [Mode, string][] = [
  ["scroll", msg("Lines that cross the picture")],
  ["top", msg("Lines at the top")],
  ["bottom", msg("Lines at the bottom")],
];

export interface Setting {
  choices: Choices;
  /** Rows of `choices.words` that are patterns and cannot be used. */
  wrong: string[];
  /** The words of a list, one in each row. */
  rows: (text: string) => string[];
  choose: (patch: Partial<Choices>) => void;
}

export function renderPanel(texts: Texts, { choices, choose, rows, wrong }: Setting): TemplateResult {
  const tick = (label: string, on: boolean, change: (on: boolean) => void) =>
    html`<label class="tick"><input type="checkbox" .checked=${on} @change=${(event: Event) => change((event.target as HTMLInputElement).checked)} /> ${texts.t(label)}</label>`;
  const list = (name: "words" | "people", label: string, more: unknown) => {
    const id = `gentie-dm-${name}`;
    const change = (event: Event) => choose({ [name]: rows((event.target as HTMLTextAreaElement).value) });
    return html`<label for=${id}>${texts.t(label)}</label><textarea id=${id} rows="3" dir="auto" .value=${choices[name].join("\n")} aria-describedby=${`${id}-note`} @change=${change}></textarea>
      <p class="how" id=${`${id}-note`}>${more}</p>`;
  };
  return html`<div class="panel" id="gentie-dm-settings" role="group" aria-label=${texts.t("Settings of the danmaku")} tabindex="-1">
    ${SLID.map(([name, label, least, most, step, say]) => {
      const slide = (event: Event) => choose({ [name]: Number((event.target as HTMLInputElement).value) });
      return html`<label class="slide">${texts.t(label)} <input type="range" min=${least} max=${most} step=${step} .value=${`${choices[name]}`} aria-valuetext=${say(choices[name])} @input=${slide} /> <output>${say(choices[name])}</output></label>`;
    })}
    <fieldset>${MODES.map(([mode, label]) => tick(label, choices.modes[mode], (on) => choose({ modes: { ...choices.modes, [mode]: on } })))}
      ${tick(msg("Show the same words once, with how often"), choices.merge, (merge) => choose({ merge }))}
      ${tick(msg("The key D switches the danmaku"), choices.key, (key) => choose({ key }))}</fieldset>
    ${list("words", msg("Words not to show, one in a row"), html`${texts.t("/…/ is a pattern: at most 100 characters, nothing repeated twice over.")} ${wrong.length ? html`<strong class="no">${texts.t("Cannot be used: {words}", { words: wrong.join(" · ") })}</strong>` : nothing}`)}
    ${list("people", msg("People not to show, one in a row"), texts.t("All this stays in your browser. The text version always has every line."))}
  </div>`;
}
