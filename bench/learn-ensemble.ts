/**
 * Inference of an ensemble of the papers' U-Net (28 channels of 100 × 100), median and spread included:
 * MAPS maps by MEMBERS members, and what 813 maps by 10 members take at that rate.
 *
 * npx esbuild bench/learn-ensemble.ts --bundle --platform=node --format=esm --packages=external \
 *   --outfile=runs/bench/learn-ensemble.mjs
 * WIDTHS=64,128,256 KERNEL=5 MAPS=96 MEMBERS=2 THREADS=2 node runs/bench/learn-ensemble.mjs
 */

import { makeRandom } from "../lib/core/index.js";
import { initialise, openEngine, predictEnsemble, unet } from "../lib/learn/index.js";

const { env } = process;
const widths = (env.WIDTHS ?? "64,128,256").split(",").map(Number);
const kernel = Number(env.KERNEL ?? 5);
const maps = Number(env.MAPS ?? 96);
const members = Number(env.MEMBERS ?? 2);
const side = 100;

/** Multiplications and additions of one map [GFLOP]. */
function flopOfMap(): number {
  const cells = (level: number) => (side / 2 ** level) ** 2;
  const last = widths.length - 1;
  let total = 0;
  for (const [level, width] of widths.entries()) {
    const before = level === 0 ? 28 : widths[level - 1]!;
    const down = before + width;
    // The way up takes what came down, and as much again from below, which a 2 × 2 kernel brings up.
    const up = level === last ? 0 : 3 * width;
    const rise = level === last ? 0 : widths[level + 1]!;
    total += cells(level) * width * (kernel ** 2 * (down + up) + rise);
  }
  return (2 * (total + cells(0) * widths[0]! * 8 * kernel ** 2)) / 1e9;
}

const network = unet({ channels: 28, size: [side, side], widths, kernel });
const models = Array.from({ length: members }, (_, seed) => {
  return { network, weights: initialise(network, seed) };
});
const random = makeRandom(1);
const data = new Float32Array(maps * 28 * side * side).map(() => random.uniform() - 0.5);
const engine = await openEngine({ threads: Number(env.THREADS ?? 2) });
const [start, before] = [performance.now(), process.cpuUsage()];
await predictEnsemble(
  models,
  { x: { data, shape: [maps, 28, side, side] } },
  { batchNorm: "running", batchSize: 8, normalise: "maps", engine },
);
const seconds = (performance.now() - start) / 1e3;
const { user, system } = process.cpuUsage(before);
const each = seconds / (maps * members);
console.log(`${network.name}, ${maps} maps × ${members} members: ${engine.description}`);
console.log(
  `${seconds.toFixed(1)} s (processor ${((user + system) / 1e6).toFixed(1)} s), ` +
    `${(flopOfMap() / each).toFixed(0)} GFLOP/s of ${flopOfMap().toFixed(1)} GFLOP a map`,
);
console.log(`813 maps × 10 members at this rate: ${(813 * 10 * each).toFixed(0)} s`);
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
