/**
 * The Slurm executor on a cluster of two nodes on this machine (environment/slurm/cluster.sh):
 * overhead per job and per packed task against running the same tasks here, and strong scaling of
 * the backtracker from one node to two. As root, with Debian's slurm-wlm and munge:
 *
 *   npx esbuild bench/slurm.ts --bundle --platform=node --format=esm --packages=external \
 *     --outfile=bench/slurm.mjs && node bench/slurm.mjs overhead|scaling [particles of a shard]
 *
 * Times are from the task files: from the first task's start to the last one's end.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readTask } from "carbonbook/parallel";

const [, , what = "overhead", given = "4000"] = process.argv;
const particles = Number(given);
const bin = resolve("lib/bin/carbonbook.js");
const script = resolve("environment/slurm/cluster.sh");

/** Shards of the published experiment's size a cell: 130 × 130 × 40, RK4, 120 s, four days. */
const ROUNDS = `
import { makeRandom } from "carbonbook/core";
import { backtrack, RK4 } from "carbonbook/lagrangian";
import { closedFormOcean } from "carbonbook/ocean";

export const nothing = ({ index }) => index;

const DAY = 86400;
const eddies = {
  name: "eddies",
  u: (t, x, y, z) => 0.2 * Math.exp(z / 900) * (Math.sin(y / 9e3 + t / 4e5) + Math.cos(x / 15e3)),
  v: (t, x, y, z) => 0.2 * Math.exp(z / 900) * (Math.cos(x / 11e3 - t / 4e5) + Math.sin(y / 7e3)),
  w: (t, x, y, z) => 1e-4 * Math.sin(x / 8e3) * Math.cos(y / 9e3) * Math.sin((Math.PI * z) / 4000),
};

export async function shard({ index }) {
  const count = ${particles};
  const heights = Array.from({ length: 41 }, (_, k) => 4000 * (k / 40 - 1));
  const flat = closedFormOcean(eddies, { nx: 130, ny: 130, dx: 2000, times: [0, DAY / 2], heights });
  const frames = [await flat.frame(0), await flat.frame(1)];
  const ocean = { ...flat, frame: async (n) => frames[n] };
  const random = makeRandom(index + 1);
  const fill = (of) => Float64Array.from({ length: count }, of);
  let x = 0;
  for (let span = 0; span < 8; span++) {
    const release = {
      count, x: fill(() => 20 + 90 * random.uniform()), y: fill(() => 20 + 90 * random.uniform()),
      depth: fill(() => 250 + 750 * random.uniform()), time: fill(() => DAY / 2), trap: new Int32Array(count),
    };
    const tracks = await backtrack(ocean, release, {
      sinkingSpeed: 50 / DAY, duration: DAY / 2, timeStep: 120, scheme: RK4,
    });
    x += tracks.origin.x[0];
  }
  return x;
}
`;

const folder = mkdtempSync(join(tmpdir(), "carbonbook-bench-"));
const env = { ...process.env, SLURM_CONF: join(folder, "cluster", "slurm.conf") };
const act = (...args: string[]) =>
  execFileSync(script, [args[0]!, join(folder, "cluster"), ...args.slice(1)], { env });
mkdirSync(join(folder, "cluster"));
act("start");
try {
  if (what === "scaling") await scaling();
  else {
    await overhead(1000, 0.4, 0.05);
    await overhead(20, 0, 1);
  }
} finally {
  act("stop");
  rmSync(folder, { recursive: true, force: true });
}

/** `count` tasks that do nothing, packed into jobs of some minutes, against the same here. */
async function overhead(count: number, packMinutes: number, seconds: number): Promise<void> {
  const local = project("nothing", count, seconds);
  const here = wall(() => carbonbook("run-task", "--root", local, "01-loop/rounds"));
  const root = project("nothing", count, seconds);
  const there = wall(() => slurm(root, packMinutes));
  const kernel = wall(() => carbonbook("run-task", "--root", local, "01-loop"));
  const extra = (1000 * (there - kernel - here)) / count;
  report(
    `${count} empty tasks, packed to ${packMinutes} min: here ${here.toFixed(1)} s, Slurm ${(there - kernel).toFixed(1)} s, ${extra.toFixed(1)} ms a task more`,
  );
}

/** Eight shards of the backtracker on one node, then on two. */
async function scaling(): Promise<void> {
  const spans: number[] = [];
  for (const nodes of [1, 2, 1, 2]) {
    const state = nodes === 1 ? "drain" : "resume";
    execFileSync("scontrol", ["update", "nodename=node2", `state=${state}`, "reason=bench"], {
      env,
    });
    const root = project("shard", 8, 100);
    slurm(root, 0);
    const runs = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        readTask(join(root, "runs/quick"), `01-loop/rounds/${i}`),
      ),
    );
    const times = runs.map((run) => [run!.result.start, run!.result.end].map(Date.parse));
    const span =
      Math.max(...times.map(([, end]) => end!)) - Math.min(...times.map(([start]) => start!));
    const work = runs.reduce((sum, run) => sum + run!.result.seconds, 0);
    spans.push(span / 1000);
    report(
      `8 shards of ${particles} particles on ${nodes} node(s): ${(span / 1000).toFixed(1)} s, sum of the tasks ${work.toFixed(1)} s`,
    );
  }
  report(
    `1 node over 2: ${(spans[0]! / spans[1]!).toFixed(2)} and ${(spans[2]! / spans[3]!).toFixed(2)}`,
  );
}

function project(run: string, count: number, seconds: number): string {
  const root = mkdtempSync(join(folder, "project-"));
  for (const name of ["notebooks", "node_modules"]) mkdirSync(join(root, name));
  symlinkSync(resolve("lib"), join(root, "node_modules", "carbonbook"));
  writeFileSync(join(root, "notebooks", "rounds.mjs"), ROUNDS);
  const tasks = [{ name: "rounds", module: "./rounds.mjs", run, count, seconds }];
  const metadata = {
    kernelspec: { name: "carbonbook", display_name: "TypeScript", language: "typescript" },
    language_info: { name: "typescript" },
    carbonbook: { tasks },
  };
  const cell = {
    id: "a",
    cell_type: "code",
    metadata: {},
    source: "1",
    outputs: [],
    execution_count: null,
  };
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata, cells: [cell] };
  writeFileSync(join(root, "notebooks", "01-loop.ipynb"), JSON.stringify(notebook));
  return root;
}

function slurm(root: string, packMinutes: number): void {
  const file = join(root, "cluster.yaml");
  writeFileSync(
    file,
    `memory: 1500\npollSeconds: 0.5\nprobeSeconds: 0\npackMinutes: ${packMinutes}\n`,
  );
  carbonbook("reproduce", "--root", root, "--executor", "slurm", "--cluster", file);
}

function carbonbook(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

function wall(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function report(line: string): void {
  console.log(`${line} (load ${loadavg()[0]!.toFixed(0)})`);
}
