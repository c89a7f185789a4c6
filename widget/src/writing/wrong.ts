/** What went wrong when something was sent, and the way on. */
import { html, type TemplateResult } from "lit";
import { type Context, mendable, sayProblem } from "../reading/context.ts";
import { Problem } from "../reading/problem.ts";

/** @param enters Opens a window of the service, and sends again. */
export function renderWrong({ api, places, texts }: Context, problem: unknown, enters: () => void): TemplateResult | string {
  if (problem === null) return "";
  const said = sayProblem(texts, problem);
  if (mendable(problem) && api.door.kind !== "own") {
    return html`${said} <button type="button" class="act strong" @click=${enters}>${texts.t("Continue there")}</button>`;
  }
  if (!(problem instanceof Problem)) return said;
  if (/^(popup-cut|insecure-page)$/.test(problem.code)) {
    return html`${said} <a href=${places.thread()} target="_blank" rel="noopener">${texts.t("Write on the service's own page")}</a>`;
  }
  return problem.path ? html`${said} <a href=${places.help(problem.path)}>${texts.t("Continue there")}</a>` : said;
}
