/** Fails the build when a part has become heavier than people on a bad line should wait for. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const KB = 1024;
/** Parts that come together, and how heavy they may be together, packed. */
const BUDGETS = [
  ["reading, in English", ["widget", "thread"], 23 * KB],
  ["reading, in Chinese: the first load", ["widget", "thread", "reading"], 25 * KB],
  ["writing", ["composer", "styles", "wait", "rest"], 7 * KB],
  ["signed in", ["personal"], 3 * KB],
  ["signing in from another page", ["signin"], 3 * KB],
  ["live", ["live", "line"], 3 * KB],
  ["danmaku", ["screen"], 12 * KB],
  ["danmaku, its settings", ["panel"], 2 * KB],
  ["danmaku, writing it", ["post"], 2 * KB],
  ["danmaku, what is mine", ["mine"], 2 * KB],
  ["danmaku, its Chinese texts", ["danmaku"], 2 * KB],
  ["pictures, audio and video", ["media", "wave"], 4 * KB],
  ["adding files", ["attach"], 5 * KB],
  ["media, their Chinese texts", ["pictures"], 2 * KB],
  ["emoji", ["emoji"], 2 * KB],
  ["reporting", ["forms", "report"], 3 * KB],
  ["history", ["history"], 1 * KB],
  ["people", ["person"], 2 * KB],
  ["settings", ["settings"], 2 * KB],
  ["count.js", ["count"], 1 * KB],
  ["recent.js", ["recent"], 2 * KB],
];
const dist = process.argv[2] ?? fileURLToPath(new URL("../../src/gentie/web/static/dist", import.meta.url));
const sizes = new Map(
  readdirSync(dist)
    .filter((name) => name.endsWith(".js"))
    .map((name) => [name.replace(/(-[\w-]{8})?\.js$/, ""), gzipSync(readFileSync(join(dist, name)), { level: 9 }).length]),
);
const known = new Set(BUDGETS.flatMap(([, parts]) => parts));

for (const [what, parts, most] of BUDGETS) {
  const size = parts.reduce((sum, part) => sum + (sizes.get(part) ?? Number.NaN), 0);
  const line = `${what}: ${size} of ${most} bytes (gzip)`;
  if (size <= most) console.log(line);
  else fail(`${line}: over the budget, or a part is missing`);
}
for (const part of sizes.keys()) if (!known.has(part)) fail(`${part}.js has no budget`);

function fail(why) {
  console.error(why);
  process.exitCode = 1;
}
