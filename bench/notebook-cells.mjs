/**
 * Overhead per empty cell: the embedded engine and nbclient run the same notebook of 100 cells on
 * the same kernel (ipykernel), in turns. Prints medians and their ratio. The time between the
 * kernel's own "busy" and "idle" is taken off: it is the kernel's, not the engine's. So is, in a line
 * of its own, what the kernel needs from one cell's "idle" to the next one's "busy" where all cells
 * wait in line: no engine can be faster. Saving after each cell, which nbclient does not do, is
 * measured apart.
 *
 *   node scripts/ready.mjs && node bench/notebook-cells.mjs [pairs]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { embedded, readNotebook, runNotebook } from "carbonbook/notebook";

const CELLS = 100;
const pairs = Number(process.argv[2] ?? 7);
const folder = mkdtempSync(join(tmpdir(), "carbonbook-bench-"));
const input = join(folder, "in.ipynb");
writeFileSync(input, JSON.stringify(makeNotebook()));
const ours = [];
const saving = [];
const peer = [];
const floor = [];
for (let pair = 0; pair < pairs; pair++) {
  ours.push(await engineAlone());
  peer.push(python());
  floor.push(python("floor"));
  saving.push(await withSaving());
}
const perCell = (costs, kind) => (1000 * median(costs.map((c) => c[kind]))) / (CELLS - 1);
for (const kind of ["wall", "cpu"]) {
  const [a, s, b] = [ours, saving, peer].map((costs) => perCell(costs, kind));
  const ratios = ours.map((cost, i) => cost[kind] / peer[i][kind]);
  console.log(
    `${kind}: embedded ${a.toFixed(2)} ms/cell, nbclient ${b.toFixed(2)} ms/cell, ratio ${median(ratios).toFixed(2)}` +
      ` (of ${pairs} pairs: ${ratios.map((r) => r.toFixed(2)).join(" ")}); with a save after each cell ${s.toFixed(2)} ms/cell`,
  );
}
const [beyond, peerBeyond] = [ours, peer].map((costs) =>
  costs.map((cost, i) => ({ wall: cost.wall - floor[i].wall })),
);
console.log(
  `wall beyond the kernel's own ${perCell(floor, "wall").toFixed(2)} ms between two cells: embedded ${perCell(beyond, "wall").toFixed(2)}, ` +
    `nbclient ${perCell(peerBeyond, "wall").toFixed(2)} ms/cell, ratio ${median(beyond.map(({ wall }, i) => wall / peerBeyond[i].wall)).toFixed(2)}`,
);
console.log(
  `load ${loadavg()
    .map((x) => x.toFixed(1))
    .join(" ")}, Node ${process.version}`,
);
async function engineAlone() {
  const notebook = await readNotebook(input);
  const watch = makeWatch();
  for (const cell of notebook.cells) cell.metadata.tags = [];
  await embedded.run({
    notebook,
    kernel: "python3",
    cwd: folder,
    startTimeout: 60,
    events: { onCellStart: () => undefined, onCellEnd: watch.onCell },
  });
  return watch.cost(notebook);
}
async function withSaving() {
  const watch = makeWatch();
  const { notebook } = await runNotebook({
    input,
    output: join(folder, "out.ipynb"),
    kernel: "python3",
    onProgress: (done) => watch.onCell(done - 1),
  });
  return watch.cost(notebook);
}
/** Measures from the end of the first cell to the end of the last. */
function makeWatch() {
  let start = 0;
  let end = 0;
  let startCpu;
  let cpu = 0;
  return {
    onCell(index) {
      if (index === 0) {
        start = performance.now();
        startCpu = process.cpuUsage();
      }
      if (index !== CELLS - 1) return;
      end = performance.now();
      const used = process.cpuUsage(startCpu);
      cpu = (used.user + used.system) / 1e6;
    },
    cost: ({ cells }) => ({ wall: (end - start) / 1000 - busySeconds(cells.slice(1)), cpu }),
  };
}
function busySeconds(cells) {
  const at = (date) => Date.parse(date) / 1000 + Number(/\.\d{3}(\d+)/.exec(date)?.[1] ?? 0) / 1e6;
  const spans = cells.map(
    ({ metadata: { execution } }) =>
      at(execution["iopub.status.idle"]) - at(execution["iopub.status.busy"]),
  );
  return spans.reduce((sum, span) => sum + span, 0);
}

function python(...what) {
  const script = new URL("notebook-cells.py", import.meta.url).pathname;
  const args = [script, input, ...what];
  const { stdout, stderr } = spawnSync("/usr/bin/python3", args, { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}
function makeNotebook() {
  const cells = Array.from({ length: CELLS }, (_, i) => ({
    id: `c${i}`,
    cell_type: "code",
    metadata: {},
    source: "pass",
    outputs: [],
    execution_count: null,
  }));
  const metadata = {
    kernelspec: { name: "python3", display_name: "Python 3", language: "python" },
  };
  return { nbformat: 4, nbformat_minor: 5, metadata, cells };
}
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
