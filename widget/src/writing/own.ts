/** What is said to an author: that it waits, was refused, is public, and why. */
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "../reading/context.ts";
import type { Own } from "../reading/types.ts";
import "./wait.ts";

type Part = TemplateResult | typeof nothing;

/** The state of something of mine. `isPublic`: others read it, or an older text of it. */
export function renderState(ctx: Context, own: Own, isPublic: boolean): Part {
  const said = renderSaid(ctx, own, isPublic);
  if (!own.over) return said;
  const time = new Date(own.over.t_ms).toISOString().slice(11, 19).replace(/^00:/, "");
  return html`<p class="how">${ctx.texts.t("Danmaku, at {time} of the video", { time })}</p>
    ${said}`;
}

function renderSaid(ctx: Context, own: Own, isPublic: boolean): Part {
  const state = isPublic ? own.change : own.state;
  if (state === "refused") return renderRefused(ctx, own, isPublic);
  if (state === "held") return renderHeld(ctx, isPublic);
  if (!own.fresh) return nothing;
  return html`<p class="state ok" part="notice"><strong>${ctx.texts.t("Published.")}</strong></p>`;
}

function renderHeld(ctx: Context, isPublic: boolean): TemplateResult {
  const { texts } = ctx;
  return html`<p class="state pending" part="notice">
    <strong>${isPublic ? texts.t("Your change waits for review.") : texts.t("Waiting for review.")}</strong>
    ${isPublic
      ? texts.t("Until then everybody reads the text above.")
      : texts.t("Only you can see it. If it is refused you are told why, and you can appeal.")}
    <gentie-wait .ctx=${ctx}></gentie-wait>
  </p>`;
}

function renderRefused(ctx: Context, own: Own, isPublic: boolean): TemplateResult {
  const { texts } = ctx;
  const { decision } = own;
  return html`<div class="state refused" part="notice">
    <strong>
      ${isPublic ? texts.t("Your change was not published.") : texts.t("Not published.")}
      ${decision?.title ? texts.pick(decision.title) : nothing}${decision?.clause ? texts.t(" (rule {clause})", { clause: decision.clause }) : nothing}
    </strong>
    ${decision?.message ? html`<p dir="auto">${decision.message}</p>` : nothing} ${renderReasons(ctx, own)}
  </div>`;
}

/** Reasons and appeals are pages of the service, never a part of this one. */
export function renderReasons({ places, texts }: Context, { decision, receipt }: Own): Part {
  if (!decision) return nothing;
  return html`<a href=${places.decision(decision.id, receipt)}>${texts.t("Reasons and appeal")}</a>`;
}
