/** Who is here. */
import { forgetDrafts } from "./draft.ts";
import { bring } from "./lazy.ts";
import type { Store } from "./store.ts";

const WAS_HERE = "gentie:known";

/** Find out, and bring what is theirs. A reader waits for neither. */
export async function meet(store: Store): Promise<void> {
  const { door } = store.ctx.api;
  if (/^#gentie-(code|declined)=/.test(location.hash)) await personal(store).then((acts) => acts.comeBack(store));
  const me = await door.who();
  if (door.kind !== "foreign") noteWhoIsHere(me);
  store.know({ me });
  if (me) await personal(store).then((acts) => acts.loadMine(store));
  store.set({ known: true });
}

/** The code for who is signed in or wants to be, with its texts. */
export async function personal(store: Store): Promise<typeof import("../writing/personal.ts")> {
  await store.ctx.load("personal");
  return bring("personal");
}

/** Who has signed out elsewhere leaves nothing half-written behind. */
function noteWhoIsHere(me: string): void {
  try {
    if (me) localStorage.setItem(WAS_HERE, "1");
    else if (localStorage.getItem(WAS_HERE)) {
      localStorage.removeItem(WAS_HERE);
      forgetDrafts();
    }
  } catch {
    // storage is switched off: there are no drafts
  }
}
