/** The service's HTTP API as the widget uses it. Shapes as in the OpenAPI document. */
import type { Node } from "./ast.ts";

export type Sort = "newest" | "oldest" | "top";
export type State = "held" | "published" | "refused" | "removed" | "withdrawn";

/** A text in both languages that are complete. */
export interface Said {
  zh: string;
  en: string;
}

export interface Author {
  name: string;
  avatar: string;
  badges: string[];
}

export interface Comment {
  id: string;
  author: Author;
  body: Node[];
  text: string;
  lang?: string;
  created_at: string;
  edited_at: string | null;
  votes: number;
  parent: string | null;
  /** From an older system; its author is not verified. */
  archived?: boolean;
  reply_count: number;
  /** The first answers of the branch, in the order in which they were written. */
  replies: Item[];
  /** Cursor of the rest of the branch. */
  more_replies: string | null;
}

/** Stands where something was removed. */
export interface Tombstone {
  id: string;
  parent: string | null;
  tombstone: {
    /** "withdrawn": its author took it back, and answers still stand under it. */
    tier: string;
    /** Absent where naming it would brand the author or expose somebody. */
    title?: Said | null;
    by: string;
    appeal: "open" | "closed" | "none";
    /** Absent until the log has given it a place. */
    leaf: number | null;
    nonce: string;
  };
  reply_count: number;
  replies: Item[];
  more_replies: string | null;
}

export type Item = Comment | Tombstone;

/** A rule that a comment may break. */
export interface Ground {
  id: string;
  /** "illegal", "negative" or "terms". */
  tier: string;
  title: Said;
  definition: Said;
}

/** How a site is run. */
export interface House {
  classes: Ground[];
  /** `wait` is absent where too little was reviewed to say anything. */
  review: { wait: { median_seconds: number; count: number } | null };
}

/** Says that the thread or its site is run differently for now. */
export interface Banner {
  kind: string;
  reason: string;
  until: string;
}

export interface ThreadFacts {
  count: number;
  /** first: a person reads before the public does. */
  review: "first" | "after";
  writable: boolean;
  banners: Banner[];
}

export interface Page {
  thread: ThreadFacts;
  comments: Item[];
  next: string | null;
}

export interface Branch {
  comments: Item[];
  next: string | null;
}

/** Why something of mine was refused or removed. */
export interface Decision {
  id: string;
  title?: Said | null;
  clause?: string | null;
  message?: string | null;
  appeal_before?: string | null;
}

/** Something I wrote in this thread. Held and refused ones are seen by nobody else. */
export interface Own {
  id: string;
  state: State;
  /** What became of a newer text while an older one is public. */
  change?: State | null;
  parent: string | null;
  /** The newest text as I typed it. */
  text: string;
  body?: Node[];
  created_at: string;
  decision?: Decision | null;
  receipt?: string | null;
  /** Sent from this page, a moment ago. Never comes from the service. */
  fresh?: boolean;
}

/** Who the service takes this browser for. */
export interface Session {
  kind: string;
  /** The pseudonym. Absent for strangers and staff. */
  name: string | null;
  /** Goes back with everything that changes something. */
  csrf: string | null;
}

export interface Mine {
  items: Own[];
  /** Ids that I agree with. */
  votes: string[];
}

export interface Submitted {
  id: string;
  state: State;
  /** Of a refusal: the statement, or its id alone. */
  decision?: Decision | string | null;
  receipt?: string | null;
}

export interface Filed {
  case: string;
  secret_url: string;
  due: string;
}

/** The service said no, or could not be reached (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Path of the page that helps, when there is one. */
    readonly path: string | null = null,
  ) {
    super(detail);
  }
}

export class Api {
  private asked: Promise<Session> | null = null;
  private house: Promise<House> | null = null;

  /**
   * @param base Origin of the service, without a slash at the end.
   * @param personal Whether cookies may go along: only on the service's own origin.
   */
  constructor(
    readonly base: string,
    readonly site: string,
    readonly key: string,
    readonly lang: string,
    readonly personal: boolean,
  ) {}

  page(sort: Sort, after: string | null): Promise<Page> {
    const query = new URLSearchParams({ sort });
    if (after) query.set("after", after);
    return this.ask<Page>("GET", `${this.thread}/comments?${query}`, false);
  }

  replies(id: string, after: string): Promise<Branch> {
    const query = new URLSearchParams({ after });
    return this.ask<Branch>("GET", `/comments/${encodeURIComponent(id)}/replies?${query}`, false);
  }

  /** Asked for once: a person who signs in comes back to a new page. */
  session(): Promise<Session> {
    const stranger: Session = { kind: "anyone", name: null, csrf: null };
    this.asked ??= this.ask<Session>("GET", "/account/session", true).catch(() => stranger);
    return this.asked;
  }

  /** Asked for once, when something needs it. */
  rules(): Promise<House> {
    const path = `/sites/${encodeURIComponent(this.site)}/rules`;
    this.house ??= this.ask<House>("GET", path, false).catch((problem: unknown) => {
      this.house = null; // the next one asks again
      throw problem;
    });
    return this.house;
  }

  mine(): Promise<Mine> {
    return this.ask<Mine>("GET", `${this.thread}/mine`, true);
  }

  submit(text: string, parent: string | null, once: string): Promise<Submitted> {
    const body = parent ? { text, parent } : { text };
    return this.ask<Submitted>("POST", `${this.thread}/comments`, true, body, once);
  }

  edit(id: string, text: string): Promise<Submitted> {
    return this.ask<Submitted>("PATCH", `/comments/${encodeURIComponent(id)}`, true, { text });
  }

  async withdraw(id: string): Promise<void> {
    await this.ask("DELETE", `/comments/${encodeURIComponent(id)}`, true);
  }

  async vote(id: string, value: 0 | 1): Promise<void> {
    await this.ask("PUT", `/comments/${encodeURIComponent(id)}/vote`, true, { value });
  }

  report(subject: string, ground: string, statement: string, once: string): Promise<Filed> {
    const body = { subject, class: ground, statement };
    return this.ask<Filed>("POST", "/reports", this.personal, body, once);
  }

  private get thread(): string {
    return `/sites/${encodeURIComponent(this.site)}/threads/${pathOfKey(this.key)}`;
  }

  private ask<T>(
    method: string,
    path: string,
    personal: boolean,
    body?: object,
    once?: string,
  ): Promise<T> {
    const send = () => this.send<T>(method, path, personal, body, once);
    if (!personal || method === "GET") return send();
    return send().catch((problem: unknown) => {
      if (!(problem instanceof Problem) || problem.code !== "csrf") throw problem;
      this.asked = null; // signed in anew elsewhere: the session has another token
      return send();
    });
  }

  private async send<T>(method: string, path: string, personal: boolean, body?: object, once?: string): Promise<T> {
    const headers: Record<string, string> = { accept: "application/json", "accept-language": this.lang };
    if (body) headers["content-type"] = "application/json";
    if (once) headers["idempotency-key"] = once;
    if (personal && method !== "GET") headers["x-csrf-token"] = (await this.session()).csrf ?? "";
    const credentials = personal ? "same-origin" : "omit";
    const init: RequestInit = { method, headers, credentials };
    if (body) init.body = JSON.stringify(body);
    return answerOf<T>(fetch(`${this.base}/api/v1${path}`, init));
  }

}

async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  const response = await asked.catch(() => {
    throw new Problem(0, "unreachable", "");
  });
  if (response.status === 204) return undefined as T;
  const data: unknown = await response.json().catch(() => null);
  if (response.ok && data !== null) return data as T;
  throw problemOf(response.status, data);
}

function problemOf(status: number, data: unknown): Problem {
  const said = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof said[name] === "string" ? (said[name] as string) : "");
  const code = text("type").split("/").pop() ?? "";
  return new Problem(status, code, text("detail"), text("path") || null);
}

/** A key with a slash (a page's address) would split the route, so it goes in base64url. */
export function pathOfKey(key: string): string {
  if (!/[/%?#\\]/.test(key)) return encodeURIComponent(key);
  const bytes = String.fromCharCode(...new TextEncoder().encode(key));
  return `~${btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** A fresh key under which an answer to the same request is given again. */
export function onceKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}
