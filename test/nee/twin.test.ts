import {
  annualSums,
  COMPONENTS,
  makeDrivers,
  makeInversions,
  makeLandTwin,
  makeSteps,
  meanOf,
  mixTypes,
  monthlyMeans,
  plantShares,
  potentialLight,
  REGIONS,
  regionSums,
  sumColumns,
  UPTON_DRIVERS,
} from "carbonbook/nee";
import { expect, test } from "vitest";

const small = { seed: 5, cellDegrees: 10, years: 4, towers: 20 };
const twin = makeLandTwin(small);
const cells = twin.grid.area.length;
const sums = (field: Float32Array) =>
  regionSums(twin.grid, monthlyMeans(twin.steps, field, cells), twin.steps.daysOfMonth);
const mean = (field: Float32Array) => meanOf(annualSums(sumColumns(sums(field), REGIONS.length)));

test("the same seed gives the same land, another seed another", () => {
  expect(makeLandTwin(small).truth.nee).toEqual(twin.truth.nee);
  expect(makeLandTwin({ ...small, towers: 5 }).truth.nee).toEqual(twin.truth.nee);
  expect(makeLandTwin({ ...small, seed: 6 }).truth.nee).not.toEqual(twin.truth.nee);
});

test("each cell keeps the share of its uptake that its history says", () => {
  const { nee, gpp } = twin.truth;
  for (const c of [0, 10, cells - 1]) {
    let [net, gross] = [0, 0];
    for (let s = 0; s < twin.steps.count; s++) {
      net += nee[s * cells + c]! * twin.steps.days[s]!;
      gross += gpp[s * cells + c]! * twin.steps.days[s]!;
    }
    expect(Math.abs(net / gross + twin.places.kept[c]!)).toBeLessThan(1e-4);
  }
});

test("fire burns 2 PgC a year and uptake is of the right size", () => {
  const fire = regionSums(twin.grid, twin.fire, twin.steps.daysOfMonth);
  expect(meanOf(annualSums(sumColumns(fire, REGIONS.length)))).toBeCloseTo(2, 5);
  expect(mean(twin.truth.gpp)).toBeGreaterThan(110);
  expect(mean(twin.truth.gpp)).toBeLessThan(180);
});

test("pixels of an inversion add up to regions, and its globe is known better than its parts", () => {
  const truth = sums(twin.truth.nee);
  const inversions = makeInversions(twin, 5);
  const errors = inversions.map(({ regions }) => {
    const bias = REGIONS.map((_, r) =>
      meanOf(
        annualSums(
          Float64Array.from({ length: 48 }, (__, m) => regions[m * 18 + r]! - truth[m * 18 + r]!),
        ),
      ),
    );
    return {
      globe: bias.reduce((a, b) => a + b, 0),
      parts: bias.map(Math.abs).reduce((a, b) => a + b, 0),
    };
  });
  for (const { globe, parts } of errors) expect(Math.abs(globe)).toBeLessThan(parts);
  expect(inversions).toHaveLength(5);
});

test("towers are measured at a fifth less than all steps and know all components", () => {
  const [site] = twin.sites;
  const seen = site!.nee.filter(Number.isFinite).length;
  expect(seen).toBeGreaterThan(0.7 * 36 * 3);
  expect(Object.keys(site!.components)).toEqual([...COMPONENTS]);
});

test("sunlight above the air is FAO-56's: 32.2 MJ m⁻² d⁻¹ on 3 September at 20° S", () => {
  expect(potentialLight(-20, 246) * 0.0864).toBeCloseTo(32.2, 0);
  expect(potentialLight(80, 355)).toBe(0);
});

test("shares of plants sum to 1, and mixing takes their weighted mean", () => {
  expect(plantShares(5, 0.6).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  const mixed = mixTypes(Float64Array.of(10, 20, 30, 50), Float64Array.of(0.5, 0.5, 0.1, 0.9), 2);
  expect(Array.from(mixed)).toEqual([20, 47]);
  expect(() => mixTypes(Float64Array.of(1, 2), Float64Array.of(0.5, 0.4), 2)).toThrow(
    /sum of 1.*pixel 0/,
  );
});

test("a leap day keeps its own season and no other day moves", () => {
  const steps = makeSteps(2003, 2, "daily");
  expect(steps.count).toBe(365 + 366);
  expect(steps.stepOfYear[59]).toBe(60); // 1 March 2003
  expect(steps.stepOfYear[365 + 59]).toBe(59); // 29 February 2004
  expect(steps.stepOfYear[365 + 60]).toBe(60); // 1 March 2004
  expect(Math.max(...steps.stepOfYear)).toBe(365);
});

test("recipes take steps, cycles, extremes and products", () => {
  const steps = makeSteps(2001, 2, 1);
  const a = Float32Array.from({ length: 24 }, (_, s) => (s % 12) + (s < 12 ? 0 : 2));
  const b = new Float32Array(24).fill(2);
  const recipe = (operation: "step" | "cycle" | "min" | "max" | "range", ...of: string[]) =>
    ({ name: operation, operation, of }) as const;
  const recipes = [
    recipe("step", "a"),
    recipe("cycle", "a"),
    recipe("min", "a"),
    recipe("max", "a", "b"),
    recipe("range", "a"),
  ];
  const drivers = makeDrivers(recipes, { a, b }, steps);
  expect(Array.from(drivers.subarray(5 * 13, 5 * 14))).toEqual([3, 2, 1, 24, 11]);
  expect(() => makeDrivers([recipe("step", "c")], { a, b }, steps)).toThrow(/one of a, b.*got c/);
  expect(new Set(UPTON_DRIVERS.flatMap(({ of }) => of)).size).toBe(COMPONENTS.length);
});
