/** The service's HTTP API as the widget uses it. */
import type { Door } from "../door/door.ts";
import { answerOf, Problem } from "./problem.ts";
import type * as is from "./types.ts";

export class Api {
  private house: Promise<is.House> | null = null;

  /**
   * @param base Origin of the service, without a slash at the end.
   * @param thread Path of the thread below the API.
   * @param first What was asked for before this code was here.
   */
  constructor(
    readonly base: string,
    readonly site: string,
    readonly thread: string,
    readonly lang: string,
    readonly door: Door,
    private first: Promise<Response> | null = null,
  ) {}

  page(sort: is.Sort, after: string | null): Promise<is.Page> {
    const first = after || sort !== "newest" ? null : this.first;
    this.first = null;
    if (first) return answerOf<is.Page>(first);
    const query = new URLSearchParams({ sort });
    if (after) query.set("after", after);
    return this.ask<is.Page>("GET", `${this.thread}/comments?${query}`, false);
  }

  replies(id: string, after: string): Promise<is.Branch> {
    return this.ask<is.Branch>("GET", `${comment(id)}/replies?${new URLSearchParams({ after })}`, false);
  }

  history(id: string): Promise<{ revisions: is.Revision[] }> {
    return this.ask("GET", `${comment(id)}/history`, false);
  }

  /** Asked for once, when something needs it. */
  rules(): Promise<is.House> {
    const path = `/sites/${encodeURIComponent(this.site)}/rules`;
    this.house ??= this.ask<is.House>("GET", path, false).catch((problem: unknown) => {
      this.house = null; // the next one asks again
      throw problem;
    });
    return this.house;
  }

  mine(): Promise<is.Mine> {
    return this.ask("GET", `${this.thread}/mine`, true);
  }

  /** @param ask Be told `look-again` first where a rule found something, and nothing is done. */
  submit(text: string, parent: string | null, once: string, ask = false, more?: { attachments: string[] } | false): Promise<is.Submitted> {
    const body = { text, ...(parent && { parent }), ...(ask && { ask }), ...more };
    return this.ask("POST", `${this.thread}/comments`, true, body, once);
  }

  preview(text: string): Promise<is.Preview> {
    return this.ask("POST", `/sites/${encodeURIComponent(this.site)}/preview`, true, { text });
  }

  edit(id: string, text: string): Promise<is.Submitted> {
    return this.ask("PATCH", comment(id), true, { text });
  }

  withdraw(id: string): Promise<void> {
    return this.ask("DELETE", comment(id), true);
  }

  vote(id: string, value: 0 | 1): Promise<void> {
    return this.ask("PUT", `${comment(id)}/vote`, true, { value });
  }

  keep(id: string, keep: is.Keep): Promise<void> {
    return this.ask("PUT", `${comment(id)}/person`, true, { keep });
  }

  limit(id: string, from: is.Replies | "default"): Promise<void> {
    return this.ask("PUT", `${comment(id)}/replies`, true, { from });
  }

  protect(hours: 1 | 24): Promise<is.Protection> {
    return this.ask("POST", `/sites/${encodeURIComponent(this.site)}/protection`, true, { hours });
  }

  unprotect(): Promise<void> {
    return this.ask("DELETE", `/sites/${encodeURIComponent(this.site)}/protection`, true);
  }

  report(report: object, once: string): Promise<is.Filed> {
    return this.ask("POST", "/reports", true, report, once);
  }

  leave(): Promise<void> {
    return this.ask("POST", "/session/end", true);
  }

  /** @param once Key under which an answer to the same request is given again. */
  async ask<T>(method: string, path: string, personal: boolean, body?: object, once?: string): Promise<T> {
    try {
      return await this.send<T>(method, path, personal, body, once);
    } catch (problem) {
      if (!personal || !(problem instanceof Problem) || !(await this.door.mended(problem))) throw problem;
      return this.send<T>(method, path, personal, body, once);
    }
  }

  private async send<T>(method: string, path: string, personal: boolean, body?: object, once?: string): Promise<T> {
    const headers: Record<string, string> = { accept: "application/json", "accept-language": this.lang };
    if (body) headers["content-type"] = "application/json";
    if (once) headers["idempotency-key"] = once;
    const dressed = personal ? await this.door.dress(method) : null;
    const credentials = dressed?.credentials ?? "omit";
    const init: RequestInit = { method, headers: { ...headers, ...dressed?.headers }, credentials };
    if (body) init.body = JSON.stringify(body);
    return answerOf<T>(fetch(`${this.base}/api/v1${path}`, init));
  }
}

const comment = (id: string) => `/comments/${encodeURIComponent(id)}`;

/** A fresh key under which an answer to the same request is given again. */
export function onceKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}
