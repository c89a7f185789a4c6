import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { readPo } from "./tools/po.ts";

const ours = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CATALOGUE = ours("../src/gentie/locale/zh_CN/widget.po");
const TEXTS = "virtual:gentie-texts";

/** The Chinese texts as a module, compiled from the catalogue that the server uses too. */
function texts(): Plugin {
  return {
    name: "gentie-texts",
    resolveId: (id) => (id === TEXTS ? `\0${TEXTS}` : undefined),
    load(id) {
      if (id !== `\0${TEXTS}`) return undefined;
      this.addWatchFile(CATALOGUE);
      return `export default ${JSON.stringify(readPo(readFileSync(CATALOGUE, "utf8")))}`;
    },
  };
}

export default defineConfig({
  plugins: [texts()],
  build: {
    // An app build, not a library: the library mode leaves white space in ES modules.
    rolldownOptions: {
      input: { widget: ours("src/widget.ts") },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js", codeSplitting: false },
    },
    outDir: ours("../src/gentie/web/static/dist"),
    emptyOutDir: true,
    modulePreload: false,
    sourcemap: true,
    target: ["chrome87", "safari14", "firefox78"],
  },
  server: { fs: { allow: [ours("..")] } },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"] },
});
