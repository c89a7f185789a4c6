/** What somebody who is signed in, or wants to be, does in a thread. */
import { ForeignDoor } from "../door/door.ts";
import type { Entrance } from "../door/signin.ts";
import type { Granted } from "../door/visit.ts";
import { load } from "../reading/acts.ts";
import { forgetDrafts } from "../reading/draft.ts";
import { msg } from "../reading/i18n.ts";
import { bring } from "../reading/lazy.ts";
import { Problem } from "../reading/problem.ts";
import * as state from "../reading/state.ts";
import type { Store } from "../reading/store.ts";
import type { Keep, Replies } from "../reading/types.ts";
import type { Sent } from "./composer.ts";
import { renderReasons, renderState } from "./own.ts";
import { watch } from "./waiting.ts";

const SENT: Record<string, string> = {
  held: msg("Sent. It waits for review; only you can see it."),
  published: msg("Published."),
  refused: msg("Not published. The reasons stand under your comment."),
};
const SAYING = { state: renderState, reasons: renderReasons };
const entrances = new WeakMap<Store, Promise<Entrance>>();

/** What happens in the thread's elements, by the name of the event. */
export const ACTS = {
  "gentie-vote": (store: Store, { id, on }: { id: string; on: boolean }) => vote(store, id, on),
  "gentie-withdraw": (store: Store, { id }: { id: string }) => withdraw(store, id),
  "gentie-sent": (store: Store, detail: Sent) => sent(store, detail),
  "gentie-kept": (store: Store, { id, keep }: { id: string; keep: Keep }) => kept(store, id, keep),
  "gentie-limited": (store: Store, { id, from }: { id: string; from: Replies | "default" }) => limited(store, id, from),
  "gentie-protected": (store: Store, detail: Protected) => guarded(store, detail),
  "gentie-leave": (store: Store) => leave(store),
};

interface Protected {
  until: string | null;
  evidence: string;
}

/** Mine is an extra: a thread is worth reading without it. */
export async function loadMine(store: Store): Promise<void> {
  await readMine(store);
  watch(store, () => readMine(store));
}

async function readMine(store: Store): Promise<void> {
  store.know({ own: SAYING });
  try {
    const mine = await store.ctx.api.mine();
    store.know({ files: mine.files ?? null });
    store.set({ mine });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}

async function vote(store: Store, id: string, on: boolean): Promise<void> {
  if (!(await isSomebody(store, id))) return;
  if (store.shown.mine.votes.includes(id) === on) return; // agreed before signing in here
  showVote(store, id, on);
  try {
    await store.ctx.api.vote(id, on ? 1 : 0);
  } catch (problem) {
    showVote(store, id, !on);
    store.sayProblem(problem);
  }
}

/** Whether somebody is signed in, if need be now. */
async function isSomebody(store: Store, about: string): Promise<boolean> {
  if (store.ctx.me) return true;
  if (store.ctx.api.door.kind === "own") {
    store.ctx.places.go(store.ctx.places.signUp());
    return false;
  }
  try {
    return await store.ctx.enter();
  } catch (problem) {
    store.sayProblem(problem);
    if (problem instanceof Problem && problem.code === "insecure-page") store.ctx.places.go(store.ctx.places.thread(about));
    return false;
  }
}

function showVote(store: Store, id: string, on: boolean): void {
  const { mine, page } = store.shown;
  store.set({ mine: state.voted(mine, id, on), page: page && state.withVote(page, id, on ? 1 : -1) });
}

async function withdraw(store: Store, id: string): Promise<void> {
  try {
    await store.ctx.api.withdraw(id);
    const { mine, page } = store.shown;
    store.set({ mine: state.withoutOwn(mine, id), page: page && state.without(page, id) });
    store.say(store.ctx.texts.t("Withdrawn."));
    store.home();
  } catch (problem) {
    store.set({ problem });
  }
}

/** The service has answered: show my item as what it is, never as more. */
async function sent(store: Store, sent: Sent): Promise<void> {
  const { submitted } = sent;
  const own = state.sentOwn(store.shown.mine, sent);
  store.set({ mine: state.withOwn(store.shown.mine, own) });
  if (typeof submitted.decision === "string" || submitted.state !== "refused") {
    await loadMine(store); // the reasons themselves, the words as they are shown
    store.set({ mine: state.withOwn(store.shown.mine, { ...own, ...state.ownOf(store.shown.mine, own.id) }) });
  }
  store.say(store.ctx.texts.t(SENT[submitted.state] ?? msg("Sent.")));
  if (submitted.state === "published") await (sent.edited ? load(store) : showPublished(store, own.id));
  await store.focus(submitted.id);
}

/** In its own place at once: what is opened under it stays open when the stream tells of it. */
async function showPublished(store: Store, id: string): Promise<void> {
  const { withFresh } = await bring("live");
  const { mine, page, sort } = store.shown;
  const own = state.ownOf(mine, id);
  if (!page || !own) return;
  const root = own.parent === null ? null : state.rootOf(page, own.parent);
  if (root === undefined) return;
  store.set({ page: withFresh(page, { item: state.asComment(own, store.ctx.me), root }, sort) });
}

/** Get ready, so that the window opens within the click. */
export async function prepare(store: Store): Promise<void> {
  const { api, me } = store.ctx;
  if (api.door.kind !== "own" && !me) await (await entranceOf(store)).prepare();
}

/** Sign in by a window. Says whether somebody is here now. */
export async function enter(store: Store): Promise<boolean> {
  const granted = await (await entranceOf(store)).enter();
  if (granted) await welcome(store, granted);
  return granted !== null;
}

/** Who comes back by redirect, with the answer in the address. */
export async function comeBack(store: Store): Promise<void> {
  try {
    const granted = await (await entranceOf(store)).comeBack();
    if (granted) await welcome(store, granted);
  } catch (problem) {
    store.sayProblem(problem);
  }
}

async function entranceOf(store: Store): Promise<Entrance> {
  const make = async () => {
    const { api, places } = store.ctx;
    const { Entrance } = await bring("signin");
    return new Entrance({ base: places.base, site: api.site, lang: api.lang, framed: api.door.kind === "frame", go: places.go });
  };
  const found = entrances.get(store) ?? make();
  entrances.set(store, found);
  found.catch(() => entrances.delete(store)); // the next one tries again
  return found;
}

async function welcome(store: Store, granted: Granted): Promise<void> {
  const { api, texts } = store.ctx;
  if (api.door instanceof ForeignDoor) {
    const { Visit } = await bring("signin");
    api.door.visit = new Visit(`${api.base}/api/v1`, granted);
  }
  store.know({ me: granted.me.name });
  await loadMine(store);
  store.say(texts.t("Signed in as {name}.", { name: granted.me.name }));
}

/** Sign out here. The session with the service itself goes on. */
async function leave(store: Store): Promise<void> {
  const { api, texts } = store.ctx;
  await api.leave().catch(() => undefined); // a token ends by itself, too
  if (api.door instanceof ForeignDoor) api.door.visit = null;
  forgetDrafts();
  store.know({ me: "", evidence: "", files: null });
  store.set({ mine: state.NOBODY, unfolded: new Set() });
  store.say(texts.t("Signed out."));
}

/** Somebody was muted, blocked or let back in: what that folds, the service says. */
async function kept(store: Store, id: string, keep: Keep): Promise<void> {
  await loadMine(store);
  store.set({ unfolded: new Set() });
  const { texts } = store.ctx;
  store.say(keep === "none" ? texts.t("Shown again.") : texts.t("Hidden for you from now on. The other person does not learn of it."));
  await store.focus(id);
}

async function limited(store: Store, id: string, from: Replies | "default"): Promise<void> {
  const { mine } = store.shown;
  const { [id]: _, ...others } = mine.limits ?? {};
  store.set({ mine: { ...mine, limits: from === "default" ? others : { ...others, [id]: from } } });
  store.say(store.ctx.texts.t("Saved."));
}

async function guarded(store: Store, { evidence, until }: Protected): Promise<void> {
  store.know({ evidence });
  store.set({ mine: { ...store.shown.mine, protected_until: until } });
  await loadMine(store);
}
