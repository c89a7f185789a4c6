import { unsafeCSS } from "lit";
import tokens from "../../src/gentie/web/static/tokens.css?inline";
import thread from "./thread.css?inline";

/** Constructed style sheets: a strict `style-src` has nothing to say against them. */
export const sheets = [unsafeCSS(tokens), unsafeCSS(thread)];
