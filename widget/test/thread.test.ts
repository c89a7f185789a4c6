import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Own } from "../src/reading/types.ts";
import type { Node } from "../src/reading/ast.ts";
import { CommentElement } from "../src/reading/comment.ts";
import { aComment, aHouse, aMine, aPage, aTombstone, begin, COMMENTS, FakeStream, MINE, POST, Refused, RULES, show, type Shown, SIGNED_OUT, THREAD, write } from "./fake.ts";

const drafts = () => Object.keys(localStorage).filter((name) => name.startsWith("gentie:draft:"));

async function send(shown: Shown, text: string): Promise<void> {
  write(await begin(shown), text);
  await shown.settle();
  shown.find<HTMLButtonElement>("#gentie-write .bar .btn").click();
  await shown.settle();
}

function press(shown: Shown, id: string, opens: string): void {
  shown.find<HTMLButtonElement>(`article[id="gentie-${id}"] [data-opens=${opens}]`).click();
}

beforeEach(() => {
  location.hash = "";
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
});

describe("writing", () => {
  it("sends a reader without an account to sign up and keeps the words", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), ...SIGNED_OUT });
    await send(shown, "half a thought");
    expect(shown.service.of("POST")).toHaveLength(0);
    expect(localStorage.getItem("gentie:draft:daily:article-42:")).toBe("half a thought");
    expect(shown.went[0]).toMatch(/\/account\/sign-up\?next=.*%23gentie-write$/);
    const again = await show({ [COMMENTS]: aPage([]), [MINE]: aMine() });
    expect((await begin(again)).value).toBe("half a thought");
  });

  it("takes a person whose session has ended to sign in, with the words kept", async () => {
    const ended = new Refused(401, { type: "/problems/session-expired", detail: "d" });
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [POST]: ended });
    await send(shown, "half a thought");
    expect(shown.went[0]).toContain("/account/sign-in?next=");
    expect(localStorage.getItem("gentie:draft:daily:article-42:")).toBe("half a thought");
  });

  it("asks strangers for nothing of their own", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), ...SIGNED_OUT });
    expect(shown.service.asked.map((one) => one.path)).not.toContain(`${THREAD}/mine`);
  });

  it("shows what waits for review, to me", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [POST]: { id: "9", state: "held", receipt: "r" } });
    write(await begin(shown), "Thank");
    window.dispatchEvent(new Event("pagehide"));
    expect(drafts()).toHaveLength(1);
    await send(shown, "Thank you");
    expect(shown.find("article[id=gentie-9]").textContent).toContain("Waiting for review.");
    expect(shown.find("[role=status]").textContent).toContain("It waits for review");
    expect((await begin(shown)).value).toBe("");
    expect(drafts()).toEqual([]);
  });

  it("shows why something was refused and where to appeal", async () => {
    const decision = { id: "d1", title: { zh: "个人信息", en: "Personal information" }, clause: "3.2", message: "Leave out the number." };
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [POST]: { id: "9", state: "refused", receipt: "r1", decision } });
    await send(shown, "Call me");
    const notice = shown.find("article[id=gentie-9] .state.refused");
    expect(notice.textContent?.replace(/\s+/g, " ")).toContain("Not published. Personal information (rule 3.2)");
    expect(notice.textContent).toContain("Leave out the number.");
    expect(notice.querySelector("a")?.href).toContain("/d/d1?receipt=r1");
  });

  it("fetches the reasons when the answer only names the decision", async () => {
    const own: Own = { id: "9", state: "refused", parent: null, text: "Call me", created_at: "2026-11-21T10:00:00Z", decision: { id: "d1", message: "Leave out the number." } };
    let posted = false;
    const post = () => ((posted = true), { id: "9", state: "refused", receipt: "r1", decision: "d1" });
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: () => aMine({ items: posted ? [own] : [] }), [POST]: post });
    await send(shown, "Call me");
    const notice = shown.find("article[id=gentie-9] .state.refused");
    expect(notice.textContent).toContain("Leave out the number.");
    expect(notice.querySelector("a")?.href).toContain("/d/d1?receipt=r1");
  });

  it("shows what is public at once", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [POST]: { id: "9", state: "published", receipt: "r" } });
    await send(shown, "Hello");
    expect(shown.find("article[id=gentie-9] .state.ok").textContent).toContain("Published.");
  });

  it("keeps open what is opened under a comment that has just been published", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [POST]: { id: "9", state: "published", receipt: "r" } });
    await send(shown, "Hello");
    shown.find("article[id=gentie-9] [data-opens=edit]").click();
    await shown.settle();
    const area = shown.find("article[id=gentie-9] textarea");
    FakeStream.all[0]?.say("new", { count: 1, comment: aComment("9"), root: null });
    await shown.settle();
    expect(shown.find("article[id=gentie-9] textarea")).toBe(area);
  });

  it("shows the words as readers see them, not as they were typed", async () => {
    const body: Node[] = [{ type: "paragraph", children: [{ type: "strong", children: [{ type: "text", text: "well" }] }] }];
    const own: Own = { id: "9", state: "published", parent: null, text: "**well**", body, created_at: "2026-11-21T10:00:00Z" };
    let posted = false;
    const post = () => ((posted = true), { id: "9", state: "published", receipt: "r" });
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: () => aMine({ items: posted ? [own] : [] }), [POST]: post });
    await send(shown, "**well**");
    expect(shown.find("article[id=gentie-9] strong").textContent).toBe("well");
    expect(shown.find("article[id=gentie-9]").textContent).not.toContain("**");
  });

  it("leads an author from the tombstone to the reasons, and nobody else", async () => {
    const own: Own = { id: "7", state: "removed", parent: null, text: "Pans", created_at: "2026-11-21T10:00:00Z", decision: { id: "d7", message: "No advertising." } };
    const links = async (items: Own[]) => {
      const shown = await show({ [COMMENTS]: aPage([aTombstone("7")]), [MINE]: aMine({ items }) });
      return [...shown.find("article[id=gentie-7]").querySelectorAll("a")].map((one) => one.getAttribute("href"));
    };
    expect((await links([own])).join()).toContain("/d/d7");
    expect((await links([])).join()).not.toContain("/d/");
  });

  it("ties a refusal to the field, keeps the words and the key, and names the page that helps", async () => {
    const refusal = new Refused(403, { type: "/problems/agreement-required", detail: "d", path: "/account/agreement" });
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [POST]: refusal });
    await send(shown, "Hello");
    const area = await begin(shown);
    expect(area.value).toBe("Hello");
    expect(area.getAttribute("aria-invalid")).toBe("true");
    const said = shown.root.getElementById((area.getAttribute("aria-describedby") ?? "").split(" ")[1] ?? "");
    expect(said?.textContent).toContain("accept the agreement");
    expect(said?.querySelector("a")?.getAttribute("href")).toContain("/account/agreement?next=");
    shown.find<HTMLButtonElement>("#gentie-write .bar .btn").click();
    await shown.settle();
    const keys = shown.service.of("POST").map((one) => one.headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(2);
  });

  it.each([{ ctrlKey: true }, { metaKey: true }])("sends by Ctrl or Cmd+Enter, but never while an input method composes: %j", async (held) => {
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [POST]: { id: "9", state: "held", receipt: "r" } });
    write(await begin(shown), "ni hao");
    await shown.settle();
    const area = await begin(shown);
    const enter = (fields: KeyboardEventInit) =>
      area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...fields }));
    enter({ ...held, isComposing: true });
    enter({});
    await shown.settle();
    expect(shown.service.of("POST")).toHaveLength(0);
    enter(held);
    await shown.settle();
    expect(shown.service.of("POST")).toHaveLength(1);
  });

  it("counts graphemes and sends nothing that is too long", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine() });
    await send(shown, "👩‍⚕️".repeat(5000));
    expect(shown.find("#gentie-write .note").textContent).toContain("5,000/5,000");
    expect(shown.service.of("POST")).toHaveLength(1);
    await send(shown, "👩‍⚕️".repeat(5001));
    expect(shown.service.of("POST")).toHaveLength(1);
    expect((await begin(shown)).getAttribute("aria-invalid")).toBe("true");
  });

  it("asks once about a risky text, and sends it when it is sent again", async () => {
    const again = new Refused(409, { type: "/problems/look-again", detail: "Look again.", found: ["A number"], path: "/account/lessons/risky-draft" });
    const answer = ({ body }: { body: unknown }) => ((body as { ask?: boolean }).ask ? again : { id: "9", state: "held", receipt: "r" });
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [POST]: answer });
    await send(shown, "Call 138");
    expect(shown.find("#gentie-write [role=alert]").textContent).toContain("Look again. A number");
    expect((await begin(shown)).value).toBe("Call 138");
    await send(shown, "Call 138");
    expect(shown.service.of("POST").map((one) => one.body)).toEqual([{ text: "Call 138", ask: true }, { text: "Call 138" }]);
    expect(shown.find("article").textContent).toContain("Call 138");
  });

  it("answers in place and gives the focus back when it is cancelled", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), [MINE]: aMine(), [POST]: { id: "9", state: "held", receipt: "r" } });
    press(shown, "1", "reply");
    await shown.settle();
    const area = shown.find<HTMLTextAreaElement>("gentie-comment textarea");
    expect(shown.root.activeElement).toBe(area);
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await shown.settle();
    expect((shown.root.activeElement as HTMLElement).dataset["opens"]).toBe("reply");
    press(shown, "1", "reply");
    await shown.settle();
    write(shown.find<HTMLTextAreaElement>("gentie-comment textarea"), "An answer");
    await shown.settle();
    shown.find<HTMLButtonElement>("gentie-comment .compose .btn:not(.quiet)").click();
    await shown.settle();
    expect(shown.service.of("POST")[0]?.body).toEqual({ text: "An answer", parent: "1", ask: true });
    expect(shown.find(".replies article").textContent).toContain("An answer");
  });
});

describe("my own", () => {
  const published: Own = { id: "1", state: "published", parent: null, text: "words *of* 1", created_at: "2026-11-21T10:00:00Z" };

  it("can be edited; until the new text has passed the old one stays", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), [MINE]: aMine({ items: [published] }), "PATCH /comments/1": { id: "1", state: "held", receipt: null } });
    press(shown, "1", "edit");
    await shown.settle();
    const area = shown.find<HTMLTextAreaElement>("gentie-comment textarea");
    expect(area.value).toBe("words *of* 1");
    write(area, "better words");
    await shown.settle();
    shown.find<HTMLButtonElement>("gentie-comment .compose .btn:not(.quiet)").click();
    await shown.settle();
    expect(shown.find("article[id=gentie-1] .body").textContent).toContain("words of 1");
    expect(shown.find("article[id=gentie-1] .state.pending").textContent).toContain("Your change waits for review.");
    expect(shown.all("article")).toHaveLength(1);
  });

  it("shows a change that waits when the page is opened again", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), [MINE]: aMine({ items: [{ ...published, change: "held" }] }) });
    expect(shown.all("article")).toHaveLength(1);
    expect(shown.text()).toContain("Your change waits for review.");
  });

  it("can be withdrawn, after a second thought", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), [MINE]: aMine({ items: [published] }), "DELETE /comments/1": null });
    press(shown, "1", "withdraw");
    await shown.settle();
    expect(shown.service.of("DELETE")).toHaveLength(0);
    shown.find(".confirm .danger").click();
    await shown.settle();
    expect(shown.service.of("DELETE")).toHaveLength(1);
    expect(shown.all("article")).toHaveLength(0);
  });

  it("gets no vote and no report from me", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1", { votes: 3 })]), [MINE]: aMine({ items: [published] }) });
    expect(shown.all(".vote, [data-opens=report]")).toHaveLength(0);
    expect(shown.find(".act.still").textContent).toContain("3");
  });
});

describe("agreeing and reporting", () => {
  it("draws the one comment anew, and no other", async () => {
    const page = aPage([aComment("1", { votes: 3 }), aComment("2", { replies: [aComment("3", { parent: "2" })], reply_count: 1 })]);
    const shown = await show({ [COMMENTS]: page, [MINE]: aMine(), "PUT /comments/1/vote": null });
    const drawn: string[] = [];
    const render = CommentElement.prototype["render"];
    CommentElement.prototype["render"] = function (this: CommentElement) {
      drawn.push(this.item.id);
      return render.call(this);
    };
    shown.find(".vote").click();
    await shown.settle();
    CommentElement.prototype["render"] = render;
    expect(shown.find(".vote").textContent).toContain("4");
    expect(new Set(drawn)).toEqual(new Set(["1"]));
  });

  it("counts at once and takes it back when the service says no", async () => {
    let no = false;
    const vote = () => (no ? new Refused(403, { type: "/problems/own-comment", detail: "No." }) : null);
    const shown = await show({ [COMMENTS]: aPage([aComment("1", { votes: 3 })]), [MINE]: aMine(), "PUT /comments/1/vote": vote });
    shown.find(".vote").click();
    await shown.settle();
    expect(shown.find(".vote").getAttribute("aria-pressed")).toBe("true");
    expect(shown.find(".vote").textContent).toContain("4");
    expect(shown.service.of("PUT")[0]?.body).toEqual({ value: 1 });
    no = true;
    shown.find(".vote").click();
    await shown.settle();
    expect(shown.find(".vote").getAttribute("aria-pressed")).toBe("true");
    expect(shown.find(".vote").textContent).toContain("4");
    expect(shown.find("[role=status]").textContent).toBe("No.");
  });

  it("asks a reader without an account to sign up first", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), ...SIGNED_OUT });
    shown.find(".vote").click();
    await shown.settle();
    expect(shown.service.of("PUT")).toHaveLength(0);
    expect(shown.went).toHaveLength(1);
  });

  it("takes a report by the site's own rules, without an account", async () => {
    const filed = { case: "R-7", secret_url: "/case/s3cret", due: "2026-11-28T10:00:00Z" };
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), ...SIGNED_OUT, [RULES]: aHouse(), "POST /reports": filed });
    expect(shown.service.of("GET").map((one) => one.path)).not.toContain("/sites/daily/rules");
    press(shown, "1", "report");
    await shown.settle();
    const form = shown.find<HTMLFormElement>("form.report");
    const groups = [...form.querySelectorAll("optgroup")].map((one) => [one.label, one.querySelectorAll("option").length]);
    expect(groups).toEqual([["Against the law", 1], ["Against the agreement", 2]]);
    form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await shown.settle();
    expect(form.querySelector("[role=alert]")?.textContent).toContain("rule");
    const select = form.querySelector("select") as HTMLSelectElement;
    expect(select.value).toBe("");
    select.value = "privacy";
    select.dispatchEvent(new Event("change"));
    await shown.settle();
    expect(form.querySelector("[id$=-means]")?.textContent).toBe("Tells where somebody lives.");
    form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await shown.settle();
    expect(shown.service.of("POST")).toHaveLength(0);
    expect(form.querySelector("[role=alert]")?.textContent).toContain("why");
    write(form.querySelector("textarea") as HTMLTextAreaElement, "A phone number");
    form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await shown.settle();
    expect(shown.service.of("POST")[0]?.body).toEqual({ subject: "1", class: "privacy", statement: "A phone number" });
    expect(shown.find(".filed").textContent).toContain("R-7");
    expect(shown.find<HTMLAnchorElement>(".filed a").href).toContain("/case/s3cret");
  });

  it("leads to the page for reports where the rules cannot be read", async () => {
    const shown = await show({ [COMMENTS]: aPage([aComment("1")]), ...SIGNED_OUT });
    press(shown, "1", "report");
    await shown.settle();
    expect(shown.find<HTMLAnchorElement>(".report a").href).toContain("/report?subject=1");
  });
});

describe("how long a review takes", () => {
  const held: Own = { id: "9", state: "held", parent: null, text: "mine", created_at: "2026-11-21T10:00:00Z" };
  const said = "Half of the last 40 reviews here took at most 3 min.";

  it("is asked when somebody begins to write", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine(), [RULES]: aHouse() });
    expect(shown.text()).not.toContain(said);
    shown.find("textarea").dispatchEvent(new Event("focus"));
    await shown.settle();
    expect(shown.text()).toContain(said);
    expect(shown.service.of("GET").filter((one) => one.path === "/sites/daily/rules")).toHaveLength(1);
  });

  it("stands beside what waits", async () => {
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine({ items: [held] }), [RULES]: aHouse() });
    await shown.settle();
    expect(shown.find(".state.pending").textContent).toContain(said);
  });

  it("is not said where too little was reviewed", async () => {
    const rules = { ...aHouse(), review: { wait: null } };
    const shown = await show({ [COMMENTS]: aPage([]), [MINE]: aMine({ items: [held] }), [RULES]: rules });
    await shown.settle();
    expect(shown.find(".state.pending").textContent).not.toContain("Half of");
  });
});
