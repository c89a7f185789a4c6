/** Where lines come from: the manifest and its segments, and the page's one stream. */
import { Line as SharedLine } from "../live/line.ts";
import type { Told } from "../live/stream.ts";
import { answerOf, Problem } from "../reading/problem.ts";
import type { Mode } from "./lanes.ts";
import type { Line, Lines, Row } from "./lines.ts";

export interface Manifest {
  title: string;
  on: boolean;
  review: "first" | "after";
  stream: { kind: "recorded" | "live" | "off"; started_at: string | null; delay_ms: number };
  count: number;
  segment_ms: number;
  segments: { n: number; rev: number; count: number; url: string }[];
  palette: Record<string, number>;
  transcript: string;
  exports: Record<string, string>;
}

interface Segment {
  count: number;
  rows: Row[];
}

interface Whole {
  danmaku: { id: string; t_ms: number; mode: Mode; colour: number; text: string; author: string }[];
}

const SETTLED = 1200; // milliseconds in which a manifest may be old
const SPREAD = 3000; // at most this much later, so that not everybody asks at once
const TRIES = 4;
const DEAF = 60_000; // without a word from the stream for so long: look by oneself
const MEMORY = 10_000;

export interface Hearing {
  /** There is a new manifest, or there are other lines. */
  changed: () => void;
  /** They are told now: draw them, if it is their time. */
  arrived: (lines: Line[]) => void;
  gone: (ids: string[]) => void;
}

export class Feed {
  manifest: Manifest | null = null;
  /** Nobody can be reached. */
  problem = false;
  private readonly revs = new Map<number, number>();
  private readonly batches: { at: number; of: number; rows: number }[] = [];
  private readonly shared: SharedLine;
  private running: Promise<void> | null = null;
  private timer = 0;
  private look = 0;
  private heard = 0;
  private greeted = false;
  /** What was removed: an older answer does not bring it back. */
  private readonly dead = new Set<string>();

  constructor(
    private readonly base: string,
    /** Path of the thread below the API. */
    private readonly thread: string,
    private readonly lines: Lines,
    private readonly hearing: Hearing,
    /** The moment of the media: what is near comes first. */
    private readonly now: () => number,
  ) {
    this.shared = new SharedLine(`${base}/api/v1${thread}/live`, (told) => this.hear(told));
  }

  /** Share of the lines that is drawn, in a live broadcast or where a segment has too many. 1: all. */
  get rate(): number {
    const since = performance.now() - MEMORY;
    while (this.batches[0] && this.batches[0].at < since) this.batches.shift();
    const [rows, of] = this.batches.reduce(([rows, of], one) => [rows + one.rows, of + one.of], [0, 0] as [number, number]);
    return of > rows ? rows / of : 1;
  }

  open(): void {
    void this.read();
    this.shared.open();
    this.look = window.setInterval(() => {
      if (performance.now() - this.heard > DEAF) void this.read();
    }, DEAF / 2);
  }

  close(): void {
    window.clearTimeout(this.timer);
    window.clearInterval(this.look);
    this.shared.close();
    this.greeted = false;
  }

  /** Read the manifest, and every segment that is not here as it says. */
  read(): Promise<void> {
    this.running ??= this.readAll(TRIES).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async readAll(tries: number): Promise<void> {
    try {
      this.manifest = await this.get<Manifest>(`/api/v1${this.thread}/danmaku`);
      this.problem = false;
      this.hearing.changed();
      await this.readSegments(this.manifest);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.status === 410 && tries > 1) {
        await new Promise((go) => setTimeout(go, SETTLED)); // a newer manifest is there by then
        return this.readAll(tries - 1);
      }
      this.problem = true;
      this.hearing.changed();
    }
  }

  private async readSegments({ exports, segment_ms, segments }: Manifest): Promise<void> {
    const there = new Set(segments.map(({ n }) => n));
    for (const n of this.revs.keys()) if (!there.has(n)) this.take(n, segment_ms, 0, []);
    const here = Math.floor(this.now() / segment_ms);
    const far = ({ n }: { n: number }) => (n >= here ? n - here : 10_000 - n);
    let sampled = false;
    for (const { n, rev, url } of [...segments].sort((one, other) => far(one) - far(other))) {
      if (this.revs.get(n) === rev) continue;
      const { count, rows } = await this.get<Segment>(url);
      if (rows.length < count) sampled = true;
      else this.take(n, segment_ms, rev, rows);
    }
    if (sampled) await this.readWhole(exports["json"] as string, segment_ms, segments);
  }

  /** The text version is never a sample: where a segment is one, all lines are read. */
  private async readWhole(url: string, length: number, segments: Manifest["segments"]): Promise<void> {
    const { danmaku } = await this.get<Whole>(url);
    const rows = danmaku.map(({ author, colour, id, mode, t_ms, text }): Row => [id, t_ms, mode, colour, text, author]);
    for (const { n, rev } of segments) {
      const inside = rows.filter(([, t]) => Math.floor(t / length) === n);
      this.take(n, length, rev, inside);
    }
  }

  private take(n: number, length: number, rev: number, rows: Row[]): void {
    const gone = this.lines.replace(n * length, (n + 1) * length, rows.filter(([id]) => !this.dead.has(id)));
    if (rev) this.revs.set(n, rev);
    else this.revs.delete(n);
    if (gone.length) this.hearing.gone(gone);
    this.hearing.changed();
  }

  private get<T>(path: string): Promise<T> {
    return answerOf<T>(fetch(this.base + path, { credentials: "omit", headers: { accept: "application/json" } }));
  }

  private hear({ data, name }: Told): void {
    this.heard = performance.now();
    if (name === "danmaku") this.batch(data as { rows: Row[]; of: number });
    else if (name === "danmaku-removed") this.removed((data as { ids: string[] }).ids);
    else if (name === "danmaku-again" || name === "again") this.again(SETTLED + Math.random() * SPREAD);
    else if (name === "here" && !this.greeted) {
      this.greeted = true;
      this.again(SETTLED);
    }
  }

  private again(pause: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.read(), pause);
  }

  private batch({ of, rows }: { rows: Row[]; of: number }): void {
    for (const [id] of rows) this.dead.delete(id); // restored: the stream tells in order
    this.batches.push({ at: performance.now(), of, rows: rows.length });
    const fresh = this.lines.add(rows);
    this.hearing.arrived(fresh);
    this.hearing.changed();
    if (of > rows.length) this.again(SETTLED + SPREAD * Math.random()); // the others are in the text
  }

  private removed(ids: string[]): void {
    for (const id of ids) this.dead.add(id);
    this.lines.remove(ids);
    this.hearing.gone(ids);
    this.hearing.changed();
  }
}
