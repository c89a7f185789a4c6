/** Keeps a thread up to date, without moving anything under the reader's eyes. */
import * as state from "../reading/state.ts";
import { meet } from "../reading/someone.ts";
import type { Store } from "../reading/store.ts";
import { apply, merged } from "./apply.ts";
import { showFresh, withFresh } from "./fresh.ts";
import { Line } from "./line.ts";
import type { Told } from "./stream.ts";

const SETTLED = 1200; // milliseconds after which a page that is read holds what the stream begins with
const SPREAD = 3000; // at most this much later, so that not everybody asks at once

export { showFresh, withFresh };

/** Begin. What is returned ends it. */
export function listen(store: Store): () => void {
  let timer = 0;
  let greeted = false;
  const again = (pause: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void reread(store), pause);
  };
  const hear = ({ data, name }: Told) => {
    if (name === "again") again(SETTLED + Math.random() * SPREAD);
    else if (name === "here" && !greeted) {
      greeted = true;
      again(SETTLED);
    } else take(store, name, data);
  };
  const { api } = store.ctx;
  const line = new Line(`${api.base}/api/v1${api.thread}/live`, hear);
  const rest = () => line.close();
  const wake = ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return;
    greeted = false; // the page comes back from the browser's memory: read what was missed
    line.open();
  };
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", wake);
  line.open();
  return () => {
    window.clearTimeout(timer);
    window.removeEventListener("pagehide", rest);
    window.removeEventListener("pageshow", wake);
    line.close();
  };
}

function take(store: Store, name: string, data: unknown): void {
  const before = store.shown;
  update(store, apply(before, name, data));
  const about = (data as { id?: string; comment?: { id: string } | null } | null) ?? {};
  const id = about.comment?.id ?? about.id ?? "";
  if (state.ownOf(before.mine, id)) void meet(store); // it passed, or was removed: the reasons are mine alone
}

async function reread(store: Store): Promise<void> {
  const { sort } = store.shown;
  const page = await store.ctx.api.page(sort, null).catch(() => null); // the next word will tell
  if (page && sort === store.shown.sort) update(store, merged(store.shown, page));
}

/** Show it, and say once that there is something new. */
function update(store: Store, patch: ReturnType<typeof apply>): void {
  if (!Object.keys(patch).length) return;
  const { waiting: before } = store.shown;
  store.set(patch);
  const { waiting } = store.shown;
  if (!before && waiting) store.say(store.ctx.texts.n("{n} new comment", "{n} new comments", waiting));
}
