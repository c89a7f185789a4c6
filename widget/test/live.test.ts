import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apply, merged } from "../src/live/apply.ts";
import { Stream, type Told } from "../src/live/stream.ts";
import { NOBODY } from "../src/reading/state.ts";
import type { Shown } from "../src/reading/store.ts";
import type { Item } from "../src/reading/types.ts";
import { aComment, aMine, aPage, aTombstone, FakeStream } from "./fake.ts";

const shownWith = (fields: Partial<Shown>): Shown => ({
  sort: "newest",
  page: aPage([aComment("1", { replies: [aComment("2", { parent: "1" })], reply_count: 1 }), aComment("3")]),
  mine: NOBODY,
  known: true,
  problem: null,
  elsewhere: "",
  busy: false,
  said: "",
  fresh: [],
  waiting: 0,
  unfolded: new Set(),
  ...fields,
});
const news = (id: string, root: string | null = null) => ({ count: 9, comment: aComment(id), root });

describe("what is new", () => {
  it("waits, is counted once, and leaves the branches as they are", () => {
    const before = shownWith({});
    const once = { ...before, ...apply(before, "new", news("8")) };
    const twice = { ...once, ...apply(once, "new", news("8")) };
    expect(twice.waiting).toBe(1);
    expect(twice.page?.thread.count).toBe(9);
    expect(twice.page?.comments).toEqual(before.page?.comments);
    expect(twice.page?.comments[0]).toBe(before.page?.comments[0]);
  });

  it("is mine: it does not wait", () => {
    const own = { id: "8", state: "held" as const, parent: null, text: "t", created_at: "2026-11-21T10:00:00Z" };
    const patch = apply(shownWith({ mine: aMine({ items: [own] }) }), "new", news("8"));
    expect(patch.page?.comments[0]?.id).toBe("8");
    expect(patch.waiting).toBeUndefined();
  });

  it("belongs to a branch that is not here: nothing waits", () => {
    expect(apply(shownWith({}), "new", news("8", "77")).waiting).toBeUndefined();
  });

  it("is never more than a hundred in memory, and all are counted", () => {
    let shown = shownWith({});
    for (let at = 0; at < 150; at += 1) shown = { ...shown, ...apply(shown, "new", news(`n${at}`)) };
    expect([shown.fresh.length, shown.waiting]).toEqual([100, 150]);
  });

  it("is known by a name that is not known here: nothing happens", () => {
    expect(apply(shownWith({}), "danmaku", { rows: [] })).toEqual({});
  });
});

describe("what is removed", () => {
  it("goes at once, from what waits too", () => {
    const waiting = { ...shownWith({}), ...apply(shownWith({}), "new", news("8")) };
    const gone = apply(waiting, "removed", { count: 2, id: "8", comment: null });
    expect([gone.fresh, gone.waiting]).toEqual([[], 0]);
    const out = apply(shownWith({}), "removed", { count: 2, id: "2", comment: null });
    expect(out.page?.comments[0]?.replies).toEqual([]);
  });

  it("leaves its tombstone with the answers that are shown", () => {
    const patch = apply(shownWith({}), "removed", { count: 2, id: "1", comment: aTombstone("1") });
    expect(patch.page?.comments[0]).toHaveProperty("tombstone");
    expect(patch.page?.comments[0]?.replies).toHaveLength(1);
  });
});

describe("a page that is read again", () => {
  it("changes what is known, drops what is missing, lets what is new wait", () => {
    const now = aPage([aComment("7"), aComment("1", { votes: 5, replies: [aComment("2", { parent: "1" })] })]);
    const patch = merged(shownWith({}), now);
    expect(patch.page?.comments.map((one) => one.id)).toEqual(["1"]);
    expect(patch.page?.comments[0]).toMatchObject({ votes: 5, replies: [{ id: "2" }] });
    expect(patch.fresh?.map(({ item }) => item.id)).toEqual(["7"]);
  });

  it("drops answers that are missing, and keeps those behind the part that was read", () => {
    const answers = ["2", "4", "5"].map((id) => aComment(id, { parent: "1" }));
    const shown = shownWith({ page: aPage([aComment("1", { replies: answers })]) });
    const ids = (now: Item) => merged(shown, aPage([now])).page?.comments[0]?.replies.map((one) => one.id);
    expect(ids(aComment("1", { replies: answers.slice(1, 2), more_replies: "c" }))).toEqual(["4", "5"]);
    expect(ids(aComment("1", { replies: answers.slice(1, 2) }))).toEqual(["4"]);
  });

  it("may be older than what I have just published", () => {
    const own = { id: "3", state: "published" as const, parent: null, text: "t", created_at: "2026-11-21T10:00:00Z" };
    const patch = merged(shownWith({ mine: aMine({ items: [own] }) }), aPage([aComment("1")]));
    expect(patch.page?.comments.map((one) => one.id)).toEqual(["1", "3"]);
  });

  it("shows mine at once, and lets others wait", () => {
    const own = { id: "7", state: "published" as const, parent: null, text: "t", created_at: "2026-11-21T10:00:00Z" };
    const now = aPage([aComment("8"), aComment("7"), aComment("1"), aComment("3")]);
    const patch = merged(shownWith({ mine: aMine({ items: [own] }) }), now);
    expect(patch.page?.comments.map((one) => one.id)).toEqual(["7", "1", "3"]);
    expect([patch.fresh?.map(({ item }) => item.id), patch.waiting]).toEqual([["8"], 1]);
  });

  it("is merged in one walk, however long it is", () => {
    const roots = Array.from({ length: 3000 }, (_, at) => aComment(`r${at}`, { replies: [aComment(`a${at}`, { parent: `r${at}` })] }));
    const shown = shownWith({ page: aPage(roots) });
    const now = aPage([aComment("r-new"), ...structuredClone(roots)]);
    let looks = 0;
    for (const root of shown.page?.comments ?? []) {
      const { id } = root;
      Object.defineProperty(root, "id", { enumerable: true, get: () => ((looks += 1), id) });
    }
    expect(merged(shown, now).fresh?.map(({ item }) => item.id)).toEqual(["r-new"]);
    expect(looks).toBeLessThan(3000 * 20);
  });

  it("keeps what stands behind the part that was read", () => {
    const patch = merged(shownWith({}), aPage([aComment("1")], { next: "c" }));
    expect(patch.page?.comments.map((one) => one.id)).toEqual(["1", "3"]);
  });
});

describe("a connection", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeStream.all = [];
    vi.stubGlobal("EventSource", FakeStream);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const opened = () => {
    const told: Told[] = [];
    const stream = new Stream("/live", "", (one) => told.push(one), () => 0.5);
    stream.open();
    return { stream, told, last: () => FakeStream.all.at(-1) as FakeStream };
  };

  it("that is silent for forty seconds is opened again where it was", () => {
    const { last, told } = opened();
    last().say("here", {}, "5");
    vi.advanceTimersByTime(39_000);
    expect(FakeStream.all).toHaveLength(1);
    vi.advanceTimersByTime(1_500);
    expect(last().url).toBe("/live?last=5");
    expect(told[0]).toEqual({ name: "here", id: "5", data: {} });
  });

  it("that is refused is tried again, later each time", () => {
    const { last } = opened();
    for (const pause of [4_000, 8_000, 16_000]) {
      const before = FakeStream.all.length;
      last().readyState = FakeStream.CLOSED;
      last().onerror?.();
      vi.advanceTimersByTime(pause - 100);
      expect(FakeStream.all).toHaveLength(before);
      vi.advanceTimersByTime(200);
      expect(FakeStream.all).toHaveLength(before + 1);
    }
  });

  it("that the browser mends by itself is left alone, and ends when it is closed", () => {
    const { last, stream } = opened();
    last().onerror?.();
    vi.advanceTimersByTime(20_000);
    expect(FakeStream.all).toHaveLength(1);
    stream.close();
    vi.advanceTimersByTime(100_000);
    expect(FakeStream.all).toHaveLength(1);
  });
});
