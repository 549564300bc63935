import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  agreementOf,
  biasOf,
  CLM5_DEFAULTS,
  cellPlaces,
  clm45Layers,
  landGrid,
  makeSoilTwin,
  pairLayers,
  poolDraws,
  readClm5Defaults,
  recoveryOf,
  runMethods,
  storageTo,
  variedCarbon,
} from "carbonbook/soc";
import { expect, test } from "vitest";

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";
const parameterFile = join(mirror, "soil/clm5/clm5_params.c171117.nc");

test("agreement of a line: R² counts shape only, NSE and RMSE count the rest", () => {
  const observed = Float64Array.of(1, 2, 3, 4);
  const exact = agreementOf({ observed, modelled: observed });
  expect(exact).toMatchObject({ rSquared: 1, efficiency: 1, rmse: 0, bias: 0, count: 4 });
  const doubled = agreementOf({ observed, modelled: observed.map((x) => 2 * x) });
  expect(doubled.rSquared).toBeCloseTo(1, 14);
  expect(doubled.efficiency).toBeCloseTo(1 - 30 / 5, 12);
  expect(doubled.rmse).toBeCloseTo(Math.sqrt(30 / 4), 12);
  expect(doubled.bias).toBeCloseTo(2.5, 12);
});

test("storage of a uniform country is density × depth × area", () => {
  const grid = landGrid(2);
  const field = Array.from(grid.cells, () => new Float64Array(10).fill(20_000));
  const area = grid.area.reduce((a, b) => a + b, 0);
  for (const depth of [0.3, 1, 2]) {
    expect(storageTo(grid, field, depth)).toBeCloseTo((20 * depth * area) / 1e12, 9);
  }
});

test("a bias that is the same everywhere is the same in every region and belt", () => {
  const grid = landGrid(1);
  const places = cellPlaces(grid);
  const truth = Float64Array.from(places, ({ latitude }) => latitude);
  const bias = biasOf(grid, places, { modelled: truth.map((x) => x + 2), truth });
  for (const value of [...bias.regions, ...bias.belts]) expect(value).toBeCloseTo(2, 12);
});

test("layers that the model has no carbon in are dropped and counted", () => {
  const { profiles } = makeSoilTwin({ seed: 6, profiles: 2, cellDegrees: 5 });
  const layers = profiles[0]!.depth.length + profiles[1]!.depth.length;
  const field = [new Float64Array(10), new Float64Array(10).fill(5000)];
  const pairs = pairLayers(profiles, field);
  expect(pairs.dropped).toBe(profiles[0]!.depth.length);
  expect(pairs.modelled.length + pairs.dropped).toBe(layers);
  expect(pairs.modelled.every((m) => Math.abs(m - 5) < 1e-12)).toBe(true);
});

test("the truth as a method has no error on the map and against layers without noise", () => {
  const twin = makeSoilTwin({ seed: 7, profiles: 6, cellDegrees: 4 });
  const truth = twin.cells.map((cell) => cell.truth);
  const sites = twin.profiles.map((profile) => profile.truth);
  const methods = [
    { name: "truth", sites, cells: truth },
    { name: "default", defaults: CLM5_DEFAULTS },
  ];
  const { methods: results, trueStorage } = runMethods(methods, {
    twin,
    test: twin.profiles,
    truth,
  });
  expect(results[0]!.trueAgreement.rmse).toBeLessThan(1e-12);
  expect(results[0]!.regionalError).toBe(0);
  expect(results[0]!.storage).toEqual(trueStorage);
  expect(results[1]!.regionalError).toBeGreaterThan(0);
});

test("parameters that leave nothing for wood leave an empty cell, not a wrong one", () => {
  const { cells } = makeSoilTwin({ seed: 7, profiles: 1, cellDegrees: 5 });
  const kp = new Float64Array(25).fill(0.5);
  for (const share of [21, 22, 23]) kp[share] = 0.99;
  const [empty] = variedCarbon(cells.slice(0, 1), [kp]);
  expect(empty!.every(Number.isNaN)).toBe(true);
});

test("pooled draws are draws of the posteriors", () => {
  const posterior = (value: number) => ({
    mean: new Float64Array(25),
    deviation: new Float64Array(25).fill(0.1),
    rhat: new Float64Array(25).fill(1),
    effective: new Float64Array(25).fill(50),
    acceptance: 0.2,
    leastCost: 0,
    draws: new Float64Array(3 * 25).fill(value),
  });
  const sets = poolDraws([posterior(0.2), posterior(0.7)], 30, 1);
  expect(sets).toHaveLength(30);
  expect(new Set(sets.map((set) => set[24]))).toEqual(new Set([0.2, 0.7]));
  const maps = [0.2, 0.4, 0.6].map((x) => new Float64Array(25).fill(x));
  const [first] = recoveryOf([posterior(0.2)], maps, maps);
  expect(first).toMatchObject({ name: "diffus", rhat: 1, effective: 50 });
  expect(first!.width).toBeCloseTo(0.1 * Math.sqrt(12), 12);
  expect(first!.correlation).toBeCloseTo(1, 12);
});

test.skipIf(!existsSync(parameterFile))(
  "CLM5's own file gives the published defaults",
  async () => {
    const read = await readClm5Defaults(parameterFile);
    for (const [name, value] of Object.entries(CLM5_DEFAULTS)) {
      if (name === "beta") continue; // a mean over plants, 0.950; the constant is 0.96
      const got = read[name as keyof typeof read];
      expect(Math.abs(got / value - 1), name).toBeLessThan(2e-3);
    }
    expect(read.beta).toBeCloseTo(0.95, 2);
    expect(clm45Layers().nodes).toHaveLength(10);
  },
);
