/** Two thousand damaged files: each is refused with a typed error or read, soon and in little memory. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const child = here("./mutants.mjs");
const parents = here("../fixtures/io/parents");
const hostile = `${process.env.CARBONBOOK_DATA_MIRROR ?? ""}/formats/malformed_hdf5`;

interface Outcome {
  readonly i: number;
  readonly parent: string;
  readonly outcome?: "read" | "refused" | "crashed";
  readonly detail: string;
  readonly ms: number;
  readonly rss: number;
}

/** Run in a process whose heap and data segment are limited: no worker's limit bounds wasm. */
function run(folder: string, seed: string, from: number, to: number): Outcome[] {
  const command = `ulimit -d 1500000; exec "$0" --max-old-space-size=512 "$@"`;
  const lines = execFileSync(
    "sh",
    ["-c", command, process.execPath, child, folder, seed, `${from}`, `${to}`],
    { encoding: "utf8", maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "inherit"] },
  );
  const all = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Outcome);
  return all.filter((o) => o.outcome !== undefined);
}

test("two thousand mutants of ten files neither crash nor hang a reader", {
  timeout: 180_000,
}, () => {
  const outcomes = run(parents, "1", 0, 2000);
  expect(outcomes).toHaveLength(2000);
  expect(outcomes.filter((o) => o.outcome === "crashed")).toEqual([]);
  expect(outcomes.filter((o) => o.ms > 5000 || o.rss > 1024)).toEqual([]);
  // The mutants must be worth it: each parent has some that are read and some that are refused.
  const kinds = new Set(outcomes.map((o) => `${o.parent} ${o.outcome}`));
  expect(kinds.size).toBe(20);
});

test.each([
  ["a heap with an object of no length", "109", 885],
  ["a heap with an object of 4 GiB", "118", 589],
  ["dimensions without number", "107", 780],
  ["attributes without number", "111", 826],
  ["texts of a gigabyte", "112", 193],
  ["a list of scales of a gigabyte", "116", 439],
])("%s costs neither time nor memory", (_, seed, i) => {
  const [{ outcome, ms, rss }] = run(parents, seed, i, i + 1) as [Outcome];
  expect({ outcome, soon: ms < 5000, small: rss < 300 }).toEqual({
    outcome: expect.stringMatching(/read|refused/),
    soon: true,
    small: true,
  });
});

test.skipIf(!existsSync(hostile))(
  "files from vulnerability reports neither crash nor hang it",
  () => {
    const outcomes = run(hostile, "malformed", 0, 47);
    expect(outcomes).toHaveLength(47);
    expect(outcomes.filter((o) => o.outcome === "crashed" || o.ms > 5000 || o.rss > 1024)).toEqual(
      [],
    );
  },
);
