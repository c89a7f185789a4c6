import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { lean, leanTokens, noPreload } from "./tools/lean.ts";
import { texts } from "./tools/texts.ts";

const ours = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "./", // parts are found beside the script, wherever that is
  plugins: [texts(ours("../src/gentie/locale/zh_CN/widget.po"), ours("src")), lean(), leanTokens(ours("src")), noPreload()],
  build: {
    // An app build, not a library: the library mode leaves white space in ES modules.
    rolldownOptions: {
      input: { widget: ours("src/widget.ts"), count: ours("src/count.ts"), recent: ours("src/recent.ts") },
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        // One file for everything that a reader needs: each one more is a way there and back.
        codeSplitting: { groups: [{ name: "thread", test: /src\/reading\/(?!personal)|src\/door\/door|node_modules\/(@lit|lit)/ }, { name: "line", test: /src\/live\/(line|stream)/ }] },
      },
    },
    outDir: ours("../src/gentie/web/static/dist"),
    emptyOutDir: true,
    modulePreload: false,
    sourcemap: true,
    target: ["chrome87", "safari14", "firefox78"],
  },
  server: { fs: { allow: [ours("..")] } },
  test: { environment: "happy-dom", testTimeout: 60_000, include: ["test/**/*.test.ts"] },
});
