/** What stands where a comment was removed. */
import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "./context.ts";
import { msg } from "./i18n.ts";
import type { Own, Tombstone } from "./types.ts";

/** Texts of roles, by the words that the API uses. */
const ROLES: Record<string, string> = {
  moderator: msg("a moderator"),
  chief_editor: msg("the chief editor"),
  compliance: msg("the compliance team"),
  owner: msg("the account's owner"),
  rule: msg("an approved automatic rule"),
};

export function renderTombstone(ctx: Context, { id, tombstone }: Tombstone, own: Own | undefined): TemplateResult {
  const record = ctx.places.record(id, tombstone);
  return html`<article class="c solo" id=${`gentie-${id}`} tabindex="-1" part="comment tombstone">
    <p class="state gone" part="notice">
      ${sayGone(ctx, tombstone)}
      ${tombstone.appeal === "open" ? ctx.texts.t("An appeal is being heard.") : nothing}
      ${own ? ctx.own?.reasons(ctx, own) : nothing}
      ${record ? html`<a href=${record}>${ctx.texts.t("Check the public record")}</a>` : nothing}
    </p>
  </article>`;
}

function sayGone({ texts }: Context, { by: role, tier, title }: Tombstone["tombstone"]): string {
  if (tier === "withdrawn") return texts.t("Its author has withdrawn this comment.");
  const by = texts.t(ROLES[role] ?? msg("the moderators"));
  return title
    ? texts.t("A comment was removed by {by}: {ground}. Its author was told why.", { by, ground: texts.pick(title) })
    : texts.t("A comment was removed by {by}. The ground is not named here, to protect somebody; its author was told.", { by });
}
