import { adoptStyles, type CSSResultOrNative, unsafeCSS } from "lit";
import tokens from "../../../src/gentie/web/static/tokens.css?inline";
import reading from "./reading.css?inline";

/** Constructed style sheets: a strict `style-src` has nothing to say against them. */
export const sheets = [unsafeCSS(tokens), unsafeCSS(reading)];

export function adopt(root: ShadowRoot, more: CSSResultOrNative[] = []): void {
  adoptStyles(root, [...sheets, ...more]);
}
