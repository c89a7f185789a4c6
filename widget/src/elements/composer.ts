import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { onceKey, Problem, type Submitted } from "../api.ts";
import { sayProblem, tell } from "../context.ts";
import { keepDraft, type Place, readDraft } from "../draft.ts";
import { countGraphemes } from "../graphemes.ts";
import { Inner } from "./base.ts";

export interface Sent {
  submitted: Submitted;
  text: string;
  parent: string | null;
  edited: boolean;
}

const PAUSE = 400; // milliseconds without typing after which the draft is kept

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
    entered: { state: true },
  };

  declare parent: string | null;
  declare editing: string | null;
  declare initial: string;
  declare label: string;
  declare text: string;
  declare problem: unknown;
  declare busy: boolean;
  declare kept: boolean;
  /** Whether somebody is about to write: only then is it worth asking how long reviews take. */
  declare entered: boolean;
  private once = onceKey();
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
    this.entered = false;
  }

  override focus(): void {
    this.querySelector("textarea")?.focus();
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

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated || changed.has("editing") || changed.has("parent")) {
      const draft = readDraft(this.place);
      this.text = draft || this.initial;
      this.kept = Boolean(draft);
    }
  }

  private get place(): Place {
    const { site, key } = this.ctx.api;
    return { site, key, about: this.editing ? `edit-${this.editing}` : (this.parent ?? "") };
  }

  private get length(): number {
    return countGraphemes(this.text.trim());
  }

  protected override render(): TemplateResult {
    const id = `gentie-text-${this.editing ?? this.parent ?? "new"}`;
    const over = this.length > this.ctx.longest;
    const wrong = this.problem !== null || over;
    return html`<form class="compose" part="composer" @submit=${this.submitted} novalidate>
        <label class="skip" for=${id}>${this.label || this.t("Write a comment")}</label>
        <textarea
          id=${id}
          dir="auto"
          rows="3"
          .value=${this.text}
          placeholder=${this.t("Say what you think. Hard on the matter, kind to people.")}
          aria-describedby=${`${id}-note ${id}-problem`}
          aria-invalid=${wrong ? "true" : "false"}
          @focus=${() => (this.entered = true)}
          @input=${this.typed}
          @keydown=${this.pressed}
        ></textarea>
        <div class="bar">
          <span class="hint" aria-hidden="true">${this.hint}</span>
          ${this.cancellable
            ? html`<button type="button" class="btn quiet" @click=${this.cancelled}>${this.t("Cancel")}</button>`
            : nothing}
          <button class="btn" part="submit" ?disabled=${this.busy}>${this.verb}</button>
        </div>
      </form>
      <div class="note" id=${`${id}-note`}>
        <span>${this.expectation} ${this.entered && this.ctx.reviewedFirst ? html`<gentie-wait .ctx=${this.ctx}></gentie-wait>` : nothing}</span>
        <span class=${over ? "over" : ""}>${this.kept ? `${this.t("Draft kept")} · ` : nothing}${this.counter}</span>
      </div>
      <p class="problem" id=${`${id}-problem`} role="alert">${this.problemText(over)}</p>`;
  }

  private get cancellable(): boolean {
    return this.parent !== null || this.editing !== null;
  }

  private get verb(): string {
    if (this.editing) return this.t("Save");
    return this.ctx.reviewedFirst ? this.t("Send for review") : this.t("Publish");
  }

  private get hint(): string {
    return /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘ Enter" : "Ctrl Enter";
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

  private problemText(over: boolean): TemplateResult | string {
    if (over) return this.t("This is longer than a comment may be.");
    if (this.problem === null) return "";
    const said = sayProblem(this.ctx.texts, this.problem);
    const page = this.problem instanceof Problem ? this.problem.path : null;
    if (!page) return said;
    return html`${said} <a href=${this.ctx.places.help(page)}>${this.t("Continue there")}</a>`;
  }

  private typed(event: InputEvent): void {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.problem = null;
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

  private submitted(event: SubmitEvent): void {
    event.preventDefault();
    void this.send();
  }

  private cancelled(): void {
    tell(this, "gentie-cancel", {});
  }

  private async send(): Promise<void> {
    if (this.busy || this.length > this.ctx.longest) return;
    if (this.length === 0) return this.focus();
    if (!this.ctx.me) {
      this.keep();
      return this.ctx.places.go(this.ctx.places.signUp());
    }
    this.busy = true;
    try {
      await this.post();
    } catch (problem) {
      this.keep();
      if (problem instanceof Problem && problem.status === 401) {
        return this.ctx.places.go(this.ctx.places.signIn());
      }
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
      : await api.submit(text, this.parent, this.once);
    this.text = "";
    this.once = onceKey();
    this.keep();
    const sent: Sent = { submitted, text, parent: this.parent, edited: this.editing !== null };
    tell(this, "gentie-sent", sent);
  }
}

customElements.define("gentie-composer", Composer);
