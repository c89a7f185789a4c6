import { html, nothing, type PropertyDeclarations, svg, type TemplateResult } from "lit";
import type { Comment, Item, Own, Tombstone } from "../api.ts";
import { render as renderNodes } from "../ast.ts";
import { tell } from "../context.ts";
import { msg } from "../i18n.ts";
import { isTombstone } from "../state.ts";
import { Inner } from "./base.ts";
import type { Composer } from "./composer.ts";
import type { Report } from "./report.ts";

const LIKE = svg`<path d="M7 11v9H4v-9zM7 11l4-7c1.5 0 2.5 1 2.5 2.5V10h5a2 2 0 0 1 2 2.3l-1 5.7a2 2 0 0 1-2 1.7H7"/>`;
const TINTS = 4;

type Open = "" | "reply" | "edit" | "report" | "withdraw";

/** One contribution, or the tombstone in its place. A vote renders this element and no other. */
export class CommentElement extends Inner {
  static override properties: PropertyDeclarations = {
    item: { attribute: false },
    own: { attribute: false },
    agreed: { type: Boolean },
    answers: {},
    open: { state: true },
  };

  declare item: Item;
  /** What I know about it as its author. Undefined: it is not mine. */
  declare own: Own | undefined;
  declare agreed: boolean;
  /** Name of who is answered, where that is not the head of the branch. */
  declare answers: string;
  declare open: Open;

  constructor() {
    super();
    this.own = undefined;
    this.agreed = false;
    this.answers = "";
    this.open = "";
  }

  protected override render(): TemplateResult {
    return isTombstone(this.item) ? this.renderTombstone(this.item) : this.renderComment(this.item);
  }

  private renderTombstone({ id, tombstone }: Tombstone): TemplateResult {
    return html`<article class="c solo" id=${`gentie-${id}`} tabindex="-1" part="comment tombstone">
      <p class="state gone" part="notice">
        <span>
          ${this.sayGone(tombstone)}
          ${tombstone.appeal === "open" ? this.t("An appeal is being heard.") : nothing}
          ${this.own ? this.renderReasons(this.own) : nothing}
          ${tombstone.nonce
            ? html`<a href=${this.ctx.places.thread(id)}>${this.t("See the public record")}</a>`
            : nothing}
        </span>
      </p>
    </article>`;
  }

  private sayGone({ by: role, tier, title }: Tombstone["tombstone"]): string {
    if (tier === "withdrawn") return this.t("Its author has withdrawn this comment.");
    const by = this.t(ROLES[role] ?? msg("the moderators"));
    return title
      ? this.t("A comment was removed by {by}: {ground}. Its author was told why.", { by, ground: this.ctx.texts.pick(title) })
      : this.t("A comment was removed by {by}. The ground is not named here, to protect somebody; its author was told.", { by });
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
        ${this.open === "edit" ? this.renderEdit(comment) : this.renderBody(comment)}
        ${this.renderState()} ${this.renderActs(comment)} ${this.renderOpen(comment)}
      </div>
    </article>`;
  }

  private renderBody(comment: Comment): TemplateResult {
    return html`<div class="body" part="body" lang=${comment.lang || nothing} dir="auto">
      ${renderNodes(comment.body)}
    </div>`;
  }

  private renderTime(comment: Comment): TemplateResult {
    const { texts } = this.ctx;
    const { created_at: at, edited_at: edited } = comment;
    return html`<a class="when" href=${`#gentie-${comment.id}`} title=${this.t("Permanent link")}
        ><time datetime=${at}>${texts.ago(at)}</time></a
      >${edited ? html`<span class="to" title=${texts.date(edited)}>${this.t("edited")}</span>` : nothing}`;
  }

  private renderState(): TemplateResult | typeof nothing {
    const own = this.own;
    if (!own) return nothing;
    const change = this.isPublic;
    const state = change ? own.change : own.state;
    if (state === "refused") return this.renderRefused(own);
    if (state !== "held") return own.fresh ? this.renderPublished() : nothing;
    return html`<p class="state pending" part="notice">
      <span>
        <strong>${change ? this.t("Your change waits for review.") : this.t("Waiting for review.")}</strong>
        ${change
          ? this.t("Until then everybody reads the text above.")
          : this.t("Only you can see it. If it is refused you are told why, and you can appeal.")}
        <gentie-wait .ctx=${this.ctx}></gentie-wait>
      </span>
    </p>`;
  }

  private renderPublished(): TemplateResult {
    return html`<p class="state ok" part="notice"><strong>${this.t("Published.")}</strong></p>`;
  }

  private renderRefused(own: Own): TemplateResult {
    const decision = own.decision;
    return html`<div class="state refused" part="notice">
      <div>
        <strong>
          ${this.isPublic ? this.t("Your change was not published.") : this.t("Not published.")}
          ${decision?.title ? this.ctx.texts.pick(decision.title) : nothing}${decision?.clause ? this.t(" (rule {clause})", { clause: decision.clause }) : nothing}
        </strong>
        ${decision?.message ? html`<p>${decision.message}</p>` : nothing}
        ${this.renderReasons(own)}
      </div>
    </div>`;
  }

  private renderReasons({ decision, receipt }: Own): TemplateResult | typeof nothing {
    if (!decision) return nothing;
    return html`<a href=${this.ctx.places.decision(decision.id, receipt)}>${this.t("Reasons and appeal")}</a>`;
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
    </div>`;
  }

  private renderPublicActs(comment: Comment): TemplateResult {
    const n = comment.votes;
    const label = this.agreed
      ? this.t("Agreed, {n}", { n })
      : this.t("Agree, {n}", { n });
    return html`${this.own
        ? html`<span class="act still" aria-label=${this.t("Agree, {n}", { n })}>${this.thumb(n)}</span>`
        : html`<button type="button" class="act vote" aria-pressed=${this.agreed ? "true" : "false"} aria-label=${label} @click=${this.votes}>${this.thumb(n)}</button>`}
      ${this.ctx.open ? this.toggle("reply", this.t("Reply")) : nothing}
      ${this.own ? nothing : this.toggle("report", this.t("Report"))}`;
  }

  private thumb(n: number): TemplateResult {
    return html`<svg viewBox="0 0 24 24" aria-hidden="true">${LIKE}</svg>${n ? this.ctx.texts.number(n) : nothing}`;
  }

  private toggle(what: Exclude<Open, "">, label: string): TemplateResult {
    return html`<button
      type="button"
      class="act"
      data-opens=${what}
      aria-expanded=${this.open === what ? "true" : "false"}
      @click=${() => void this.show(this.open === what ? "" : what)}
    >
      ${label}
    </button>`;
  }

  private renderEdit(comment: Comment): TemplateResult {
    return html`<gentie-composer
      .ctx=${this.ctx}
      .editing=${comment.id}
      .initial=${this.own?.text ?? comment.text}
      .label=${this.t("Edit your comment")}
      @gentie-cancel=${this.closed}
      @gentie-sent=${() => void this.show("")}
    ></gentie-composer>`;
  }

  private renderOpen(comment: Comment): TemplateResult | typeof nothing {
    switch (this.open) {
      case "reply":
        return html`<gentie-composer
          .ctx=${this.ctx}
          .parent=${comment.id}
          .label=${this.t("Reply to {name}", { name: comment.author.name })}
          @gentie-cancel=${this.closed}
          @gentie-sent=${() => void this.show("")}
        ></gentie-composer>`;
      case "report":
        return html`<gentie-report .ctx=${this.ctx} .subject=${comment.id} @gentie-cancel=${this.closed}></gentie-report>`;
      case "withdraw":
        return html`<p class="confirm">
          ${this.t("Withdraw it for good?")}
          <button type="button" class="btn danger" @click=${this.withdraws}>${this.t("Withdraw")}</button>
          <button type="button" class="btn quiet" @click=${this.closed}>${this.t("Keep it")}</button>
        </p>`;
      default:
        return nothing;
    }
  }

  /** Open one of the forms, or none, and put the focus where the person will look for it. */
  async show(what: Open): Promise<void> {
    const before = this.open;
    this.open = what;
    await this.updateComplete;
    const form = this.querySelector<Composer | Report>("gentie-composer, gentie-report");
    await form?.updateComplete;
    if (form) form.focus();
    else if (what === "withdraw") this.querySelector<HTMLElement>(".confirm .btn")?.focus();
    else if (before) this.querySelector<HTMLElement>(`[data-opens=${before}]`)?.focus();
  }

  private closed(event: Event): void {
    event.stopPropagation();
    void this.show("");
  }

  private votes(): void {
    tell(this, "gentie-vote", { id: this.item.id, on: !this.agreed });
  }

  private withdraws(): void {
    tell(this, "gentie-withdraw", { id: this.item.id });
  }
}

/** Texts of roles and badges, by the words that the API uses. */
const ROLES: Record<string, string> = {
  moderator: msg("a moderator"),
  chief_editor: msg("the chief editor"),
  compliance: msg("the compliance team"),
  owner: msg("the account's owner"),
  rule: msg("an approved automatic rule"),
};
const BADGES: Record<string, string> = {
  author: msg("author"),
  staff: msg("staff"),
};

function tintOf(name: string): number {
  return Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % TINTS;
}

customElements.define("gentie-comment", CommentElement);
