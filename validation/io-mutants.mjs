/**
 * Twenty thousand mutants of ten files, read by two processes at a time whose memory is limited.
 * Prints a line for each thousand and what came out; ends with 1 if any crashed, took over 5 s or
 * over 1 GiB. What is done is kept in RESULTS: a run that was stopped goes on where it was.
 *
 *   node validation/io-mutants.mjs [RESULTS]     (after `npm run build`; about 100 s of processor time)
 */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SHARES = Array.from({ length: 20 }, (_, i) => 101 + i);
const MUTANTS = 1000;
const LANES = 2;
const SLOWEST = 5000;
const LARGEST = 1024;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const child = here("../test/io/mutants.mjs");
const parents = here("../test/fixtures/io/parents");
const results = process.argv[2] ?? here("../runs/io-mutants.jsonl");
const subject = fingerprint([
  here("../lib/dist/io"),
  here("../lib/dist/core"),
  parents,
  dirname(child),
]);

/** One digest of all files that decide what comes out: results of another build do not count. */
function fingerprint(folders) {
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const name of readdirSync(folder).sort()) {
      if (/\.(js|mjs|nc|h5)$/.test(name))
        hash.update(name).update(readFileSync(join(folder, name)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** The shares that an earlier run finished. */
function readDone() {
  if (!existsSync(results)) return [];
  const lines = readFileSync(results, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line)).filter((share) => share.subject === subject);
}

/** Read mutants `from` to the end in one process; it ends early where one kills or stalls it. */
async function readSome(seed, from, note) {
  const command = `ulimit -d 1500000; exec "$0" --max-old-space-size=512 "$@"`;
  const args = [process.execPath, child, parents, `${seed}`, `${from}`, `${MUTANTS}`];
  const run = spawn("sh", ["-c", command, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise((resolve) => {
    run.once("close", (code, signal) => resolve(signal ?? code));
  });
  let last;
  const watch = setInterval(() => {
    if (last !== undefined && performance.now() - last.since > 4 * SLOWEST) run.kill("SIGKILL");
  }, 500);
  for await (const line of createInterface({ input: run.stdout })) {
    const said = JSON.parse(line);
    if (said.begun) last = { ...said, since: performance.now() };
    else note(said);
    if (!said.begun) last = undefined;
  }
  clearInterval(watch);
  const how = await ended;
  if (last !== undefined) note({ ...last, outcome: "killed", detail: `${how}`, ms: 0, rss: 0 });
  else if (how !== 0) throw new Error(`seed ${seed}: the reader ended with ${how}`);
  return last === undefined ? MUTANTS : last.i + 1;
}

async function readShare(seed) {
  const share = { subject, seed, counts: {}, slowest: 0, largest: 0, bad: [] };
  const note = (o) => {
    share.counts[o.outcome] = (share.counts[o.outcome] ?? 0) + 1;
    share.slowest = Math.max(share.slowest, o.ms);
    share.largest = Math.max(share.largest, o.rss);
    const fine = (o.outcome === "read" || o.outcome === "refused") && o.ms <= SLOWEST;
    if (!fine || o.rss > LARGEST) share.bad.push(o);
  };
  for (let from = 0; from < MUTANTS; ) from = await readSome(seed, from, note);
  return share;
}

const done = readDone();
const queue = SHARES.filter((seed) => !done.some((share) => share.seed === seed));
console.log(`${results}: ${done.length} of ${SHARES.length} shares are done`);
mkdirSync(dirname(results), { recursive: true });

async function lane() {
  for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
    const share = await readShare(seed);
    done.push(share);
    appendFileSync(results, `${JSON.stringify(share)}\n`);
    const { counts, slowest, largest, bad } = share;
    console.log(
      `${done.length * MUTANTS}: seed ${seed}: ${JSON.stringify(counts)}, slowest ${slowest} ms, largest ${largest} MiB, bad ${bad.length}`,
    );
  }
}
await Promise.all(Array.from({ length: LANES }, lane));

const sum = (outcome) => done.reduce((all, share) => all + (share.counts[outcome] ?? 0), 0);
const outcomes = [...new Set(done.flatMap((share) => Object.keys(share.counts)))];
const bad = done.flatMap((share) => share.bad.map((o) => ({ seed: share.seed, ...o })));
console.log({
  counts: Object.fromEntries(outcomes.map((outcome) => [outcome, sum(outcome)])),
  slowest: `${Math.max(...done.map((share) => share.slowest))} ms`,
  largest: `${Math.max(...done.map((share) => share.largest))} MiB`,
  bad,
});
process.exitCode =
  bad.length === 0 && sum("read") + sum("refused") === SHARES.length * MUTANTS ? 0 : 1;
