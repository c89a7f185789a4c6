import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mendable } from "../src/reading/context.ts";
import { Problem } from "../src/reading/problem.ts";
import { aComment, aMine, aPage, aTombstone, begin, COMMENTS, MINE, Refused, show, SIGNED_OUT } from "./fake.ts";

beforeEach(() => {
  location.hash = "";
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
});

describe("reading", () => {
  it("shows comments as named articles, with answers in one rail", async () => {
    const answer = aComment("2", { parent: "1" });
    const second = aComment("3", { parent: "2" });
    const root = aComment("1", { reply_count: 7, more_replies: "c", replies: [answer, second] });
    const shown = await show({ [COMMENTS]: aPage([root]), ...SIGNED_OUT });
    const article = shown.find("article[id=gentie-1]");
    expect(shown.root.getElementById(article.getAttribute("aria-labelledby") ?? "")?.textContent).toBe("Author 1");
    expect(shown.all(".replies article")).toHaveLength(2);
    expect(shown.text()).toContain("to Author 2");
    expect(shown.text()).toContain("Show 5 more replies");
  });

  it("has no slot, so that what was there without script vanishes", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), ...SIGNED_OUT });
    expect(shown.root.querySelector("slot")).toBeNull();
    expect(shown.text()).toContain("Nobody has written here yet.");
  });

  it("says why something is gone, or that it is not said", async () => {
    const named = aTombstone("1", { title: { zh: "广告", en: "Advertising" } });
    const shown = await show({ [COMMENTS]: aPage([named, aTombstone("2")]), ...SIGNED_OUT });
    expect(shown.find("article[id=gentie-1]").textContent).toContain("removed by a moderator: Advertising");
    expect(shown.find("article[id=gentie-2]").textContent).toContain("to protect somebody");
    expect(shown.find<HTMLAnchorElement>("article[id=gentie-1] a").href).toContain("comment=1");
  });

  it("tells a withdrawal and the archive from the rest", async () => {
    const gone = aTombstone("1", { tier: "withdrawn", by: "author", leaf: null, nonce: "" });
    const shown = await show({ [COMMENTS]: aPage([gone, aComment("2", { archived: true })]), ...SIGNED_OUT });
    expect(shown.find("article[id=gentie-1]").textContent?.trim()).toBe("Its author has withdrawn this comment.");
    expect(shown.find("article[id=gentie-2] .tag").textContent).toBe("from the archive");
  });

  it("says why a thread is closed, and offers no form", async () => {
    const page = aPage([aComment("1")]);
    const banner = { kind: "read_only", reason: "The server moves house.", until: "2026-11-22T10:00:00Z" };
    const shown = await show({ [COMMENTS]: { ...page, thread: { ...page.thread, writable: false, banners: [banner] } }, [MINE]: aMine() });
    expect(shown.find(".state.info").textContent).toContain("The server moves house.");
    expect(shown.all("gentie-composer, [data-opens=reply]")).toHaveLength(0);
  });

  it("speaks Chinese", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), ...SIGNED_OUT }, "zh-CN");
    expect(shown.text()).toContain("1 条");
    await begin(shown);
    expect(shown.text()).toContain("提交审核");
  });

  it("sorts", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), ...SIGNED_OUT });
    shown.all(".sort button")[2]?.click();
    await shown.settle();
    expect(shown.service.asked.at(-1)?.path).toContain("sort=top");
    expect(shown.all(".sort [aria-pressed=true]").map((one) => one.textContent)).toEqual(["Most agreed"]);
    expect(shown.find("[role=status]").textContent).toBe("Sorted: Most agreed");
  });

  it("shows more comments and more answers, and moves the focus to the first of them", async () => {
    const first = aPage([aComment("1", { reply_count: 1, more_replies: "r" })], { next: "c" });
    const shown = await show({
      [`${COMMENTS}?sort=newest`]: first,
      [`${COMMENTS}?sort=newest&after=c`]: aPage([aComment("5")]),
      "GET /comments/1/replies": { comments: [aComment("2", { parent: "1" })], next: null },
      ...SIGNED_OUT,
    });
    shown.find(".fresh").click();
    await shown.settle();
    expect(shown.root.activeElement?.id).toBe("gentie-5");
    shown.find(".more").click();
    await shown.settle();
    expect(shown.root.activeElement?.id).toBe("gentie-2");
    expect(shown.all(".more, .fresh")).toHaveLength(0);
  });

  it("lights the comment that the address names, or says where it is", async () => {
    location.hash = "#gentie-2";
    const shown = await show({ [COMMENTS]: aPage([aComment("1"), aComment("2")]), ...SIGNED_OUT });
    expect(shown.find("article[id=gentie-2]").classList.contains("lit")).toBe(true);
    location.hash = "#gentie-77";
    window.dispatchEvent(new Event("hashchange"));
    await shown.settle();
    expect(shown.find<HTMLAnchorElement>(".state.info a").href).toContain("/t/daily/article-42?comment=77");
  });

  it("takes any fragment that a page has", async () => {
    location.hash = "#100%";
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), ...SIGNED_OUT });
    await expect(shown.thread.start()).resolves.toBeTruthy();
  });

  it("says that the service is down and tries again", async () => {
    let down = true;
    const comments = () => (down ? new Refused(503, { type: "/problems/busy", detail: "Busy." }) : aPage([aComment("1")]));
    const shown = await show({ [COMMENTS]: comments, ...SIGNED_OUT });
    expect(shown.find(".state.refused").textContent).toContain("Busy.");
    down = false;
    shown.find(".state.refused button").click();
    await shown.settle();
    expect(shown.all("gentie-comment")).toHaveLength(1);
  });
});

describe("what a visit to the service can mend", () => {
  const problem = (code: string) => new Problem(403, code, "");

  it.each(["identity-required", "agreement-required", "undertaking-due", "session-expired"])("%s", (code) => {
    expect(mendable(problem(code))).toBe(true);
  });

  it.each(["read-only", "replies-limited", "unreachable"])("not %s", (code) => {
    expect(mendable(problem(code))).toBe(false);
  });
});
