/** All lines of a video that are here, in order of time. What the layer shows is a part of them. */
import type { Mode } from "./lanes.ts";

export type Row = [id: string, t: number, mode: Mode, colour: number, text: string, author: string];

export interface Line {
  id: string;
  /** Milliseconds into the media. */
  t: number;
  mode: Mode;
  colour: number;
  text: string;
  author: string;
  /** I sent it from this page. */
  own: boolean;
  /** It waits for review: only I see it. */
  waiting: boolean;
  /** Where its refusal or removal is explained. Absent: there was none. */
  refused?: string;
  /** The reasons in short. */
  says?: string;
}

export class Lines {
  /** Counts changes. */
  version = 0;
  /** Ids of what I wrote, here or before. */
  readonly owned = new Set<string>();
  private readonly byId = new Map<string, Line>();
  private order: Line[] | null = [];

  get size(): number {
    return this.byId.size;
  }

  /** How many of them everybody can read. */
  get published(): number {
    return this.all.reduce((sum, { refused, waiting }) => sum + Number(!waiting && refused === undefined), 0);
  }

  /** By time, then in the order of arrival. */
  get all(): readonly Line[] {
    this.order ??= [...this.byId.values()].sort((one, other) => one.t - other.t);
    return this.order;
  }

  get(id: string): Line | undefined {
    return this.byId.get(id);
  }

  /** What came out. Gives back the lines that were not known as published. */
  add(rows: readonly Row[]): Line[] {
    const fresh: Line[] = [];
    for (const [id, t, mode, colour, text, author] of rows) {
      const was = this.byId.get(id);
      if (was && !was.waiting && was.refused === undefined && was.text === text) continue;
      const line = { id, t, mode, colour, text, author, own: this.owned.has(id), waiting: false };
      this.byId.set(id, line);
      fresh.push(line);
    }
    if (fresh.length) this.changed();
    return fresh;
  }

  /** Mine, in its newest state. */
  put(line: Line): void {
    this.owned.add(line.id);
    this.byId.set(line.id, line);
    this.changed();
  }

  /** Take away what is gone. Gives back the ids that were here. */
  remove(ids: readonly string[]): string[] {
    const found = ids.filter((id) => this.byId.delete(id));
    if (found.length) this.changed();
    return found;
  }

  /** Everything from `from` to before `to` is told anew: what is missing has gone, except mine that waits. */
  replace(from: number, to: number, rows: readonly Row[]): string[] {
    const there = new Set(rows.map(([id]) => id));
    const missing = this.between(from, to).filter(({ id, refused, waiting }) => !there.has(id) && !waiting && refused === undefined);
    this.add(rows);
    return this.remove(missing.map(({ id }) => id));
  }

  /** Those with `from` <= t < `to`. */
  between(from: number, to: number): readonly Line[] {
    return this.all.slice(this.at(from), this.at(to));
  }

  /** How many lines are before a moment. */
  at(t: number): number {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.all[middle] as Line).t < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private changed(): void {
    this.order = null;
    this.version += 1;
  }
}

/** How many lines each minute has. */
export function density(lines: readonly Line[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { t } of lines) {
    const minute = Math.floor(t / 60_000);
    found.set(minute, (found.get(minute) ?? 0) + 1);
  }
  return found;
}

/** "1:02:03" or "02:03". */
export function clock(t: number): string {
  const two = (n: number) => `${n}`.padStart(2, "0");
  const seconds = Math.floor(t / 1000);
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
