import { unsafeCSS } from "lit";
import writing from "./writing.css?inline";

export const sheet = unsafeCSS(writing);
