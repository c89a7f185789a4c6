/** Who is here: the same person as in the page's thread, signed in by the same door. */
import type { Room } from "../reading/room.ts";
import { bringStyles, bring } from "../reading/lazy.ts";
import { contextOf, type Dresser } from "../reading/mount.ts";
import { meet } from "../reading/someone.ts";
import { Store } from "../reading/store.ts";
import type { Context } from "../reading/context.ts";
import type { Mine, Own } from "../reading/types.ts";
import type { Start } from "../widget.ts";

export type Place = Omit<Start, "first">;

interface Mate extends HTMLElement {
  start(): Promise<Room>;
}

/** A thread of the same site in this page: who signs in there is signed in here. */
function mateOf(place: Place): Mate | undefined {
  return [...document.querySelectorAll<Mate>("gentie-thread")].find(
    (one) => one.getAttribute("site") === place.site && (one.getAttribute("door") === "frame") === place.framed && "start" in one,
  );
}

export class Someone {
  private store: Store | null = null;
  private found: Promise<Store> | null = null;

  constructor(
    readonly place: Place,
    readonly dress: Dresser,
    private readonly changed: () => void,
  ) {}

  /** Find out who is here. Until then nobody is. */
  meet(): Promise<Store> {
    this.found ??= this.find().catch((problem: unknown) => {
      this.found = null;
      throw problem;
    });
    return this.found;
  }

  private async find(): Promise<Store> {
    const mate = mateOf(this.place);
    if (mate) this.store = (await mate.start()).store;
    else {
      const store: Store = new Store(contextOf({}, { ...this.place, first: null }, this.dress, () => store), this.changed, async () => false, () => undefined);
      this.store = store;
      await meet(store);
    }
    this.changed();
    return this.store;
  }

  /** Whether somebody is signed in: asked without loading a thread for it. */
  async isKnown(): Promise<boolean> {
    const { door } = contextOf({}, { ...this.place, first: null }, this.dress, () => this.store as Store).api;
    return Boolean(await door.who());
  }

  /** What I wrote here. The page's thread hears of it too, where it is the same one. `anew`: as it is now. */
  async mine(anew: boolean): Promise<Own[]> {
    const store = await this.meet();
    const { api } = store.ctx;
    if (api.thread !== this.place.thread) return (await api.ask<Mine>("GET", `${this.place.thread}/mine`, true)).items;
    if (anew) store.set({ mine: await api.mine() });
    return store.shown.mine.items;
  }

  /** What our elements share with those of the thread; styles come into our own tree. */
  ctx(store: Store): Context {
    const load: Context["load"] = async (part) => {
      const [styles] = await Promise.all([bringStyles(), bring(part), store.ctx.texts.complete()]);
      this.dress.add(styles.sheet);
    };
    return { ...store.ctx, load };
  }
}
