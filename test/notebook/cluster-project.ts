/** A small project for the tests of tasks and clusters: TypeScript notebooks, one of them with a loop. */

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder, writeSample } from "./samples.js";

const TYPESCRIPT = {
  kernelspec: { name: "carbonbook", display_name: "TypeScript", language: "typescript" },
  language_info: { name: "typescript" },
};

/** Rounds of the loop: the middle one may do what a test asks for by a file in the run's folder. */
const ROUNDS = `
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

export async function square({ index, parameters, runFolder }) {
  await setTimeout(parameters.wait);
  if (existsSync(\`\${runFolder}/fail-\${index}\`)) throw new Error("told to fail");
  if (existsSync(\`\${runFolder}/swell-\${index}\`)) await swell(runFolder, index);
  return { square: index * index, values: Float64Array.from([index, parameters.scale]) };
}

export function half({ index, count, earlier, report }) {
  report(0.5);
  const own = earlier.squares.filter((_, i) => i % count === index);
  return own.reduce((sum, { square }) => sum + square, 0);
}

async function swell(runFolder, index) {
  const held = [];
  for (let i = 0; i < 30; i++) {
    held.push(Buffer.alloc(10_000_000, i));
    await setTimeout(100);
  }
  writeFileSync(\`\${runFolder}/swollen-\${index}\`, String(held.length));
}
`;

const SUM = `
import { writeFileSync } from "node:fs";
import { runTasks } from "carbonbook/parallel";
const squares = await runTasks<{ square: number; values: Float64Array }>({
  name: "squares", module: "./rounds.mjs", run: "square", count,
  parameters: { scale, wait }, runFolder,
});
const sum = squares.reduce((total, { square }) => total + square, 0);
writeFileSync(runFolder + "/artifacts/sum.txt", sum + " " + squares.at(-1)!.values.join(" "));
`;

/** What a second loop adds, whose rounds come after the squares. */
const HALVES = `
const halves = await runTasks<number>({
  name: "halves", module: "./rounds.mjs", run: "half", count: 2,
  parameters: { scale }, runFolder, earlier: { squares },
});
writeFileSync(runFolder + "/artifacts/halves.txt", halves.join(" "));
`;

const DOUBLE = `
import { readFileSync, writeFileSync } from "node:fs";
const text = readFileSync(runFolder + "/artifacts/sum.txt", "utf8");
writeFileSync(runFolder + "/artifacts/double.txt", text + "\\n" + text);
`;

/** How large the loop is. */
export interface ClusterProjectOptions {
  readonly count?: number;
  /** of a round [ms] */
  readonly wait?: number;
  /** of a round as declared [s] */
  readonly seconds?: number;
  /** "two": the notebook has a second loop, which comes after the first */
  readonly loops?: "one" | "two";
  /** whether the project holds the library, as this one does, or only installs it */
  readonly library?: "own" | "installed";
}

/** Make the project: 01-sum with a loop of squares, 02-double that needs it, 03-apart that needs nothing. */
export function makeClusterProject(options: ClusterProjectOptions = {}): string {
  const { count = 6, wait = 0, seconds, loops = "one", library: place = "own" } = options;
  const root = makeFolder();
  mkdirSync(join(root, "notebooks"));
  mkdirSync(join(root, "node_modules"));
  const library = fileURLToPath(new URL("../../lib", import.meta.url));
  if (place === "own") symlinkSync(library, join(root, "lib"));
  symlinkSync(library, join(root, "node_modules", "carbonbook"));
  writeFileSync(join(root, "notebooks", "rounds.mjs"), ROUNDS);
  const lines = [
    'let runFolder: string = "";',
    `let count: number = ${count};`,
    "let scale: number = 2;",
    `let wait: number = ${wait};`,
  ];
  const parameters = { source: lines.join("\n"), tags: ["parameters"] };
  const put = (name: string, cell: string, carbonbook: object) => {
    const path = join(root, "notebooks", `${name}.ipynb`);
    writeSample(path, [parameters, cell], { ...TYPESCRIPT, carbonbook });
  };
  const loop = { name: "squares", module: "./rounds.mjs", run: "square", count: "count" };
  const second = { name: "halves", module: "./rounds.mjs", run: "half", count: 2 };
  const first = { ...loop, ...(seconds !== undefined && { seconds }) };
  const isTwo = loops === "two";
  put("01-sum", isTwo ? SUM + HALVES : SUM, {
    study: "s1",
    outputs: ["artifacts/sum.txt", ...(isTwo ? ["artifacts/halves.txt"] : [])],
    tasks: isTwo ? [first, { ...second, after: ["squares"] }] : [first],
  });
  put("02-double", DOUBLE, { inputs: ["artifacts/sum.txt"], outputs: ["artifacts/double.txt"] });
  const apart =
    'await import("node:fs").then((fs) => fs.writeFileSync(runFolder + "/artifacts/apart.txt", "x"));';
  put("03-apart", apart, { study: "s3", outputs: ["artifacts/apart.txt"] });
  return root;
}
