/** What a reader does in a thread. */
import { msg } from "./i18n.ts";
import * as state from "./state.ts";
import type { Store } from "./store.ts";
import type { Item, Sort } from "./types.ts";

export const SORTS: [Sort, string][] = [
  ["newest", msg("Newest")],
  ["oldest", msg("Oldest")],
  ["top", msg("Most agreed")],
];
const FURTHER = 5; // pages in which a linked comment is looked for

export async function load(store: Store): Promise<void> {
  const { sort } = store.shown;
  store.set({ busy: true, problem: null });
  try {
    const page = await store.ctx.api.page(sort, null);
    if (sort === store.shown.sort) store.set({ page, fresh: [], waiting: 0 }); // else another order was chosen since
  } catch (problem) {
    store.set({ problem });
  } finally {
    store.set({ busy: false });
  }
}

export async function sortBy(store: Store, sort: Sort): Promise<void> {
  if (sort === store.shown.sort) return;
  store.set({ sort });
  await load(store);
  const { texts } = store.ctx;
  const label = SORTS.find(([one]) => one === sort)?.[1] ?? "";
  if (store.shown.problem === null) store.say(texts.t("Sorted: {how}", { how: texts.t(label) }));
}

export async function more(store: Store): Promise<void> {
  const before = store.shown.page?.comments.length ?? 0;
  if (!(await further(store))) return;
  const shown = store.shown.page?.comments ?? [];
  store.say(store.ctx.texts.n("{n} more comment shown", "{n} more comments shown", shown.length - before));
  await store.focus(shown[before]?.id);
}

/** The next page behind what is shown. Says whether there was one. */
async function further(store: Store): Promise<boolean> {
  const { page, sort } = store.shown;
  if (!page?.next) return false;
  store.set({ busy: true, problem: null });
  try {
    const next = await store.ctx.api.page(sort, page.next);
    if (store.shown.page && sort === store.shown.sort) store.set({ page: state.withMore(store.shown.page, next) });
    return true;
  } catch (problem) {
    store.set({ problem });
    return false;
  } finally {
    store.set({ busy: false });
  }
}

export async function replies(store: Store, root: Item): Promise<void> {
  if (!root.more_replies) return;
  const shown = state.railOf(root).length;
  try {
    const more = await store.ctx.api.replies(root.id, root.more_replies);
    if (!store.shown.page) return;
    store.set({ page: state.withReplies(store.shown.page, root.id, more) });
    const branch = store.shown.page && state.findItem(store.shown.page, root.id);
    await store.focus(branch ? state.railOf(branch)[shown]?.id : undefined);
  } catch (problem) {
    store.set({ problem });
  }
}

/** Look for a linked comment, a few pages on if need be; else say where it is. */
export async function find(store: Store, id: string): Promise<void> {
  store.set({ elsewhere: "" });
  for (let page = 0; page <= FURTHER; page += 1) {
    if (await store.focus(id)) return;
    if (page === FURTHER || !(await further(store))) break;
  }
  store.set({ elsewhere: id });
}
