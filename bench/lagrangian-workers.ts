/**
 * How the throughput grows with workers: the same run of across² particles (201² by default, 3 d in
 * steps of 120 s) with 1 and 2 (or as many as given), in interleaved pairs. Wall clock means
 * something on idle cores only; the CPU seconds of all threads say on any machine what the workers
 * cost beyond the work itself.
 *
 *   npx esbuild bench/lagrangian-workers.ts --bundle --platform=node --format=esm \
 *     --packages=external --tsconfig-raw='{}' --outfile=runs/workers.mjs && node runs/workers.mjs [workers] [pairs] [across]
 */
import { loadavg } from "node:os";
import { backtrack, releasePatch } from "carbonbook/lagrangian";
import { eddyOcean } from "../validation/lagrangian/scheme-cases.js";

const [most = 2, pairs = 5, across = 201] = process.argv.slice(2).map(Number);
const ocean = eddyOcean(3);
const trap = { east: 400e3, north: 400e3, depth: 1000 };
const release = releasePatch(ocean, trap, { side: 200e3, across });
const seconds: number[][] = [[], []];
const cpu: number[][] = [[], []];
for (let pair = 0; pair < pairs; pair++) {
  for (const [n, workers] of [1, most].entries()) {
    const start = process.hrtime.bigint();
    const usage = process.cpuUsage();
    await backtrack(ocean, release, { duration: 3 * 86400, timeStep: 120, workers });
    seconds[n]!.push(Number(process.hrtime.bigint() - start) / 1e9);
    const { user, system } = process.cpuUsage(usage);
    cpu[n]!.push((user + system) / 1e6);
  }
}
const best = seconds.map((list) => Math.min(...list));
const steps = (release.count * 3 * 86400) / 120;
console.log(
  `1 worker: ${(steps / best[0]! / 1e6).toFixed(2)}e6 particle-steps/s (best of ${pairs})`,
);
console.log(
  `${most} workers: ${(steps / best[1]! / 1e6).toFixed(2)}e6, × ${(best[0]! / best[1]!).toFixed(2)}`,
);
const [one, many] = cpu.map((list) => Math.min(...list));
console.log(
  `CPU seconds ${one!.toFixed(2)} and ${many!.toFixed(2)}, × ${(many! / one!).toFixed(2)}`,
);
console.log(`load ${loadavg()[0]!.toFixed(1)}`);
