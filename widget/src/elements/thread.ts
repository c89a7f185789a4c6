import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Api, type Item, type Mine, type Page, Problem, type Sort } from "../api.ts";
import { type Context, Places, sayProblem } from "../context.ts";
import { langOf, msg, Texts } from "../i18n.ts";
import * as state from "../state.ts";
import { sheets } from "../styles.ts";
import { CommentElement } from "./comment.ts";
import type { Composer, Sent } from "./composer.ts";
import { renderFeed } from "./feed.ts";
import { renderBanners, renderComposer, renderElsewhere, renderProblem, renderSorts, SORTS } from "./head.ts";

const NEAR = "600px"; // how far below the window a thread begins to load
const LONGEST = 5000; // graphemes, as the server counts them

/**
 * `<gentie-thread site="daily" key="article-42" lang="zh-CN" theme="auto" src="https://…">`
 *
 * Its own children are what is shown without script; they vanish when the element comes alive,
 * because its shadow tree has no slot.
 */
export class Thread extends LitElement {
  static override styles = sheets;
  static override properties = {
    site: {},
    key: {},
    lang: {},
    theme: {},
    src: {},
    sort: { state: true },
    page: { state: true },
    mine: { state: true },
    me: { state: true },
    ctx: { state: true },
    problem: { state: true },
    elsewhere: { state: true },
    busy: { state: true },
    said: { state: true },
  };

  declare site: string;
  declare key: string;
  declare theme: string;
  /** Origin of the service. Absent: where this script came from. */
  declare src: string | null;
  declare sort: Sort;
  declare page: Page | null;
  declare mine: Mine;
  declare me: string;
  declare ctx: Context | null;
  declare problem: unknown;
  /** A comment that the address names and this page does not hold. */
  declare elsewhere: string;
  declare busy: boolean;
  /** What a screen reader is told, once. */
  declare said: string;
  /** Where following a link leads; a test looks at it. */
  go: ((url: string) => void) | undefined;
  private watcher: IntersectionObserver | null = null;
  private started = false;

  constructor() {
    super();
    this.src = null;
    this.sort = "newest";
    this.page = null;
    this.mine = state.NOBODY;
    this.me = "";
    this.ctx = null;
    this.problem = null;
    this.elsewhere = "";
    this.busy = false;
    this.said = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.followHash);
    if (this.started || location.hash.startsWith("#gentie-") || !("IntersectionObserver" in window)) {
      void this.start();
      return;
    }
    this.watcher = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) void this.start();
      },
      { rootMargin: NEAR },
    );
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.followHash);
    this.watcher?.disconnect();
  }

  /** Load the thread now, wherever the reader is. */
  async start(): Promise<void> {
    this.watcher?.disconnect();
    if (this.started) return;
    this.started = true;
    this.ctx = this.makeContext();
    await Promise.all([this.load(), this.loadMine()]);
    await this.followHash();
  }

  private makeContext(): Context {
    const base = (this.src ?? new URL(import.meta.url).origin).replace(/\/+$/, "");
    const lang = langOf(this);
    const texts = new Texts(lang);
    const api = new Api(base, this.site, this.key, lang, base === location.origin);
    const places = this.go
      ? new Places(base, this.site, this.key, this.go)
      : new Places(base, this.site, this.key);
    return { api, texts, places, me: "", reviewedFirst: true, open: true, longest: LONGEST };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.ctx || !(changed.has("page") || changed.has("me"))) return;
    const facts = this.page?.thread;
    this.ctx = {
      ...this.ctx,
      me: this.me,
      reviewedFirst: facts ? facts.review === "first" : this.ctx.reviewedFirst,
      open: facts?.writable ?? this.ctx.open,
    };
  }

  private async load(): Promise<void> {
    if (!this.ctx) return;
    this.busy = true;
    this.problem = null;
    try {
      this.page = await this.ctx.api.page(this.sort, null);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  /** Mine is an extra: a thread is worth reading without it. */
  private async loadMine(): Promise<void> {
    if (!this.ctx?.api.personal) return;
    this.me = (await this.ctx.api.session()).name ?? "";
    if (!this.me) return;
    try {
      this.mine = await this.ctx.api.mine();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
    }
  }

  protected override render(): TemplateResult {
    const ctx = this.ctx;
    if (!ctx) return html``;
    const { texts } = ctx;
    const count = this.page?.thread.count;
    return html`<section
      class=${`thread${texts.lang.startsWith("zh") ? " zh" : ""}`}
      lang=${texts.lang.startsWith("zh") ? texts.lang : "en"}
      aria-labelledby="gentie-title"
      aria-busy=${this.busy ? "true" : "false"}
      @gentie-vote=${this.voted}
      @gentie-withdraw=${this.withdrawn}
      @gentie-sent=${this.sent}
    >
      <div class="th">
        <h2 id="gentie-title">${texts.t("Comments")}</h2>
        ${count === undefined ? nothing : html`<span class="n">${texts.n("{n} comment", "{n} comments", count)}</span>`}
        ${renderSorts(ctx, this.sort, (sort) => void this.sorted(sort))}
      </div>
      <p class="how">${texts.t("In order of time or of agreement; nobody picks or hides by hand.")}</p>
      ${renderBanners(ctx, this.page?.thread.banners ?? [])} ${renderComposer(ctx)}
      <p class="skip" role="status" aria-live="polite">${this.said}</p>
      ${renderElsewhere(ctx, this.elsewhere)} ${renderProblem(ctx, this.problem, () => void this.load())}
      ${this.page ? this.renderFeed(ctx, this.page) : nothing}
    </section>`;
  }

  private renderFeed(ctx: Context, page: Page): TemplateResult {
    const more = () => void this.loadMore();
    const replies = (root: Item) => void this.loadReplies(root);
    return renderFeed({ ctx, page, mine: this.mine, me: this.me, busy: this.busy, more, replies });
  }

  private async sorted(sort: Sort): Promise<void> {
    if (sort === this.sort) return;
    this.sort = sort;
    await this.load();
    const label = SORTS.find(([one]) => one === sort)?.[1] ?? "";
    if (this.ctx && this.problem === null) this.say(this.ctx.texts.t("Sorted: {how}", { how: this.ctx.texts.t(label) }));
  }

  private async loadMore(): Promise<void> {
    const page = this.page;
    if (!this.ctx || !page?.next) return;
    this.busy = true;
    try {
      const more = await this.ctx.api.page(this.sort, page.next);
      this.page = state.withMore(page, more);
      const n = this.page.comments.length - page.comments.length;
      this.say(this.ctx.texts.n("{n} more comment shown", "{n} more comments shown", n));
      await this.focusOn(this.page.comments[page.comments.length]?.id);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  private async loadReplies(root: Item): Promise<void> {
    if (!this.ctx || !this.page || !root.more_replies) return;
    const shown = state.railOf(root).length;
    try {
      const more = await this.ctx.api.replies(root.id, root.more_replies);
      this.page = state.withReplies(this.page, root.id, more);
      const branch = state.findItem(this.page, root.id);
      await this.focusOn(branch && state.railOf(branch)[shown]?.id);
    } catch (problem) {
      this.problem = problem;
    }
  }

  private async voted({ detail }: CustomEvent<{ id: string; on: boolean }>): Promise<void> {
    const ctx = this.ctx;
    if (!ctx || !this.page) return;
    if (!ctx.me) return ctx.places.go(ctx.api.personal ? ctx.places.signUp() : ctx.places.thread(detail.id));
    this.showVote(detail.id, detail.on);
    try {
      await ctx.api.vote(detail.id, detail.on ? 1 : 0);
    } catch (problem) {
      this.showVote(detail.id, !detail.on);
      this.say(sayProblem(ctx.texts, problem));
    }
  }

  private showVote(id: string, on: boolean): void {
    this.mine = state.voted(this.mine, id, on);
    if (this.page) this.page = state.withVote(this.page, id, on ? 1 : -1);
  }

  private async withdrawn({ detail }: CustomEvent<{ id: string }>): Promise<void> {
    if (!this.ctx || !this.page) return;
    try {
      await this.ctx.api.withdraw(detail.id);
      this.mine = state.withoutOwn(this.mine, detail.id);
      this.page = state.without(this.page, detail.id);
      this.say(this.ctx.texts.t("Withdrawn."));
      this.renderRoot.querySelector<HTMLElement>(".sort button[aria-pressed=true]")?.focus();
    } catch (problem) {
      this.problem = problem;
    }
  }

  private async sent({ detail }: CustomEvent<Sent>): Promise<void> {
    const { submitted } = detail;
    if (!this.ctx || !this.page) return;
    const own = state.sentOwn(this.mine, detail);
    this.mine = state.withOwn(this.mine, own);
    if (typeof submitted.decision === "string" || submitted.state !== "refused") {
      await this.loadMine(); // the reasons themselves, the words as they are shown
      this.mine = state.withOwn(this.mine, { ...own, ...state.ownOf(this.mine, own.id) });
    }
    this.say(this.ctx.texts.t(SENT[submitted.state] ?? msg("Sent.")));
    if (submitted.state === "published" && detail.edited) await this.load();
    await this.focusOn(submitted.id);
  }

  private say(text: string): void {
    this.said = text;
  }

  private followHash = async (): Promise<void> => {
    const id = /^#gentie-(.+)$/.exec(decodeURIComponent(location.hash))?.[1];
    this.elsewhere = "";
    if (!id || !this.page) return;
    await this.updateComplete;
    if (id === "write") {
      this.renderRoot.querySelector<Composer>("#gentie-write")?.focus();
    } else if (!(await this.focusOn(id))) {
      this.elsewhere = id;
    }
  };

  /** Bring a comment into view, focused and lit for a moment. Says whether it is here. */
  private async focusOn(id: string | undefined): Promise<boolean> {
    await this.updateComplete;
    const elements = [...this.renderRoot.querySelectorAll<CommentElement>("gentie-comment")];
    const element = elements.find((one) => one.item.id === id);
    await element?.updateComplete;
    const article = element?.querySelector<HTMLElement>("article");
    if (!article) return false;
    article.classList.remove("lit");
    article.scrollIntoView({ block: "center" });
    article.focus({ preventScroll: true });
    article.classList.add("lit");
    return true;
  }
}

const SENT: Record<string, string> = {
  held: msg("Sent. It waits for review; only you can see it."),
  published: msg("Published."),
  refused: msg("Not published. The reasons stand under your comment."),
};

customElements.define("gentie-thread", Thread);
