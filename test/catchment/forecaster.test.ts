import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Experiment,
  FOUR_LEVELS,
  forecast,
  joinForecasters,
  makeAlbum,
  makeImages,
  mapOf,
  QUICK_2024,
  runExperiment,
  SURFACE,
  trainForecaster,
  trapLattice,
} from "carbonbook/catchment";
import { closedFormOcean, makeField, type Ocean, radialRotation } from "carbonbook/ocean";
import { beforeAll, expect, test } from "vitest";
import { BOX } from "./box.js";

const DAY = 86400;
const N = 12;
const experiment: Experiment = {
  ...QUICK_2024,
  patch: { side: 4e3, across: 2 },
  levels: [500, 200],
  grid: { n: N, dx: 20e3 },
};
const layout = { ...SURFACE, pdfChannels: 2 };

/** A slowly turning ocean, so that each trap's particles come from another side. */
const flow = radialRotation({ x: 300e3, y: 300e3 }, 400 * DAY);
const turning = closedFormOcean(flow, BOX);
const ocean: Ocean = { ...turning, tracer: async () => makeField("rho", turning.grid, 12) };
const traps = trapLattice({ east: 300e3, north: 300e3 }, { across: 3, spacing: 90e3, depth: 1000 });
const windows = Float64Array.of(50 * DAY, 70 * DAY);
const all = Int32Array.from({ length: 18 }, (_, s) => s);

const options = {
  name: "test",
  epochs: 12,
  widths: [4, 8],
  kernel: 3,
  batchSize: 6,
  train: all,
  validation: all,
};

async function trained() {
  const pdfs = await runExperiment(ocean, traps, windows, { experiment });
  const album = await makeAlbum(ocean, traps, windows, FOUR_LEVELS);
  const images = makeImages(album, windows, layout, N);
  const members = [
    await trainForecaster(images, pdfs, { ...options, seed: 1 }),
    await trainForecaster(images, pdfs, { ...options, seed: 2 }),
  ];
  return { pdfs, album, images, forecaster: joinForecasters(members)[0]! };
}

let run: Awaited<ReturnType<typeof trained>>;
beforeAll(async () => {
  run = await trained();
});

test("the loss falls while a network learns eighteen samples by heart", () => {
  for (const history of run.forecaster.histories) {
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss - 0.05);
  }
});

test("a training that was stopped goes on from its checkpoint, to the same weights", async () => {
  const checkpoint = join(mkdtempSync(join(tmpdir(), "carbonbook-test-")), "round", "net.nc");
  const { pdfs, images } = run;
  const stop = new AbortController();
  const how = { ...options, seed: 1, checkpoint };
  const stopped = trainForecaster(images, pdfs, {
    ...{ ...how, signal: stop.signal },
    onProgress: (done, total) => done > total / 2 && stop.abort(),
  });
  await expect(stopped).rejects.toThrow(/aborted/i);
  expect(existsSync(checkpoint)).toBe(true);
  let first = Number.POSITIVE_INFINITY;
  const resumed = await trainForecaster(images, pdfs, {
    ...how,
    onProgress: (done, total) => {
      first = Math.min(first, done / total);
    },
  });
  expect(first).toBeGreaterThan(0.4);
  expect(resumed.members[0]!.weights).toEqual(run.forecaster.members[0]!.weights);
});

test("a forecast is a PDF for each sample, and equal seeds give equal members", async () => {
  const running = { batchNorm: "running" } as const;
  const kept = { ...running, single: "kept" } as const;
  const { median, spread, members: said } = await forecast(run.forecaster, run.images, kept);
  const first = await forecast(run.forecaster, run.images, { ...running, members: 1 });
  expect(said).toHaveLength(run.forecaster.members.length);
  for (const [k, p] of said![0]!.data.entries()) expect(p).toBeCloseTo(first.median.data[k]!, 5);
  expect(first.members).toBeUndefined();
  for (const sample of all) {
    const sum = mapOf(median, sample).reduce((total, p) => total + p, 0);
    expect(sum).toBeCloseTo(1, 4);
  }
  expect(Math.max(...spread.data)).toBeGreaterThan(0);
  const { members } = (await trained()).forecaster;
  for (const [name, weight] of run.forecaster.members[1]!.weights) {
    expect(members[1]!.weights.get(name)!.data).toEqual(weight.data);
  }
});

test("images in other units than the training's are refused by their channel", async () => {
  const { images, forecaster } = run;
  const kelvin = {
    ...images,
    fill(sample: number, out: Float32Array) {
      images.fill(sample, out);
      for (let k = 0; k < N * N; k++) out[k] = out[k]! + 273.15;
    },
  };
  await expect(forecast(forecaster, kelvin, { batchNorm: "running" })).rejects.toThrow(
    /channel 0 of the images for test: .*got a mean of 273.1; use the units/,
  );
});

test("images of another layout are refused by their channels", async () => {
  const other = makeImages(run.album, windows, FOUR_LEVELS, N);
  const refused = forecast(run.forecaster, other, { batchNorm: "running" });
  await expect(refused).rejects.toThrow(
    "22 channels of 12 × 12, depths 0 m, 4 dates, as in training, got 76 channels",
  );
});
