import { LitElement, type PropertyDeclarations } from "lit";
import type { Context } from "./context.ts";

/**
 * An element that lives inside the thread's shadow tree and renders into itself: it shares the
 * thread's style sheets, and ids and parts work across the whole thread.
 */
export class Inner extends LitElement {
  static override properties: PropertyDeclarations = { ctx: { attribute: false } };

  declare ctx: Context;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected t(text: string, values?: Record<string, string | number>): string {
    return this.ctx.texts.t(text, values);
  }
}

/** A name may be given once in a page: a second copy of this script changes nothing. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
