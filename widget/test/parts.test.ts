import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ForeignDoor, OwnDoor } from "../src/door/door.ts";
import { Api, onceKey } from "../src/reading/api.ts";
import { Problem } from "../src/reading/problem.ts";
import { keepDraft, readDraft } from "../src/reading/draft.ts";
import { countGraphemes } from "../src/writing/graphemes.ts";
import { Texts } from "../src/reading/i18n.ts";
import { readPo } from "../tools/po.ts";
import * as state from "../src/reading/state.ts";
import { type Asked, aComment, aMine, aPage, aTombstone, COMMENTS, FakeService, MINE, POST, Refused, SESSION, THREAD } from "./fake.ts";

const BASE = "https://c.example";
const anApi = (personal: boolean) => new Api(BASE, "daily", THREAD, "en", personal ? new OwnDoor(`${BASE}/api/v1`) : new ForeignDoor());

describe("the API client", () => {
  it("reads without cookies and writes with token and key", async () => {
    const submitted = { id: "1", state: "held", receipt: "r" };
    const service = new FakeService({ [COMMENTS]: aPage([]), [POST]: submitted, [SESSION]: { kind: "account", name: "A", csrf: "t" } });
    service.install();
    const api = anApi(true);
    await api.page("top", "c1");
    await api.submit("words", "7", "once");
    await api.submit("words", null, "twice");
    expect(service.asked[0]).toMatchObject({ credentials: "omit", path: "/sites/daily/threads/article-42/comments?sort=top&after=c1" });
    expect(service.of("POST")[0]).toMatchObject({
      credentials: "same-origin",
      body: { text: "words", parent: "7" },
      headers: { "idempotency-key": "once", "x-csrf-token": "t" },
    });
    expect(service.of("GET").filter((one) => one.path === "/account/session")).toHaveLength(1);
  });

  it("asks for a fresh token once when the one it has is out of date", async () => {
    let given = 0;
    const session = () => ({ kind: "account", name: "A", csrf: `t${(given += 1)}` });
    const csrf = new Refused(403, { type: "/problems/csrf", detail: "Out of date." });
    const post = ({ headers }: Asked) => (headers["x-csrf-token"] === "t2" ? { id: "1", state: "held" } : csrf);
    const service = new FakeService({ [POST]: post, [SESSION]: session });
    service.install();
    const api = anApi(true);
    await api.submit("words", null, "once");
    expect(service.of("POST").map((one) => [one.headers["x-csrf-token"], one.headers["idempotency-key"]])).toEqual([
      ["t1", "once"],
      ["t2", "once"],
    ]);
    service.answers[POST] = csrf;
    await expect(api.submit("words", null, "twice")).rejects.toMatchObject({ code: "csrf" });
    expect(service.of("POST")).toHaveLength(4);
  });

  it("tells a refusal by its code and its page", async () => {
    const refusal = { type: "/problems/identity-required", detail: "d", path: "/account/verify" };
    new FakeService({ [MINE]: new Refused(403, refusal) }).install();
    const problem = await anApi(true).mine().catch((one: unknown) => one);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ status: 403, code: "identity-required", path: "/account/verify" });
  });

  it("tells a service that cannot be reached", async () => {
    globalThis.fetch = () => Promise.reject(new TypeError("down"));
    await expect(anApi(false).page("newest", null)).rejects.toMatchObject({ status: 0, code: "unreachable" });
  });

  it("makes a fresh key each time", () => {
    expect(onceKey()).toMatch(/^[0-9a-f]{32}$/);
    expect(onceKey()).not.toBe(onceKey());
  });
});

describe("state", () => {
  const tree = aPage([
    aComment("1", { votes: 2, replies: [aComment("2", { parent: "1", replies: [aComment("3", { parent: "2" })] })] }),
    aTombstone("4"),
  ]);

  it("puts a branch into one rail, in order", () => {
    expect(state.allItems(tree).map((one) => one.id)).toEqual(["1", "2", "3", "4"]);
  });

  it("adds what is new and nothing twice", () => {
    const more = state.withMore(tree, aPage([aTombstone("4"), aComment("5")], { next: "c" }));
    expect(more.comments.map((one) => one.id)).toEqual(["1", "4", "5"]);
    const branch = state.withReplies(tree, "1", { comments: [aComment("3"), aComment("6")], next: null });
    expect(state.allItems(branch).map((one) => one.id)).toEqual(["1", "2", "3", "6", "4"]);
  });

  it("counts votes, never below nothing, and changes no older value", () => {
    const votes = (page: typeof tree) => (page.comments[0] as ReturnType<typeof aComment>).votes;
    expect(votes(state.withVote(tree, "1", 1))).toBe(3);
    const none = [-1, -1, -1].reduce((page) => state.withVote(page, "1", -1), tree);
    expect(votes(none)).toBe(0);
    expect(votes(tree)).toBe(2);
  });

  it("takes out an answer deep in a branch", () => {
    expect(state.allItems(state.without(tree, "3")).map((one) => one.id)).toEqual(["1", "2", "4"]);
  });

  it("shows my hidden items once: where they belong, until the page has them", () => {
    const own = (id: string, parent: string | null) => ({ id, parent, state: "held" as const, text: "t", created_at: "2026-11-21T10:00:00Z" });
    const mine = aMine({ items: [own("9", null), own("8", "2"), own("1", null)] });
    const found = state.ownByRoot(tree, mine);
    expect([...found].map(([root, all]) => [root, all.map((one) => one.id)])).toEqual([["", ["9"]], ["1", ["8"]]]);
    expect(state.ownOf(mine, "1")?.id).toBe("1");
    const older = aMine({ items: [{ ...own("7", null), state: "published" }] });
    expect(state.ownByRoot(tree, older).size).toBe(0);
  });
});

describe("texts", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  const catalogue = readPo(readFileSync(join(import.meta.dirname, "../../src/gentie/locale/zh_CN/widget.po"), "utf8"));
  const aTexts = (lang: string) => new Texts(lang, lang.startsWith("zh") ? catalogue : null);

  it("say how long ago in the reader's language", () => {
    expect(aTexts("en").ago("2026-11-21T11:42:00Z", now)).toBe("18 minutes ago");
    expect(aTexts("zh-CN").ago("2026-11-21T11:42:00Z", now)).toBe("18分钟前");
    expect(aTexts("zh-CN").ago("2026-11-21T11:59:40Z", now)).toBe("刚刚");
    expect(aTexts("en").ago("2026-11-20T11:00:00Z", now)).toBe("yesterday");
  });

  it("count", () => {
    const say = (lang: string, n: number) => aTexts(lang).n("{n} comment", "{n} comments", n);
    expect([say("en", 1), say("en", 1200), say("zh-CN", 1200)]).toEqual(["1 comment", "1,200 comments", "1,200 条"]);
  });

  it("fall back to English and keep unknown places", () => {
    expect(new Texts("fr").t("to {name}", { name: "A" })).toBe("to A");
    expect(aTexts("en").t("to {name}")).toBe("to {name}");
  });
});

describe("graphemes", () => {
  it("are what a person would count", () => {
    expect([..."👩‍⚕️🚌"].length).toBeGreaterThan(2);
    expect(countGraphemes("👩‍⚕️🚌é好")).toBe(4);
    expect(countGraphemes("")).toBe(0);
  });
});

describe("drafts", () => {
  const place = { site: "daily", key: "k", about: "" };
  afterEach(() => localStorage.clear());

  it("are kept by place and forgotten when empty", () => {
    expect(keepDraft(place, "half a")).toBe(true);
    expect(readDraft(place)).toBe("half a");
    expect(readDraft({ ...place, about: "7" })).toBe("");
    expect(keepDraft(place, "  ")).toBe(false);
    expect(localStorage.length).toBe(0);
  });
});
