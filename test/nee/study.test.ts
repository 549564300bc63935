import { openEngine } from "carbonbook/learn";
import {
  climatologyOf,
  fitBridges,
  fitRidge,
  isCoupled,
  landField,
  makeLandTwin,
  operatorOf,
  pickRows,
  plantMix,
  predictRidge,
  prepareStudy,
  REGIONS,
  scoreColumns,
  scoreSites,
  scoreTowers,
  seasonalCycleOf,
  seriesOf,
  towerTable,
  trainPairs,
  upscale,
} from "carbonbook/nee";
import { expect, test } from "vitest";

const study = prepareStudy(
  makeLandTwin({ seed: 3, cellDegrees: 10, years: 6, perMonth: 1, towers: 30 }),
  3,
);
const { twin } = study;

test("a pair predicts only towers it did not see, and each member is checked for its bridges", async () => {
  const engine = await openEngine({ threads: 1 });
  const options = { seed: 1, members: 2, epochs: 2, repeats: 1, engine };
  const { field } = await upscale(study, { ...options, members: 1 });
  const days = twin.steps.daysOfMonth;
  const bridges = fitBridges(twin.grid, { field, days }, { seed: 1, folds: 3 });
  const { ec, ecAtm } = await trainPairs(study, operatorOf(study, bridges), options);
  const seen = new Set(study.towers.site.filter((_, row) => Number.isFinite(ec.atTowers[row]!)));
  expect(seen.size).toBe(6); // two folds of three sites
  for (const { accepted, decoupling } of ecAtm.members)
    expect(accepted).toBe(isCoupled(decoupling));
  expect(ec.members[0]!.variances).toEqual({});
});

test("a climatology repeats the mean season of every region, and tables have a row for each place", () => {
  const flat = climatologyOf(study.truth);
  const cycle = seasonalCycleOf(seriesOf(study.truth, "BRA"));
  const repeated = seriesOf(flat, "BRA");
  for (let m = 0; m < 24; m++) expect(repeated[m]).toBeCloseTo(cycle[m % 12]!, 12);
  const scores = [{ key: "annualRmse", name: "RMSE", units: "PgC" }] as const;
  const columns = scoreColumns([flat], study.truth, scores);
  expect(columns.map(({ values }) => values.length)).toEqual([
    REGIONS.length + 3,
    REGIONS.length + 3,
  ]);
  expect(landField(twin, "again", study.truth.field).regions).toEqual(study.truth.regions);
});

test("plants on weighted cells are shares of 100 %", () => {
  const mix = plantMix(twin, twin.grid.area);
  expect(mix.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 3);
});

test("ridge without a penalty is least squares, and shrinks with one", () => {
  const x = Float32Array.of(1, 0, 0, 1, 1, 1, 2, 1);
  const y = Float32Array.of(3, 2, 4, 6).map((v) => v + 0);
  const free = fitRidge(x, y, { features: 2, lambda: 0 });
  const residual = predictRidge(free, x).map((v, i) => v - y[i]!);
  for (const k of [0, 1]) {
    const along = residual.reduce((sum, r, i) => sum + r * x[2 * i + k]!, 0);
    expect(Math.abs(along)).toBeLessThan(1e-5);
  }
  const held = fitRidge(x, y, { features: 2, lambda: 100 });
  expect(Math.hypot(...held.coefficients)).toBeLessThan(Math.hypot(...free.coefficients));
  expect(held.intercept).toBeCloseTo(
    3.75 - held.coefficients[0]! - held.coefficients[1]! * 0.75,
    5,
  );
});

test("what is predicted within sites and between them comes apart", () => {
  const sites = ["a", "b"].map((name, i) => ({ name, nee: Float64Array.of(i, i + 2) }));
  const table = towerTable(sites, [new Float32Array(2), new Float32Array(2)], 1);
  const swapped = Float32Array.of(1, 3, 0, 2); // seasons right, means of the sites swapped
  expect(scoreSites(table, swapped).within).toBe(1);
  expect(scoreSites(table, swapped).between).toBe(-3);
  expect(scoreTowers(table, swapped, [{ type: "ENF" }, { type: "GRA" }]).rmse).toBe(1);
  expect(pickRows(table, Int32Array.of(3)).y[0]).toBe(3);
});

test("sites without a valid flux are named", () => {
  const none = { name: "XX-Non", nee: Float64Array.of(Number.NaN) };
  expect(() => towerTable([none], [new Float32Array(1)], 1)).toThrow(/XX-Non/);
});
