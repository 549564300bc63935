import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRandom } from "carbonbook/core";
import { writeNetcdf } from "carbonbook/io";
import {
  applyOperator,
  bridgeOperator,
  bridgeStability,
  condense,
  decoupling,
  fitBridges,
  isCoupled,
  makeLandGrid,
  makeOperator,
  REGIONS,
  readFootprints,
  regionOperator,
  regionSums,
} from "carbonbook/nee";
import { expect, test } from "vitest";

const grid = makeLandGrid(10);
const cells = grid.area.length;
const days = Float64Array.from({ length: 60 }, (_, m) => [31, 28, 31, 30][m % 4]!);

/** Seasons that depend on latitude, with noise of their own. */
function field(seed: number): Float32Array {
  const random = makeRandom(seed);
  return Float32Array.from({ length: 60 * cells }, (_, p) => {
    const season = Math.cos((2 * Math.PI * Math.floor(p / cells)) / 12);
    return -Math.sin(grid.latitude[p % cells]! / 30) * season - 0.3 + 0.2 * random.normal();
  });
}

test("the region operator gives regional sums, and its rows add up to the globe", () => {
  const own = field(1);
  const seen = applyOperator(regionOperator(grid), own, days);
  const sums = regionSums(grid, own, days);
  for (let p = 0; p < sums.length; p++) expect(seen[p]).toBeCloseTo(sums[p]!, 9);
  const none = decoupling(regionOperator(grid), grid, own, days);
  expect(Math.abs(none.globalGap)).toBeLessThan(1e-6);
  expect(isCoupled(none)).toBe(true);
});

test("bridges explain what was asked for with some of the candidates", () => {
  const bridges = fitBridges(grid, { field: field(2), days }, { seed: 1, candidates: 20 });
  expect(bridges).toHaveLength(REGIONS.length);
  for (const bridge of bridges) {
    expect(bridge.r2).toBeGreaterThanOrEqual(0.95);
    expect(bridge.cells.length).toBeLessThanOrEqual(bridge.candidates);
    expect(Array.from(bridge.cells).every((c) => grid.region[c] === bridge.region)).toBe(true);
  }
});

test("a region that is exactly a few of its pixels is recovered, wherever the field goes", () => {
  const area = new Float64Array(cells);
  const marked = REGIONS.map((_, r) => grid.region.indexOf(r));
  for (const c of marked) area[c] = 1e12;
  const sparse = { ...grid, area };
  const options = { seed: 3, candidates: 1000, intercept: "none", r2: 0.9999 } as const;
  const bridges = fitBridges(sparse, { field: field(4), days }, options);
  const other = field(5).map((v) => v + 1);
  const seen = applyOperator(bridgeOperator(bridges, cells), other, days);
  const truth = regionSums(sparse, other, days);
  for (let p = 0; p < truth.length; p++) expect(seen[p]).toBeCloseTo(truth[p]!, 2);
});

test("pixels that are drawn again and again count how often they contribute", () => {
  const options = { seed: 1, candidates: 20, draws: 5 };
  const counts = bridgeStability(grid, { field: field(2), days }, options);
  expect(Math.max(...counts)).toBeLessThanOrEqual(5);
  expect(counts.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(5 * REGIONS.length);
});

test("a bridge that cannot be built says which, and an operator refuses cells that are not there", () => {
  const noise = Float32Array.from({ length: 60 * cells }, (_, p) => Math.sin(p * p));
  const options = { seed: 1, candidates: 2, clusters: 1 };
  expect(() => fitBridges(grid, { field: noise, days }, options)).toThrow(
    /bridge of .*more candidates/,
  );
  expect(() => makeOperator([{ name: "a", cells: [7], weights: [1] }], 7)).toThrow(/row a.*0 to 6/);
});

test("an operator on the pixels it looks at gives the same as on all", () => {
  const row = { name: "tower", cells: [5, 3], weights: [2, -1], offset: 4 };
  const operator = makeOperator([row], cells);
  const { cells: own, operator: small } = condense(operator);
  expect(Array.from(own)).toEqual([3, 5]);
  const all = field(6);
  const few = Float32Array.from(
    { length: 60 * 2 },
    (_, p) => all[Math.floor(p / 2) * cells + own[p % 2]!]!,
  );
  expect(applyOperator(small, few, days)).toEqual(applyOperator(operator, all, days));
});

test("a user's footprints are read, dense or sparse, and must fit the grid", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nee-footprint-"));
  const dense = join(folder, "dense.nc");
  await writeNetcdf(dense, {
    dimensions: { observation: 2, cell: 3 },
    variables: {
      footprint: { dimensions: ["observation", "cell"], data: Float64Array.of(0, 2, 0, 1, 0, 3) },
    },
  });
  const sparse = join(folder, "sparse.nc");
  const entry = (data: Float64Array) => ({ dimensions: ["entry"], data });
  await writeNetcdf(sparse, {
    dimensions: { entry: 3 },
    variables: {
      row: entry(Float64Array.of(0, 1, 1)),
      cell: entry(Float64Array.of(1, 0, 2)),
      weight: entry(Float64Array.of(2, 1, 3)),
    },
  });
  const pulse = Float64Array.of(1, 10, 100);
  for (const path of [dense, sparse]) {
    const seen = applyOperator(await readFootprints(path, 3), pulse, [1]);
    expect(Array.from(seen)).toEqual([20, 301]);
  }
  await expect(readFootprints(dense, 4)).rejects.toThrow(/observations, 4/);
});
