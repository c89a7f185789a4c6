/** Texts, numbers and times in the reader's language. English is the source: it is the key. */
import zh from "virtual:gentie-texts";
import type { Said } from "./api.ts";

/** Marks a text that is translated where it is shown, so that the catalogue is complete. */
export const msg = (text: string): string => text;

export type Values = Record<string, string | number>;

const MINUTE = 60;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", MINUTE],
];

export class Texts {
  private readonly found: Record<string, string | string[]>;
  private readonly span: Intl.RelativeTimeFormat;
  private readonly whole: Intl.NumberFormat;
  private readonly full: Intl.DateTimeFormat;

  /** @param lang A BCP 47 tag. Anything but Chinese is answered in English. */
  constructor(readonly lang: string) {
    this.found = lang.startsWith("zh") ? zh : {};
    const spoken = lang.startsWith("zh") ? lang : "en";
    this.span = new Intl.RelativeTimeFormat(spoken, { numeric: "auto" });
    this.whole = new Intl.NumberFormat(spoken);
    this.full = new Intl.DateTimeFormat(spoken, { dateStyle: "long", timeStyle: "short" });
  }

  /** The text with its {places} filled. */
  t(text: string, values: Values = {}): string {
    const found = this.found[text];
    return fill(typeof found === "string" && found ? found : text, values);
  }

  /** The form of the text for a number, which also fills {n}. */
  n(one: string, many: string, n: number, values: Values = {}): string {
    const found = this.found[one];
    const text = Array.isArray(found) ? (found[0] ?? many) : n === 1 ? one : many;
    return fill(text, { ...values, n: this.whole.format(n) });
  }

  /** What the service says in both languages. */
  pick(said: Said): string {
    return this.lang.startsWith("zh") ? said.zh : said.en;
  }

  number(n: number): string {
    return this.whole.format(n);
  }

  date(iso: string): string {
    return this.full.format(new Date(iso));
  }

  /** "12 minutes ago". */
  ago(iso: string, now: number = Date.now()): string {
    const seconds = (now - Date.parse(iso)) / 1000;
    for (const [unit, length] of UNITS) {
      if (seconds >= length) return this.span.format(-Math.floor(seconds / length), unit);
    }
    return this.t("just now");
  }
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The language for an element: its own, its page's, the browser's. */
export function langOf(element: Element): string {
  const said = element.closest("[lang]")?.getAttribute("lang");
  return said || document.documentElement.lang || navigator.language || "en";
}
