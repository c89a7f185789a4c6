/** Styles and Chinese texts of media: nobody else's page carries them. */
import { type CSSResult, unsafeCSS } from "lit";
import type { Texts } from "../reading/i18n.ts";
import media from "./media.css?inline";

const sheet = unsafeCSS(media);

/** What a part needs before it is drawn. */
export async function ready(texts: Texts, add: (sheet: CSSResult) => void): Promise<void> {
  add(sheet);
  if (texts.isChinese) texts.add((await import("virtual:gentie-texts/pictures")).default);
}
