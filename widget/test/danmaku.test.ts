import { beforeEach, describe, expect, it, vi } from "vitest";
import { keepChoices, patternOf, readChoices, rowsOf, unusable, USUAL, wanting } from "../src/danmaku/choices.ts";
import { Feed } from "../src/danmaku/feed.ts";
import { type Ground, Lanes, type Mode, NONE } from "../src/danmaku/lanes.ts";
import { clock, density, type Line, Lines, type Row } from "../src/danmaku/lines.ts";
import { drawnRect } from "../src/danmaku/rect.ts";
import { FakeService, FakeStream, Refused } from "./fake.ts";

/** Numbers that look like chance and are the same each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Taken {
  mode: Mode;
  at: number;
  width: number;
  lane: number;
}

function ground(next: () => number): Ground {
  const lanes = 1 + Math.floor(next() * 16);
  const usable = 1 + Math.floor(next() * lanes);
  return { width: 200 + next() * 1500, lanes, usable, crossing: 3000 + next() * 9000, standing: 4000 };
}

function play(seed: number, modes: Mode[]): { ground: Ground; taken: Taken[]; refused: Taken[] } {
  const next = chance(seed);
  const on = ground(next);
  const lanes = new Lanes(on);
  const taken: Taken[] = [];
  const refused: Taken[] = [];
  for (let at = 0, n = 0; n < 250; n += 1) {
    at += next() * 700;
    const one = { mode: modes[Math.floor(next() * modes.length)] as Mode, at, width: 10 + next() * on.width * 1.4 };
    const lane = lanes.take(one.mode, one.at, one.width);
    (lane === NONE ? refused : taken).push({ ...one, lane });
  }
  return { ground: on, taken, refused };
}

/** From its left to its right edge at a moment. */
function span({ at, width }: Taken, { crossing, width: whole }: Ground, now: number): [number, number] {
  const left = whole - ((now - at) * (whole + width)) / crossing;
  return [left, left + width];
}

/** Whether two crossing lines of one lane ever share a pixel that can be seen: at the ends of their time together. */
function meet(one: Taken, other: Taken, on: Ground): boolean {
  const [from, to] = [Math.max(one.at, other.at), Math.min(one.at, other.at) + on.crossing];
  if (from >= to) return false;
  return [from, to].some((now) => {
    const [first, second] = [span(one, on, now), span(other, on, now)];
    return Math.min(first[1], second[1]) - Math.max(first[0], second[0]) > 0.001;
  });
}

const SEEDS = Array.from({ length: 60 }, (_, at) => at + 1);

describe("lanes", () => {
  it("never let one crossing line touch another", () => {
    for (const seed of SEEDS) {
      const { ground: on, taken } = play(seed, ["scroll"]);
      for (const [place, one] of taken.entries())
        for (const other of taken.slice(place + 1)) if (one.lane === other.lane) expect(meet(one, other, on), `seed ${seed}`).toBe(false);
    }
  });

  it("refuse a crossing line only when it would touch in each of them", () => {
    for (const seed of SEEDS) {
      const { ground: on, taken, refused } = play(seed, ["scroll"]);
      for (const one of refused)
        for (let lane = 0; lane < on.usable; lane += 1) {
          const before = taken.filter((other) => other.lane === lane && other.at <= one.at);
          const near = before.some((other) => meet(other, one, on) || span(other, on, one.at)[1] > on.width - 24);
          expect(near, `seed ${seed}`).toBe(true);
        }
    }
  });

  it("hold one standing line at a time, and no crossing line below it begins", () => {
    for (const seed of SEEDS) {
      const { ground: on, taken } = play(seed, ["scroll", "top", "bottom"]);
      const still = taken.filter(({ mode }) => mode !== "scroll");
      for (const [place, one] of still.entries())
        for (const other of still.slice(place + 1)) if (one.lane === other.lane) expect(other.at - one.at).toBeGreaterThanOrEqual(on.standing);
      for (const one of taken.filter(({ mode }) => mode === "scroll"))
        expect(still.some((other) => other.lane === one.lane && other.at <= one.at && one.at < other.at + on.standing)).toBe(false);
    }
  });

  it("stay within the area: from above, and bottom lines from below", () => {
    for (const seed of SEEDS) {
      const { ground: on, taken } = play(seed, ["scroll", "top", "bottom"]);
      for (const { lane, mode } of taken) {
        const inside = mode === "bottom" ? lane >= on.lanes - on.usable && lane < on.lanes : lane >= 0 && lane < on.usable;
        expect(inside).toBe(true);
      }
    }
  });

  it("always have one for what I wrote", () => {
    const lanes = new Lanes({ width: 300, lanes: 1, usable: 1, crossing: 8000, standing: 4000 });
    expect(lanes.take("scroll", 0, 100)).toBe(0);
    expect(lanes.take("scroll", 0, 100)).toBe(NONE);
    expect(lanes.take("scroll", 0, 100, true)).toBe(0);
  });
});

describe("the drawn picture", () => {
  const box = { x: 10, y: 20, width: 400, height: 400 };
  const wide = { width: 1600, height: 900 };

  it.each([
    ["contain", "50% 50%", { x: 10, y: 107.5, width: 400, height: 225 }],
    ["contain", "50% 0%", { x: 10, y: 20, width: 400, height: 225 }],
    ["contain", "0px 12px", { x: 10, y: 32, width: 400, height: 225 }],
    ["scale-down", "50% 50%", { x: 10, y: 107.5, width: 400, height: 225 }],
    ["cover", "50% 50%", box],
    ["none", "50% 50%", box],
    ["fill", "50% 50%", box],
  ])("of %s at %s", (fit, position, found) => {
    expect(drawnRect(box, wide, fit, position)).toEqual(found);
  });

  it("is the box while the picture is not known", () => {
    expect(drawnRect(box, { width: 0, height: 0 }, "contain", "50% 50%")).toEqual(box);
  });

  it("is small where a small one is not enlarged", () => {
    expect(drawnRect(box, { width: 100, height: 50 }, "scale-down", "50% 50%")).toEqual({ x: 160, y: 195, width: 100, height: 50 });
  });
});

const aLine = (fields: Partial<Line> = {}): Line => ({ id: "1", t: 0, mode: "scroll", colour: 0xffffff, text: "moon", author: "River", own: false, waiting: false, ...fields });

describe("choices", () => {
  beforeEach(() => localStorage.clear());

  it("are kept here, and rubbish is not believed", () => {
    keepChoices({ ...USUAL, area: 1, words: ["moon"], on: false });
    expect(readChoices()).toEqual({ ...USUAL, area: 1, words: ["moon"], on: false });
    localStorage.setItem("gentie:danmaku", '{"area": 9, "size": "x", "words": [1, "a"], "modes": 3, "on": "yes"}');
    expect(readChoices()).toEqual({ ...USUAL, words: ["a"] });
    localStorage.setItem("gentie:danmaku", "}");
    expect(readChoices()).toEqual(USUAL);
  });

  it.each([
    [{ words: ["Moon"] }, false],
    [{ words: ["/^m.+n$/"] }, false],
    [{ words: ["/(/"] }, true],
    [{ people: ["River"] }, false],
    [{ people: ["river"] }, true],
    [{ modes: { scroll: false, top: true, bottom: true } }, false],
    [{}, true],
  ])("%j", (patch, shown) => {
    const wants = wanting({ ...USUAL, ...patch });
    expect(wants(aLine())).toBe(shown);
    expect(wants(aLine({ own: true }))).toBe(true);
    expect(wants(aLine({ own: true, refused: "/d/1" }))).toBe(false);
  });

  it("take no pattern that could hold up the page", () => {
    for (const bad of ["(a+)+$", "(a|aa)*$", "(.*)(.*)\\1", "(?=a+)b", "a".repeat(101), ".*.*.*.*x", "(a{2,}){3}", "["]) expect(patternOf(bad), bad).toBeNull();
    for (const good of ["^m", "moo+n", "[a-z]+[0-9]*", "\\d+\\.", "\\(a\\)", "^(a|b)$", "六月|七月"]) expect(patternOf(good), good).not.toBeNull();
    expect(unusable(["/(a+)+/", "plain (a+)+", "/ok/"])).toEqual(["/(a+)+/"]);
    expect(rowsOf(" a \n\na\nb")).toEqual(["a", "b"]);
  });
});

const row = (id: string, t: number, text = `words of ${id}`): Row => [id, t, "scroll", 0xffffff, text, "River"];

describe("lines", () => {
  it("stand in order of time, each once", () => {
    const lines = new Lines();
    expect(lines.add([row("b", 20), row("a", 10)]).map(({ id }) => id)).toEqual(["b", "a"]);
    expect(lines.add([row("a", 10)])).toEqual([]);
    expect(lines.all.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(lines.between(10, 20).map(({ id }) => id)).toEqual(["a"]);
  });

  it("are what a part says anew: the missing go, mine that waits stays", () => {
    const lines = new Lines();
    lines.add([row("a", 10), row("b", 20), row("c", 130_000)]);
    lines.put(aLine({ id: "mine", t: 30, own: true, waiting: true }));
    expect(lines.replace(0, 120_000, [row("b", 20), row("d", 40)])).toEqual(["a"]);
    expect(lines.all.map(({ id }) => id)).toEqual(["b", "mine", "d", "c"]);
    expect(lines.published).toBe(3);
  });

  it("of mine are mine when they are published", () => {
    const lines = new Lines();
    lines.put(aLine({ id: "mine", own: true, waiting: true }));
    expect(lines.add([row("mine", 0)])).toMatchObject([{ own: true, waiting: false }]);
  });

  it("are counted by the minute", () => {
    const lines = new Lines();
    lines.add([row("a", 0), row("b", 59_999), row("c", 60_000)]);
    expect([...density(lines.all)]).toEqual([
      [0, 2],
      [1, 1],
    ]);
    expect([clock(61_500), clock(3_723_000)]).toEqual(["01:01", "1:02:03"]);
  });
});

const THREAD = "/sites/daily/threads/film-7";
const PATH = `/api/v1${THREAD}/danmaku`;
const manifest = (rev: number, count: number) => ({
  on: true,
  stream: { kind: "recorded", started_at: null, delay_ms: 0 },
  count,
  segment_ms: 120_000,
  segments: [{ n: 0, rev, count, url: `${PATH}/segments/0-${rev}.json` }],
  exports: { json: `${PATH}.json` },
});

describe("the feed", () => {
  const feed = (answers: Record<string, unknown>) => {
    const service = new FakeService(answers);
    service.install();
    FakeStream.all = [];
    vi.stubGlobal("EventSource", FakeStream);
    const lines = new Lines();
    const gone: string[] = [];
    const arrived: string[] = [];
    const made = new Feed("http://x.test", THREAD, lines, { arrived: (all) => arrived.push(...all.map(({ id }) => id)), changed: () => undefined, gone: (ids) => gone.push(...ids) }, () => 0);
    return { service, lines, gone, arrived, feed: made };
  };

  it("reads the manifest again when a part has been superseded", async () => {
    vi.useFakeTimers();
    let rev = 1;
    const { feed: one, lines, service } = feed({
      [`GET ${THREAD}/danmaku`]: () => manifest(rev++, 1),
      [`GET ${THREAD}/danmaku/segments/0-1.json`]: new Refused(410, { type: "/problems/segment-superseded" }),
      [`GET ${THREAD}/danmaku/segments/0-2.json`]: { count: 1, rows: [row("a", 5)] },
    });
    const reading = one.read();
    await vi.runAllTimersAsync();
    await reading;
    vi.useRealTimers();
    expect(lines.all.map(({ id }) => id)).toEqual(["a"]);
    expect(service.asked.filter(({ path }) => path.endsWith("/danmaku"))).toHaveLength(2);
  });

  it("reads the whole text where a part is a sample", async () => {
    const whole = { danmaku: ["a", "b"].map((id, t_ms) => ({ id, t_ms, mode: "scroll", colour: 0xffffff, text: id, author: "River" })) };
    const { feed: one, lines } = feed({
      [`GET ${THREAD}/danmaku`]: manifest(1, 2),
      [`GET ${THREAD}/danmaku/segments/0-1.json`]: { count: 2, rows: [row("a", 0)] },
      [`GET ${THREAD}/danmaku.json`]: whole,
    });
    await one.read();
    expect(lines.published).toBe(2);
  });

  it("shows what the stream tells, takes away what it takes, and says the rate", async () => {
    const { arrived, feed: one, gone, lines } = feed({
      [`GET ${THREAD}/danmaku`]: manifest(1, 1),
      [`GET ${THREAD}/danmaku/segments/0-1.json`]: { count: 1, rows: [row("a", 0)] },
    });
    one.open();
    await vi.waitFor(() => expect(FakeStream.all).toHaveLength(1));
    await vi.waitFor(() => expect(lines.size).toBe(1));
    const stream = FakeStream.all[0] as FakeStream;
    stream.say("danmaku", { rows: [row("b", 1), row("c", 2)], of: 8 }, "1");
    expect(arrived).toEqual(["b", "c"]);
    expect(one.rate).toBe(0.25);
    stream.say("danmaku-removed", { ids: ["a", "b"] }, "2");
    expect(lines.all.map(({ id }) => id)).toEqual(["c"]);
    expect(gone).toEqual(["a", "b"]);
    await one.read();
    expect(lines.get("a")).toBeUndefined(); // the manifest may be a second old: what is dead stays dead
    one.close();
  });
});
