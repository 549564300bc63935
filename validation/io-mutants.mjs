/**
 * Twenty thousand mutants of ten files, in twenty processes whose heap is limited and whose memory
 * is watched; prints what came out and ends with 1 if any crashed, hung over 5 s or took over 1 GiB.
 *
 *   node validation/io-mutants.mjs        (after `npm run build`; more than 7 minutes)
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const child = here("../test/io/mutants.mjs");
const parents = here("../test/fixtures/io/parents");
const counts = {};
const bad = [];
let slowest = 0;
let largest = 0;

for (let seed = 101; seed <= 120; seed++) {
  const args = ["--max-old-space-size=512", child, parents, `${seed}`, "0", "1000"];
  const run = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    timeout: 180_000,
  });
  const lines = run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const done = lines.filter((l) => l.outcome !== undefined);
  for (const o of done) {
    counts[o.outcome] = (counts[o.outcome] ?? 0) + 1;
    slowest = Math.max(slowest, o.ms);
    largest = Math.max(largest, o.rss);
    if (o.outcome === "crashed" || o.ms > 5000 || o.rss > 1024) bad.push({ seed, ...o });
  }
  if (done.length !== 1000) bad.push({ seed, ended: run.status ?? run.signal, last: lines.at(-1) });
}

console.log({ counts, slowest: `${slowest} ms`, largest: `${largest} MiB`, bad });
process.exitCode = bad.length === 0 ? 0 : 1;
