import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { render as renderNodes } from "../reading/ast.ts";
import { define, Inner } from "../reading/base.ts";
import { sayProblem, tell } from "../reading/context.ts";
import type { Comment, Revision } from "../reading/types.ts";

/** What a comment said before: every text of it that was public, oldest first. */
export class History extends Inner {
  static override properties: PropertyDeclarations = {
    comment: { attribute: false },
    revisions: { state: true },
    problem: { state: true },
  };

  declare comment: Comment;
  /** Null: not here yet. */
  declare revisions: Revision[] | null;
  declare problem: string;

  constructor() {
    super();
    this.revisions = null;
    this.problem = "";
  }

  override focus(): void {
    this.querySelector<HTMLElement>(".panel")?.focus();
  }

  protected override async firstUpdated(): Promise<void> {
    try {
      this.revisions = (await this.ctx.api.history(this.comment.id)).revisions;
    } catch (problem) {
      this.problem = sayProblem(this.ctx.texts, problem);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="panel" role="region" aria-label=${this.t("How it was changed")} aria-busy=${this.revisions || this.problem ? "false" : "true"} tabindex="-1">
      <p class="title">${this.t("How it was changed")}</p>
      <ol class="past">
        ${(this.revisions ?? []).map((one) => this.renderRevision(one))}
      </ol>
      <p class="problem" role="alert">${this.problem}</p>
      <button type="button" class="act" @click=${() => tell(this, "gentie-cancel", {})}>${this.t("Close")}</button>
    </div>`;
  }

  private renderRevision({ body, number, published_at: at }: Revision): TemplateResult {
    return html`<li>
      <p class="how">${this.t("Version {n}", { n: number })} · <time datetime=${at}>${this.ctx.texts.date(at)}</time></p>
      <div class="body" dir="auto" lang=${this.comment.lang ?? ""}>${renderNodes(body)}</div>
    </li>`;
  }
}

define("gentie-history", History);
