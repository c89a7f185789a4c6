/** What becomes of what I wrote and others cannot see yet. Nobody else is told of it, so I ask. */
import type { Store } from "../reading/store.ts";
import type { Own } from "../reading/types.ts";

const FIRST = 5000; // milliseconds until it is asked for the first time
const LONGEST = 60_000;
const watches = new WeakMap<Store, Watch>();

/** Ask soon, and ask again while something of mine waits. `look` reads anew what is mine. */
export function watch(store: Store, look: () => Promise<void>): void {
  const watch = watches.get(store) ?? new Watch(store, look);
  watches.set(store, watch);
  watch.begin();
}

class Watch {
  private timer = 0;
  private pause = FIRST;

  constructor(
    private readonly store: Store,
    private readonly look: () => Promise<void>,
  ) {}

  begin(): void {
    if (!this.waiting.size) return this.end();
    this.pause = FIRST;
    document.addEventListener("visibilitychange", this.seen);
    this.wait();
  }

  private end(): void {
    window.clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  private wait(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), this.pause);
  }

  /** Whoever comes back to the tab wants to know at once. */
  private seen = (): void => {
    if (!document.hidden) void this.ask();
  };

  private async ask(): Promise<void> {
    const before = this.waiting;
    if (this.store.gone || !before.size) return this.end();
    await this.look();
    const { mine } = this.store.shown;
    if (mine.items.some((own) => before.has(own.id) && isRefused(own))) {
      this.store.say(this.store.ctx.texts.t("Not published. The reasons stand under your comment."));
    }
    if (!this.waiting.size) return this.end();
    this.pause = Math.min(LONGEST, this.pause * 1.5);
    this.wait();
  }

  private get waiting(): Set<string> {
    const { items } = this.store.shown.mine;
    return new Set(items.filter(({ change, state }) => state === "held" || change === "held").map(({ id }) => id));
  }
}

const isRefused = ({ change, state }: Own): boolean => state === "refused" || change === "refused";
