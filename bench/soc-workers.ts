/**
 * Site-by-site assimilation on one and on two worker threads, by the clock and in processor time.
 *
 *   npx esbuild bench/soc-workers.ts --format=esm > bench/.run.mjs && node bench/.run.mjs
 */
import { assimilateSites, makeSoilTwin } from "carbonbook/soc";

const { profiles } = makeSoilTwin({ seed: 1, profiles: 160, cellDegrees: 5 });
for (const repeat of [1, 2, 3]) {
  const took = new Map<number, number>();
  for (const workers of [1, 2]) {
    const start = performance.now();
    const before = process.cpuUsage();
    await assimilateSites(profiles, { sampler: "published", steps: 50_000, seed: repeat, workers });
    took.set(workers, (performance.now() - start) / 1000);
    const user = process.cpuUsage(before).user / 1e6;
    console.log(
      `${workers} worker(s): ${took.get(workers)!.toFixed(1)} s, ${user.toFixed(1)} s of processor`,
    );
  }
  console.log(`  ${(took.get(1)! / took.get(2)!).toFixed(2)} × faster`);
}
