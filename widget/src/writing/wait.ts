import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import type { House } from "../reading/types.ts";
import { define, Inner } from "../reading/base.ts";

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

define("gentie-wait", Wait);
