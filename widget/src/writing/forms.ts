/** What opens under a comment, or in its place. */
import { html, nothing, type TemplateResult } from "lit";
import type { CommentElement } from "../reading/comment.ts";
import { tell } from "../reading/context.ts";
import type { Comment } from "../reading/types.ts";

export function renderForm(at: CommentElement, comment: Comment): TemplateResult | typeof nothing {
  const { ctx } = at;
  const { texts } = ctx;
  const { id } = comment;
  const close = (event: Event) => {
    event.stopPropagation();
    void at.show("");
  };
  switch (at.open) {
    case "reply":
      return html`<gentie-composer
        .ctx=${ctx}
        .parent=${id}
        .label=${texts.t("Reply to {name}", { name: comment.author.name })}
        @gentie-cancel=${close}
        @gentie-sent=${() => void at.show("")}
      ></gentie-composer>`;
    case "edit":
      return html`<gentie-composer
        .ctx=${ctx}
        .editing=${id}
        .initial=${at.own?.text ?? comment.text}
        .label=${texts.t("Edit your comment")}
        @gentie-cancel=${close}
        @gentie-sent=${() => void at.show("")}
      ></gentie-composer>`;
    case "report":
      return html`<gentie-report .ctx=${ctx} .subject=${id} @gentie-cancel=${close}></gentie-report>`;
    case "person":
      return html`<gentie-person
        .ctx=${ctx}
        .comment=${comment}
        .folded=${at.folded}
        .limit=${at.limit}
        ?own=${Boolean(at.own)}
        @gentie-cancel=${close}
      ></gentie-person>`;
    case "history":
      return html`<gentie-history .ctx=${ctx} .comment=${comment} @gentie-cancel=${close}></gentie-history>`;
    case "withdraw":
      return html`<p class="confirm">
        ${texts.t("Withdraw it for good?")}
        <button type="button" class="btn danger" @click=${() => tell(at, "gentie-withdraw", { id })}>${texts.t("Withdraw")}</button>
        <button type="button" class="btn quiet" @click=${close}>${texts.t("Keep it")}</button>
      </p>`;
    default:
      return nothing;
  }
}
