/** What a thread shows, as plain values. Every change makes a new value; what stays is the same. */
import { plainNodes } from "./ast.ts";
import type { Branch, Comment, Item, Mine, Own, Page, Submitted, Tombstone } from "./types.ts";

export const NOBODY: Mine = { items: [], votes: [] };

export function isTombstone(item: Item): item is Tombstone {
  return "tombstone" in item;
}

/** A branch in one rail, whatever the depth at which its answers arrived. */
export function railOf(root: Item): Item[] {
  return root.replies.flatMap((reply) => [reply, ...railOf(reply)]);
}

export function allItems(page: Page): Item[] {
  return page.comments.flatMap((root) => [root, ...railOf(root)]);
}

export function findItem(page: Page, id: string): Item | undefined {
  return allItems(page).find((item) => item.id === id);
}

/** Id of the branch that holds an item. Undefined: none that is here. */
export function rootOf(page: Page, id: string): string | undefined {
  return page.comments.find((root) => root.id === id || railOf(root).some((reply) => reply.id === id))?.id;
}

/** The next page behind this one. What moved between the two requests is shown once. */
export function withMore(page: Page, more: Page): Page {
  const known = new Set(page.comments.map((item) => item.id));
  const fresh = more.comments.filter((item) => !known.has(item.id));
  return { thread: more.thread, comments: [...page.comments, ...fresh], next: more.next };
}

/** The rest of a branch behind what it shows. */
export function withReplies(page: Page, root: string, more: Branch): Page {
  return changed(page, root, (item) => {
    const known = new Set(railOf(item).map((reply) => reply.id));
    const fresh = more.comments.filter((reply) => !known.has(reply.id));
    return { ...item, replies: [...item.replies, ...fresh], more_replies: more.next };
  });
}

export function withVote(page: Page, id: string, step: 1 | -1): Page {
  return changed(page, id, (item) =>
    isTombstone(item) ? item : { ...item, votes: Math.max(0, item.votes + step) },
  );
}

export function without(page: Page, id: string): Page {
  const comments = page.comments.filter((item) => item.id !== id).map((item) => pruned(item, id));
  return { ...page, comments };
}

/** The branch without one of its answers. */
export function pruned(item: Item, id: string): Item {
  const replies = item.replies.filter((reply) => reply.id !== id).map((reply) => pruned(reply, id));
  return same(replies, item.replies) ? item : { ...item, replies };
}

/** The page with one item changed. Branches without it stay the same objects. */
export function changed(page: Page, id: string, change: (item: Item) => Item): Page {
  return changedAll(page, (item) => (item.id === id ? change(item) : item));
}

/** The same for every item: `change` gives back those that stay. */
export function changedAll(page: Page, change: (item: Item) => Item): Page {
  const comments = page.comments.map((item) => changedIn(item, change));
  return same(comments, page.comments) ? page : { ...page, comments };
}

function changedIn(before: Item, change: (item: Item) => Item): Item {
  const item = change(before);
  if (!item.replies.length) return item;
  const replies = item.replies.map((reply) => changedIn(reply, change));
  return same(replies, item.replies) ? item : { ...item, replies };
}

export const same = (now: Item[], before: Item[]) => now.length === before.length && now.every((one, at) => one === before[at]);

export function voted(mine: Mine, id: string, on: boolean): Mine {
  const others = mine.votes.filter((one) => one !== id);
  return { ...mine, votes: on ? [...others, id] : others };
}

/** My item in its newest state, before the others. */
export function withOwn(mine: Mine, own: Own): Mine {
  return { ...mine, items: [own, ...mine.items.filter((one) => one.id !== own.id)] };
}

export function withoutOwn(mine: Mine, id: string): Mine {
  return { ...mine, items: mine.items.filter((one) => one.id !== id) };
}

/** My items that the public page does not hold (yet), by the branch they belong to ("" is the top). */
export function ownByRoot(page: Page, mine: Mine): Map<string, Own[]> {
  const rootOf = new Map<string, string>();
  for (const root of page.comments) for (const one of [root, ...railOf(root)]) rootOf.set(one.id, root.id);
  const found = new Map<string, Own[]>();
  for (const own of mine.items) {
    if (rootOf.has(own.id) || !(own.state === "held" || own.state === "refused" || own.fresh)) continue;
    const root = own.parent === null ? "" : rootOf.get(own.parent);
    if (root !== undefined) found.set(root, [...(found.get(root) ?? []), own]);
  }
  return found;
}

export function ownOf(mine: Mine, id: string): Own | undefined {
  return mine.items.find((own) => own.id === id);
}

/** My item after the service has answered: a new one, or the change of one that is there. */
export function sentOwn(mine: Mine, sent: { submitted: Submitted; text: string; parent: string | null }): Own {
  const { submitted, text, parent } = sent;
  const given = submitted.decision;
  const decision = typeof given === "string" ? { id: given } : (given ?? null);
  const before = ownOf(mine, submitted.id);
  const fresh = { text, decision, fresh: true };
  if (before?.state === "published") {
    return { ...before, ...fresh, change: submitted.state === "published" ? null : submitted.state };
  }
  const { id, state, receipt = null } = submitted;
  const created_at = before?.created_at ?? new Date().toISOString();
  return { id, state, receipt, created_at, parent: before?.parent ?? parent, ...fresh };
}

/** My item in the shape of a comment, with the words as I typed them until they are parsed. */
export function asComment(own: Own, me: string): Comment {
  return {
    id: own.id,
    author: { name: me, avatar: "", badges: [] },
    body: own.body ?? plainNodes(own.text),
    text: own.text,
    parts: own.parts ?? [],
    created_at: own.created_at,
    edited_at: null,
    votes: 0,
    parent: own.parent,
    reply_count: 0,
    replies: [],
    more_replies: null,
  };
}
