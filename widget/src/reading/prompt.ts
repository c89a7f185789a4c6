import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { define, Inner } from "./base.ts";
import { readDraft } from "./draft.ts";

/** Where a comment is written. The code for that comes when somebody is about to. */
export class Prompt extends Inner {
  static override properties: PropertyDeclarations = { text: { state: true }, here: { state: true }, known: { type: Boolean } };

  declare text: string;
  /** Whether the composer is here. */
  declare here: boolean;
  /** Whether it is settled who is here, and so whose draft it is. */
  declare known: boolean;
  private composing = false;

  constructor() {
    super();
    this.text = "";
    this.here = false;
    this.known = false;
  }

  protected override updated(): void {
    if (this.known && !this.here && this.draft) void this.bring();
  }

  override focus(): void {
    this.querySelector("textarea")?.focus();
  }

  private get draft(): string {
    return readDraft({ site: this.ctx.api.site, key: this.ctx.key, about: "" });
  }

  /** Put the composer in place of this one, with the words and the focus where they were. */
  async bring(): Promise<void> {
    await this.ctx.load("composer");
    if (this.here || this.composing) return; // an input method is at work: it would lose its words
    const before = this.querySelector("textarea");
    const focused = before !== null && before.matches(":focus");
    const at = before?.selectionStart ?? 0;
    this.here = true;
    await this.updateComplete;
    await this.querySelector<Inner>("gentie-composer")?.updateComplete;
    const area = this.querySelector("textarea");
    if (focused && area) {
      area.focus({ preventScroll: true });
      area.setSelectionRange(at, at);
    }
  }

  protected override render(): TemplateResult {
    const { ctx } = this;
    if (this.here) return html`<gentie-composer id="gentie-write" .ctx=${ctx} .initial=${this.text} @gentie-sent=${() => (this.text = "")}></gentie-composer>`;
    const come = () => void this.bring();
    return html`<form id="gentie-write" class="compose" part="composer" @submit=${(event: Event) => event.preventDefault()} @pointerenter=${() => void ctx.load("composer")}>
      <label class="skip" for="gentie-text-new">${this.t("Write a comment")}</label>
      <textarea
        id="gentie-text-new"
        dir="auto"
        rows="3"
        .value=${this.text}
        placeholder=${this.t("Say what you think. Hard on the matter, kind to people.")}
        @focus=${come}
        @input=${(event: Event) => (this.text = (event.target as HTMLTextAreaElement).value)}
        @compositionstart=${() => (this.composing = true)}
        @compositionend=${() => {
          this.composing = false;
          come();
        }}
      ></textarea>
      <div class="bar"><button type="button" class="btn" @click=${() => this.focus()}>${ctx.reviewedFirst ? this.t("Send for review") : this.t("Publish")}</button></div>
    </form>`;
  }
}

define("gentie-prompt", Prompt);
