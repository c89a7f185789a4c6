import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { onceKey } from "../reading/api.ts";
import { define, Inner } from "../reading/base.ts";
import { sayProblem, tell } from "../reading/context.ts";
import { msg } from "../reading/i18n.ts";
import type { Filed, Ground } from "../reading/types.ts";

const TIERS: [string, string][] = [
  ["illegal", msg("Against the law")],
  ["negative", msg("Harmful")],
  ["terms", msg("Against the agreement")],
];

/** Tells the moderators about a comment. No account is needed. */
export class Report extends Inner {
  static override properties: PropertyDeclarations = {
    subject: {},
    grounds: { state: true },
    chosen: { state: true },
    filed: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  declare subject: string;
  /** The site's rules. Null: not here yet. */
  declare grounds: Ground[] | null;
  declare chosen: string;
  declare filed: Filed | null;
  declare problem: string;
  declare busy: boolean;
  private readonly once = onceKey();

  constructor() {
    super();
    this.subject = "";
    this.grounds = null;
    this.chosen = "";
    this.filed = null;
    this.problem = "";
    this.busy = false;
  }

  override focus(): void {
    this.querySelector<HTMLElement>("select, .filed")?.focus();
  }

  protected override async firstUpdated(): Promise<void> {
    try {
      this.grounds = (await this.ctx.api.rules()).classes;
      await this.updateComplete;
      this.focus();
    } catch {
      this.grounds = [];
    }
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
    if (!this.grounds) return html`<p class="report">${this.t("Reading the rules of this site …")}</p>`;
    if (!this.grounds.length) {
      return html`<p class="report"><a href=${this.ctx.places.report(this.subject)}>${this.t("Report it on the service's own page")}</a></p>`;
    }
    const id = `gentie-report-${this.subject}`;
    return html`<form class="report" @submit=${this.submitted} novalidate>
      <p class="title">${this.t("Report this comment")}</p>
      ${this.renderGrounds(id, this.grounds)}
      <label for=${`${id}-why`}>${this.t("Why do you think so?")}</label>
      <textarea
        id=${`${id}-why`}
        name="why"
        rows="2"
        required
        dir="auto"
        aria-describedby=${`${id}-note ${id}-problem`}
        aria-invalid=${this.problem && this.chosen ? "true" : "false"}
      ></textarea>
      ${this.ctx.evidence
        ? html`<label class="tick"><input type="checkbox" name="evidence" checked /> ${this.t("Attach the evidence that was saved")}</label>`
        : nothing}
      <p class="how" id=${`${id}-note`}>${this.t("A person reads it. The author does not learn who reported.")}</p>
      <p class="problem" id=${`${id}-problem`} role="alert">${this.problem}</p>
      <div class="acts">
        <button class="btn" ?disabled=${this.busy}>${this.t("Send report")}</button>
        <button type="button" class="btn quiet" @click=${this.close}>${this.t("Cancel")}</button>
      </div>
    </form>`;
  }

  /** Every rule of the site by tier, none chosen beforehand, and what the chosen one means. */
  private renderGrounds(id: string, grounds: Ground[]): TemplateResult {
    const { texts } = this.ctx;
    const chosen = grounds.find((one) => one.id === this.chosen);
    const choose = (event: Event) => (this.chosen = (event.target as HTMLSelectElement).value);
    const tiers = TIERS.filter(([tier]) => grounds.some((one) => one.tier === tier));
    return html`<label for=${`${id}-ground`}>${this.t("What is wrong with it?")}</label>
      <select id=${`${id}-ground`} name="ground" required aria-describedby=${`${id}-means ${id}-problem`} aria-invalid=${this.problem && !this.chosen ? "true" : "false"} @change=${choose}>
        <option value="">${this.t("Choose a rule")}</option>
        ${tiers.map(
          ([tier, label]) =>
            html`<optgroup label=${this.t(label)}>
              ${grounds.filter((one) => one.tier === tier).map((one) => html`<option value=${one.id}>${texts.pick(one.title)}</option>`)}
            </optgroup>`,
        )}
      </select>
      <p class="how" id=${`${id}-means`} aria-live="polite">${chosen ? texts.pick(chosen.definition) : nothing}</p>`;
  }

  private faultOf(why: string): string {
    if (!this.chosen) return this.t("Choose the rule that it breaks.");
    return why ? "" : this.t("A sentence about why helps the person who decides.");
  }

  private close(): void {
    tell(this, "gentie-cancel", {});
  }

  private async submitted(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const why = String(form.get("why")).trim();
    this.problem = this.faultOf(why);
    if (this.problem) return this.querySelector<HTMLElement>(this.chosen ? "textarea" : "select")?.focus();
    this.busy = true;
    try {
      const evidence = form.get("evidence") ? { evidence: this.ctx.evidence } : {};
      const report = { subject: this.subject, class: this.chosen, statement: why, ...evidence };
      this.filed = await this.ctx.api.report(report, this.once);
      await this.updateComplete;
      this.focus();
    } catch (problem) {
      this.problem = sayProblem(this.ctx.texts, problem);
    } finally {
      this.busy = false;
    }
  }
}

define("gentie-report", Report);
