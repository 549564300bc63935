/**
 * One training step but for the optimiser of the papers' U-Net (smaller images, SIZE × SIZE) on each engine, and inference
 * at full size; processor seconds, the best of ROUNDS after one to warm up.
 *
 * npx esbuild bench/learn-engines.ts --bundle --platform=node --format=esm --packages=external \
 *   --outfile=runs/bench/learn-engines.mjs
 * SIZE=20 BATCH=2 THREADS=1 node runs/bench/learn-engines.mjs
 */

import { sizeOf } from "../lib/core/index.js";
import { type Engine, initialise, openEngine, toObjective, unet } from "../lib/learn/index.js";
import { inputsOf, type Program } from "../lib/learn/node.js";
import { predictionProgram } from "../lib/learn/prediction.js";
import { gradientProgram } from "../lib/learn/training-program.js";

const size = Number(process.env.SIZE ?? 20);
const batch = Number(process.env.BATCH ?? 2);
const threads = Number(process.env.THREADS ?? 1);
const rounds = Number(process.env.ROUNDS ?? 2);

async function time(engine: Engine, program: Program): Promise<number> {
  const executable = await engine.compile(program);
  const weights = initialise(unet({ channels: 28, size: [100, 100] }), 1);
  const values = Object.fromEntries(
    [...inputsOf(program)].map(([name, { shape }]) => [
      name,
      weights.get(name.replace("state/", "")) ?? {
        data: new Float32Array(sizeOf(shape)).fill(1e-3),
        shape,
      },
    ]),
  );
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= rounds; i++) {
    const before = process.cpuUsage();
    await executable.run(values);
    const { user, system } = process.cpuUsage(before);
    if (i > 0) best = Math.min(best, (user + system) / 1e6);
  }
  await executable.release();
  return best;
}

const network = unet({ channels: 28, size: [size, size] });
const task = {
  network,
  objective: toObjective({ kind: "bhattacharyya", targets: { pdf: 1 } }),
};
const fields = { x: [28, size, size], pdf: [8, size, size] };
const { program } = gradientProgram(task, fields, batch);
const onnx = await openEngine({ threads });
const reference = await time(onnx, program);
console.log(`step ${size} × ${size}, batch ${batch}`);
console.log(`${onnx.description}: ${reference.toFixed(3)} s`);
for (const provider of ["wasm", "cpu"]) {
  const engine = await openEngine({ name: "tfjs", provider });
  const seconds = await time(engine, program);
  const ratio = (seconds / reference).toFixed(1);
  console.log(`${engine.description}: ${seconds.toFixed(3)} s, ${ratio} × as long`);
}
const whole = predictionProgram(unet({ channels: 28, size: [100, 100] }), 8, "running");
const perMap = (await time(onnx, whole)) / 8;
const all = (perMap * 813 * 10).toFixed(0);
console.log(`inference 100 × 100: ${perMap.toFixed(3)} s a map; 813 maps × 10 members ${all} s`);
