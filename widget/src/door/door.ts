/** Three ways in which the service can know who is here. */
import { answerOf, Problem } from "../reading/problem.ts";
import type { Visit } from "./visit.ts";

export interface Dressed {
  headers: Record<string, string>;
  credentials: RequestCredentials;
}

export interface Door {
  /** own: a page of the service. frame: its frame in another page. foreign: another page. */
  readonly kind: "own" | "frame" | "foreign";
  /** My pseudonym. Empty: nobody is signed in. */
  who(): Promise<string>;
  /** What a personal request carries. */
  dress(method: string): Promise<Dressed>;
  /** Whether the same request may go well now. */
  mended(problem: Problem): Promise<boolean>;
}

interface Session {
  /** The pseudonym. Absent for strangers and staff. */
  name: string | null;
  /** Goes back with everything that changes something. */
  csrf: string | null;
}

/** The service's own pages: a cookie, and a token against forged requests. */
export class OwnDoor implements Door {
  readonly kind = "own";
  private asked: Promise<Session> | null = null;

  constructor(private readonly api: string) {}

  async who(): Promise<string> {
    return (await this.session()).name ?? "";
  }

  async dress(method: string): Promise<Dressed> {
    const headers: Record<string, string> = {};
    if (method !== "GET") headers["x-csrf-token"] = (await this.session()).csrf ?? "";
    return { headers, credentials: "same-origin" };
  }

  async mended(problem: Problem): Promise<boolean> {
    if (problem.code !== "csrf") return false;
    this.asked = null; // signed in anew elsewhere: the session has another token
    return true;
  }

  /** Asked for once: a person who signs in comes back to a new page. */
  private session(): Promise<Session> {
    const asking = () => fetch(`${this.api}/account/session`, { credentials: "same-origin" });
    this.asked ??= answerOf<Session>(asking()).catch(() => ({ name: null, csrf: null }));
    return this.asked;
  }
}

/** The service's frame in a page of others: a cookie that browsers keep for that page alone. */
export class FrameDoor implements Door {
  readonly kind = "frame";

  constructor(private readonly api: string) {}

  async who(): Promise<string> {
    const { headers, credentials } = await this.dress();
    const asked = fetch(`${this.api}/session`, { headers, credentials });
    return answerOf<{ name: string }>(asked).then(
      (session) => session.name,
      () => "",
    );
  }

  async dress(): Promise<Dressed> {
    return { headers: { "x-gentie-frame": "1" }, credentials: "same-origin" };
  }

  async mended(): Promise<boolean> {
    return false;
  }
}

/** A page of others: no cookie, but a token in memory after somebody has signed in. */
export class ForeignDoor implements Door {
  readonly kind = "foreign";
  /** Absent: nobody has signed in on this page. */
  visit: Visit | null = null;

  async who(): Promise<string> {
    return this.visit?.name ?? "";
  }

  async dress(): Promise<Dressed> {
    const bearer = await this.visit?.bearer();
    return { headers: bearer ? { authorization: `Bearer ${bearer}` } : {}, credentials: "omit" };
  }

  async mended(problem: Problem): Promise<boolean> {
    return problem.status === 401 && this.visit !== null && this.visit.renewed();
  }
}
