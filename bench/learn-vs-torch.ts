/**
 * Training steps against PyTorch, in alternating pairs: one (or REPEAT) of ours, one of theirs, and so
 * on; the ratio of each pair, and the median of the ratios. Both by wall time and by processor time,
 * which is fairer on a busy machine.
 *
 * npx esbuild bench/learn-vs-torch.ts --bundle --platform=node --format=esm --packages=external \
 *   --outfile=runs/bench/learn-vs-torch.mjs
 * CASE=unet BATCH=8 THREADS=2 PAIRS=9 node runs/bench/learn-vs-torch.mjs
 * CASE is `unet` (the papers', 28 channels) or the sizes of a perceptron, such as 3-64-128-7; that may be
 * given a DROPOUT (0 to 1) and an OPTIMISER (adam or adadelta). MEMORY=returned gives a step's memory back
 * to the system (`EngineOptions.memory`). Debian's PyTorch multiplies by OpenBLAS,
 * whose threads are its own: BLAS_THREADS and TORCH_THREADS are THREADS unless given. Perceptrons on two
 * cores are fastest there with TORCH_THREADS=1 BLAS_THREADS=2; two of each quarrel.
 */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { makeRandom, type NdArray, sizeOf } from "../lib/core/index.js";
import { dropoutMask } from "../lib/learn/dropout.js";
import { mlp, type Optimiser, openEngine, toObjective, unet } from "../lib/learn/index.js";
import { inputsOf } from "../lib/learn/node.js";
import { gradientProgram, layoutOf } from "../lib/learn/training-program.js";
import { startMoving, startState } from "../lib/learn/training-state.js";

const { env } = process;
const name = env.CASE ?? "unet";
const batch = Number(env.BATCH ?? 8);
const threads = Number(env.THREADS ?? 2);
const pairs = Number(env.PAIRS ?? 9);
const repeat = Number(env.REPEAT ?? 1);
const dropout = Number(env.DROPOUT ?? 0);
const rule = env.OPTIMISER ?? "adam";
const memory = env.MEMORY === "returned" ? "returned" : "kept";
const python = env.PYTHON ?? "/usr/bin/python3";

/** The same step that the Python side makes, as a function. */
async function makeStep(): Promise<() => Promise<void>> {
  const sizes = name.split("-").map(Number);
  const isUnet = name === "unet";
  const network = isUnet
    ? unet({ channels: 28, size: [100, 100] })
    : mlp({ features: sizes[0]!, hidden: sizes.slice(1, -1), outputs: sizes.at(-1)!, dropout });
  const targets = isUnet ? { filtered: 0.8, raw: 0.2 } : {};
  const objective = toObjective(
    isUnet ? { kind: "bhattacharyya", targets } : { kind: "mse", target: "y" },
  );
  const task = { network, objective };
  const fields: Record<string, number[]> = isUnet
    ? { x: [28, 100, 100], filtered: [8, 100, 100], raw: [8, 100, 100] }
    : { x: [sizes[0]!], y: [sizes.at(-1)!] };
  const optimiser: Optimiser =
    rule === "adadelta"
      ? { kind: rule }
      : { kind: "adam", betas: isUnet ? [0.5, 0.999] : [0.9, 0.999] };
  const { program, masks } = gradientProgram(task, fields, batch);
  const engine = await openEngine({ threads, memory });
  console.log(`${network.name}, batch ${batch}: ${engine.description}`);
  const executable = await engine.compile(program);
  const fresh = startState(task, { seed: 1, optimiser });
  const moving = startMoving(layoutOf(task), fresh, { optimiser });
  const values: Record<string, NdArray<Float32Array>> = { ...moving.inputs };
  for (const [input, { shape }] of inputsOf(program)) {
    values[input] ??= { data: new Float32Array(sizeOf(shape)).fill(1e-4), shape };
  }
  // A target that is learnt to the last bit would leave gradients too small for full speed.
  const random = makeRandom(1);
  for (const { data } of isUnet ? [values.x!] : [values.x!, values.y!]) {
    for (let i = 0; i < data.length; i++) data[i] = random.uniform() - 0.5;
  }
  let t = 0;
  return async () => {
    t++;
    for (const [i, mask] of masks.entries()) {
      values[mask.name] = dropoutMask(mask, makeRandom(1, -(t * masks.length + i)));
    }
    await executable.run(values, moving.gradients);
    moving.stepper.step(1e-3, t);
  };
}

const script = "bench/learn-vs-torch.py";
const torchThreads = Number(env.TORCH_THREADS ?? threads);
const options = [script, name, batch, torchThreads, repeat, dropout, rule].map(String);
const child = spawn(python, options, {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...env, OPENBLAS_NUM_THREADS: env.BLAS_THREADS ?? String(threads) },
});
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

/** A rest before each turn, in which the other side's waiting threads stop to spin. */
const REST = 100;

async function theirs(): Promise<[wall: number, cpu: number]> {
  await setTimeout(REST);
  child.stdin.write("\n");
  const [wall, cpu] = ((await lines.next()).value as string).split(" ").map(Number);
  return [wall! / repeat, cpu! / repeat];
}

const step = await makeStep();

async function ours(): Promise<[wall: number, cpu: number]> {
  await setTimeout(REST);
  const [start, before] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < repeat; i++) await step();
  const { user, system } = process.cpuUsage(before);
  return [(performance.now() - start) / 1e3 / repeat, (user + system) / 1e6 / repeat];
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;
await ours();
await theirs();
const rounds: { ours: [number, number]; theirs: [number, number] }[] = [];
for (let i = 0; i < pairs; i++) {
  const round = { ours: await ours(), theirs: await theirs() };
  rounds.push(round);
  const ratios = [0, 1].map((k) => (round.theirs[k]! / round.ours[k]!).toFixed(2));
  console.log(`pair ${i + 1}: wall × ${ratios[0]}, processor × ${ratios[1]}`);
}
for (const [k, label] of ["wall", "processor"].entries()) {
  const times = (side: "ours" | "theirs") => median(rounds.map((round) => round[side][k]!));
  const ratio = median(rounds.map((round) => round.theirs[k]! / round.ours[k]!));
  const [a, b] = [times("ours"), times("theirs")].map((t) => `${(t * 1e3).toPrecision(4)} ms`);
  console.log(`${label}: ours ${a}, PyTorch ${b}, median ratio ${ratio.toFixed(2)}`);
}
child.stdin.end();
const theirPeak = Number((await lines.next()).value);
const ourPeak = process.resourceUsage().maxRSS / 1024;
console.log(`peak memory: ours ${ourPeak.toFixed(0)} MB, PyTorch ${theirPeak.toFixed(0)} MB`);
