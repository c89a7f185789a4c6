/**
 * The module that a page embeds: `<script type="module" src="…/embed/v1/widget.js">`.
 *
 * It is small: everything else comes when a thread is near the window. It exports nothing, so that
 * a page that loads it twice under two addresses gets one widget.
 */
import type { Catalogue } from "./reading/i18n.ts";
import type { Room } from "./reading/room.ts";

/** What is known, and asked for, before the code for reading is here. */
export interface Start {
  base: string;
  site: string;
  /** The thread's key as the page names it. */
  name: string;
  /** The key as a part of an address. */
  key: string;
  /** Path of the thread below the API. */
  thread: string;
  lang: string;
  framed: boolean;
  first: Promise<Response>;
  /** Absent: English. */
  texts: Catalogue | null;
  rest: () => Promise<Catalogue | null>;
}

const NEAR = "600px"; // how far below the window a thread begins to load

/**
 * `<gentie-thread site="daily" key="article-42" lang="zh-CN" theme="auto" src="https://…">`
 *
 * Its own children are what is shown without script, and until there is something better.
 */
export class ThreadElement extends HTMLElement {
  static readonly observedAttributes = ["site", "key", "lang", "texts"];

  /** Where following a link leads; a test looks at it. */
  go: ((url: string) => void) | undefined;
  private watcher: IntersectionObserver | null = null;
  private running: Promise<Room> | null = null;
  /** Counts beginnings: only the last one may show anything. */
  private turn = 0;

  connectedCallback(): void {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
    if (this.running) return this.listen(this.running);
    if (location.hash.startsWith("#gentie-") || !("IntersectionObserver" in window)) {
      this.begun();
      return;
    }
    this.watcher = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) this.begun();
      },
      { rootMargin: NEAR },
    );
    this.watcher.observe(this);
  }

  disconnectedCallback(): void {
    this.watcher?.disconnect();
  }

  /** A page that shows another article in place: begin anew. */
  attributeChangedCallback(_: string, before: string | null, now: string | null): void {
    if (!this.running || before === now) return;
    this.running = null;
    this.shadowRoot?.replaceChildren(document.createElement("slot"));
    if (this.isConnected) this.begun();
  }

  private begun(): void {
    this.start().catch(() => undefined); // the children are still there
  }

  /** Load the thread now, wherever the reader is. */
  start(): Promise<Room> {
    this.watcher?.disconnect();
    this.running ??= this.begin().catch((problem: unknown) => {
      this.running = null; // what was there without script is still there; it may go well next time
      throw problem;
    });
    return this.running;
  }

  private async begin(): Promise<Room> {
    this.turn += 1;
    const turn = this.turn;
    const start = startOf(this);
    start.first.catch(() => undefined); // whoever reads it hears of it
    const [{ mount }, texts] = await Promise.all([import("./reading/mount.ts"), firstTexts(this, start.lang)]);
    if (turn !== this.turn) throw new Error("begun anew");
    const running = mount(this, this.shadowRoot as ShadowRoot, { ...start, ...texts });
    this.listen(running);
    return running;
  }

  private listen(running: Promise<Room>): void {
    void running.then((room) => room.listen(), () => undefined);
  }
}

type Asked = Omit<Start, "texts" | "rest">;

/** `<gentie-danmaku site="daily" key="film-7" for="id-of-the-video">`, its text version included. */
class DanmakuElement extends HTMLElement {
  connectedCallback(): void {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    root.append(document.createElement("slot"));
    const place = placeOf(this);
    Promise.all([import("./danmaku/screen.ts"), firstTexts(this, place.lang, true)])
      .then(([{ mount }, texts]) => mount(root, { ...place, ...texts }))
      .catch(() => undefined); // the children are still there
  }
}

function placeOf(element: Element): Omit<Asked, "first"> {
  const attribute = (name: string) => element.getAttribute(name) ?? "";
  const base = (element.getAttribute("src") ?? new URL(import.meta.url).origin).replace(/\/+$/, "");
  const [site, name, lang] = [attribute("site"), attribute("key"), langOf(element)];
  const key = pathOfKey(name);
  const thread = `/sites/${encodeURIComponent(site)}/threads/${key}`;
  return { base, site, name, lang, key, thread, framed: attribute("door") === "frame" };
}

function startOf(element: ThreadElement): Asked {
  const place = placeOf(element);
  const headers = { accept: "application/json" };
  const first = fetch(`${place.base}/api/v1${place.thread}/comments?sort=newest`, { credentials: "omit", headers });
  return { ...place, first };
}

/** The site's own texts, the Chinese ones, or none: English. */
async function firstTexts(element: Element, lang: string, danmaku = false): Promise<Pick<Start, "texts" | "rest">> {
  const own = element.getAttribute("texts");
  if (own) {
    const found = await fetch(new URL(own, document.baseURI), { credentials: "omit" }).then(
      (answer) => (answer.ok ? (answer.json() as Promise<Catalogue>) : null),
      () => null,
    );
    return { texts: found, rest: async () => found };
  }
  if (!lang.startsWith("zh")) return { texts: null, rest: async () => null };
  const rest = async () => (await import("virtual:gentie-texts/rest")).default;
  const reading = (await import("virtual:gentie-texts/reading")).default;
  return { texts: danmaku ? { ...reading, ...(await import("virtual:gentie-texts/danmaku")).default } : reading, rest };
}

/** The language for an element: its own, its page's, the browser's. */
function langOf(element: Element): string {
  const said = element.closest("[lang]")?.getAttribute("lang");
  return said || document.documentElement.lang || navigator.language || "en";
}

/** A key with a slash (a page's address) would split the route, so it goes in base64url. */
function pathOfKey(key: string): string {
  if (!/[/%?#\\]/.test(key)) return encodeURIComponent(key);
  const bytes = String.fromCharCode(...new TextEncoder().encode(key));
  return `~${btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

if (!customElements.get("gentie-thread")) {
  customElements.define("gentie-thread", ThreadElement);
  customElements.define("gentie-danmaku", DanmakuElement);
}
