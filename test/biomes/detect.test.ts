import {
  beltMean,
  compareEpochs,
  dendrogramPanel,
  describeTrend,
  detectBiomes,
  groupCycles,
  groupTrends,
  judgeCuts,
  makeBiomeTwin,
  matchRegimes,
  meanByClass,
  renameLabels,
  scanCuts,
  scanPanels,
  slopesOfMonths,
  summariseBiomes,
  tileCells,
  tileGrid,
  tileMeans,
  trueRegimes,
  zoneOf,
} from "carbonbook/biomes";
import { figure, renderSvg } from "carbonbook/figures";
import { adjustedRand } from "carbonbook/stats";
import { describe, expect, test } from "vitest";

const box = { west: -60, east: -20, south: 10, north: 70 };
const twin = makeBiomeTwin({ seed: 7, cellDegrees: 0.25, noise: 0, boxes: [box] });
const grid = tileGrid(2);
const tiles = tileCells(twin.latitude, twin.longitude, grid);
const month = twin.month(0, 1);
const found = detectBiomes(month, tiles);

describe("detection", () => {
  test("labels every kept tile, names clusters by their first tile, and sums up to all of them", () => {
    expect(found.labels).toHaveLength(found.relations.kept.length);
    expect(found.labels[0]).toBe(0);
    const summary = summariseBiomes(found);
    expect(summary.reduce((sum, biome) => sum + biome.tiles, 0)).toBe(found.labels.length);
    const mean = summary.reduce((sum, b) => sum + b.tiles * b.features[1]!, 0);
    expect(mean).toBeCloseTo(0, 8);
  });
  test("without noise its clusters, matched to regimes, are nearly the truth", () => {
    const truth = trueRegimes(tiles, month);
    const known = Int32Array.from(found.relations.kept, (tile) => truth[tile]!);
    const regimeOf = matchRegimes(found.labels, known, found.classes);
    const named = found.labels.map((label) => regimeOf[label]!);
    expect(adjustedRand(named, known)).toBeGreaterThan(0.8);
  });
  test("weak thresholds give one tile per cluster at most, strong ones the two sides of the root", () => {
    const strong = detectBiomes(month, tiles, { thresholds: { distance: 1e9 } });
    expect(strong.classes).toBe(2);
    const weak = detectBiomes(month, tiles, { thresholds: { distance: 0, variance: 0 } });
    expect(weak.classes).toBeGreaterThan(found.classes);
  });
  test("cuts are judged by scores within their ranges", () => {
    const judged = judgeCuts(found, [{ distance: 5, variance: 0.1 }], {
      seed: 1,
      repeats: 2,
      most: 300,
    });
    expect(judged[0]!.silhouette).toBeGreaterThan(-1);
    expect(judged[0]!.silhouette).toBeLessThanOrEqual(1);
    expect(judged[0]!.stability).toBeLessThanOrEqual(1);
  });
  test("the dendrogram and the scan can be drawn", async () => {
    const scan = scanCuts(found.linkage, found.variances, {
      distances: [2, 5],
      variances: [0.1, 0.5],
    });
    const drawn = figure({
      id: "tree",
      study: "mohanty2025",
      title: "A tree",
      caption: "And its scan.",
      dataLabel: "twin (synthetic)",
      panels: [dendrogramPanel(found.linkage, found.nodes), ...scanPanels(scan)],
    });
    expect(await renderSvg(drawn)).toContain("Height of merge");
  });
});

test("fCO2 that rises in proportion moves the names of a fixed scaler, and of no other way", async () => {
  const earlier = { ...month, fco2: month.fco2.map((f) => 0.7 * f) };
  const learning = { seed: 1, epochs: 15, hidden: [32], dropout: 0 };
  const { comparisons } = await compareEpochs(earlier, month, tiles, learning);
  const unmoved = Object.fromEntries(comparisons.map((c) => [c.way, c.unmoved]));
  expect(unmoved["fixed scaler"]).toBeLessThan(80);
  expect(unmoved["scaler per epoch"]).toBeGreaterThan(99.5);
  expect(unmoved["relative slopes"]).toBeGreaterThan(99.5);
  expect(comparisons[0]!.largest).toBeGreaterThan(comparisons[1]!.largest);
});

describe("months", () => {
  test("are fitted one after the other", () => {
    const [only] = slopesOfMonths(tiles, [() => month]);
    expect(only!.slopes).toEqual(found.slopes);
    expect(() => slopesOfMonths(tiles, [() => month], { signal: AbortSignal.abort() })).toThrow(
      /abort/i,
    );
  });
  test("means over tiles, belts and classes are means of their cells", () => {
    const ones = new Float64Array(twin.latitude.length).fill(1);
    const known = Array.from(tileMeans(tiles, ones)).filter(Number.isFinite);
    expect(known.every((x) => x === 1)).toBe(true);
    expect(beltMean(twin.latitude, twin.latitude, [30, 32])).toBeCloseTo(31, 10);
    const labels = trueRegimes(tiles, month);
    const means = meanByClass(tiles, labels, month.temperature, {
      latitude: twin.latitude,
      classes: 5,
    });
    expect(means[3]!).toBeLessThan(means[1]!);
    expect(means[2]).toBeNaN();
  });
  test("groups of classes have cycles and trends", () => {
    const zone = zoneOf("north-atlantic");
    const maps = Array.from({ length: 24 }, (_, i) => trueRegimes(tiles, twin.weights(0, i % 12)));
    const cycles = groupCycles(grid, maps, zone, {
      classes: 5,
      groups: { cold: [3, 4], warm: [0, 1] },
    });
    expect(cycles.cold!.mean[2]! + cycles.warm!.mean[2]!).toBeCloseTo(100, 8);
    expect(cycles.cold!.mean[2]!).toBeGreaterThan(cycles.cold!.mean[8]!);
    expect(cycles.cold!.deviation[2]).toBeCloseTo(0, 10);
    const years = Array.from({ length: 61 }, (_, i) => i);
    const coarse = makeBiomeTwin({ seed: 7, cellDegrees: 1, boxes: [box] });
    const coarseTiles = tileCells(coarse.latitude, coarse.longitude, grid);
    const series = { truth: years.map((y) => trueRegimes(coarseTiles, coarse.weights(y, 0))) };
    const trends = groupTrends(grid, series, zone, { classes: 5, group: [0, 1], years });
    const { change, changeHalfWidth } = trends.truth!.trend;
    expect(Math.abs(change - 10)).toBeLessThan(changeHalfWidth);
    expect(describeTrend(trends.truth)).toMatch(/^\d+\.\d ± \d+\.\d$/);
  });
  test("labels are renamed, and tiles without one stay so", () => {
    expect(Array.from(renameLabels([[0, 1, -1]], [4, 2])[0]!)).toEqual([4, 2, -1]);
  });
});
