/** Texts, numbers and times in the reader's language. English is the source: it is the key. */
import type { Said } from "./types.ts";

/** Marks a text that is translated where it is shown, so that the catalogue is complete. */
export const msg = (text: string): string => text;

export type Values = Record<string, string | number>;

/** Text -> its translation; one that counts -> a translation for each plural form ("one", "other"). */
export type Catalogue = Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>;

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const RTL = /^(ar|dv|fa|he|iw|ks|ku|ps|sd|ug|ur|yi)\b/;

export class Texts {
  /** What this element really speaks, for `lang` and `dir`. */
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  private found: Catalogue = {};
  private readonly span: Intl.RelativeTimeFormat;
  private readonly whole: Intl.NumberFormat;
  private readonly full: Intl.DateTimeFormat;
  private readonly plurals: Intl.PluralRules;
  private waiting: Promise<void> | null = null;

  /**
   * @param asked A BCP 47 tag.
   * @param first What reading needs. Absent: English.
   * @param rest Fetches what everything else needs, when it is needed.
   */
  constructor(
    asked: string,
    first: Catalogue | null = null,
    private readonly rest: () => Promise<Catalogue | null> = async () => null,
  ) {
    this.lang = first ? asked : "en";
    this.dir = RTL.test(this.lang) ? "rtl" : "ltr";
    this.found = first ?? {};
    this.span = new Intl.RelativeTimeFormat(this.lang, { numeric: "auto" });
    this.whole = new Intl.NumberFormat(this.lang);
    this.full = new Intl.DateTimeFormat(this.lang, { dateStyle: "long", timeStyle: "short" });
    this.plurals = new Intl.PluralRules(this.lang);
  }

  /** Have the texts of every part, not only those of reading. */
  complete(): Promise<void> {
    this.waiting ??= this.rest().then((more) => this.add(more));
    return this.waiting;
  }

  add(more: Catalogue | null): void {
    this.found = { ...this.found, ...more };
  }

  /** The text with its {places} filled. */
  t(text: string, values: Values = {}): string {
    const found = this.found[text];
    return fill(typeof found === "string" && found ? found : text, values);
  }

  /** The form of the text for a number, which also fills {n}. */
  n(one: string, many: string, n: number, values: Values = {}): string {
    const found = this.found[one];
    const forms = typeof found === "object" ? found : { one, other: many };
    const text = forms[this.plurals.select(n)] ?? forms.other ?? many;
    return fill(text, { ...values, n: this.whole.format(n) });
  }

  get isChinese(): boolean {
    return this.lang.startsWith("zh");
  }

  /** What the service says in both of its languages. */
  pick(said: Said): string {
    return this.isChinese ? said.zh : said.en;
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
