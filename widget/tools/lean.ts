/** What the bundle can do without. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Indentation, which templates would carry into the bundle. In code it means nothing. */
export function lean(): Plugin {
  return {
    name: "gentie-lean",
    enforce: "pre",
    apply: "build",
    transform(code, id) {
      const isOurs = /\/src\/(reading|writing|danmaku|media)\/.*\.ts$/.test(id);
      return isOurs ? { code: code.replace(/\n\s+/g, "\n"), map: null } : undefined;
    },
  };
}

/** Tokens that no style of the widget uses: those of the consoles. */
export function usedTokens(tokens: string, styles: string): string {
  const declaration = /(--gentie-[\w-]+)\s*:([^;{}]*);/g;
  const all = [...tokens.matchAll(declaration)];
  const used = new Set(styles.match(/--gentie-[\w-]+/g));
  for (let before = -1; before !== used.size; ) {
    before = used.size;
    for (const [, name, value] of all) {
      if (used.has(name as string)) for (const other of (value as string).match(/--gentie-[\w-]+/g) ?? []) used.add(other);
    }
  }
  return tokens.replace(declaration, (whole, name: string) => (used.has(name) ? whole : ""));
}

/** The tokens as the widget carries them. @param sources Folder of the styles that use them. */
export function leanTokens(sources: string): Plugin {
  return {
    name: "gentie-lean-tokens",
    enforce: "pre",
    transform(code, id) {
      if (!id.split("?")[0]?.endsWith("/tokens.css")) return undefined;
      const names = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".css"));
      return { code: usedTokens(code, names.map((name) => readFileSync(join(sources, name), "utf8")).join("")), map: null };
    },
  };
}

/**
 * Without Vite's helper that loads the styles and imports of a part beforehand: our parts have no
 * style sheets of their own, and a reader would wait for one more file.
 */
export function noPreload(): Plugin {
  return {
    name: "gentie-no-preload",
    apply: "build",
    configResolved({ plugins }) {
      const all = plugins as Plugin[];
      const at = all.findIndex(({ name }) => name === "native:import-analysis-build");
      if (at < 0) throw new Error("Vite has changed: which plugin adds the preload helper?");
      all.splice(at, 1);
    },
  };
}
