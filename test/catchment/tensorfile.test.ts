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
  PICARD_2024,
  QUICK_2024,
  readPdfs,
  runExperiment,
  SURFACE,
  surfaceChannels,
  tensorMoments,
  trainingSource,
  trapLattice,
  writeImages,
  writePdfs,
} from "carbonbook/catchment";
import { writeNetcdf } from "carbonbook/io";
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

test("the published PDFs open in place of an experiment's own", async () => {
  const path = join(folder, "published.nc");
  const dimensions = { nb_time_step: 1, zdim: 8, position: 4, x: 100, y: 100 };
  const data = new Float32Array(8 * 4 * 1e4);
  data[(3 * 4 + 2) * 1e4 + 7] = 1;
  const variable = { dimensions: Object.keys(dimensions), data };
  await writeNetcdf(path, { dimensions, variables: { pdf: variable, pdf_filter: variable } });
  const { levels, raw, traps: places, released } = await readPdfs(path);
  expect(levels).toEqual(PICARD_2024.levels);
  expect(places.length).toBe(4);
  expect(released).toBe(720);
  expect(raw[(2 * 8 + 3) * 1e4 + 7]).toBe(1);
});
