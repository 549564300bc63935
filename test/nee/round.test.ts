import { openEngine } from "carbonbook/learn";
import {
  bridgeStability,
  decoupling,
  fitBridges,
  joinPairs,
  joinTrials,
  joinUpscaling,
  makeLandTwin,
  operatorOf,
  pairRound,
  prepareStudy,
  REGIONS,
  regionRound,
  trainPairs,
  upscale,
  upscaleRound,
} from "carbonbook/nee";
import type { TaskInput } from "carbonbook/parallel";
import { expect, test } from "vitest";

const SIZES = {
  ...{ seed: 3, cellDegrees: 10, years: 5, perMonth: 1, towers: 30, epochs: 1, threads: 1 },
  ...{ bridgeR2: 0.9, bridgeIntercept: "none" as const, bridgeDraws: 2 },
} as const;

/** All rounds of a loop, one after the other. */
async function rounds<R>(
  run: (input: TaskInput) => R | Promise<R>,
  count: number,
  earlier: TaskInput["earlier"] = {},
): Promise<R[]> {
  const told = { parameters: SIZES, runFolder: "", earlier, report: () => undefined };
  const all: R[] = [];
  for (let index = 0; index < count; index++) {
    all.push(await run({ ...told, index, count, signal: new AbortController().signal }));
  }
  return all;
}

test("the loops' rounds put together are what the study computes in one go", async () => {
  const study = prepareStudy(makeLandTwin(SIZES), SIZES.seed);
  const engine = await openEngine({ threads: 1 });
  const options = { seed: SIZES.seed, epochs: SIZES.epochs, members: 2, engine };
  const whole = await upscale(study, options);
  const upscaling = await rounds(upscaleRound, 2);
  expect(joinUpscaling(study, upscaling)).toEqual(whole);

  const monthly = { field: whole.field, days: study.twin.steps.daysOfMonth };
  const regions = await rounds(regionRound, REGIONS.length, { upscaling });
  const trials = joinTrials(regions);
  const own = { seed: SIZES.seed, r2: SIZES.bridgeR2, intercept: SIZES.bridgeIntercept };
  expect(trials.bridges).toEqual(fitBridges(study.twin.grid, monthly, own));
  const draws = { seed: SIZES.seed, r2: 0.95, draws: SIZES.bridgeDraws };
  expect(trials.counts).toEqual(bridgeStability(study.twin.grid, monthly, draws));

  const pairs = structuredClone(await rounds(pairRound, 2, { regions }));
  const operator = operatorOf(study, trials.bridges);
  for (const { ecAtm, gaps } of pairs) {
    const { grid, steps } = study.twin; // the one epoch is the best
    const field = ecAtm.field.subarray(0, 12 * grid.area.length);
    const year = decoupling(operator, grid, field, steps.daysOfMonth.subarray(0, 12));
    expect(gaps.map(({ epoch }) => epoch)).toEqual([1]);
    expect(gaps[0]!.gap).toBeCloseTo(year.globalGap, 4);
  }
  expect(joinPairs(study, pairs)).toEqual(await trainPairs(study, operator, options));
});
