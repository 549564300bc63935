/**
 * Runs a notebook's cells in order, then each once more, from the last to the first, in the same kernel:
 * what a reader does who goes back. Prints the cells that fail or say something else the second time;
 * ends with 1 if any fails.
 *
 *   node validation/rerun-cells.mjs 05-biome-clustering [run folder]       (after `npm run build`)
 *
 * The run folder (runs/rerun by default) keeps what earlier notebooks left: 02 needs 01, 03 needs 02,
 * 04 needs 03.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runNotebook } from "../lib/dist/notebook/index.js";

const [name, folder = "runs/rerun"] = process.argv.slice(2);
const root = fileURLToPath(new URL("..", import.meta.url));
const runFolder = resolve(folder);
for (const part of ["artifacts", "figures", "models"])
  mkdirSync(join(runFolder, part), { recursive: true });
const notebook = JSON.parse(readFileSync(join(root, "notebooks", `${name}.ipynb`), "utf8"));
const code = notebook.cells.filter((cell) => cell.cell_type === "code");
const sources = code.map(({ source }) =>
  [source].flat().join("").replace('"../runs/interactive"', JSON.stringify(runFolder)),
);
const order = [...sources.keys(), ...[...sources.keys()].reverse()];
notebook.cells = order.map((index, place) => ({
  ...{ cell_type: "code", execution_count: null, id: `p${place}`, outputs: [] },
  // a cell that fails the second time does not keep the others from their turn
  ...{ metadata: place < sources.length ? {} : { tags: ["raises-exception"] } },
  source: sources[index],
}));
const input = join(runFolder, `${name}-again.ipynb`);
writeFileSync(input, JSON.stringify(notebook));
const cwd = join(root, "notebooks");
const began = performance.now();
const { notebook: ran, failure } = await runNotebook({ input, cwd, saves: "at-end" });
writeFileSync(input, JSON.stringify(ran));
if (failure !== undefined) {
  console.log(`cell ${failure.cell} failed the first time: ${failure.ename}: ${failure.evalue}`);
  process.exit(1);
}
const cells = ran.cells.filter(({ id }) => /^p\d+$/.test(id));
/** What a cell says in words, without how long it took. */
const wordsOf = ({ outputs }) =>
  outputs
    .map((output) => output.text ?? output.data?.["text/plain"] ?? "")
    .join("\n")
    .replace(/[\d.]+ (ms|s|min)\b/g, "");
let broken = 0;
for (const [place, index] of order.entries()) {
  if (place < sources.length) continue;
  const [first, again] = [cells[index], cells[place]];
  const error = again.outputs.find((output) => output.output_type === "error");
  const head = sources[index].split("\n")[0];
  if (error !== undefined) {
    broken++;
    console.log(`cell ${index} breaks: ${error.ename}: ${error.evalue}\n    ${head}`);
  } else if (wordsOf(first) !== wordsOf(again)) {
    console.log(`cell ${index} says something else: ${wordsOf(first)} | ${wordsOf(again)}`);
  }
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`${name}: ${sources.length} cells run twice in ${seconds} s, ${broken} break`);
process.exitCode = broken === 0 ? 0 : 1;
