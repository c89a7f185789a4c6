import { html, nothing, type PropertyDeclarations, svg, type TemplateResult } from "lit";
import { render as renderNodes } from "./ast.ts";
import { define, Inner } from "./base.ts";
import { tell } from "./context.ts";
import { msg } from "./i18n.ts";
import { bring, type Part } from "./lazy.ts";
import { renderTombstone } from "./gone.ts";
import { asComment, isTombstone } from "./state.ts";
import type { Comment, Item, Medium, Own, Replies, Why } from "./types.ts";

const LIKE = svg`<path d="M7 11v9H4v-9zM7 11l4-7c1.5 0 2.5 1 2.5 2.5V10h5a2 2 0 0 1 2 2.3l-1 5.7a2 2 0 0 1-2 1.7H7"/>`;
const TINTS = 4;

type Form = (comment: CommentElement, item: Comment) => unknown;

export type Open = "" | "reply" | "edit" | "report" | "withdraw" | "person" | "history";
const NEEDS: Partial<Record<Open, Part>> = {
  reply: "composer",
  edit: "composer",
  report: "report",
  person: "person",
  history: "history",
};

/** One contribution, or the tombstone in its place. A vote renders this element and no other. */
export class CommentElement extends Inner {
  static override properties: PropertyDeclarations = {
    item: { attribute: false },
    own: { attribute: false },
    answers: {},
    folded: {},
    limit: {},
    opened: { type: Boolean },
    agreed: { type: Boolean },
    quiet: { type: Boolean },
    open: { state: true },
  };

  declare item: Item | Own;
  /** What I know about it as its author. Undefined: it is not mine. */
  declare own: Own | undefined;
  /** Name of who is answered, where that is not the head of the branch. */
  declare answers: string;
  /** Why I do not want to see it. Empty: I do. */
  declare folded: Why | "";
  /** Who may reply to it, where it has a limit of its own. */
  declare limit: Replies | "";
  /** Folded, but looked at all the same. */
  declare opened: boolean;
  declare agreed: boolean;
  /** Nobody's agreement is shown. */
  declare quiet: boolean;
  declare open: Open;
  /** Draws what is open. It comes with the first one. */
  private form: Form | null = null;

  constructor() {
    super();
    this.own = undefined;
    this.answers = "";
    this.folded = "";
    this.limit = "";
    this.opened = false;
    this.agreed = false;
    this.quiet = false;
    this.open = "";
  }

  protected override render(): TemplateResult {
    const { ctx, item, own } = this;
    if ("state" in item) return this.renderComment(asComment(item, ctx.me));
    if (isTombstone(item)) return renderTombstone(ctx, item, own);
    return this.folded && !this.opened ? this.renderFolded(item.id) : this.renderComment(item);
  }

  private renderFolded(id: string): TemplateResult {
    return html`<article class="c solo" id=${`gentie-${id}`} tabindex="-1" part="comment folded">
      <p class="state gone">
        ${this.t("Hidden for you.")}
        <button type="button" class="act" @click=${() => tell(this, "gentie-unfold", { id })}>${this.t("Show")}</button>
      </p>
    </article>`;
  }

  private renderComment(comment: Comment): TemplateResult {
    const { author, id } = comment;
    const heading = `gentie-${id}-by`;
    return html`<article class="c" id=${`gentie-${id}`} tabindex="-1" aria-labelledby=${heading} part="comment">
      <div class=${`av tint${tintOf(author.name)}`} aria-hidden="true">${Array.from(author.name)[0] ?? ""}</div>
      <div class="main">
        <div class="meta">
          <h3 id=${heading} part="author"><bdi>${author.name}</bdi></h3>
          ${author.badges.map((badge) => html`<span class="tag">${this.t(BADGES[badge] ?? badge)}</span>`)}
          ${comment.archived ? html`<span class="tag">${this.t("from the archive")}</span>` : nothing}
          ${this.own ? html`<span class="to">${this.t("you")}</span>` : nothing}
          ${this.answers ? html`<span class="to">${this.t("to {name}", { name: this.answers })}</span>` : nothing}
          ${this.renderTime(comment)}
        </div>
        ${this.open === "edit" ? this.form?.(this, comment) : this.renderBody(comment)}
        ${this.own ? this.ctx.own?.state(this.ctx, this.own, this.isPublic) : nothing} ${this.renderActs(comment)} ${this.open && this.open !== "edit" ? this.form?.(this, comment) : nothing}
      </div>
    </article>`;
  }

  private renderBody(comment: Comment): TemplateResult {
    return html`<div class="body" part="body" lang=${comment.lang || nothing} dir="auto">
      ${renderNodes(comment.body)}${comment.parts?.length ? this.renderParts(comment.parts) : nothing}
    </div>`;
  }

  private renderParts(parts: Medium[]): TemplateResult {
    void this.ctx.load("media");
    return html`<gentie-media .ctx=${this.ctx} .parts=${parts}></gentie-media>`;
  }

  private renderTime({ created_at: at, edited_at: edited, id }: Comment): TemplateResult {
    const { api, places, texts } = this.ctx;
    const href = api.door.kind === "frame" ? places.thread(id) : `#gentie-${id}`;
    return html`<a class="when" href=${href} title=${`${this.t("Permanent link")} · ${texts.date(at)}`}
        ><time datetime=${at}>${texts.ago(at)}</time></a
      >${edited
        ? html`<button type="button" class="when" data-opens="history" title=${texts.date(edited)} aria-expanded=${this.open === "history" ? "true" : "false"} @click=${() => void this.flip("history")}>
            ${this.t("edited")}
          </button>`
        : nothing}`;
  }

  /** Whether others read it too: else it is an item of mine alone. */
  private get isPublic(): boolean {
    return !this.hasAttribute("private");
  }

  private renderActs(comment: Comment): TemplateResult {
    const settled = this.own?.state === "refused";
    return html`<div class="acts" part="actions">
      ${this.isPublic ? this.renderPublicActs(comment) : nothing}
      ${this.own && !settled
        ? html`${this.toggle("edit", this.t("Edit"))} ${this.toggle("withdraw", this.t("Withdraw"))}`
        : nothing}
      ${this.isPublic && this.ctx.me ? this.toggle("person", this.own ? this.t("Who may reply") : this.t("Hide"), "last") : nothing}
    </div>`;
  }

  private renderPublicActs(comment: Comment): TemplateResult {
    return html`${this.quiet ? nothing : this.renderVote(comment.votes)}
      ${this.ctx.open ? this.toggle("reply", this.t("Reply")) : nothing}
      ${this.own ? nothing : this.toggle("report", this.t("Report"))}`;
  }

  private renderVote(n: number): TemplateResult {
    const values = { n: this.ctx.texts.number(n) };
    const thumb = html`<svg viewBox="0 0 24 24" aria-hidden="true">${LIKE}</svg>${n ? values.n : nothing}`;
    if (this.own) return html`<span class="act still" role="img" aria-label=${this.t("Agree, {n}", values)}>${thumb}</span>`;
    const label = this.agreed ? this.t("Agreed, {n}", values) : this.t("Agree, {n}", values);
    return html`<button type="button" class="act vote" aria-pressed=${this.agreed ? "true" : "false"} aria-label=${label} @click=${this.votes}>${thumb}</button>`;
  }

  private toggle(what: Exclude<Open, "">, label: string, place = ""): TemplateResult {
    return html`<button
      type="button"
      class=${`act ${place}`}
      data-opens=${what}
      aria-expanded=${this.open === what ? "true" : "false"}
      @click=${() => void this.flip(what)}
    >
      ${label}
    </button>`;
  }

  private flip(what: Exclude<Open, "">): Promise<void> {
    return this.show(this.open === what ? "" : what);
  }

  /** Open one of the forms, or none, and put the focus where the person will look for it. */
  async show(what: Open): Promise<void> {
    const before = this.open;
    if (what) {
      await this.ctx.load(NEEDS[what] ?? "forms");
      this.form = (await bring("forms")).renderForm;
    }
    this.open = what;
    await this.updateComplete;
    const form = this.querySelector<Inner>("gentie-composer, gentie-report, gentie-person, gentie-history");
    await form?.updateComplete;
    if (form) form.focus();
    else if (what === "withdraw") this.querySelector<HTMLElement>(".confirm .btn")?.focus();
    else if (before) this.querySelector<HTMLElement>(`[data-opens=${before}]`)?.focus();
  }

  private votes(): void {
    tell(this, "gentie-vote", { id: this.item.id, on: !this.agreed });
  }
}

const BADGES: Record<string, string> = {
  author: msg("author"),
  staff: msg("staff"),
};

function tintOf(name: string): number {
  return Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % TINTS;
}

define("gentie-comment", CommentElement);
