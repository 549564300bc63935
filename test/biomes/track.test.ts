import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  BIOME_KINDS,
  classify,
  coverage,
  coverageTrend,
  fitRelations,
  keptSlopes,
  makeBiomeTwin,
  maskOfTiles,
  occurrence,
  readFayMcKinley,
  readJiang,
  readReccap,
  readTakahashi,
  screenMonth,
  seasonalCycle,
  stratifiedSplit,
  tileCells,
  tileGrid,
  tilesOfZone,
  trainTracker,
  trueRegimes,
  zoneOf,
} from "carbonbook/biomes";
import { adjustedRand } from "carbonbook/stats";
import { describe, expect, test } from "vitest";
import { makeRandom } from "../../lib/core/index.js";

describe("tracking", () => {
  const random = makeRandom(8);
  const labels = Int32Array.from({ length: 300 }, (_, i) => i % 3);
  const slopes = Float64Array.from({ length: 900 }, (_, i) => {
    const label = labels[Math.floor(i / 3)]!;
    return [13 + 2 * label, 1.5 + label, -1.2 - label][i % 3]! + 0.2 * random.normal();
  });
  test("a small network learns clear classes, and its scaler stays with it", async () => {
    const options = { classes: 3, seed: 1, epochs: 50, hidden: [32, 16], dropout: 0 };
    const tracker = await trainTracker(slopes, labels, options);
    expect(tracker.history[0]!.loss).toBeGreaterThan(tracker.history.at(-1)!.loss);
    expect(tracker.confusion.support.reduce((a, b) => a + b, 0)).toBe(60);
    expect(tracker.accuracies).toHaveLength(tracker.history.length);
    expect(tracker.accuracies.at(-1)).toBeGreaterThan(0.9);
    const { labels: named, probabilities } = await classify(tracker, slopes);
    expect(adjustedRand(named, labels)).toBeGreaterThan(0.95);
    expect(probabilities[0]! + probabilities[1]! + probabilities[2]!).toBeCloseTo(1, 12);
    // a shift of all slopes moves the fixed scaler's names and leaves the refitted one's alone
    const shifted = slopes.map((x, i) => x + [2, 1, -1][i % 3]!);
    const fixed = await classify(tracker, shifted);
    const each = await classify(tracker, shifted, "each");
    expect(fixed.labels.filter((l) => l === 0).length).toBeLessThan(20);
    expect(adjustedRand(each.labels, labels)).toBeGreaterThan(0.95);
  });
  test("the split is 64 / 16 / 20 % of every class, and no row is in two parts", () => {
    const split = stratifiedSplit([...labels, 3, 3], 5);
    const all = [...split.train, ...split.validation, ...split.test].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 302 }, (_, i) => i));
    expect([split.validation.length, split.test.length]).toEqual([48, 60]);
  });
  test("balanced weights find a rare class, and weigh nothing where classes are alike", async () => {
    const noise = makeRandom(4);
    const rare = Int32Array.from({ length: 300 }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const mixed = Float64Array.from({ length: 900 }, (_, i) => {
      return noise.normal() + (i % 3 === 0 ? 1.5 * rare[i / 3]! : 0);
    });
    const options = { classes: 2, seed: 1, epochs: 30, hidden: [16], dropout: 0 };
    const [none, balanced] = [
      await trainTracker(mixed, rare, options),
      await trainTracker(mixed, rare, { ...options, classWeights: "balanced" }),
    ];
    const found = await Promise.all([none, balanced].map((tracker) => classify(tracker, mixed)));
    const [missed, weighed] = found.map(({ labels: named }) => {
      return named.filter((label, i) => label === 1 && rare[i] === 1).length;
    });
    expect(missed).toBeLessThan(12);
    expect(weighed).toBeGreaterThan(18);
    const once = { classes: 3, seed: 1, epochs: 1, hidden: [4], dropout: 0 };
    const alike = await trainTracker(slopes, labels, { ...once, classWeights: "balanced" });
    expect(alike.history).toEqual((await trainTracker(slopes, labels, once)).history);
  });
  test("too few tiles, labels of no class and classes too small to test are refused", async () => {
    await expect(
      trainTracker(slopes.subarray(0, 9), [0, 1, 2], { classes: 3, seed: 1 }),
    ).rejects.toThrow(/at least 10/);
    await expect(trainTracker(slopes, labels, { classes: 2, seed: 1 })).rejects.toThrow(
      /labels.*classes 0 to 1.*2 at 2/,
    );
    const pairs = Int32Array.from({ length: 12 }, (_, i) => i % 6);
    await expect(
      trainTracker(slopes.subarray(0, 36), pairs, { classes: 6, seed: 1 }),
    ).rejects.toThrow(/at least 3 tiles.*at most 2/);
  });
});

describe("coverage", () => {
  const grid = tileGrid(5);
  const zone = tilesOfZone(grid, zoneOf("southern-ocean"));
  test("is a share of the area, not of the tiles", () => {
    const labels = new Float64Array(grid.rows * grid.columns).fill(-1);
    for (const tile of zone) labels[tile] = tile < 72 * 5 ? 0 : 1;
    const [polar, rest] = coverage(grid, labels, zone, { classes: 2 });
    const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
    expect(polar).toBeCloseTo((100 * (1 - sine(65))) / (1 - sine(45)), 10);
    expect(polar! + rest!).toBeCloseTo(100, 10);
  });
  test("says what its denominator is", () => {
    const labels = new Float64Array(grid.rows * grid.columns).fill(-1);
    for (const tile of zone) labels[tile] = tile % 2 === 0 ? 0 : -1;
    expect(coverage(grid, labels, zone, { classes: 1 })[0]).toBeCloseTo(100, 10);
    const all = coverage(grid, labels, zone, { classes: 1, denominator: "all" });
    expect(all[0]).toBeCloseTo(50, 10);
  });
  test("of an unclassified zone is NaN, and an unknown zone is refused", () => {
    expect(coverage(grid, new Float64Array(2592).fill(-1), zone, { classes: 1 })[0]).toBeNaN();
    expect(() => zoneOf("baltic")).toThrow(/one of arctic/);
  });
  test("class 7 keeps its share where class 6 is there", () => {
    const labels = new Float64Array(grid.rows * grid.columns).fill(-1);
    for (const [i, tile] of zone.entries()) labels[tile] = i % 2 === 0 ? 5 : 6;
    const shares = coverage(grid, labels, zone, { classes: 7 });
    expect(shares[5]).toBeCloseTo(50, 8);
    expect(shares[6]).toBeCloseTo(50, 8);
  });
  test("seasons, trends and occurrence", () => {
    const cycle = seasonalCycle(
      Array.from({ length: 36 }, (_, i) => (i % 12) + Math.floor(i / 12)),
    );
    expect([cycle.mean[0], cycle.deviation[0]]).toEqual([1, 1]);
    const years = Array.from({ length: 61 }, (_, i) => 1958 + i);
    const noise = makeRandom(2);
    const series = years.map((y) => 40 + (y - 1958) / 6 + noise.normal());
    const { change, changeHalfWidth } = coverageTrend(years, series);
    expect(Math.abs(change - 10)).toBeLessThan(changeHalfWidth);
    expect(
      Array.from(
        occurrence(
          [
            [0, 1, -1],
            [0, 0, -1],
          ],
          0,
        ),
      ),
    ).toEqual([100, 50, Number.NaN]);
  });
});

describe("the twin", () => {
  const box = { west: -60, east: -20, south: 10, north: 70 };
  const twin = makeBiomeTwin({ seed: 7, cellDegrees: 0.5, boxes: [box] });
  const tiles = tileCells(twin.latitude, twin.longitude, tileGrid(2));
  test("has the same month twice, and its own noise in every other", () => {
    expect(twin.month(3, 6).fco2).toEqual(twin.month(3, 6).fco2);
    expect(twin.month(3, 6).fco2).not.toEqual(twin.month(4, 6).fco2);
  });
  test("goes from cool subtropical to subpolar in winter, and back in summer", () => {
    const share = (month: number, regime: number) => {
      const regimes = trueRegimes(tiles, twin.month(0, month)).filter((r) => r >= 0);
      return regimes.filter((r) => r === regime).length / regimes.length;
    };
    expect(share(2, 3)).toBeGreaterThan(share(8, 3));
    expect(share(7, 0)).toBeGreaterThan(0.3);
    expect(share(1, 0)).toBe(0);
  });
  test("its fCO2 is carbonate chemistry: slopes have the signs and sizes of it", () => {
    const { month } = screenMonth(twin.month(0, 6));
    const slopes = keptSlopes(fitRelations(tiles, month));
    const mean = [0, 1, 2]
      .map((k) => slopes.filter((_, i) => i % 3 === k))
      .map((x) => x.reduce((a, b) => a + b) / x.length);
    expect(mean[0]).toBeGreaterThan(12);
    expect(mean[1]).toBeGreaterThan(1.3);
    expect(mean[2]).toBeLessThan(-1);
  });
});

const folder = join(process.env.CARBONBOOK_DATA_MIRROR ?? "", "ocean-carbon");
const absent = !process.env.CARBONBOOK_DATA_MIRROR || !existsSync(folder);

describe.skipIf(absent)("real fields", () => {
  const grid = tileGrid(5);
  test("Jiang's ocean of 2010 gives some 1,720 tiles, explained almost wholly by the drivers", async () => {
    const month = await readJiang(join(folder, "jiang2023/Jiang_data_for_PyOAE.nc"), 2010);
    const tiles = tileCells(month.latitude, month.longitude, grid);
    const relations = fitRelations(tiles, screenMonth(month).month);
    expect(relations.counts.kept).toBeGreaterThan(1700);
    expect(relations.counts.kept).toBeLessThan(1740);
    const r2 = Array.from(relations.kept, (tile) => relations.rSquared[tile]!).sort();
    expect(r2[r2.length >> 1]).toBeCloseTo(0.9996, 4);
  });
  test("RECCAP2's kinds are Fay & McKinley's, read from a file that is cut off", async () => {
    const reccap = await readReccap(join(folder, "reccap2/RECCAP2_openocean_1deg.nc"));
    const fay = await readFayMcKinley(join(folder, "fay_mckinley/Time_Varying_Biomes.nc"));
    const maps = [reccap, fay].map((mask) =>
      maskOfTiles(tileCells(mask.latitude, mask.longitude, grid), mask.labels),
    );
    expect(adjustedRand(maps[0]!, maps[1]!)).toBeGreaterThan(0.9);
    expect(new Set(fay.labels)).toEqual(new Set([-1, ...BIOME_KINDS.keys()]));
  });
  test("Takahashi's January pCO2 is read", async () => {
    const name = "M2001001.1200.a7.all_products.BIN.01jan011200.v1.20132321105.data.nc";
    const { pco2 } = await readTakahashi(join(folder, "takahashi09", name));
    const known = pco2.filter(Number.isFinite);
    expect(known).toHaveLength(36229);
    expect(known.every((x) => x > 200 && x < 500)).toBe(true);
  });
});
