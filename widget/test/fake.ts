/** A service in a few lines: enough to see what the widget asks and what it does with answers. */
import { vi } from "vitest";
import { plainNodes } from "../src/reading/ast.ts";
import type { Comment, House, Mine, Page, Tombstone } from "../src/reading/types.ts";
import type { ThreadElement } from "../src/widget.ts";

export interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  credentials: string;
  body: Record<string, unknown> | null;
}

type Answer = unknown | ((asked: Asked) => unknown);

export class Refused {
  constructor(
    readonly status: number,
    readonly problem: Record<string, unknown>,
  ) {}
}

export function aComment(id: string, fields: Partial<Comment> = {}): Comment {
  const text = fields.text ?? `words of ${id}`;
  return {
    id,
    author: { name: `Author ${id}`, avatar: "", badges: [] },
    body: plainNodes(text),
    text,
    created_at: "2026-11-21T10:00:00Z",
    edited_at: null,
    votes: 0,
    parent: null,
    reply_count: 0,
    replies: [],
    more_replies: null,
    ...fields,
  };
}

export function aTombstone(id: string, fields: Partial<Tombstone["tombstone"]> = {}): Tombstone {
  const tombstone: Tombstone["tombstone"] = {
    tier: "terms",
    by: "moderator",
    appeal: "none",
    leaf: 12,
    nonce: "n0",
    ...fields,
  };
  return { id, parent: null, tombstone, reply_count: 0, replies: [], more_replies: null };
}

export function aPage(comments: Page["comments"], fields: Partial<Page> = {}): Page {
  return { thread: { count: comments.length, review: "first", writable: true, banners: [] }, comments, next: null, ...fields };
}

export function aMine(fields: Partial<Mine> = {}): Mine {
  return { items: [], votes: [], ...fields };
}

/** Answers by "METHOD /path", without the query unless the route names it. */
export class FakeService {
  asked: Asked[] = [];

  constructor(readonly answers: Record<string, Answer>) {}

  install(): void {
    globalThis.fetch = ((url: string, init: RequestInit) => this.answer(String(url), init)) as typeof fetch;
  }

  of(method: string): Asked[] {
    return this.asked.filter((one) => one.method === method);
  }

  private async answer(url: string, init: RequestInit): Promise<Response> {
    const { pathname, search } = new URL(url);
    const asked: Asked = {
      method: init.method ?? "GET",
      path: pathname.replace("/api/v1", "") + search,
      headers: init.headers as Record<string, string>,
      credentials: String(init.credentials),
      body: init.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : null,
    };
    this.asked.push(asked);
    return responseOf(this.find(asked));
  }

  private find(asked: Asked): unknown {
    const whole = `${asked.method} ${asked.path}`;
    const bare = whole.split("?")[0] as string;
    const found = whole in this.answers ? this.answers[whole] : this.answers[bare];
    if (found === undefined) return new Refused(404, { type: "/problems/not-here", detail: whole });
    return typeof found === "function" ? (found as (asked: Asked) => unknown)(asked) : found;
  }
}

function responseOf(said: unknown): Response {
  if (said === null) return new Response(null, { status: 204 });
  if (said instanceof Refused) return Response.json(said.problem, { status: said.status });
  return Response.json(said);
}

export const THREAD = "/sites/daily/threads/article-42";
export const COMMENTS = `GET ${THREAD}/comments`;
export const POST = `POST ${THREAD}/comments`;
export const MINE = `GET ${THREAD}/mine`;
export const SESSION = "GET /account/session";

export const RULES = "GET /sites/daily/rules";

export function aHouse(): House {
  const rule = (id: string, tier: string, means: string) => ({ id, tier, title: { zh: id, en: id }, definition: { zh: means, en: means } });
  const classes = [
    rule("fraud", "illegal", "Tries to get money by deceit."),
    rule("privacy", "terms", "Tells where somebody lives."),
    rule("spam", "terms", "Sells something."),
  ];
  return { classes, review: { wait: { median_seconds: 150, count: 40 } } };
}

/** Nothing is heard by itself: a test says what the stream says. */
export class FakeStream {
  static all: FakeStream[] = [];
  static readonly CLOSED = 2;
  readyState = 1;
  onerror: (() => void) | null = null;
  private readonly hearers = new Map<string, (event: unknown) => void>();

  constructor(readonly url: string) {
    FakeStream.all.push(this);
  }

  addEventListener(name: string, hear: (event: unknown) => void): void {
    this.hearers.set(name, hear);
  }

  close(): void {
    this.readyState = FakeStream.CLOSED;
  }

  say(name: string, data: unknown, id = ""): void {
    this.hearers.get(name)?.({ type: name, data: JSON.stringify(data), lastEventId: id });
  }
}

export const SIGNED_OUT = { [SESSION]: { kind: "anyone", name: null, csrf: null } };

export interface Shown {
  thread: ThreadElement;
  root: ShadowRoot;
  service: FakeService;
  went: string[];
  find: <T extends HTMLElement>(selector: string) => T;
  all: (selector: string) => HTMLElement[];
  text: () => string;
  settle: () => Promise<void>;
}

/** The widget in a page, loaded, in front of a service with these answers. */
export async function show(answers: Record<string, Answer>, lang = "en"): Promise<Shown> {
  await import("../src/widget.ts");
  const service = new FakeService({ [SESSION]: { kind: "account", name: "渡口的风", csrf: "c5rf" }, ...answers });
  service.install();
  FakeStream.all = [];
  vi.stubGlobal("EventSource", FakeStream);
  const thread = document.createElement("gentie-thread") as ThreadElement;
  const went: string[] = [];
  thread.go = (url) => void went.push(url);
  thread.setAttribute("site", "daily");
  thread.setAttribute("key", "article-42");
  thread.setAttribute("lang", lang);
  thread.setAttribute("src", location.origin);
  document.body.replaceChildren(thread);
  await thread.start();
  const root = thread.shadowRoot as ShadowRoot;
  const settle = async () => {
    const room = await thread.start();
    for (let round = 0; round < 12; round += 1) {
      await vi.dynamicImportSettled(); // parts come when they are wanted
      await new Promise((done) => setTimeout(done));
      await room.settled();
    }
  };
  await settle();
  return {
    thread,
    root,
    service,
    went,
    settle,
    find: <T extends HTMLElement>(selector: string) => {
      const found = root.querySelector<T>(selector);
      if (!found) throw new Error(`nothing matches ${selector}`);
      return found;
    },
    all: (selector) => [...root.querySelectorAll<HTMLElement>(selector)],
    text: () => (root.textContent ?? "").replace(/\s+/g, " "),
  };
}

export function write(area: HTMLTextAreaElement, text: string): void {
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The field for a new comment, with the composer there. */
export async function begin(shown: Shown): Promise<HTMLTextAreaElement> {
  shown.find("gentie-prompt textarea").dispatchEvent(new Event("focus"));
  await shown.settle();
  return shown.find<HTMLTextAreaElement>("#gentie-write textarea");
}
