/** What an event makes of what is shown. Pure: the connection and the clock are elsewhere. */
import * as state from "../reading/state.ts";
import type { Fresh, Shown } from "../reading/store.ts";
import type { Item, Page } from "../reading/types.ts";
import { withFresh } from "./fresh.ts";

const MOST = 100; // new comments that are kept until the reader wants them

export type Patch = Partial<Pick<Shown, "page" | "fresh" | "waiting">>;

interface News {
  count: number;
  comment: Item;
  /** Null: a first comment. */
  root: string | null;
}

interface Gone {
  count: number;
  id: string;
  /** What stands in its place. Null: nothing. */
  comment: Item | null;
}

interface Counts {
  count: number;
  votes: Record<string, number>;
}

export function apply(shown: Shown, name: string, data: unknown): Patch {
  if (!shown.page || !data) return {};
  switch (name) {
    case "new":
    case "changed":
      return told(shown, shown.page, data as News);
    case "removed":
      return removed(shown, shown.page, data as Gone);
    case "counts":
      return { page: counted(shown.page, data as Counts) };
    default:
      return {};
  }
}

function told(shown: Shown, before: Page, { comment, count, root }: News): Patch {
  const page = withCount(before, count);
  if (!comment) return { page };
  if (state.findItem(page, comment.id)) return { page: upserted(page, comment) };
  const one: Fresh = { item: comment, root };
  if (state.ownOf(shown.mine, comment.id)) return { page: withFresh(page, one, shown.sort) }; // mine does not wait
  if (root !== null && !page.comments.some((item) => item.id === root)) return { page }; // its branch is further back
  return { page, ...queued(shown, one) };
}

function queued({ fresh, waiting }: Pick<Shown, "fresh" | "waiting">, one: Fresh): Pick<Shown, "fresh" | "waiting"> {
  const at = fresh.findIndex(({ item }) => item.id === one.item.id);
  if (at >= 0) return { fresh: fresh.map((was, place) => (place === at ? one : was)), waiting };
  return { fresh: fresh.length < MOST ? [...fresh, one] : fresh, waiting: waiting + 1 };
}

/** At once: what is gone is not to be read a moment longer. */
function removed(shown: Shown, before: Page, { comment, count, id }: Gone): Patch {
  const counted = withCount(before, count);
  const page = comment ? upserted(counted, comment) : state.without(counted, id);
  const fresh = shown.fresh.filter(({ item, root }) => item.id !== id && (comment || root !== id));
  return { page, fresh, waiting: shown.waiting - (shown.fresh.length - fresh.length) };
}

function counted(before: Page, { count, votes }: Counts): Page {
  const set = (page: Page, [id, n]: [string, number]) =>
    state.changed(page, id, (item) => (state.isTombstone(item) || item.votes === n ? item : { ...item, votes: n }));
  return Object.entries(votes).reduce(set, withCount(before, count));
}

function withCount(page: Page, count: number): Page {
  return page.thread.count === count ? page : { ...page, thread: { ...page.thread, count } };
}

/** The item in its new state, with the answers that are shown already. */
function upserted(page: Page, item: Item): Page {
  return state.changed(page, item.id, (was) => {
    const { more_replies, replies, reply_count } = was;
    const now = { ...item, replies, more_replies, reply_count: Math.max(reply_count, item.reply_count) };
    return JSON.stringify(now) === JSON.stringify(was) ? was : now;
  });
}

/** The page read again: what is known changes in place, what is new waits, what is missing goes. */
export function merged(shown: Shown, now: Page): Patch {
  if (!shown.page) return { page: now };
  const kept = { ...shown.page, thread: now.thread };
  let page = shown.sort === "top" ? kept : withoutMissing(kept, now);
  let queue: Pick<Shown, "fresh" | "waiting"> = shown;
  for (const root of now.comments) {
    for (const item of [root, ...state.railOf(root)]) {
      if (state.findItem(page, item.id)) page = upserted(page, item);
      else if (item === root) queue = queued(queue, { item, root: null });
      else if (page.comments.some((one) => one.id === root.id)) queue = queued(queue, { item, root: root.id });
    }
  }
  return { page, fresh: queue.fresh, waiting: queue.waiting };
}

/** Without first comments that the part which was read again does not hold any more. */
function withoutMissing(page: Page, now: Page): Page {
  const there = new Set(now.comments.map((item) => item.id));
  const reach = now.next ? page.comments.reduce((last, item, at) => (there.has(item.id) ? at : last), -1) : Infinity;
  const comments = page.comments.filter((item, at) => at > reach || there.has(item.id));
  return comments.length === page.comments.length ? page : { ...page, comments };
}
