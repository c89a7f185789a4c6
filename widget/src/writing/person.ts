import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { define, Inner } from "../reading/base.ts";
import { sayProblem, tell } from "../reading/context.ts";
import { msg } from "../reading/i18n.ts";
import type { Comment, Keep, Replies, Why } from "../reading/types.ts";

type Choice<T> = [value: T, label: string, means: string];

const PERSON: Choice<Keep>[] = [
  ["none", msg("Show as usual"), ""],
  ["muted", msg("Mute"), msg("You no longer see what this person writes.")],
  ["blocked", msg("Block"), msg("You no longer see what this person writes, and they cannot reply to you.")],
];
const REPLIES: Choice<Replies | "default">[] = [
  ["default", msg("As in my settings"), ""],
  ["everyone", msg("Everyone"), ""],
  ["known", msg("People I have replied to"), ""],
  ["nobody", msg("Nobody"), ""],
];

/** What I do about a person, from a comment of theirs; or who may reply to a comment of mine. */
export class Person extends Inner {
  static override properties: PropertyDeclarations = {
    comment: { attribute: false },
    folded: {},
    limit: {},
    own: { type: Boolean },
    problem: { state: true },
    busy: { state: true },
  };

  declare comment: Comment;
  declare folded: Why | "";
  declare limit: Replies | "";
  declare own: boolean;
  declare problem: string;
  declare busy: boolean;

  constructor() {
    super();
    this.folded = "";
    this.limit = "";
    this.own = false;
    this.problem = "";
    this.busy = false;
  }

  override focus(): void {
    this.querySelector<HTMLElement>("input:checked")?.focus();
  }

  protected override render(): TemplateResult {
    const { name } = this.comment.author;
    const kept = this.folded === "muted" || this.folded === "blocked" ? this.folded : "none";
    return html`<form class="panel" @submit=${this.submitted} aria-busy=${this.busy ? "true" : "false"}>
      <fieldset>
        <legend class="title">${this.own ? this.t("Who may reply to this comment?") : this.t("What {name} writes", { name })}</legend>
        ${this.own
          ? REPLIES.map((one) => this.renderChoice(one, this.limit || "default"))
          : PERSON.map((one) => this.renderChoice(one, kept))}
      </fieldset>
      <p class="how">${this.own ? this.t("Replies that are there already stay.") : this.t("{name} does not learn of it.", { name })}</p>
      <p class="problem" role="alert">${this.problem}</p>
      <div class="acts">
        <button class="btn" ?disabled=${this.busy}>${this.t("Save")}</button>
        <button type="button" class="btn quiet" @click=${this.close}>${this.t("Cancel")}</button>
      </div>
    </form>`;
  }

  private renderChoice([value, label, means]: Choice<string>, chosen: string): TemplateResult {
    return html`<label class="choice">
      <input type="radio" name="choice" value=${value} ?checked=${value === chosen} />
      <span>${this.t(label)}${means ? html`<small>${this.t(means)}</small>` : ""}</span>
    </label>`;
  }

  private close(): void {
    tell(this, "gentie-cancel", {});
  }

  private async submitted(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const choice = String(new FormData(event.target as HTMLFormElement).get("choice"));
    this.busy = true;
    try {
      await (this.own ? this.limits(choice as Replies) : this.keeps(choice as Keep));
    } catch (problem) {
      this.problem = sayProblem(this.ctx.texts, problem);
    } finally {
      this.busy = false;
    }
  }

  private async limits(from: Replies | "default"): Promise<void> {
    await this.ctx.api.limit(this.comment.id, from);
    tell(this, "gentie-limited", { id: this.comment.id, from });
    this.close();
  }

  private async keeps(keep: Keep): Promise<void> {
    await this.ctx.api.keep(this.comment.id, keep);
    this.close();
    tell(this, "gentie-kept", { id: this.comment.id, keep });
  }
}

define("gentie-person", Person);
