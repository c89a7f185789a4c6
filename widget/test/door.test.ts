import { afterEach, describe, expect, it, vi } from "vitest";
import { ForeignDoor, FrameDoor } from "../src/door/door.ts";
import { Entrance } from "../src/door/signin.ts";
import { type Granted, Visit } from "../src/door/visit.ts";
import { Api } from "../src/reading/api.ts";
import { usedTokens } from "../tools/lean.ts";
import { type Asked, aMine, FakeService, MINE, Refused, THREAD } from "./fake.ts";

const BASE = "https://c.example";
const RENEW = "POST /session/renew";
const SOON = new Date(Date.now() + 20_000).toISOString();
const LATE = "2099-01-01T00:00:00Z";

const granted = (fields: Partial<Granted> = {}): Granted => ({
  token: "t1",
  refresh: "r1",
  expires_at: LATE,
  ends_at: LATE,
  me: { name: "A" },
  ...fields,
});

function aVisit(fields: Partial<Granted> = {}): { api: Api; door: ForeignDoor } {
  const door = new ForeignDoor();
  door.visit = new Visit(`${BASE}/api/v1`, granted(fields));
  return { door, api: new Api(BASE, "daily", THREAD, "en", door) };
}

describe("a visit from another page", () => {
  it("carries its token and no cookie", async () => {
    const service = new FakeService({ [MINE]: aMine() });
    service.install();
    await aVisit().api.mine();
    expect(service.asked[0]).toMatchObject({ credentials: "omit", headers: { authorization: "Bearer t1" } });
  });

  it("renews a token that ends soon, once for all who ask", async () => {
    const service = new FakeService({ [MINE]: aMine(), [RENEW]: granted({ token: "t2", refresh: "r2" }) });
    service.install();
    const { api } = aVisit({ expires_at: SOON });
    await Promise.all([api.mine(), api.mine(), api.mine()]);
    expect(service.of("POST").map((one) => one.body)).toEqual([{ refresh: "r1" }]);
    expect(service.of("GET").map((one) => one.headers["authorization"])).toEqual(Array(3).fill("Bearer t2"));
  });

  it("tries once more after a 401, and then says it", async () => {
    const ended = new Refused(401, { type: "/problems/session-expired", detail: "d" });
    const mine = ({ headers }: Asked) => (headers["authorization"] === "Bearer t2" ? aMine() : ended);
    const service = new FakeService({ [MINE]: mine, [RENEW]: granted({ token: "t2", refresh: "r2" }) });
    service.install();
    await expect(aVisit().api.mine()).resolves.toEqual(aMine());
    service.answers[RENEW] = ended;
    await expect(aVisit().api.mine()).rejects.toMatchObject({ code: "session-expired" });
  });

  it("keeps its tokens where no script of the page can read them", () => {
    const { door } = aVisit();
    expect(JSON.stringify(door)).not.toContain("t1");
    expect(Object.values(door.visit ?? {}).join()).not.toContain("t1");
  });
});

describe("a frame", () => {
  it("says that it is one and sends its own cookie", async () => {
    const service = new FakeService({ "GET /session": { name: "B" }, [MINE]: aMine() });
    service.install();
    const door = new FrameDoor(`${BASE}/api/v1`);
    expect(await door.who()).toBe("B");
    await new Api(BASE, "daily", THREAD, "en", door).mine();
    for (const asked of service.asked) {
      expect(asked).toMatchObject({ credentials: "same-origin", headers: { "x-gentie-frame": "1" } });
      expect(asked.headers).not.toHaveProperty("authorization");
    }
  });
});

describe("tokens", () => {
  it("come along when a style uses them, directly or not", () => {
    const all = ":host { --gentie-a: 1; --gentie-b: var(--gentie-a); --gentie-c: 2; }";
    const lean = usedTokens(all, "p { margin: var(--gentie-b); }");
    expect(lean).toContain("--gentie-a: 1");
    expect(lean).not.toContain("--gentie-c");
  });
});

describe("the window of the service", () => {
  const EXCHANGE = "POST /session/exchange";
  afterEach(() => vi.useRealTimers());

  /** Opened by a click, and closed again before anything of it was heard. */
  async function opened(): Promise<{ entered: Promise<Granted | null>; say: (type: string) => void }> {
    vi.useFakeTimers();
    const popup = { closed: false };
    let asked = "";
    vi.stubGlobal("open", (url: string) => {
      asked = url;
      return popup;
    });
    const entrance = new Entrance({ base: BASE, site: "daily", lang: "en", framed: false, go: () => undefined });
    await entrance.prepare();
    const entered = entrance.enter().catch((problem) => problem.code);
    await vi.advanceTimersByTimeAsync(0);
    popup.closed = true;
    const say = (type: string) => {
      const state = new URL(asked).searchParams.get("state");
      const said = { data: { type, state, code: "c1" }, origin: BASE, source: popup as unknown as Window };
      window.dispatchEvent(Object.assign(new Event("message"), said));
    };
    return { entered, say };
  }

  it("is heard although it was seen closed before", async () => {
    const service = new FakeService({ [EXCHANGE]: granted() });
    service.install();
    const { entered, say } = await opened();
    await vi.advanceTimersByTimeAsync(1_000);
    say("gentie:code");
    await expect(entered).resolves.toMatchObject({ token: "t1" });
  });

  it("has said nothing when it stays closed", async () => {
    const service = new FakeService({ [EXCHANGE]: granted() });
    service.install();
    const { entered, say } = await opened();
    await vi.advanceTimersByTimeAsync(5_000);
    say("gentie:code");
    expect([null, "popup-cut"]).toContain(await entered);
    expect(service.asked).toEqual([]);
  });
});
