/** What stands around the comments of a thread. */
import { html, nothing, type TemplateResult } from "lit";
import { SORTS } from "./acts.ts";
import { type Context, sayProblem } from "./context.ts";
import { msg } from "./i18n.ts";
import type { Banner, Sort } from "./types.ts";

type Part = TemplateResult | typeof nothing;

const BANNERS: Record<string, string> = {
  hold_all: msg("Everything waits for a person at the moment."),
  read_only: msg("This thread is closed for new comments at the moment."),
};

export function renderSorts({ texts }: Context, chosen: Sort, choose: (sort: Sort) => void): TemplateResult {
  return html`<div class="sort" role="group" aria-label=${texts.t("Sort")} part="sort">
    ${SORTS.map(
      ([sort, label]) =>
        html`<button type="button" aria-pressed=${chosen === sort ? "true" : "false"} @click=${() => choose(sort)}>${texts.t(label)}</button>`,
    )}
  </div>`;
}

export function renderBanners({ texts }: Context, banners: Banner[]): TemplateResult[] {
  return banners.map(
    ({ kind, reason, until }) =>
      html`<p class="state info" part="notice">
        <strong>${texts.t(BANNERS[kind] ?? msg("This thread is run differently for now."))}</strong>
        ${reason} ${texts.t("Until {date}.", { date: texts.date(until) })}
      </p>`,
  );
}

/** `id` of a comment that the address names and this page does not hold. Empty: there is none. */
export function renderElsewhere({ places, texts }: Context, id: string): Part {
  if (!id) return nothing;
  return html`<p class="state info" part="notice">
    ${texts.t("The comment you look for is further back.")}
    <a href=${places.thread(id)}>${texts.t("Show it in its place")}</a>
  </p>`;
}

export function renderProblem({ texts }: Context, problem: unknown, again: () => void): Part {
  if (problem === null) return nothing;
  return html`<p class="state refused" role="alert" part="notice">
    ${sayProblem(texts, problem)}
    <button type="button" class="act" @click=${again}>${texts.t("Try again")}</button>
  </p>`;
}

export interface Foot {
  /** Whether the settings are open. */
  open: boolean;
  settings: () => void;
  leave: () => void;
  enter: () => void;
}

/** Who I am here, and the ways out. */
export function renderFoot({ api, me, places, texts }: Context, { enter, leave, open, settings }: Foot): TemplateResult {
  const away = api.door.kind !== "own";
  return html`<footer class="foot" part="foot">
    ${me ? html`<span>${texts.t("Signed in as {name}.", { name: me })}</span>` : nothing}
    ${away && !me ? html`<button type="button" class="act" @click=${enter}>${texts.t("Sign in")}</button>` : nothing}
    ${me
      ? html`<button type="button" class="act" data-opens="settings" aria-expanded=${open ? "true" : "false"} @click=${settings}>${texts.t("Settings")}</button>
          <a class="act" href=${places.account()} target=${away ? "_blank" : nothing} rel=${away ? "noopener" : nothing}>${texts.t("My comments and data")}</a>`
      : nothing}
    ${me && away ? html`<button type="button" class="act" @click=${leave}>${texts.t("Sign out")}</button>` : nothing}
    <a class="act last" href=${places.feed()} type="application/atom+xml">${texts.t("Feed")}</a>
  </footer>`;
}
