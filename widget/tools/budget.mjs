/** Fails the build when a first load has become heavier than people on a bad line should wait for. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET = { "widget.js": 25 * 1024 };
const dist = new URL("../../src/gentie/web/static/dist/", import.meta.url);

for (const [name, most] of Object.entries(BUDGET)) {
  const size = gzipSync(readFileSync(fileURLToPath(new URL(name, dist))), { level: 9 }).length;
  const line = `${name}: ${size} of ${most} bytes (gzip)`;
  if (size > most) {
    console.error(`${line}: over the budget`);
    process.exitCode = 1;
  } else {
    console.log(line);
  }
}
