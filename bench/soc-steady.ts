/**
 * Steady states and chains of the 2020 model in processor time, on one thread.
 *
 *   npx esbuild bench/soc-steady.ts --format=esm > bench/.run.mjs && node bench/.run.mjs
 */
import {
  makeColumn2020,
  makeMisfitKernel,
  makeSiteCost,
  makeSoilTwin,
  makeSteadyState,
  priorMiddle,
  runChains,
  sensitivity2020,
} from "carbonbook/soc";

const { profiles } = makeSoilTwin({ seed: 1, profiles: 8, cellDegrees: 5 });
const column = makeColumn2020(profiles[0]!.forcing);
const steady = makeSteadyState(10);
const pools = new Float64Array(70);
const kp = priorMiddle();
const rates = column.rates(column.valuesOf(kp));
const weights = new Float64Array(70).fill(1);
const kernel = makeMisfitKernel([{ ...profiles[0]!, weights: profiles[0]!.depth }]);
const cost = makeSiteCost(profiles[0]!);

const cases: readonly (readonly [name: string, times: number, run: () => void])[] = [
  ["kernel: rates and steady state from parameters", 400_000, () => kernel.pools(kp)],
  ["kernel: cost of a profile from parameters", 400_000, () => cost(kp)],
  ["readable form: steady state of given rates", 400_000, () => steady.solve(rates, pools)],
  [
    "readable form: rates and steady state",
    400_000,
    () => steady.solve(column.rates(column.valuesOf(kp)), pools),
  ],
  [
    "all 25 gradients by the adjoint",
    40_000,
    () => sensitivity2020(column, column.valuesOf(kp), weights),
  ],
];
for (const [name, times, run] of cases) {
  const best = Math.min(...[0, 1, 2, 3, 4].map(() => microseconds(times, run)));
  console.log(`${name}: ${best.toFixed(2)} µs`);
}
for (const sampler of ["adaptive", "published"] as const) {
  const best = Math.min(
    ...[1, 2, 3].map((seed) =>
      microseconds(1, () => runChains(cost, { sampler, steps: 50_000, seed })),
    ),
  );
  console.log(`50,000 steps, ${sampler}: ${(best / 1e6).toFixed(3)} s`);
}

/** Processor time of one call, in µs. */
function microseconds(times: number, run: () => void): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) run();
  return process.cpuUsage(before).user / times;
}
