/**
 * The last comments of a site: `<gentie-recent site="daily" limit="5" lang="zh-CN">…</gentie-recent>`
 *
 * Its children stay when there is nothing to show. Looks like the page around it; parts: list,
 * author, text, where, when.
 */
const OWN = new URL(import.meta.url).origin;

interface Recent {
  id: string;
  thread: { title: string; url: string };
  author: { name: string };
  text: string;
  lang: string;
  published_at: string;
  link: string;
}

class RecentElement extends HTMLElement {
  private watcher: IntersectionObserver | null = null;

  connectedCallback(): void {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).append(make("slot", ""));
    this.watcher = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) void this.load();
    });
    this.watcher.observe(this);
  }

  disconnectedCallback(): void {
    this.watcher?.disconnect();
  }

  async load(): Promise<void> {
    this.watcher?.disconnect();
    const base = (this.getAttribute("src") ?? OWN).replace(/\/+$/, "");
    const limit = this.getAttribute("limit") ?? "5";
    const site = encodeURIComponent(this.getAttribute("site") ?? "");
    const url = `${base}/api/v1/sites/${site}/recent?limit=${encodeURIComponent(limit)}`;
    const answer = await fetch(url, { credentials: "omit" }).catch(() => null);
    if (!answer?.ok) return;
    const { comments } = (await answer.json()) as { comments: Recent[] };
    if (comments.length) this.show(comments.map((one) => this.item(one, base)));
  }

  private show(items: HTMLElement[]): void {
    const list = make("ol", "list");
    list.append(...items);
    const root = this.shadowRoot as ShadowRoot;
    root.replaceChildren(list);
    if ("adoptedStyleSheets" in root) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(LOOK);
      root.adoptedStyleSheets = [sheet];
    }
  }

  private item({ author, lang, link, published_at: at, text, thread }: Recent, base: string): HTMLElement {
    const item = make("li", "");
    const words = make("a", "text", text) as HTMLAnchorElement;
    words.href = new URL(link, `${base}/`).href;
    words.lang = lang;
    words.dir = "auto";
    const when = make("time", "when", this.say(at)) as HTMLTimeElement;
    when.dateTime = at;
    const line = make("p", "where");
    const name = make("bdi", "author", author.name);
    line.append(name, " · ", thread.title, " · ", when);
    item.append(line, words);
    return item;
  }

  private say(at: string): string {
    const lang = this.closest("[lang]")?.getAttribute("lang") || undefined;
    return new Intl.DateTimeFormat(lang, { dateStyle: "medium" }).format(new Date(at));
  }
}

const LOOK = `:host{display:block}ol{list-style:none;margin:0;padding:0}li+li{margin-block-start:.75em}p{margin:0;font-size:.85em}
a{color:inherit;text-decoration:none;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden;overflow-wrap:anywhere}a:hover,a:focus{text-decoration:underline}`;

function make(tag: string, part: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (part) made.setAttribute("part", part);
  made.textContent = text;
  return made;
}

if (!customElements.get("gentie-recent")) customElements.define("gentie-recent", RecentElement);

export {};
