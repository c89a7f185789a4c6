/** The comments of a thread with what is mine among them. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Item, Mine, Own, Page } from "../api.ts";
import type { Context } from "../context.ts";
import * as state from "../state.ts";

export interface Feed {
  ctx: Context;
  page: Page;
  mine: Mine;
  me: string;
  busy: boolean;
  more: () => void;
  replies: (root: Item) => void;
}

export function renderFeed(feed: Feed): TemplateResult {
  const { page, mine } = feed;
  const { texts } = feed.ctx;
  const own = state.ownUnder(page, mine, null);
  if (!own.length && !page.comments.length) return html`<p class="empty">${texts.t("Nobody has written here yet.")}</p>`;
  return html`<ol class="feed">
      ${repeat(own, (one) => one.id, (one) => html`<li>${renderOwn(feed, one)}</li>`)}
      ${repeat(page.comments, (one) => one.id, (one) => html`<li>${renderBranch(feed, one)}</li>`)}
    </ol>
    ${page.next
      ? html`<button type="button" class="fresh" ?disabled=${feed.busy} @click=${feed.more}>${texts.t("Show more comments")}</button>`
      : nothing}`;
}

function renderBranch(feed: Feed, root: Item): TemplateResult {
  const rail = state.railOf(root);
  const ids = new Set([root.id, ...rail.map((one) => one.id)]);
  const own = state.ownUnder(feed.page, feed.mine, ids);
  const names = new Map(rail.map((one) => [one.id, state.isTombstone(one) ? "" : one.author.name]));
  if (!rail.length && !own.length && !root.more_replies) return renderItem(feed, root);
  return html`${renderItem(feed, root)}
    <ul class="replies">
      ${repeat(rail, (one) => one.id, (one) => html`<li>${renderItem(feed, one, names.get(one.parent ?? "") ?? "")}</li>`)}
      ${repeat(own, (one) => one.id, (one) => html`<li>${renderOwn(feed, one)}</li>`)}
      ${root.more_replies ? html`<li>${renderMoreReplies(feed, root, rail.length)}</li>` : nothing}
    </ul>`;
}

function renderMoreReplies({ ctx, replies }: Feed, root: Item, shown: number): TemplateResult {
  const { texts } = ctx;
  const rest = root.reply_count - shown;
  return html`<button type="button" class="more" @click=${() => replies(root)}>
    ${rest > 0 ? texts.n("Show {n} more reply", "Show {n} more replies", rest) : texts.t("Show more replies")}
  </button>`;
}

function renderItem({ ctx, mine }: Feed, item: Item, answers = ""): TemplateResult {
  return html`<gentie-comment
    .ctx=${ctx}
    .item=${item}
    .own=${state.ownOf(mine, item.id)}
    .answers=${answers}
    ?agreed=${mine.votes.includes(item.id)}
  ></gentie-comment>`;
}

function renderOwn({ ctx, me }: Feed, own: Own): TemplateResult {
  return html`<gentie-comment .ctx=${ctx} .item=${state.asComment(own, me)} .own=${own} private></gentie-comment>`;
}
