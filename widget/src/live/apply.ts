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
  return state.changed(page, item.id, (was) => renewed(was, item));
}

function renewed(was: Item, item: Item): Item {
  const { more_replies, replies, reply_count } = was;
  const now = { ...item, replies, more_replies, reply_count: Math.max(reply_count, item.reply_count) };
  return JSON.stringify(now) === JSON.stringify(was) ? was : now;
}

/** The page read again: what is known changes in place, what is new waits, what is missing goes. */
export function merged(shown: Shown, now: Page): Patch {
  if (!shown.page) return { page: now };
  const kept = { ...shown.page, thread: now.thread };
  const before = withoutMissing(kept, thereIn(shown, now), shown.sort !== "top" || !now.next);
  const told = new Map(state.allItems(now).map((item) => [item.id, item]));
  const page = state.changedAll(before, (was) => renewed(was, told.get(was.id) ?? was));
  return mineShown(shown, page, waitingOf(shown, before, now));
}

/** Mine does not wait, here neither. */
function mineShown({ mine, sort }: Shown, page: Page, { fresh, waiting }: Pick<Shown, "fresh" | "waiting">): Patch {
  const own = fresh.filter(({ item }) => state.ownOf(mine, item.id));
  if (!own.length) return { page, fresh, waiting };
  const others = fresh.filter((one) => !own.includes(one));
  return { page: own.reduce((all, one) => withFresh(all, one, sort), page), fresh: others, waiting: waiting - own.length };
}

/** In one walk over both: a page may hold a thousand. */
function waitingOf(shown: Shown, before: Page, now: Page): Pick<Shown, "fresh" | "waiting"> {
  const known = new Set(state.allItems(before).map((item) => item.id));
  let queue: Pick<Shown, "fresh" | "waiting"> = { fresh: shown.fresh, waiting: shown.waiting };
  for (const root of now.comments) {
    for (const item of [root, ...state.railOf(root)]) {
      if (known.has(item.id)) continue;
      if (item === root) queue = queued(queue, { item, root: null });
      else if (known.has(root.id)) queue = queued(queue, { item, root: root.id });
    }
  }
  return queue;
}

interface There {
  roots: ReadonlyMap<string, Item>;
  /** What is there for sure: a page may be a second older than what I have just published. */
  mine: ReadonlySet<string>;
  isMore: boolean;
}

function thereIn({ mine }: Shown, now: Page): There {
  const published = mine.items.filter((own) => own.state === "published").map((own) => own.id);
  return { roots: new Map(now.comments.map((item) => [item.id, item])), mine: new Set(published), isMore: Boolean(now.next) };
}

/** Without what the part that was read again does not hold any more. Answers have one order, first comments may move. */
function withoutMissing(page: Page, there: There, inOrder: boolean): Page {
  const { isMore, mine, roots } = there;
  const found = inOrder ? within(page.comments, (id) => roots.has(id), isMore, mine) : page.comments;
  const comments = found.map((root) => withoutMissingAnswers(root, roots.get(root.id), mine));
  return state.same(comments, page.comments) ? page : { ...page, comments };
}

function withoutMissingAnswers(root: Item, now: Item | undefined, mine: There["mine"]): Item {
  if (!now) return root;
  const rail = state.railOf(root);
  const there = new Set(state.railOf(now).map(({ id }) => id));
  const kept = new Set(within(rail, (id) => there.has(id), Boolean(now.more_replies), mine));
  return rail.filter((item) => !kept.has(item)).reduce((left, { id }) => state.pruned(left, id), root);
}

/** What is there, and what stands behind it where there is more than was read. */
function within(items: Item[], isThere: (id: string) => boolean, isMore: boolean, mine: There["mine"]): Item[] {
  const reach = isMore ? items.reduce((last, { id }, at) => (isThere(id) ? at : last), -1) : Infinity;
  return items.filter(({ id }, at) => at > reach || isThere(id) || mine.has(id));
}
