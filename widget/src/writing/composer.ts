import { html, nothing, type PropertyDeclarations, type PropertyValues, svg, type TemplateResult } from "lit";
import { onceKey } from "../reading/api.ts";
import { render as renderNodes } from "../reading/ast.ts";
import { define, Inner } from "../reading/base.ts";
import { tell } from "../reading/context.ts";
import { keepDraft, type Place, readDraft } from "../reading/draft.ts";
import { Problem } from "../reading/problem.ts";
import type { Preview, Submitted } from "../reading/types.ts";
import type { Attach } from "../media/attach.ts";
import { countGraphemes } from "./graphemes.ts";
import "./wait.ts";
import { renderWrong } from "./wrong.ts";

export interface Sent {
  submitted: Submitted;
  text: string;
  parent: string | null;
  edited: boolean;
}

const PAUSE = 400; // milliseconds without typing after which the draft is kept
const HINT = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘ Enter" : "Ctrl Enter";
const FACE = svg`<circle cx="12" cy="12" r="9"/><path d="M8.5 14.5c1 1.3 2.2 2 3.5 2s2.5-.7 3.5-2M9 9.5v.5M15 9.5v.5"/>`;

/** Writes a comment, an answer (`parent`) or a new version of a comment (`editing`). */
export class Composer extends Inner {
  static override properties: PropertyDeclarations = {
    parent: {},
    editing: {},
    initial: { attribute: false },
    label: {},
    text: { state: true },
    problem: { state: true },
    busy: { state: true },
    kept: { state: true },
    emoji: { state: true },
    preview: { state: true },
  };

  declare parent: string | null;
  declare editing: string | null;
  declare initial: string;
  declare label: string;
  declare text: string;
  declare problem: unknown;
  declare busy: boolean;
  declare kept: boolean;
  /** Whether the emoji are open. */
  declare emoji: boolean;
  /** How readers will see it. Null: it is not asked for. */
  declare preview: Preview | null;
  private once = onceKey();
  /** The text that somebody was asked about already: sent again, it is meant. */
  private asked = "";
  private timer = 0;

  constructor() {
    super();
    this.parent = null;
    this.editing = null;
    this.initial = "";
    this.label = "";
    this.text = "";
    this.problem = null;
    this.busy = false;
    this.kept = false;
    this.emoji = false;
    this.preview = null;
  }

  override focus(): void {
    this.area?.focus();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("pagehide", this.keep);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("pagehide", this.keep);
    if (this.timer) this.keep();
  }

  protected override firstUpdated(): void {
    this.ctx.prepare();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("ctx") && this.ctx.files) void Promise.all([this.ctx.load("media"), import("../media/attach.ts")]);
    if (!this.hasUpdated || changed.has("editing") || changed.has("parent")) {
      const draft = readDraft(this.place);
      this.text = draft || this.initial;
      this.kept = Boolean(draft);
    }
    const before = changed.get("ctx");
    if (before?.me && !this.ctx.me) this.text = ""; // somebody has signed out: it is not for who comes next
  }

  private get area(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  private get place(): Place {
    const about = this.editing ? `edit-${this.editing}` : (this.parent ?? "");
    return { site: this.ctx.api.site, key: this.ctx.key, about };
  }

  private get length(): number {
    return countGraphemes(this.text.trim());
  }

  protected override render(): TemplateResult {
    const id = `gentie-text-${this.editing ?? this.parent ?? "new"}`;
    const over = this.length > this.ctx.longest;
    const wrong = this.problem !== null || over;
    return html`<form class="compose" part="composer" @submit=${this.send} novalidate>
        <label class="skip" for=${id}>${this.label || this.t("Write a comment")}</label>
        <textarea
          id=${id}
          dir="auto"
          rows="3"
          .value=${this.text}
          placeholder=${this.t("Say what you think. Hard on the matter, kind to people.")}
          aria-describedby=${`${id}-note ${id}-problem`}
          aria-invalid=${wrong ? "true" : "false"}
          @input=${this.typed}
          @keydown=${this.pressed}
        ></textarea>
        ${this.preview ? this.renderPreview(this.preview) : nothing}
        ${this.emoji ? html`<gentie-emoji .ctx=${this.ctx} @gentie-pick=${this.picked} @gentie-cancel=${this.closeEmoji}></gentie-emoji>` : nothing}
        ${this.ctx.files && !this.editing ? html`<gentie-attach .ctx=${this.ctx} .place=${this.place}></gentie-attach>` : nothing} ${this.renderBar()}
      </form>
      <div class="note" id=${`${id}-note`}>
        <span>${this.expectation} ${this.ctx.reviewedFirst ? html`<gentie-wait .ctx=${this.ctx}></gentie-wait>` : nothing}</span>
        <span class=${over ? "over" : ""}>${this.kept ? `${this.t("Draft kept")} · ` : nothing}${this.counter}</span>
      </div>
      <p class="problem" id=${`${id}-problem`} role="alert">${over ? this.t("This is longer than a comment may be.") : renderWrong(this.ctx, this.problem, () => void this.enters())}</p>`;
  }

  private renderBar(): TemplateResult {
    return html`<div class="bar">
      <button type="button" class="ic" aria-label=${this.t("Emoji")} aria-expanded=${this.emoji ? "true" : "false"} @click=${() => void this.openEmoji()}>
        <svg viewBox="0 0 24 24" aria-hidden="true">${FACE}</svg>
      </button>
      <button type="button" class="act" aria-expanded=${this.preview ? "true" : "false"} ?disabled=${!this.length} @click=${() => void this.previews()}>
        ${this.t("Preview")}
      </button>
      <span class="hint" aria-hidden="true">${HINT}</span>
      ${this.cancellable ? html`<button type="button" class="btn quiet" @click=${this.cancelled}>${this.t("Cancel")}</button>` : nothing}
      <button class="btn" part="submit" ?disabled=${this.busy}>${this.verb}</button>
    </div>`;
  }

  private renderPreview({ body }: Preview): TemplateResult {
    return html`<div class="preview" role="region" aria-label=${this.t("Preview")} tabindex="-1">
      <div class="body" dir="auto">${renderNodes(body)}</div>
    </div>`;
  }

  private get cancellable(): boolean {
    return this.parent !== null || this.editing !== null;
  }

  private get verb(): string {
    if (this.editing) return this.t("Save");
    return this.ctx.reviewedFirst ? this.t("Send for review") : this.t("Publish");
  }

  private get counter(): string {
    return `${this.ctx.texts.number(this.length)}/${this.ctx.texts.number(this.ctx.longest)}`;
  }

  private get expectation(): string {
    const name = this.ctx.me;
    const how = this.ctx.reviewedFirst
      ? this.t("A person reads it first; if it is refused you are told why and can appeal.")
      : this.t("Published at once; reports are looked at by a person.");
    return name ? this.t("As “{name}”. {how}", { name, how }) : how;
  }

  private typed(event: InputEvent): void {
    this.write((event.target as HTMLTextAreaElement).value);
  }

  private write(text: string): void {
    this.text = text;
    this.problem = null;
    this.preview = null;
    this.once = onceKey();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.keep, PAUSE);
  }

  private keep = (): void => {
    window.clearTimeout(this.timer);
    this.timer = 0;
    const unchanged = this.editing !== null && this.text === this.initial;
    this.kept = keepDraft(this.place, unchanged ? "" : this.text);
  };

  private pressed(event: KeyboardEvent): void {
    // While an input method composes, Enter chooses a word; it never sends.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.send();
    } else if (event.key === "Escape" && this.cancellable) {
      event.stopPropagation();
      this.cancelled();
    }
  }

  private async openEmoji(): Promise<void> {
    if (this.emoji) return this.closeEmoji();
    await import("./emoji.ts");
    this.emoji = true;
    await this.updateComplete;
    this.querySelector<HTMLElement>("gentie-emoji")?.focus();
  }

  private closeEmoji(event?: Event): void {
    event?.stopPropagation();
    this.emoji = false;
    this.querySelector<HTMLElement>(".ic")?.focus();
  }

  private picked({ detail }: CustomEvent<{ emoji: string }>): void {
    const area = this.area;
    if (!area) return;
    area.setRangeText(detail.emoji, area.selectionStart, area.selectionEnd, "end");
    this.write(area.value);
  }

  private get files(): Attach | null {
    return this.querySelector<Attach>("gentie-attach");
  }

  private async previews(): Promise<void> {
    if (this.preview) {
      this.preview = null;
      return;
    }
    try {
      this.preview = await this.ctx.api.preview(this.text.trim());
      await this.updateComplete;
      this.querySelector<HTMLElement>(".preview")?.focus();
    } catch (problem) {
      this.problem = problem;
    }
  }

  private cancelled(): void {
    tell(this, "gentie-cancel", {});
  }

  /** Sign in, or do what else is missing, and send what was to be sent. */
  private async enters(): Promise<void> {
    this.keep();
    try {
      if (!(await this.ctx.enter())) return;
    } catch (problem) {
      this.problem = problem;
      return;
    }
    this.problem = null;
    await this.send();
  }

  private async send(event?: Event): Promise<void> {
    event?.preventDefault();
    if (this.busy || this.length > this.ctx.longest) return;
    const { blocked = "", ids = [] } = this.files ?? {};
    if (this.length === 0 && !ids.length) return this.focus();
    if (blocked) {
      this.problem = new Problem(0, "", blocked);
      return;
    }
    const { api, places } = this.ctx;
    if (!this.ctx.me && api.door.kind !== "own") return this.enters();
    if (!this.ctx.me) {
      this.keep();
      return places.go(places.signUp());
    }
    this.busy = true;
    try {
      await this.post();
    } catch (problem) {
      this.keep();
      if (problem instanceof Problem && problem.status === 401 && api.door.kind === "own") return places.go(places.signIn());
      if (problem instanceof Problem && problem.code === "look-again") this.asked = this.text.trim();
      this.problem = problem;
      this.focus();
    } finally {
      this.busy = false;
    }
  }

  private async post(): Promise<void> {
    const { api } = this.ctx;
    const text = this.text.trim();
    const submitted = this.editing
      ? await api.edit(this.editing, text)
      : await api.submit(text, this.parent, this.once, this.asked !== text, this.files?.along);
    this.files?.forget();
    this.text = "";
    this.preview = null;
    this.emoji = false;
    this.once = onceKey();
    this.keep();
    const sent: Sent = { submitted, text, parent: this.parent, edited: this.editing !== null };
    tell(this, "gentie-sent", sent);
  }
}

define("gentie-composer", Composer);
