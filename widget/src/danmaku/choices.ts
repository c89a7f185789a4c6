/** What a viewer chooses for themselves. It stays in this browser and changes nothing for others. */
import type { Mode } from "./lanes.ts";
import type { Line } from "./lines.ts";

export interface Choices {
  /** Absent: as the system wishes about motion. */
  on: boolean | null;
  /** Share of the picture's height, 0..1. */
  area: number;
  /** Times the usual speed. */
  speed: number;
  /** Pixels. */
  size: number;
  opacity: number;
  modes: Record<Mode, boolean>;
  /** A word, or /a pattern/. */
  words: string[];
  /** Pseudonyms. */
  people: string[];
  merge: boolean;
  /** Whether the key D switches. */
  key: boolean;
}

export const USUAL: Choices = {
  on: null,
  area: 0.5,
  speed: 1,
  size: 24,
  opacity: 0.9,
  modes: { scroll: true, top: true, bottom: true },
  words: [],
  people: [],
  merge: true,
  key: true,
};
const NAME = "gentie:danmaku";
const MOST_WORDS = 100;
const LONGEST_WORD = 100;
const MOST_REPEATS = 3;

export function readChoices(): Choices {
  try {
    return valid(JSON.parse(localStorage.getItem(NAME) ?? "{}"));
  } catch {
    return USUAL; // storage is off, or holds something else
  }
}

export function keepChoices(choices: Choices): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(choices));
  } catch {
    // it holds for this page only
  }
}

function valid(given: unknown): Choices {
  const all = typeof given === "object" && given !== null ? (given as Partial<Record<keyof Choices, unknown>>) : {};
  const among = (name: "area" | "speed" | "size" | "opacity", least: number, most: number) => {
    const value = Number(all[name] ?? USUAL[name]);
    return value >= least && value <= most ? value : USUAL[name];
  };
  const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === "string").slice(0, MOST_WORDS) : []) as string[];
  const modes = all.modes as Partial<Record<Mode, unknown>> | undefined;
  return {
    on: typeof all.on === "boolean" ? all.on : null,
    area: among("area", 0.1, 1),
    speed: among("speed", 0.25, 4),
    size: among("size", 12, 48),
    opacity: among("opacity", 0.1, 1),
    modes: { scroll: modes?.scroll !== false, top: modes?.top !== false, bottom: modes?.bottom !== false },
    words: texts(all.words),
    people: texts(all.people),
    merge: all.merge !== false,
    key: all.key !== false,
  };
}

/** The words of a list, one in each row. */
export const rowsOf = (text: string): string[] => [...new Set(text.split("\n").map((row) => row.trim()))].filter(Boolean).slice(0, MOST_WORDS);

/**
 * A pattern that cannot hold up the page: short, nothing repeated that repeats in itself, no
 * looking back. Null: it is none of these.
 */
export function patternOf(source: string): RegExp | null {
  const bare = source.replace(/\\[^1-9k]/g, "_").replace(/\[[^\]]*\]/g, "_");
  const repeats = bare.match(/[*+?{]/g)?.length ?? 0;
  if (source.length > LONGEST_WORD || repeats > MOST_REPEATS || /\)[*+?{]|\(\?|\\/.test(bare)) return null;
  try {
    return new RegExp(source, "iu");
  } catch {
    return null;
  }
}

const asPattern = (word: string): string | null => /^\/(.+)\/$/.exec(word)?.[1] ?? null;

/** Rows that are patterns, and cannot be used. */
export const unusable = (words: string[]): string[] =>
  words.filter((word) => {
    const source = asPattern(word);
    return source !== null && !patternOf(source);
  });

/** Whether a line is wanted over the picture. My own always is, unless it was refused. */
export function wanting({ modes, people, words }: Choices): (line: Line) => boolean {
  const blocked = new Set(people);
  const patterns: RegExp[] = [];
  const plain: string[] = [];
  for (const word of words) {
    const source = asPattern(word);
    const pattern = source === null ? null : patternOf(source);
    if (pattern) patterns.push(pattern);
    else if (source === null) plain.push(word.toLowerCase());
  }
  return ({ author, mode, own, refused, text }) => {
    if (own) return refused === undefined;
    if (!modes[mode] || blocked.has(author)) return false;
    const lower = text.toLowerCase();
    return !plain.some((word) => lower.includes(word)) && !patterns.some((pattern) => pattern.test(text));
  };
}
