import {
  applyScaler,
  fitRelations,
  fitScaler,
  keptSlopes,
  type OceanMonth,
  screenMonth,
  splitThermal,
  spreadOver,
  tileArea,
  tileCells,
  tileCenter,
  tileGrid,
  winsorise,
} from "carbonbook/biomes";
import { describe, expect, test } from "vitest";
import { makeRandom } from "../../lib/core/index.js";

/** A plane with known slopes in one tile of 5 × 5 cells. */
function planeMonth(change: (month: OceanMonth) => void = () => undefined) {
  const random = makeRandom(3);
  const n = 25;
  const draw = (mean: number, spread: number) =>
    Float64Array.from({ length: n }, () => mean + spread * random.normal());
  const month = {
    temperature: draw(15, 1),
    dic: draw(2000, 8),
    alkalinity: draw(2300, 6),
    fco2: new Float64Array(n),
  };
  for (let i = 0; i < n; i++) {
    const plane =
      13 * (month.temperature[i]! - 15) +
      1.5 * (month.dic[i]! - 2000) -
      1.2 * (month.alkalinity[i]! - 2300);
    month.fco2[i] = 350 + plane + 0.5 * random.normal();
  }
  change(month);
  const latitude = Float64Array.from({ length: n }, (_, i) => 0.5 + Math.floor(i / 5));
  const longitude = Float64Array.from({ length: n }, (_, i) => 0.5 + (i % 5));
  return { month, tiles: tileCells(latitude, longitude, tileGrid(5)) };
}

describe("tiles", () => {
  test("are half-open, and longitudes wrap", () => {
    const grid = tileGrid(2);
    const { cells, starts, outside } = tileCells(
      [-90, 0, 0, 90, 0],
      [-180, 180, 359, 0, Number.NaN],
      grid,
    );
    const tileOf = (cell: number) =>
      starts.findIndex((_, t) => cells.subarray(starts[t]!, starts[t + 1]!).includes(cell));
    expect(grid.rows * grid.columns).toBe(16200);
    expect(tileOf(0)).toBe(0);
    expect(tileCenter(grid, tileOf(1))).toEqual({ latitude: 1, longitude: -179 });
    expect(tileCenter(grid, tileOf(2))).toEqual({ latitude: 1, longitude: -1 });
    expect(outside).toBe(2);
  });
  test("cover the sphere once", () => {
    const grid = tileGrid(5);
    let area = 0;
    for (let tile = 0; tile < grid.rows * grid.columns; tile++) area += tileArea(grid, tile);
    expect(area).toBeCloseTo(4 * Math.PI, 10);
  });
  test("a size that does not divide 180° is refused", () => {
    expect(() => tileGrid(7)).toThrow(/divisor of 180/);
  });
  test("values spread over all tiles", () => {
    expect(spreadOver(tileGrid(90), [3, 0], [7, 8], -1)).toEqual(
      new Float64Array([8, -1, -1, 7, -1, -1, -1, -1]),
    );
  });
});

describe("local relations", () => {
  test("find the slopes that were put in", () => {
    const { month, tiles } = planeMonth();
    const relations = fitRelations(tiles, month);
    const slopes = keptSlopes(relations);
    expect(relations.counts.kept).toBe(1);
    expect(relations.counts.empty).toBe(36 * 72 - 1);
    expect(slopes[0]).toBeCloseTo(13, 0);
    expect(slopes[1]).toBeCloseTo(1.5, 1);
    expect(slopes[2]).toBeCloseTo(-1.2, 1);
  });
  test("relative slopes are raw ones over fCO2, to first order", () => {
    const { month, tiles } = planeMonth();
    const [slope] = keptSlopes(fitRelations(tiles, month, { target: "ln" }));
    expect(slope! * 350).toBeGreaterThan(12);
    expect(slope! * 350).toBeLessThan(14);
  });
  test("relative slopes leave out cells whose fCO2 has no logarithm, not their tile", () => {
    const { month, tiles } = planeMonth((m) => m.fco2.set([0, -1]));
    const relations = fitRelations(tiles, month, { target: "ln" });
    expect(relations.points.filter((points) => points > 0)).toEqual(new Int32Array([23]));
    expect(relations.counts.kept).toBe(1);
  });
  test.each([
    ["constant", (m: OceanMonth) => m.dic.fill(2000)],
    ["collinear", (m: OceanMonth) => m.alkalinity.set(m.dic.map((x) => 300 + x))],
    ["too few points", (m: OceanMonth) => m.fco2.fill(Number.NaN, 4)],
    ["empty", (m: OceanMonth) => m.dic.fill(Number.NaN)],
  ] as const)("a tile that is %s is counted, not fitted", (state, spoil) => {
    const { month, tiles } = planeMonth((m) => void spoil(m));
    const relations = fitRelations(tiles, month);
    expect(relations.counts.kept).toBe(0);
    expect(relations.counts[state]).toBe(state === "empty" ? 36 * 72 : 1);
    expect(() => keptSlopes(relations)).toThrow(/at least one tile.*0 kept/);
  });
  test("a driver without effect fails the filter", () => {
    const { month, tiles } = planeMonth((m) => m.fco2.set(m.dic));
    for (let i = 0; i < 25; i++) month.fco2[i] = 350 + 0.5 * makeRandom(i).normal();
    expect(fitRelations(tiles, month).counts["not significant"]).toBe(1);
  });
});

describe("screening", () => {
  const { month } = planeMonth();
  test("leaves out what is beyond the limits, and counts it", () => {
    const spoilt = { ...month, fco2: month.fco2.slice() };
    spoilt.fco2[3] = 600;
    spoilt.fco2[4] = Number.NaN;
    const { kept, missing, beyond, month: screened } = screenMonth(spoilt);
    expect([kept, missing, beyond.fco2]).toEqual([23, 1, 1]);
    expect(screened.dic[3]).toBeNaN();
  });
  test("refuses a field in another unit, and one without values", () => {
    const molar = { ...month, dic: month.dic.map((x) => x / 1000) };
    expect(() => screenMonth(molar)).toThrow(/dic.*µmol kg⁻¹.*mol m⁻³/);
    const none = { ...month, dic: month.dic.map(() => Number.NaN) };
    expect(() => screenMonth(none)).toThrow(/dic.*values over the sea/);
  });
});

describe("features", () => {
  test("z-scores have mean 0 and sample deviation 1, and go back", () => {
    const features = new Float64Array([1, 10, 2, 30, 6, 20]);
    const scaler = fitScaler(features, 2);
    const z = applyScaler(scaler, features);
    expect(z[0]! + z[2]! + z[4]!).toBeCloseTo(0, 12);
    expect((z[1]! ** 2 + z[3]! ** 2 + z[5]! ** 2) / 2).toBeCloseTo(1, 12);
    expect(() => fitScaler(new Float64Array([1, 1]), 1)).toThrow(/values that differ/);
  });
  test("winsorising limits each feature to its own quantiles", () => {
    const limited = winsorise(
      Float64Array.from({ length: 101 }, (_, i) => i),
      1,
      0.1,
    );
    expect([limited[0], limited[50], limited[100]]).toEqual([10, 50, 90]);
    expect(() => winsorise(new Float64Array(3), 1, 0.5)).toThrow(/winsorised share.*below 0.5/);
  });
});

test("warming alone is all thermal", () => {
  const t = Array.from({ length: 12 }, (_, i) => 20 + 3 * Math.cos(i));
  const split = splitThermal(
    t.map((x) => 350 * Math.exp(0.0423 * (x - 20))),
    t,
  );
  expect(Math.max(...split.nonThermal) - Math.min(...split.nonThermal)).toBeLessThan(1e-9);
  expect(split.ratio).toBeGreaterThan(1e6);
});
