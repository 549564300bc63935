import {
  basicCnn,
  binLosses,
  blockMean,
  blockStatistic,
  blocksOf,
  cellOffsets,
  energiesOf,
  evaluatePolynomial,
  fitPolynomial,
  groupMeans,
  linearShare,
  makeAlbum,
  monthsOf,
  neighbourLosses,
  networkFigure,
  QUICK_2024,
  rankCorrelation,
  receptiveField,
  runExperiment,
  SURFACE,
  samplingFloor,
  spreadIndex,
  spreadTrust,
  surroundingsOf,
  trapLattice,
  vorticityProfile,
} from "carbonbook/catchment";
import { countParameters, unet } from "carbonbook/learn";
import {
  closedFormOcean,
  makeField,
  type Ocean,
  positionOf,
  radialRotation,
  uniformFlow,
} from "carbonbook/ocean";
import { expect, test } from "vitest";
import { BOX } from "./box.js";

const DAY = 86400;

/** A steady ocean with temperature. */
function withTemperature(ocean: Ocean): Ocean {
  return { ...ocean, tracer: async () => makeField("rho", ocean.grid, 12) };
}

test("the basic network has the published number of parameters and sees 11 cells", () => {
  const network = basicCnn({ channels: 28, size: [100, 100], maps: 8 });
  expect(countParameters(network)).toBe(205_696);
  expect(receptiveField(network)).toBe(11);
});

test("a U-Net sees its own windows at each resolution", () => {
  // by hand: 2 convolutions of 3 at steps 1, 2, 4, pools of 2, up again, the maps
  const network = unet({ channels: 5, size: [16, 16], widths: [4, 8, 16], kernel: 3 });
  expect(receptiveField(network)).toBe(1 + 4 + 1 + 8 + 2 + 16 + 8 + 4 + 2);
});

test("a network's drawing says what its description says", () => {
  const network = unet({ channels: 28, size: [100, 100] });
  const drawn = networkFigure(network, {
    id: "net",
    study: "test",
    title: "A network",
    caption: "Drawn.",
    dataLabel: "schematic",
    dx: 8000,
  });
  expect(drawn.caption).toContain("4,934,592 parameters; two 5 × 5");
});

test("a steady flow has no eddies, and its mean energy is u²/2", async () => {
  const ocean = withTemperature(closedFormOcean(uniformFlow(0.1, 0), BOX));
  const traps = trapLattice(
    { east: 300e3, north: 300e3 },
    { across: 2, spacing: 40e3, depth: 900 },
  );
  const windows = Float64Array.of(50 * DAY);
  const options = { middle: 0, instants: [0], depths: [200, 500], box: 100e3 };
  const { mean, eddy } = await energiesOf(ocean, traps, windows, options);
  for (const energy of mean) expect(energy).toBeCloseTo(50, 4);
  for (const energy of eddy) expect(energy).toBeCloseTo(0, 6);
});

test("solid rotation has ζ/f = −2Ω/f, no strain and no sea-level anomaly", async () => {
  const rotation = radialRotation({ x: 300e3, y: 300e3 }, 60 * DAY);
  const ocean = withTemperature(closedFormOcean(rotation, BOX));
  const traps = [{ east: 300e3, north: 300e3, depth: 900 }];
  const windows = Float64Array.of(50 * DAY);
  const album = await makeAlbum(ocean, traps, windows, SURFACE);
  const { vorticity, okuboWeiss, seaLevel } = surroundingsOf(ocean, album, traps, windows);
  const f = ocean.grid.f[0]!;
  const spin = (-2 * 2 * Math.PI) / (60 * DAY) / f;
  expect(vorticity[0]!).toBeCloseTo(spin, 5);
  expect(okuboWeiss[0]!).toBeCloseTo(-(spin ** 2), 5);
  expect(seaLevel[0]!).toBeCloseTo(0, 9);
});

test("the vorticity of solid rotation is the same at every depth", async () => {
  const rotation = radialRotation({ x: 300e3, y: 300e3 }, 60 * DAY);
  const ocean = withTemperature(closedFormOcean(rotation, BOX));
  const spin = (2 * 2 * Math.PI) / (60 * DAY) / ocean.grid.f[0]!;
  const profile = await vorticityProfile(ocean, [0, 500, 900], 2);
  for (const value of profile) expect(value).toBeCloseTo(spin, 5);
});

test("ranks correlate by order alone, ties share a rank, and the interval holds the value", () => {
  const x = [1, 2, 3, 4, 5, 6, 7, 8];
  const cubes = x.map((value) => value ** 3);
  expect(rankCorrelation(x, cubes, { seed: 1 }).rho).toBeCloseTo(1, 12);
  // scipy 1.x, stats.spearmanr
  const tied = rankCorrelation(x, [2, 1, 4, 4, 7, 5, 7, 9], { seed: 1 });
  expect(tied.rho).toBeCloseTo(0.9277781834703689, 12);
  expect(tied.interval[0]).toBeLessThan(tied.rho);
  expect(tied.interval[1]).toBeGreaterThanOrEqual(tied.rho);
  expect(() => rankCorrelation([1, 2], [1, 2], { seed: 1 })).toThrow("at least four of each");
});

test("a line through three points explains all of their variance", () => {
  expect(linearShare([1, 2, 3], [5, 7, 9])).toBeCloseTo(1, 12);
});

test("samples are averaged by month and by blocks of thirty days", () => {
  const times = Float64Array.of(0, 10 * DAY, 40 * DAY, 31 * DAY);
  expect(monthsOf(times)).toEqual([1, 1, 2, 2]);
  expect(blocksOf(times)).toEqual([0, 0, 1, 1]);
  const { groups, means } = groupMeans(monthsOf(times), [[1, 3, 5, 9]]);
  expect(groups).toEqual([1, 2]);
  expect([...means[0]!]).toEqual([2, 7]);
});

test("a quartic through values of a quartic gives it back", () => {
  const x = Array.from({ length: 9 }, (_, k) => k / 10);
  const y = x.map((at) => 1 - 2 * at + 3 * at ** 2 - at ** 4);
  const fit = fitPolynomial(x, y, 4);
  expect(evaluatePolynomial(fit, 0.33)).toBeCloseTo(1 - 0.66 + 3 * 0.33 ** 2 - 0.33 ** 4, 8);
});

test("losses are averaged in cells of two properties; sparse cells are masked", () => {
  const axis = (values: number[]) => ({ label: "a", units: "1", values, step: 1 });
  const losses = Float64Array.of(0.1, 0.3, 0.5);
  const { x, y, mean, count } = binLosses(
    losses,
    [axis([0, 0.5, 1.2]), axis([-0.5, -0.1, 0.1])],
    1,
  );
  expect([...x]).toEqual([0.5, 1.5]);
  expect([...y]).toEqual([-0.5, 0.5]);
  expect([...count]).toEqual([2, 0, 0, 1]);
  expect(mean[0]).toBeCloseTo(0.2, 12);
  expect(mean[3]).toBeNaN();
});

test("a bootstrap of blocks that agree has no width", () => {
  const { mean, interval } = blockMean([1, 3, 1, 3], [0, 0, 1, 1], { seed: 1 });
  expect([mean, ...interval]).toEqual([2, 2, 2]);
});

test("samples of a block are drawn together: blocks that agree leave no doubt of a correlation", () => {
  const x = [1, 2, 3, 4, 1, 2, 3, 4];
  const y = [2, 1, 4, 3, 2, 1, 4, 3];
  const alone = rankCorrelation(x, y, { seed: 1 });
  const dated = rankCorrelation(x, y, { seed: 1, block: [0, 0, 0, 0, 1, 1, 1, 1] });
  expect(dated).toMatchObject({ rho: alone.rho, interval: [alone.rho, alone.rho], count: 2 });
  expect(alone.interval[1] - alone.interval[0]).toBeGreaterThan(0);
  expect(alone.count).toBe(8);
  expect(() => blockStatistic([0, 0], () => 1, { seed: 1 })).toThrow("at least two");
});

test("the SD index is the mean over bins", () => {
  const spread = { data: Float32Array.of(0, 1, 2, 3), bins: 2 };
  expect([...spreadIndex(spread)]).toEqual([0.5, 2.5]);
});

test("valid predictions that grow rarer with the SD index lie on a straight line", () => {
  // bin b holds eight samples, 7 − b of them valid
  const index = Float64Array.from({ length: 64 }, (_, s) => 1e-4 * (1 + Math.floor(s / 8)));
  const losses = Float64Array.from({ length: 64 }, (_, s) =>
    s % 8 < 7 - Math.floor(s / 8) ? 0.1 : 0.6,
  );
  const { valid, line } = spreadTrust({ losses }, index);
  expect([...valid]).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map((count) => count / 8));
  expect(line!.slope).toBeCloseTo(-1250, 6);
  expect(line!.rSquared).toBeCloseTo(1, 9);
  expect(spreadTrust({ losses: losses.fill(0.6) }, index).line).toBeUndefined();
});

test("in a uniform current neighbours share one PDF and releases add nothing", async () => {
  const drift = withTemperature(closedFormOcean(uniformFlow(0.02, 0.015), BOX));
  const traps = trapLattice(
    { east: 300e3, north: 300e3 },
    { across: 2, spacing: 36e3, depth: 1000 },
  );
  const pdfs = await runExperiment(drift, traps, [50 * DAY], {
    experiment: {
      ...QUICK_2024,
      patch: { side: 4e3, across: 2 },
      levels: [500],
      grid: { n: 40, dx: 10e3 },
      timeStep: 3600,
    },
  });
  const { distance, losses } = neighbourLosses(pdfs);
  expect(distance).toBeCloseTo(36e3, 6);
  expect(losses.length).toBe(4);
  for (const loss of losses) expect(loss).toBeCloseTo(0, 5);
  expect(samplingFloor(pdfs)).toBeCloseTo(0, 5);
});

test("an image lies where its cells are, a known way from the trap", async () => {
  const ocean = withTemperature(closedFormOcean(uniformFlow(0.1, 0), BOX));
  const dx = 1 / ocean.grid.pm[0]!;
  const [a, b] = [
    { east: 300e3, north: 300e3, depth: 900 },
    { east: 300e3 + 0.3 * dx, north: 300e3 - 0.2 * dx, depth: 900 },
  ];
  const album = await makeAlbum(ocean, [a, b], Float64Array.of(50 * DAY), SURFACE);
  const [at, beside] = cellOffsets(ocean, album, [a, b]);
  const [cell, next] = album.cells as [{ i: number; j: number }, { i: number; j: number }];
  // what the trap was moved by, the cell's middle lies nearer, unless another cell is nearest
  expect(beside!.east).toBeCloseTo(at!.east - 0.3 * dx + (next.i - cell.i) * dx, 3);
  expect(beside!.north).toBeCloseTo(at!.north + 0.2 * dx + (next.j - cell.j) * dx, 3);
  for (const { east, north } of [at!, beside!]) {
    expect(Math.max(Math.abs(east), Math.abs(north))).toBeLessThanOrEqual(dx / 2 + 1e-6);
  }
  expect(positionOf(ocean.grid, cell.i, cell.j).east - a.east).toBeCloseTo(at!.east, 3);
});
