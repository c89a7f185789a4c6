/** A signed-in visit on a page of others. Its tokens live in this object and nowhere else. */
import { answerOf, Problem } from "../reading/problem.ts";

/** What the service answers to a code or to a renewal. In a frame a cookie holds the tokens. */
export interface Granted {
  token: string | null;
  expires_at: string;
  refresh: string | null;
  ends_at: string;
  me: { name: string };
}

const EARLY = 60_000; // milliseconds before its end in which a token is no longer used

export class Visit {
  #granted: Granted;
  #renewing: Promise<boolean> | null = null;

  /** @param api Where the API is. */
  constructor(
    private readonly api: string,
    granted: Granted,
  ) {
    this.#granted = granted;
  }

  get name(): string {
    return this.#granted.me.name;
  }

  /** A token that is good for the next minute, when there still is one. */
  async bearer(): Promise<string | null> {
    const left = Date.parse(this.#granted.expires_at) - Date.now();
    if (left < EARLY) await this.renewed();
    return this.#granted.token;
  }

  /** Whether there is another token. A renewal that is sent twice ends the visit: one at a time. */
  renewed(): Promise<boolean> {
    this.#renewing ??= this.renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  private async renew(): Promise<boolean> {
    const { refresh } = this.#granted;
    if (!refresh) return false;
    try {
      this.#granted = await post<Granted>(`${this.api}/session/renew`, { refresh });
      return true;
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 0) throw problem; // it may go well later
      this.#granted = { ...this.#granted, token: null, refresh: null };
      return false;
    }
  }
}

export function post<T>(url: string, body: object, headers: Record<string, string> = {}): Promise<T> {
  const credentials = "x-gentie-frame" in headers ? "same-origin" : "omit";
  const all = { "content-type": "application/json", ...headers };
  return answerOf<T>(fetch(url, { method: "POST", headers: all, credentials, body: JSON.stringify(body) }));
}
