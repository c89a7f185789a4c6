/** What stands above the comments of a thread. */
import { html, nothing, type TemplateResult } from "lit";
import type { Banner, Sort } from "../api.ts";
import { type Context, sayProblem } from "../context.ts";
import { msg } from "../i18n.ts";

type Part = TemplateResult | typeof nothing;

export const SORTS: [Sort, string][] = [
  ["newest", msg("Newest")],
  ["oldest", msg("Oldest")],
  ["top", msg("Most agreed")],
];
const BANNERS: Record<string, string> = {
  hold_all: msg("Everything waits for a person at the moment."),
  read_only: msg("This thread is closed for new comments at the moment."),
};

export function renderSorts({ texts }: Context, chosen: Sort, choose: (sort: Sort) => void): TemplateResult {
  return html`<div class="sort" role="group" aria-label=${texts.t("Sort")}>
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

export function renderComposer(ctx: Context): TemplateResult {
  const { api, open, places, texts } = ctx;
  if (!open) return html``; // the banner says why
  if (!api.personal) {
    return html`<p class="state info"><a href=${places.thread()}>${texts.t("Write a comment on the service's own page")}</a></p>`;
  }
  return html`<gentie-composer id="gentie-write" .ctx=${ctx}></gentie-composer>`;
}

/** `id` of a comment that the address names and this page does not hold. Empty: there is none. */
export function renderElsewhere({ places, texts }: Context, id: string): Part {
  if (!id) return nothing;
  return html`<p class="state info">
    ${texts.t("The comment you look for is further back.")}
    <a href=${places.thread(id)}>${texts.t("Show it in its place")}</a>
  </p>`;
}

export function renderProblem({ texts }: Context, problem: unknown, again: () => void): Part {
  if (problem === null) return nothing;
  return html`<p class="state refused" role="alert">
    <span>${sayProblem(texts, problem)}</span>
    <button type="button" class="act" @click=${again}>${texts.t("Try again")}</button>
  </p>`;
}
