import { afterEach, describe, expect, it, vi } from "vitest";
import type { Decision, Mine, Own } from "../src/reading/types.ts";
import { aMine, aPage, COMMENTS, MINE, show, type Shown } from "./fake.ts";

const HELD: Own = { id: "9", state: "held", parent: null, text: "mine", created_at: "2026-11-21T10:00:00Z" };
const REFUSED: Own = { ...HELD, state: "refused", decision: { id: "d1", message: "No advertising here." } as Decision };

describe("what becomes of what waits", () => {
  let mine: Mine;
  const open = (own: Own) => {
    mine = aMine({ items: [own] });
    return show({ [COMMENTS]: aPage([]), [MINE]: () => mine });
  };
  const comeBack = async (shown: Shown) => {
    document.dispatchEvent(new Event("visibilitychange"));
    await shown.settle();
  };
  const asked = ({ service }: Shown) => service.of("GET").filter(({ path }) => path.endsWith("/mine")).length;

  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  it("is told with its reasons when I come back to the tab, and then nothing is asked any more", async () => {
    const shown = await open(HELD);
    mine = aMine({ items: [REFUSED] });
    await comeBack(shown);
    expect(shown.text()).toContain("No advertising here.");
    expect(shown.find("[role=status]").textContent).toContain("Not published.");
    const before = asked(shown);
    await comeBack(shown);
    expect(asked(shown)).toBe(before);
  });

  it("is asked for by itself, too, less and less often", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true, advanceTimeDelta: 1 });
    const shown = await open(HELD);
    const before = asked(shown);
    await vi.advanceTimersByTimeAsync(20_000);
    const soon = asked(shown) - before;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(soon).toBeGreaterThan(1);
    expect(asked(shown) - before - soon).toBeLessThan(soon);
  });

  it("is not asked for where nothing waits, nor once the thread has left the page", async () => {
    const settled = await open({ ...HELD, state: "published" });
    const once = asked(settled);
    await comeBack(settled);
    expect(asked(settled)).toBe(once);
    const waits = await open(HELD);
    const before = asked(waits);
    waits.thread.remove();
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.dynamicImportSettled();
    expect(asked(waits)).toBe(before);
  });

  it("of a change of mine, too", async () => {
    const shown = await open({ ...HELD, state: "published", change: "held" });
    mine = aMine({ items: [{ ...HELD, state: "published", change: "refused" }] });
    await comeBack(shown);
    expect(shown.find("[role=status]").textContent).toContain("Not published.");
  });
});
