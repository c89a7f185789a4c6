import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { define, Inner } from "../reading/base.ts";
import { tell } from "../reading/context.ts";
import { msg } from "../reading/i18n.ts";

/** Glyphs of the reader's own system: nothing is fetched. */
const GROUPS: [string, string][] = [
  [msg("Faces"), "😀 😄 😁 😅 😂 🙂 😉 😊 😍 😘 😋 😜 🤔 🤨 😐 😏 🙄 😬 😌 😴 😷 🤒 🥵 🥶 😎 🤓 😕 😟 😮 😳 🥺 😢 😭 😱 😤 😡 🤯 🥳 🤗 🤫"],
  [msg("People and hands"), "👋 👌 ✌️ 🤞 👍 👎 👏 🙌 🙏 🤝 💪 ✍️ 👀 🙋 🤷 🙇 🧑‍🍳 🧑‍⚕️ 🧑‍🏫 🧑‍🔧 👶 🧒 🧓 👪"],
  [msg("Nature and food"), "🐱 🐶 🐼 🐦 🐟 🐝 🌱 🌳 🌸 🌙 ☀️ ⛅ 🌧️ ❄️ 🔥 🌈 🍎 🍚 🍜 🥟 🍵 ☕ 🎂 🍻"],
  [msg("Things and signs"), "❤️ 💔 ⭐ ✨ 🎉 🎁 🎵 📚 📷 🚲 🚌 🚄 ✈️ 🏠 ⚽ 🏆 💡 ⏰ ✅ ❌ ❓ ❗ 💯 🔗"],
];
const WIDE = 8;
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: WIDE, ArrowUp: -WIDE };

/** A grid to choose from with keys or fingers. It stays open until it is closed. */
export class Emoji extends Inner {
  static override properties: PropertyDeclarations = { at: { state: true } };

  /** Which one the keys are on. */
  declare at: number;

  constructor() {
    super();
    this.at = 0;
  }

  override focus(): void {
    this.buttons[this.at]?.focus();
  }

  private get buttons(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("button")];
  }

  protected override render(): TemplateResult {
    let at = -1;
    return html`<div class="emoji" role="group" aria-label=${this.t("Emoji")} @keydown=${this.pressed}>
      ${GROUPS.map(
        ([name, glyphs]) =>
          html`<p aria-hidden="true">${this.t(name)}</p>
            <div role="group" aria-label=${this.t(name)}>
              ${glyphs.split(" ").map((glyph) => {
                at += 1;
                return html`<button type="button" tabindex=${at === this.at ? "0" : "-1"} @click=${() => this.picks(glyph)}>${glyph}</button>`;
              })}
            </div>`,
      )}
    </div>`;
  }

  private picks(glyph: string): void {
    tell(this, "gentie-pick", { emoji: glyph });
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      tell(this, "gentie-cancel", {});
      return;
    }
    const there = this.target(event);
    if (there < 0 || there >= this.buttons.length) return;
    event.preventDefault();
    this.at = there;
    this.focus();
  }

  /** Where a key leads. -1: nowhere. */
  private target({ key }: KeyboardEvent): number {
    if (key === "Home") return 0;
    if (key === "End") return this.buttons.length - 1;
    const rtl = this.ctx.texts.dir === "rtl" && key !== "ArrowDown" && key !== "ArrowUp";
    const step = STEPS[key] ?? 0;
    return step ? this.at + (rtl ? -step : step) : -1;
  }
}

define("gentie-emoji", Emoji);
