/** One thread in one page: what it shows, and whoever changes that. */
import type { Context } from "./context.ts";
import { sayProblem } from "./context.ts";
import { NOBODY } from "./state.ts";
import type { Item, Mine, Page, Sort } from "./types.ts";

export interface Shown {
  sort: Sort;
  page: Page | null;
  mine: Mine;
  /** Whether it is settled who is here. */
  known: boolean;
  problem: unknown;
  /** A comment that the address names and this page does not hold. Empty: there is none. */
  elsewhere: string;
  busy: boolean;
  /** What a screen reader is told, once. */
  said: string;
  /** New comments that wait until the reader wants them, oldest first. */
  fresh: Fresh[];
  /** How many of them there are; not all of a great many are kept. */
  waiting: number;
  /** What I have folded away and looked at all the same. */
  unfolded: ReadonlySet<string>;
}

export interface Fresh {
  item: Item;
  /** Null: a first comment. */
  root: string | null;
}

const START: Shown = {
  sort: "newest",
  page: null,
  mine: NOBODY,
  known: false,
  problem: null,
  elsewhere: "",
  busy: false,
  said: "",
  fresh: [],
  waiting: 0,
  unfolded: new Set(),
};

export class Store {
  shown: Shown = START;
  /** Whether the thread has left the page. */
  gone = false;

  constructor(
    public ctx: Context,
    private readonly changed: () => void,
    /** Brings a comment into view. Says whether it is there. */
    readonly focus: (id: string | undefined) => Promise<boolean>,
    /** Puts the focus to the top of the thread, when what had it is gone. */
    readonly home: () => void,
  ) {}

  set(patch: Partial<Shown>): void {
    this.shown = { ...this.shown, ...patch };
    const facts = patch.page?.thread;
    if (facts) this.know({ reviewedFirst: facts.review === "first", open: facts.writable });
    this.changed();
  }

  /** Facts that all elements share. Nothing is drawn anew when they are as they were. */
  know(facts: Partial<Context>): void {
    const names = Object.keys(facts) as (keyof Context)[];
    if (names.every((name) => facts[name] === this.ctx[name])) return;
    this.ctx = { ...this.ctx, ...facts };
    this.changed();
  }

  say(said: string): void {
    this.set({ said });
  }

  sayProblem(problem: unknown): void {
    this.say(sayProblem(this.ctx.texts, problem));
  }
}
