import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { define, Inner } from "../reading/base.ts";
import { sayProblem, tell } from "../reading/context.ts";
import { draftsAreKept, setDrafts } from "../reading/draft.ts";
import type { Mine, Protection } from "../reading/types.ts";

/** Protection at one touch, drafts, and the ways to what belongs on the service's own pages. */
export class Settings extends Inner {
  static override properties: PropertyDeclarations = {
    mine: { attribute: false },
    saved: { state: true },
    drafts: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  declare mine: Mine;
  /** What was saved a moment ago. */
  declare saved: Protection["evidence"] | null;
  declare drafts: boolean;
  declare problem: string;
  declare busy: boolean;

  constructor() {
    super();
    this.saved = null;
    this.drafts = draftsAreKept();
    this.problem = "";
    this.busy = false;
  }

  override focus(): void {
    this.querySelector<HTMLElement>(".panel")?.focus();
  }

  protected override render(): TemplateResult {
    const away = this.ctx.api.door.kind !== "own";
    const [target, rel] = away ? ["_blank", "noopener"] : [nothing, nothing];
    return html`<div class="panel" role="region" aria-label=${this.t("Settings")} tabindex="-1">
      <h3 class="title">${this.t("Protect me")}</h3>
      ${this.renderProtection(this.mine.protected_until)}
      <p class="problem" role="alert">${this.problem}</p>
      <h3 class="title">${this.t("Drafts")}</h3>
      <label class="tick">
        <input type="checkbox" ?checked=${this.drafts} @change=${this.switchDrafts} />
        ${this.t("Keep what I have begun to write in this browser, until it is sent")}
      </label>
      <p class="how">
        <a href=${this.ctx.places.people()} target=${target} rel=${rel}>${this.t("People I muted or blocked, and who may reply to me")}</a>
      </p>
      <button type="button" class="act" @click=${() => tell(this, "gentie-cancel", {})}>${this.t("Close")}</button>
    </div>`;
  }

  private renderProtection(until: string | null | undefined): TemplateResult {
    const { places, texts } = this.ctx;
    if (!until || Date.parse(until) < Date.now()) {
      return html`<p class="how">${this.t("When many turn on you at once: people you never replied to cannot reply to you, what they wrote to you is hidden for you, and what is there now is saved as evidence.")}</p>
        <p class="acts">
          <button type="button" class="btn" ?disabled=${this.busy} @click=${() => void this.protect(24)}>${this.t("Protect me for a day")}</button>
          <button type="button" class="btn quiet" ?disabled=${this.busy} @click=${() => void this.protect(1)}>${this.t("For an hour")}</button>
        </p>`;
    }
    return html`<p class="state ok" role="status">
        <strong>${this.t("You are protected until {date}.", { date: texts.date(until) })}</strong>
        ${this.saved ? texts.n("{n} comment was saved as evidence.", "{n} comments were saved as evidence.", this.saved.items) : nothing}
        <a href=${places.evidence()} target="_blank" rel="noopener">${this.t("See the evidence")}</a>
      </p>
      <p class="acts"><button type="button" class="btn quiet" ?disabled=${this.busy} @click=${() => void this.unprotect()}>${this.t("End the protection")}</button></p>`;
  }

  private async protect(hours: 1 | 24): Promise<void> {
    await this.attempt(async () => {
      const { evidence, until } = await this.ctx.api.protect(hours);
      this.saved = evidence;
      tell(this, "gentie-protected", { until, evidence: evidence.id });
    });
  }

  private async unprotect(): Promise<void> {
    await this.attempt(async () => {
      await this.ctx.api.unprotect();
      tell(this, "gentie-protected", { until: null, evidence: this.ctx.evidence });
    });
  }

  private async attempt(what: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      await what();
    } catch (problem) {
      this.problem = sayProblem(this.ctx.texts, problem);
    } finally {
      this.busy = false;
    }
    await this.updateComplete;
    this.focus();
  }

  private switchDrafts(event: Event): void {
    this.drafts = (event.target as HTMLInputElement).checked;
    setDrafts(this.drafts);
  }
}

define("gentie-settings", Settings);
