import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import * as acts from "./acts.ts";
import { define } from "./base.ts";
import { renderOwn } from "./branch.ts";
import type { CommentElement } from "./comment.ts";
import { renderBanners, renderElsewhere, renderFoot, renderProblem, renderSorts } from "./head.ts";
import { bring } from "./lazy.ts";
import type { Prompt } from "./prompt.ts";
import { personal } from "./someone.ts";
import { ownByRoot } from "./state.ts";
import type { Store } from "./store.ts";
import type { Item, Page } from "./types.ts";

/** All of a thread, in the shadow tree of `<gentie-thread>`. */
export class Room extends LitElement {
  static override properties: PropertyDeclarations = { settings: { state: true } };

  declare settings: boolean;
  store!: Store;
  /** What is to be done once there is something to show. */
  arrived: () => void = () => undefined;
  /** What is to be done once there is something to read. */
  filled: (() => void) | null = null;
  private stop: (() => void) | null = null;

  constructor() {
    super();
    this.settings = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.follow);
    this.store.gone = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.follow);
    this.stop?.();
    this.stop = null;
    this.store.gone = true;
  }

  protected override updated(): void {
    const { page, problem } = this.store.shown;
    const { filled } = this;
    if (!page && problem !== null) this.arrived();
    if (!page || !filled) return;
    this.filled = null;
    void this.settled().then(filled);
  }

  /** Hear of what is new. Comes after what can be read. */
  async listen(): Promise<void> {
    const { listen } = await bring("live");
    if (this.isConnected) this.stop ??= listen(this.store);
  }

  protected override render(): TemplateResult {
    const { ctx, shown } = this.store;
    const { texts } = ctx;
    const { page, problem } = shown;
    if (!page && problem === null) return html``;
    return html`<section
      class=${`thread${texts.isChinese ? " zh" : ""}`}
      lang=${texts.lang}
      dir=${texts.dir}
      aria-labelledby="gentie-title"
      aria-busy=${shown.busy ? "true" : "false"}
      part="thread"
      @gentie-vote=${this.act}
      @gentie-withdraw=${this.act}
      @gentie-sent=${this.act}
      @gentie-kept=${this.act}
      @gentie-limited=${this.act}
      @gentie-protected=${this.act}
      @pointerenter=${() => ctx.prepare()}
      @gentie-replies=${({ detail }: CustomEvent<{ root: Item }>) => void acts.replies(this.store, detail.root)}
      @gentie-unfold=${({ detail }: CustomEvent<{ id: string }>) => void this.unfold(detail.id)}
    >
      <div class="th">
        <h2 id="gentie-title" tabindex="-1" part="title">${texts.t("Comments")}</h2>
        ${page ? html`<span class="n">${texts.n("{n} comment", "{n} comments", page.thread.count)}</span>` : nothing}
        ${renderSorts(ctx, shown.sort, (sort) => void acts.sortBy(this.store, sort))}
      </div>
      <p class="how">${texts.t("In order of time or of agreement; nobody picks or hides by hand.")}</p>
      ${renderBanners(ctx, page?.thread.banners ?? [])}
      ${ctx.open && page ? html`<gentie-prompt .ctx=${ctx} ?known=${shown.known}></gentie-prompt>` : nothing}
      ${this.renderFresh(shown.waiting)}
      <p class="skip" role="status" aria-live="polite">${shown.said}</p>
      ${renderElsewhere(ctx, shown.elsewhere)} ${renderProblem(ctx, problem, () => void acts.load(this.store))}
      ${page ? this.renderFeed(page) : nothing} ${this.renderEnd()}
    </section>`;
  }

  private renderFresh(n: number): TemplateResult | typeof nothing {
    if (!n) return nothing;
    return html`<button type="button" class="fresh" part="fresh" @click=${() => void bring("live").then(({ showFresh }) => showFresh(this.store))}>
      ${this.store.ctx.texts.n("{n} new comment. Show it", "{n} new comments. Show them", n)}
    </button>`;
  }

  private renderFeed(page: Page): TemplateResult {
    const { ctx, shown } = this.store;
    const { mine, unfolded } = shown;
    const own = ownByRoot(page, mine);
    const top = own.get("") ?? [];
    if (!top.length && !page.comments.length) return html`<p class="empty">${ctx.texts.t("Nobody has written here yet.")}</p>`;
    return html`<ol class="feed" part="feed">
        ${repeat(top, (one) => one.id, (one) => html`<li>${renderOwn({ ctx }, one)}</li>`)}
        ${repeat(
          page.comments,
          (one) => one.id,
          (one) =>
            html`<li><gentie-branch .ctx=${ctx} .root=${one} .mine=${mine} .own=${own.get(one.id)} .unfolded=${unfolded}></gentie-branch></li>`,
        )}
      </ol>
      ${page.next
        ? html`<button type="button" class="fresh further" part="more" ?disabled=${shown.busy} @click=${() => void acts.more(this.store)}>${ctx.texts.t("Show more comments")}</button>`
        : nothing}`;
  }

  private renderEnd(): TemplateResult {
    const { ctx, shown } = this.store;
    const enter = () => void ctx.enter().catch((problem: unknown) => this.store.sayProblem(problem));
    const leave = () => void this.act(new CustomEvent("gentie-leave"));
    const open = this.settings && Boolean(ctx.me);
    return html`${renderFoot(ctx, { open, enter, leave, settings: () => void this.set(!this.settings) })}
    ${open ? html`<gentie-settings .ctx=${ctx} .mine=${shown.mine} @gentie-cancel=${() => void this.set(false)}></gentie-settings>` : nothing}`;
  }

  private async set(open: boolean): Promise<void> {
    if (open) await this.store.ctx.load("settings");
    this.settings = open;
    await this.updateComplete;
    this.querySelector<HTMLElement>(open ? "gentie-settings" : "[data-opens=settings]")?.focus();
  }

  private async unfold(id: string): Promise<void> {
    this.store.set({ unfolded: new Set([...this.store.shown.unfolded, id]) });
    await this.focusOn(id);
  }

  private act = async ({ detail, type }: CustomEvent): Promise<void> => {
    const { ACTS } = await personal(this.store);
    await ACTS[type as keyof typeof ACTS](this.store, detail as never);
  };

  focusTitle = (): void => this.querySelector<HTMLElement>("#gentie-title")?.focus();

  /** Go to what the address names. */
  follow = async (): Promise<void> => {
    const id = /^#gentie-([\w-]+)$/.exec(location.hash)?.[1];
    this.store.set({ elsewhere: "" });
    if (!id || !this.store.shown.page) return;
    await this.updateComplete;
    if (id !== "write") return acts.find(this.store, id);
    const prompt = this.querySelector<Prompt>("gentie-prompt");
    await prompt?.bring();
    prompt?.focus();
  };

  /** Bring a comment into view, focused and lit for a moment. Says whether it is here. */
  focusOn = async (id: string | undefined): Promise<boolean> => {
    await this.settled();
    const element = [...this.querySelectorAll<CommentElement>("gentie-comment")].find((one) => one.item.id === id);
    const article = element?.querySelector<HTMLElement>("article");
    if (!article) return false;
    for (const lit of this.querySelectorAll(".lit")) lit.classList.remove("lit"); // without motion it would stay
    article.scrollIntoView({ block: "center" });
    article.focus({ preventScroll: true });
    article.classList.add("lit");
    const { top } = article.getBoundingClientRect();
    this.dispatchEvent(new CustomEvent("gentie-focus", { detail: { top: top + window.scrollY }, bubbles: true, composed: true }));
    return true;
  };

  /** When everything that is due has been drawn. */
  async settled(): Promise<void> {
    await this.updateComplete;
    for (const name of ["gentie-branch", "gentie-comment"]) {
      await Promise.all([...this.querySelectorAll<LitElement>(name)].map((one) => one.updateComplete));
    }
  }
}

define("gentie-room", Room);
