import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import type { House } from "../api.ts";
import { Inner } from "./base.ts";

/** How long reviews took here lately. Says nothing where too little is known. */
export class Wait extends Inner {
  static override properties: PropertyDeclarations = { wait: { state: true } };

  declare wait: House["review"]["wait"];

  constructor() {
    super();
    this.wait = null;
  }

  protected override async firstUpdated(): Promise<void> {
    const house = await this.ctx.api.rules().catch(() => null); // an extra: a comment is sent without it
    this.wait = house?.review.wait ?? null;
  }

  protected override render(): TemplateResult {
    if (!this.wait) return html``;
    const { count, median_seconds } = this.wait;
    const minutes = Math.ceil(median_seconds / 60);
    return html`${this.t("Half of the last {count} reviews here took at most {minutes} min.", { count, minutes })}`;
  }
}

customElements.define("gentie-wait", Wait);
