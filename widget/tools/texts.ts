/** The texts of the widget as modules: what reading needs, what danmaku needs, and the rest. One catalogue for all. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { type Catalogue, readPo } from "./po.ts";

const NAME = "virtual:gentie-texts/";

/** Every text that sources translate: arguments of t(), n() and msg(). */
export function textsIn(source: string): string[] {
  const call = /\b(?:t|n|msg)\(\s*("(?:[^"\\]|\\.)*")/g;
  return [...source.matchAll(call)].map((found) => JSON.parse(found[1] as string) as string);
}

export function textsBelow(folder: string): Set<string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return new Set(names.flatMap((name) => textsIn(readFileSync(join(folder, name), "utf8"))));
}

/** The parts of a catalogue, as the browser loads them. What danmaku shares with others is in both. */
export function split(all: Catalogue, sources: string): { reading: Catalogue; danmaku: Catalogue; pictures: Catalogue; rest: Catalogue } {
  const below = (folder: string) => textsBelow(join(sources, folder));
  const reading = below("reading");
  const danmaku = below("danmaku");
  const media = below("media");
  const others = new Set(["writing", "door", "live"].flatMap((folder) => [...below(folder)]));
  const part = (wanted: (text: string) => boolean) => Object.fromEntries(Object.entries(all).filter(([text]) => wanted(text)));
  return {
    reading: part((text) => reading.has(text)),
    danmaku: part((text) => danmaku.has(text) && !reading.has(text)),
    pictures: part((text) => media.has(text) && !reading.has(text) && !others.has(text)),
    rest: part((text) => !reading.has(text) && (others.has(text) || !(danmaku.has(text) || media.has(text)))),
  };
}

/** A template for translators: every text, to be answered by its translation. */
export function template(all: Catalogue): Catalogue {
  return Object.fromEntries(Object.entries(all).map(([text, found]) => [text, typeof found === "string" ? "" : { one: "", other: "" }]));
}

/** @param catalogue Path of the Chinese texts. @param sources Folder of the sources. */
export function texts(catalogue: string, sources: string): Plugin {
  const read = () => readPo(readFileSync(catalogue, "utf8"));
  return {
    name: "gentie-texts",
    resolveId: (id) => (id.startsWith(NAME) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${NAME}`)) return undefined;
      this.addWatchFile(catalogue);
      const part = id.slice(NAME.length + 1) as keyof ReturnType<typeof split>;
      return `export default ${JSON.stringify(split(read(), sources)[part])}`;
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "texts.json", source: `${JSON.stringify(template(read()), null, 1)}\n` });
    },
  };
}
