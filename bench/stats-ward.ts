/** Ward on n points in 3 dimensions: CPU seconds and peak memory. Argument: n, 10725 by default. */
import { makeRandom } from "../lib/core/index.js";
import { ward } from "../lib/stats/index.js";

const n = Number(process.env.N ?? 10725);
const rounds = Number(process.env.ROUNDS ?? 5);
const random = makeRandom(1);
const points = Float64Array.from({ length: 3 * n }, () => random.normal());
const empty = process.resourceUsage().maxRSS / 1024;
for (let round = 0; round < rounds; round++) {
  const before = process.cpuUsage();
  const { merges } = ward(points, 3);
  const { user, system } = process.cpuUsage(before);
  const top = merges[4 * (n - 2) + 2]!;
  console.log(`n ${n}: ${((user + system) / 1e6).toFixed(3)} s CPU, root height ${top.toFixed(6)}`);
}
const peak = process.resourceUsage().maxRSS / 1024;
console.log(
  `peak memory ${peak.toFixed(0)} MB, of which ${empty.toFixed(0)} MB before the first run`,
);
