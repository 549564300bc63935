import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  FOUR_LEVELS,
  makeAlbum,
  makeImages,
  normalisationOf,
  normalised,
  openTensors,
  QUICK_2024,
  runExperiment,
  SURFACE,
  surfaceChannels,
  tensorMoments,
  trainForecaster,
  trainFromTensors,
  trainingSource,
  trapLattice,
  writeImages,
  writePdfs,
} from "carbonbook/catchment";
import { open, writeNetcdf } from "carbonbook/io";
import { closedFormOcean, makeField, type Ocean, radialRotation } from "carbonbook/ocean";
import { afterAll, expect, test } from "vitest";
import { BOX } from "./box.js";

const DAY = 86400;
const N = 12;
const folder = mkdtempSync(join(tmpdir(), "tensors-"));
afterAll(() => rmSync(folder, { recursive: true }));

const turning = closedFormOcean(radialRotation({ x: 300e3, y: 300e3 }, 60 * DAY), BOX);
const ocean: Ocean = { ...turning, tracer: async () => makeField("rho", turning.grid, 12) };
const traps = trapLattice({ east: 300e3, north: 300e3 }, { across: 2, spacing: 90e3, depth: 1000 });
const windows = Float64Array.of(50 * DAY, 70 * DAY);
const pdfs = await runExperiment(ocean, traps, windows, {
  experiment: {
    ...QUICK_2024,
    patch: { side: 4e3, across: 2 },
    levels: [500, 200],
    grid: { n: N, dx: 20e3 },
  },
});
const album = await makeAlbum(ocean, traps, windows, FOUR_LEVELS);
const layout = { ...FOUR_LEVELS, pdfChannels: 2 };
const files = { images: join(folder, "images.nc"), pdfs: join(folder, "pdfs.nc") };
await writePdfs(files.pdfs, pdfs, { title: "test" });
await writeImages(files.images, makeImages(album, windows, layout, N), { title: "test" });
const all = Int32Array.from({ length: 8 }, (_, s) => s);

test("samples read from files are those cut from the ocean, also for the surface alone", async () => {
  for (const depths of [FOUR_LEVELS.depths, SURFACE.depths]) {
    const images = makeImages(album, windows, { ...layout, depths }, N);
    const normalisation = normalisationOf(images, all);
    const wanted = await trainingSource(images, pdfs, normalisation, all);
    const channels =
      depths.length === 1
        ? surfaceChannels(FOUR_LEVELS)
        : Int32Array.from({ length: 68 }, (_, c) => c);
    const source = await openTensors(files, { channels, pdfChannels: 2 });
    const moments = await tensorMoments(source, all, 2);
    for (const [c, sd] of moments.sd.entries()) expect(sd).toBeCloseTo(normalisation.sd[c]!, 9);
    const some = Int32Array.of(5, 2);
    expect(await normalised(source, normalisation).read(some)).toEqual(await wanted.read(some));
    source.close();
  }
});

test("images say their dates and depths", async () => {
  const file = await open(files.images);
  expect(file.attributes).toMatchObject({ depths_m: "0 200 500 1000", dates_d: "-40 -30 -20 -10" });
  file.close();
});

test("the surface's channels are those of the papers' files", () => {
  expect([...surfaceChannels(FOUR_LEVELS)].slice(0, 7)).toEqual([0, 4, 8, 12, 16, 17, 21]);
});

test("files that do not belong together are refused", async () => {
  const other = join(folder, "other.nc");
  const dimensions = { nb_case: 1, zdim: 3, xdim: N, ydim: N };
  const data = new Float32Array(3 * N * N);
  await writeNetcdf(other, {
    dimensions,
    variables: { images: { dimensions: Object.keys(dimensions), data } },
  });
  const refused = openTensors(
    { ...files, images: other },
    { channels: Int32Array.of(0), pdfChannels: 2 },
  );
  await expect(refused).rejects.toThrow("8 cases of at least 1 × 12 × 12");
});

test("a network is trained from files as it is from the ocean", async () => {
  const channels = surfaceChannels(FOUR_LEVELS);
  const surface = { ...layout, depths: SURFACE.depths };
  const [train, validation] = [Int32Array.of(0, 1, 2, 3), Int32Array.of(4, 5, 6, 7)];
  const options = {
    ...{ name: "test", seed: 1, epochs: 1, widths: [2, 2, 2], kernel: 3, batchSize: 4 },
    ...{ train, validation },
  };
  const tensors = await openTensors(files, { channels, pdfChannels: 2 });
  const from = await trainFromTensors(tensors, { layout: surface, grid: pdfs.grid }, options);
  const other = trainFromTensors(tensors, { layout, grid: pdfs.grid }, options);
  await expect(other).rejects.toThrow("tensors: expected 70 channels of 12 bins a side");
  tensors.close();
  const wanted = await trainForecaster(makeImages(album, windows, surface, N), pdfs, options);
  expect(from.layout).toEqual(wanted.layout);
  const [a, b] = [from, wanted].map(({ histories }) => histories[0]![0]!.validationLoss);
  expect(a).toBeCloseTo(b!, 4);
});
