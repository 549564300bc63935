/**
 * The relations of docs/twins/land.md, judged on three seeds that were not looked at while building:
 * `node validation/nee-relations.ts` after a build (or through any TypeScript runner). Prints one line
 * a seed and bridge, then the verdicts.
 */

import { openEngine } from "carbonbook/learn";
import {
  annualSums,
  type BridgeOptions,
  detrend,
  deviationOf,
  fitBridges,
  type LandField,
  type LandStudy,
  makeLandTwin,
  meanAnnual,
  meanOf,
  operatorOf,
  prepareStudy,
  REGIONS,
  rmse,
  scorePixels,
  scoreTowers,
  seasonalCycleOf,
  seriesOf,
  trainPairs,
  upscale,
} from "carbonbook/nee";

const SEEDS = [11, 12, 13];
const RECIPES: Readonly<Record<string, Omit<BridgeOptions, "seed">>> = {
  published: { r2: 0.95, intercept: "free" },
  tight: { r2: 0.99, intercept: "none" },
};

/** Mean annual flux of a place [PgC a⁻¹]. */
const sink = (field: Pick<LandField, "regions">, place: string) =>
  meanOf(annualSums(seriesOf(field, place)));

/** RMSE of the mean season of a region, its mean taken off. */
function seasonMiss(model: LandField, truth: LandField, code: string): number {
  const centred = (field: LandField) => {
    const cycle = seasonalCycleOf(seriesOf(field, code));
    const mean = meanOf(cycle);
    return cycle.map((v) => v - mean);
  };
  return rmse(centred(model), centred(truth));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function judge(study: LandStudy, { ec, ecAtm }: Awaited<ReturnType<typeof trainPairs>>) {
  const { truth, towers, inversions, twin } = study;
  const [free, held, real] = [ec, ecAtm, truth].map((field) => sink(field, "globe")) as [
    number,
    number,
    number,
  ];
  const at = (values: Float32Array) => scoreTowers(towers, values, twin.sites).rmse;
  const ratio = (belt: string) =>
    median(
      REGIONS.filter((region) => region.belt === belt).map(
        ({ code }) => seasonMiss(ecAtm, truth, code) / seasonMiss(ec, truth, code),
      ),
    );
  const variation = (field: LandField) =>
    deviationOf(detrend(annualSums(seriesOf(field, "globe"))));
  const tropics = inversions.map((inversion) => sink(inversion, "tropics"));
  const four = meanOf(tropics.slice(0, -1));
  const pull = (sink(ecAtm, "tropics") - four) / (tropics.at(-1)! - four);
  const towersOf = [at(ec.atTowers), at(ecAtm.atTowers)] as const;
  const { grid, steps } = twin;
  const cells = grid.area.length;
  const mapOf = (field: LandField) => meanAnnual(field.field, steps.daysOfMonth, cells);
  const pixel = [ec, ecAtm].map((f) => scorePixels(mapOf(f), mapOf(truth), grid.area).rmse);
  return {
    numbers: {
      ec: free,
      ecAtm: held,
      truth: real,
      towers: towersOf,
      season: [ratio("tropics"), ratio("extratropics")],
      variation: [variation(ec), variation(ecAtm), variation(truth)],
      tropics: [
        sink(ec, "tropics"),
        sink(ecAtm, "tropics"),
        sink(truth, "tropics"),
        four,
        tropics.at(-1),
      ],
      pull,
      gaps: ecAtm.members.map((member) => member.decoupling.globalGap),
      pixel,
    },
    holds: {
      "EC is far too strong (by construction)": free - real < -5,
      "EC-ATM is near the truth":
        Math.abs(held - real) <= 1 && Math.abs(held - real) <= Math.abs(free - real) / 5,
      "tower scores do not suffer": towersOf[1] <= 1.05 * towersOf[0],
      "the tropics' season improves most": ratio("tropics") < ratio("extratropics"),
      "variation stays too small (by construction)": variation(ecAtm) < 0.8 * variation(truth),
      "one inversion pulls the tropics": pull > 0.2,
    },
  };
}

const engine = await openEngine({ threads: 1 });
const verdicts = new Map<string, boolean[]>();
for (const seed of SEEDS) {
  const study = prepareStudy(makeLandTwin({ seed }), seed);
  const options = { seed, members: 3, epochs: 20, engine };
  const upscaling = await upscale(study, { ...options, members: 2 });
  const days = study.twin.steps.daysOfMonth;
  for (const [name, recipe] of Object.entries(RECIPES)) {
    const field = { field: upscaling.field, days };
    const bridges = fitBridges(study.twin.grid, field, { ...recipe, seed });
    const pairs = await trainPairs(study, operatorOf(study, bridges), options);
    const { numbers, holds } = judge(study, pairs);
    const short = (_: string, v: unknown) => (typeof v === "number" ? Number(v.toFixed(3)) : v);
    console.log(seed, name, JSON.stringify(numbers, short));
    for (const [relation, held] of Object.entries(holds)) {
      const key = `${name}: ${relation}`;
      verdicts.set(key, [...(verdicts.get(key) ?? []), held]);
    }
  }
}
for (const [key, held] of verdicts) {
  console.log(
    held.every(Boolean) ? "holds  " : "differs",
    key,
    held.map((h) => (h ? "+" : "-")).join(""),
  );
}
