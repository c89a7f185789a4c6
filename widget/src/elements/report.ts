import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { type Filed, onceKey } from "../api.ts";
import { sayProblem, tell } from "../context.ts";
import { Inner } from "./base.ts";

/** Tells the moderators about a comment. No account is needed. */
export class Report extends Inner {
  static override properties: PropertyDeclarations = {
    subject: {},
    filed: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  declare subject: string;
  declare filed: Filed | null;
  declare problem: string;
  declare busy: boolean;
  private readonly once = onceKey();

  constructor() {
    super();
    this.subject = "";
    this.filed = null;
    this.problem = "";
    this.busy = false;
  }

  override focus(): void {
    this.querySelector<HTMLElement>("select, .filed")?.focus();
  }

  protected override render(): TemplateResult {
    return this.filed ? this.renderFiled(this.filed) : this.renderForm();
  }

  private renderFiled(filed: Filed): TemplateResult {
    const { texts, places } = this.ctx;
    return html`<div class="state ok filed" tabindex="-1">
      <p>
        <strong>${this.t("Your report is number {case}.", { case: filed.case })}</strong>
        ${this.t("You get an answer by {date}.", { date: texts.date(filed.due) })}
        <a href=${places.secret(filed.secret_url)}>${this.t("Follow it by this private link")}</a>
      </p>
      <button type="button" class="act" @click=${this.close}>${this.t("Close")}</button>
    </div>`;
  }

  private renderForm(): TemplateResult {
    const id = `gentie-report-${this.subject}`;
    return html`<form class="report" @submit=${this.submitted}>
      <p class="title">${this.t("Report this comment")}</p>
      <label for=${`${id}-ground`}>${this.t("What is wrong with it?")}</label>
      <select id=${`${id}-ground`} name="ground" required>
        ${this.ctx.grounds.map((one) => html`<option value=${one.id}>${one.title}</option>`)}
      </select>
      <label for=${`${id}-why`}>${this.t("Why do you think so?")}</label>
      <textarea
        id=${`${id}-why`}
        name="why"
        rows="2"
        required
        dir="auto"
        aria-describedby=${`${id}-note ${id}-problem`}
        aria-invalid=${this.problem ? "true" : "false"}
      ></textarea>
      <p class="how" id=${`${id}-note`}>${this.t("A person reads it. The author does not learn who reported.")}</p>
      <p class="problem" id=${`${id}-problem`} role="alert">${this.problem}</p>
      <div class="acts">
        <button class="btn" ?disabled=${this.busy}>${this.t("Send report")}</button>
        <button type="button" class="btn quiet" @click=${this.close}>${this.t("Cancel")}</button>
      </div>
    </form>`;
  }

  private close(): void {
    tell(this, "gentie-cancel", {});
  }

  private async submitted(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const [ground, why] = [String(given.get("ground")), String(given.get("why")).trim()];
    if (!why) {
      this.problem = this.t("A sentence about why helps the person who decides.");
      return;
    }
    this.busy = true;
    try {
      this.filed = await this.ctx.api.report(this.subject, ground, why, this.once);
      await this.updateComplete;
      this.focus();
    } catch (problem) {
      this.problem = sayProblem(this.ctx.texts, problem);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("gentie-report", Report);
