/** New comments that waited, put where they belong. */
import { load } from "../reading/acts.ts";
import * as state from "../reading/state.ts";
import type { Fresh, Store } from "../reading/store.ts";
import type { Page, Sort } from "../reading/types.ts";

/** Because the reader wants them now. */
export async function showFresh(store: Store): Promise<void> {
  const { fresh, page, sort, waiting } = store.shown;
  if (!page || !fresh.length) return;
  const first = fresh[0]?.item.id;
  const isFar = sort !== "newest" && page.next && fresh.some(({ root }) => root === null);
  if (isFar || waiting > fresh.length) {
    store.set({ sort: "newest" }); // in this order they stand further back than what is loaded
    await load(store);
  } else {
    store.set({ page: fresh.reduce((all, one) => withFresh(all, one, sort), page), fresh: [], waiting: 0 });
  }
  if (!(await store.focus(first))) await store.focus(store.shown.page?.comments[0]?.id);
}

export function withFresh(page: Page, { item, root }: Fresh, sort: Sort): Page {
  if (state.findItem(page, item.id)) return page;
  if (root === null) {
    const comments = sort === "newest" ? [item, ...page.comments] : [...page.comments, item];
    return { ...page, comments };
  }
  return state.changed(page, root, (head) => {
    const reply_count = head.reply_count + 1;
    return head.more_replies ? { ...head, reply_count } : { ...head, reply_count, replies: [...head.replies, item] };
  });
}
