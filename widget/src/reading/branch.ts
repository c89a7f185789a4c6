import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { define, Inner } from "./base.ts";
import { tell } from "./context.ts";
import * as state from "./state.ts";
import type { Item, Mine, Own } from "./types.ts";

/** A first comment with its answers in one rail. What happens in one branch draws no other. */
export class BranchElement extends Inner {
  static override properties: PropertyDeclarations = {
    root: { attribute: false },
    mine: { attribute: false },
    own: { attribute: false },
    unfolded: { attribute: false },
  };

  declare root: Item;
  declare mine: Mine;
  /** What I wrote here and others do not see. */
  declare own: Own[] | undefined;
  declare unfolded: ReadonlySet<string>;

  protected override render(): TemplateResult {
    const { own, root } = this;
    const rail = state.railOf(root);
    if (!rail.length && !own?.length && !root.more_replies) return this.renderItem(root);
    const names = new Map(rail.map((one) => [one.id, state.isTombstone(one) ? "" : one.author.name]));
    return html`${this.renderItem(root)}
      <ul class="replies">
        ${repeat(rail, (one) => one.id, (one) => html`<li>${this.renderItem(one, names.get(one.parent ?? "") ?? "")}</li>`)}
        ${repeat(own ?? [], (one) => one.id, (one) => html`<li>${renderOwn(this, one)}</li>`)}
        ${root.more_replies ? html`<li>${this.renderMore(rail.length)}</li>` : nothing}
      </ul>`;
  }

  private renderMore(shown: number): TemplateResult {
    const rest = this.root.reply_count - shown;
    return html`<button type="button" class="more" part="more" @click=${() => tell(this, "gentie-replies", { root: this.root })}>
      ${rest > 0 ? this.ctx.texts.n("Show {n} more reply", "Show {n} more replies", rest) : this.t("Show more replies")}
    </button>`;
  }

  private renderItem(item: Item, answers = ""): TemplateResult {
    const { ctx, mine, unfolded } = this;
    const own = state.ownOf(mine, item.id);
    return html`<gentie-comment
      .ctx=${ctx}
      .item=${item}
      .own=${own}
      .answers=${answers}
      .folded=${mine.folded?.find((one) => one.id === item.id)?.why ?? ""}
      .limit=${mine.limits?.[item.id] ?? ""}
      ?opened=${unfolded.has(item.id)}
      ?agreed=${mine.votes.includes(item.id)}
      ?quiet=${Boolean(own && mine.hide_votes)}
    ></gentie-comment>`;
  }
}

export function renderOwn({ ctx }: Pick<Inner, "ctx">, own: Own): TemplateResult {
  return html`<gentie-comment .ctx=${ctx} .item=${own} .own=${own} private></gentie-comment>`;
}

define("gentie-branch", BranchElement);
