/** Signing in on a page of others: a window of the service, a code, a token (PKCE, S256). */
import { Problem } from "../reading/problem.ts";
import { type Granted, post } from "./visit.ts";

export { Visit } from "./visit.ts";

const LOOK = 400; // milliseconds between two looks at whether the window is still open
const LOOKS = 8; // at a closed window, before it has surely said nothing
const SIZE = "popup,width=480,height=720";
const KEPT = "gentie:way-back";

interface Pair {
  state: string;
  verifier: string;
  challenge: string;
}

type Answer = { code: string } | "declined" | "closed" | "cut";

export interface Way {
  /** Origin of the service. */
  base: string;
  site: string;
  lang: string;
  framed: boolean;
  /** Leaves this page. */
  go: (url: string) => void;
}

/** Can be used again and again; each time with a fresh secret. */
export class Entrance {
  private ready: Pair | null = null;

  constructor(private readonly way: Way) {}

  /** Make the secret beforehand: a window has to be opened within the click. */
  async prepare(): Promise<void> {
    this.ready ??= await aPair();
  }

  /**
   * Open the window and wait for what comes of it. Null: nothing happened.
   *
   * Throws a Problem: `popup-blocked` (in a frame), `popup-cut` (the way back is cut: go by
   * `leave`), or what the service says.
   */
  async enter(): Promise<Granted | null> {
    await (this.ready ? null : this.prepare());
    const pair = this.ready as Pair;
    this.ready = null;
    const popup = window.open(this.address(pair, this.way.framed ? "frame" : "popup"), "gentie", SIZE);
    if (!popup || popup.closed) return this.blocked(pair);
    const answer = await answerFrom(popup, this.way.base, pair.state);
    void this.prepare();
    if (answer === "cut" && !this.way.framed) throw new Problem(0, "popup-cut", "");
    return typeof answer === "string" ? null : this.exchange(answer.code, pair.verifier);
  }

  /** Leave this page for the service's; the person comes back with the answer in the address. */
  async leave(): Promise<void> {
    await this.prepare();
    this.go(this.ready as Pair);
  }

  private blocked(pair: Pair): null {
    if (this.way.framed) throw new Problem(0, "popup-blocked", "");
    this.go(pair);
    return null;
  }

  private go(pair: Pair): void {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ state: pair.state, verifier: pair.verifier }));
    } catch {
      throw new Problem(0, "popup-blocked", ""); // nowhere to keep the secret until they are back
    }
    this.way.go(`${this.address(pair, "redirect")}&return_to=${encodeURIComponent(location.href.split("#")[0] as string)}`);
  }

  /** Who comes back by redirect. Null: nobody does, or the answer is not to our question. */
  async comeBack(): Promise<Granted | null> {
    const said = new URLSearchParams(location.hash.slice(1));
    const code = said.get("gentie-code");
    history.replaceState(history.state, "", location.pathname + location.search);
    const kept = takeKept();
    return code && kept && kept.state === said.get("gentie-state") ? this.exchange(code, kept.verifier) : null;
  }

  private exchange(code: string, code_verifier: string): Promise<Granted> {
    const headers: Record<string, string> = this.way.framed ? { "x-gentie-frame": "1" } : {};
    return post<Granted>(`${this.way.base}/api/v1/session/exchange`, { code, code_verifier }, headers);
  }

  private address({ state, challenge }: Pair, mode: string): string {
    const { base, lang, site } = this.way;
    const query = new URLSearchParams({ site, origin: location.origin, state, code_challenge: challenge, mode, lang });
    return `${base}/account/connect?${query}`;
  }
}

/** Only what that very window says, from the service's own origin, to our own question. */
function answerFrom(popup: Window, base: string, state: string): Promise<Answer> {
  const origin = new URL(base, location.href).origin;
  return new Promise((tell) => {
    const listen = ({ data, origin: from, source }: MessageEvent) => {
      if (from !== origin || source !== popup || data?.state !== state) return;
      if (data.type === "gentie:code" && typeof data.code === "string") end({ code: data.code as string });
      else if (data.type === "gentie:declined") end("declined");
    };
    // A window that seems closed while it has the focus is open: this page's own policy cuts it off.
    // A window that has spoken can be seen closed before its word is heard: listen on for a while.
    let looks = 0;
    const look = window.setInterval(() => {
      looks = popup.closed ? looks + 1 : 0;
      if (looks > LOOKS) end(document.hasFocus() ? "closed" : "cut");
    }, LOOK);
    const end = (answer: Answer) => {
      window.clearInterval(look);
      window.removeEventListener("message", listen);
      tell(answer);
    };
    window.addEventListener("message", listen);
  });
}

function takeKept(): { state: string; verifier: string } | null {
  try {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    return kept ? (JSON.parse(kept) as { state: string; verifier: string }) : null;
  } catch {
    return null;
  }
}

async function aPair(): Promise<Pair> {
  if (!crypto.subtle) throw new Problem(0, "insecure-page", "");
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const state = base64url(crypto.getRandomValues(new Uint8Array(16)));
  return { state, verifier, challenge: base64url(new Uint8Array(digest)) };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
