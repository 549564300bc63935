import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  channelsOf,
  compareLosses,
  type Experiment,
  FOUR_LEVELS,
  levelMaps,
  makeAlbum,
  makeImages,
  mapOf,
  mapsOfLevel,
  meanLevelMap,
  meanPrediction,
  neighbourFigure,
  neighbourLosses,
  normalisationOf,
  openPdfs,
  QUICK_2024,
  readPdfs,
  runExperiment,
  SURFACE,
  scorePredictions,
  takeSnapshot,
  trainingSource,
  trapLattice,
  travelTimeFigure,
  writePdfs,
} from "carbonbook/catchment";
import { open } from "carbonbook/io";
import {
  closedFormOcean,
  makeField,
  type Ocean,
  radialRotation,
  uniformFlow,
} from "carbonbook/ocean";
import { expect, test } from "vitest";
import { BOX } from "./box.js";

const DAY = 86400;
const N = 12;
const EXPERIMENT: Experiment = {
  ...QUICK_2024,
  patch: { side: 4e3, across: 2 },
  levels: [500, 200],
  grid: { n: N, dx: 10e3 },
  timeStep: 3600,
};

/** An ocean in closed form whose temperature is its height in kilometres. */
function withTemperature(ocean: Ocean): Ocean {
  const { nx, ny } = ocean.grid;
  return {
    ...ocean,
    async tracer() {
      const field = makeField("rho", ocean.grid, 12);
      for (let o = 0; o < field.data.length; o++) {
        field.data[o] = (-1150 + 100 * Math.floor(o / (nx * ny))) / 1000;
      }
      return field;
    },
  };
}

const drift = withTemperature(closedFormOcean(uniformFlow(0.02, 0), BOX));
const traps = trapLattice({ east: 300e3, north: 300e3 }, { across: 2, spacing: 50e3, depth: 1000 });
const windows = Float64Array.of(50 * DAY, 70 * DAY);
const pdfs = await runExperiment(drift, traps, windows, { experiment: EXPERIMENT });

test("in a uniform current every particle of a level falls in the bin upstream", () => {
  const bins = N * N;
  for (const [level, depth] of EXPERIMENT.levels.entries()) {
    const upstream = -0.02 * ((1000 - depth) / 50) * DAY;
    const i = Math.floor((upstream + (N * 10e3) / 2) / 10e3);
    const maps = mapsOfLevel(pdfs.raw, 2, level, bins);
    for (let sample = 0; sample < 4; sample++) {
      const map = mapOf(maps, sample);
      expect(map[i * N + N / 2 - 1]! + map[i * N + N / 2]!).toBeCloseTo(1, 6);
    }
  }
  expect([...pdfs.reached]).toEqual(new Array(16).fill(20));
});

test("all particles rise at the sinking speed", () => {
  for (const time of pdfs.travelTimes) expect(time / DAY).toBeCloseTo(16, 6);
});

test("figures say in their titles what they show", () => {
  const about = {
    id: "a",
    study: "test",
    caption: "Closed form.",
    dataLabel: "closed form: drift",
  };
  const travel = travelTimeFigure(pdfs, { ...about, stillWater: 16 * DAY });
  const apart = neighbourFigure(pdfs, neighbourLosses(pdfs), about);
  expect(travel.title).toBe(
    "Nine in ten particles need 16.0 to 16.0 days from 200 m to the trap, half 16.0",
  );
  // in a uniform current neighbours are as alike as halves: both lose the same mass off the maps
  const alike = /^Catchments 50 km apart differ by a median BL of (\d\.\d\d), halves of one by \1$/;
  expect(apart.title).toMatch(alike);
  expect(JSON.stringify(apart)).toContain("8 pairs of traps 50 km apart, 2 dates");
});

test("PDFs come back from their file as they were, in the published layout", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pdfs-"));
  try {
    const path = join(folder, "pdfs.nc");
    await writePdfs(path, pdfs, { title: "test" });
    expect(await readPdfs(path)).toEqual(pdfs);
    const stored = await openPdfs(path);
    const samples = Int32Array.of(3, 1);
    const wanted = Int32Array.from({ length: 4 }, (_, s) => s);
    const held = await trainingSource(images, pdfs, normalisationOf(images, wanted), samples);
    const streamed = await trainingSource(images, stored, normalisationOf(images, wanted), samples);
    expect(await streamed.read(Int32Array.of(1, 0))).toEqual(await held.read(Int32Array.of(1, 0)));
    streamed.close();
    expect(await levelMaps(stored, 1)).toEqual(mapsOfLevel(pdfs.filtered, 2, 1, N * N));
    const mean = meanPrediction(await levelMaps(pdfs, 1, samples), 1).data;
    expect(await meanLevelMap(stored, 1, samples)).toEqual(mean);
    const file = await open(path);
    expect(file.variable("pdf_filter").dimensions).toEqual([
      "nb_time_step",
      "zdim",
      "position",
      "xdim",
      "ydim",
    ]);
    file.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("windows that overlap are refused", async () => {
  const overlapping = runExperiment(drift, traps, [50 * DAY, 55 * DAY], { experiment: EXPERIMENT });
  await expect(overlapping).rejects.toThrow("at least 10 d after the one before, got 5 d");
});

test("solid rotation has vorticity −2Ω everywhere inside, and depths are interpolated", async () => {
  const period = 20 * DAY;
  const ocean = withTemperature(
    closedFormOcean(radialRotation({ x: 300e3, y: 300e3 }, period), { ...BOX, times: [0] }),
  );
  const { vorticity, temperature, u, v, nx } = await takeSnapshot(ocean, 0, [0, 730]);
  const spin = (-4 * Math.PI) / period / 1e-4;
  const o = 20 * nx + 40;
  expect(vorticity[o]! / spin).toBeCloseTo(1, 4);
  expect(temperature[o]).toBeCloseTo(-0.05, 5);
  expect(temperature[61 * 61 + o]).toBeCloseTo(-0.73, 5);
  expect(Math.hypot(u[o]!, v[o]!)).toBeCloseTo(
    (2 * Math.PI * Math.hypot(100e3, 100e3)) / period,
    3,
  );
  await expect(takeSnapshot(ocean, 0, [1300])).rejects.toThrow(
    "at most the deepest bottom's 1200 m",
  );
});

test("the papers' networks see 76 and 28 channels", () => {
  expect(channelsOf(FOUR_LEVELS)).toBe(76);
  expect(channelsOf(SURFACE)).toBe(28);
});

const album = await makeAlbum(drift, traps, windows, SURFACE);
const images = makeImages(album, windows, SURFACE, N);

test("an image is the box around its trap, east by north, with the initial PDF in its middle", () => {
  const image = new Float32Array(28 * N * N);
  images.fill(1, image);
  expect(image[2 * N * N]).toBeCloseTo(0.02, 6);
  const last = image.subarray(27 * N * N);
  expect(last.reduce((sum, p) => sum + p, 0)).toBe(1);
  expect(last[(N / 2 - 1) * N + N / 2]).toBe(0.25);
});

test("training sees channels of mean zero and the PDFs of its samples", async () => {
  const samples = Int32Array.of(0, 1, 2, 3);
  const source = await trainingSource(images, pdfs, normalisationOf(images, samples), samples);
  const { x, raw } = await source.read(Int32Array.of(2));
  const channel = x!.data.subarray(2 * N * N, 3 * N * N);
  expect(Math.abs(channel.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-2);
  expect([...raw!.data]).toEqual([...pdfs.raw.subarray(2 * 2 * N * N, 3 * 2 * N * N)]);
});

test("a box that leaves the grid is refused by the trap's number", async () => {
  const edge = [{ east: 20e3, north: 300e3, depth: 1000 }];
  const short = await makeAlbum(drift, edge, windows, SURFACE);
  expect(() => makeImages(short, windows, SURFACE, N)).toThrow("box around trap 0");
});

test("perfect predictions score 0, and so does the mean PDF where all samples are alike", () => {
  const truth = mapsOfLevel(pdfs.raw, 2, 1, N * N);
  const perfect = scorePredictions("truth", truth, truth);
  expect(perfect.meanLoss).toBeCloseTo(0, 3);
  const mean = scorePredictions("mean", meanPrediction(truth, 8), truth);
  expect(mean.meanLoss).toBeCloseTo(0, 3);
  expect(mean.classes.valid).toBeCloseTo(1, 12);
});

test("a difference of losses has an interval that holds its mean", () => {
  const scores = (model: string, losses: number[]) => ({
    model,
    losses: Float64Array.from(losses),
    overlaps: new Float64Array(losses.length),
    meanLoss: losses.reduce((a, b) => a + b, 0) / losses.length,
    classes: { valid: 0, "quasi-valid": 0, "non-valid": 0 },
  });
  const a = scores("a", [0.5, 0.6, 0.4, 0.5, 0.7, 0.5]);
  const b = scores("b", [0.2, 0.3, 0.2, 0.1, 0.3, 0.2]);
  const { mean, interval } = compareLosses(a, b, [0, 0, 1, 1, 2, 2], { seed: 1 });
  expect(mean).toBeCloseTo(1.9 / 6, 12);
  expect(interval[0]).toBeLessThanOrEqual(mean);
  expect(interval[1]).toBeGreaterThanOrEqual(mean);
  expect(interval[0]).toBeGreaterThan(0.2);
});
