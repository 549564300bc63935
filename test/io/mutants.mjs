/**
 * Reads mutants of files and reports, one line of JSON each, how it went. Runs on the built
 * library in a process of its own: `node mutants.mjs <parents folder> <seed> <from> <to>`.
 * With "malformed" for a seed it reads the files of the folder as they are.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCarbonbookError, makeRandom } from "../../lib/dist/core/index.js";
import { open } from "../../lib/dist/io/index.js";

const [folder, seed, from, to] = process.argv.slice(2);
const parents = readdirSync(folder).sort();
const place = mkdtempSync(join(tmpdir(), "carbonbook-mutants-"));

const FIELDS = [
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0x7f, 0xff, 0xff, 0xff],
  [0, 0, 0, 0x40],
  [0, 0, 0, 0, 0, 0x10, 0, 0],
  [0, 0, 0, 0],
  [1, 0, 0, 0, 0, 0, 0, 0],
];

/** Mutant number `i`: flips, cuts, blown-up fields, moved blocks. */
function mutate(i) {
  const random = makeRandom(Number(seed) * 1_000_003 + i);
  const below = (n) => Math.floor(random.uniform() * n);
  const parent = parents[i % parents.length];
  let bytes = Buffer.from(readFileSync(join(folder, parent)));
  const kind = below(10);
  if (kind === 0) bytes = bytes.subarray(0, below(bytes.length));
  const changes = kind === 0 ? below(2) : 1 + below(4);
  // Headers are where the harm is done: half of the changes fall on the first 2 kB.
  const at = () => below(below(2) === 0 ? Math.min(bytes.length, 2048) : bytes.length);
  for (let c = 0; c < changes && bytes.length > 0; c++) {
    if (kind <= 4) bytes[at()] ^= 1 << below(8);
    else if (kind <= 7) Buffer.from(FIELDS[below(FIELDS.length)]).copy(bytes, at());
    else if (kind === 8) bytes[at()] = below(256);
    else bytes.copyWithin(at(), at(), at() + below(64));
  }
  return { parent, bytes };
}

async function readAll(path) {
  const ds = await open(path);
  let values = 0;
  try {
    for (const v of ds.variables.values()) {
      try {
        const text = v.type === "char" || v.type === "string";
        const { data } = text ? await v.readText() : await v.read();
        values += data.length;
      } catch (error) {
        if (!isCarbonbookError(error)) throw error;
      }
    }
  } finally {
    ds.close();
  }
  return values;
}

for (let i = Number(from); i < Number(to); i++) {
  const whole = seed === "malformed";
  const path = whole ? join(folder, parents[i]) : join(place, "mutant");
  const parent = whole ? parents[i] : undefined;
  const mutant = whole ? { parent } : mutate(i);
  if (!whole) writeFileSync(path, mutant.bytes);
  process.stdout.write(`${JSON.stringify({ i, parent: mutant.parent, begun: true })}\n`);
  const start = performance.now();
  let outcome = "read";
  let detail = "";
  try {
    detail = String(await readAll(path));
  } catch (error) {
    outcome = isCarbonbookError(error) ? "refused" : "crashed";
    detail = outcome === "crashed" ? String(error.stack) : error.message;
  }
  const ms = Math.round(performance.now() - start);
  const rss = Math.round(process.memoryUsage.rss() / 2 ** 20);
  process.stdout.write(
    `${JSON.stringify({ i, parent: mutant.parent, outcome, detail, ms, rss })}\n`,
  );
}
rmSync(place, { recursive: true });
