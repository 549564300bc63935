import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  levelMaps,
  openPdfs,
  PICARD_2024,
  parts2024,
  readPdfs,
  readPredictions,
  scorePredictions,
} from "carbonbook/catchment";
import { writeNetcdf } from "carbonbook/io";
import { afterAll, expect, test } from "vitest";

const BINS = 1e4;
const [LEVELS, TRAPS] = [8, 4];
const folder = mkdtempSync(join(tmpdir(), "published-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** PDFs in the published layout, (nb_time_step, zdim, position, x, y): sample s fills bin 10 s + level. */
const pdfPath = join(folder, "pdf_test.nc");
{
  const dimensions = { nb_time_step: 2, zdim: LEVELS, position: TRAPS, x: 100, y: 100 };
  const data = new Float32Array(2 * LEVELS * TRAPS * BINS);
  for (let sample = 0; sample < 2 * TRAPS; sample++) {
    for (let level = 0; level < LEVELS; level++) {
      const [window, trap] = [Math.floor(sample / TRAPS), sample % TRAPS];
      data[((window * LEVELS + level) * TRAPS + trap) * BINS + 10 * sample + level] = 1;
    }
  }
  const variable = { dimensions: Object.keys(dimensions), data };
  await writeNetcdf(pdfPath, { dimensions, variables: { pdf: variable, pdf_filter: variable } });
}

test("the published PDFs open in place of an experiment's own", async () => {
  const { levels, raw, traps, released } = await readPdfs(pdfPath);
  expect(levels).toEqual(PICARD_2024.levels);
  expect(traps.length).toBe(TRAPS);
  expect(released).toBe(720);
  expect(raw[(6 * LEVELS + 3) * BINS + 63]).toBe(1);
});

test("published predictions are scored against published PDFs, sample by sample", async () => {
  const path = join(folder, "supermodel_surf.nc");
  const dimensions = { nbsample: 6, dx: 100, dy: 100 }; // fewer samples than PDFs, as published
  const data = new Float64Array(6 * BINS);
  for (let s = 0; s < 6; s++) data[s * BINS + 10 * s + (s === 5 ? 0 : LEVELS - 1)] = 1;
  await writeNetcdf(path, {
    dimensions,
    variables: { super_model_norm: { dimensions: Object.keys(dimensions), data } },
  });
  const predicted = await readPredictions(path);
  const samples = Int32Array.from({ length: predicted.data.length / BINS }, (_, s) => s);
  const truth = await levelMaps(await openPdfs(pdfPath), LEVELS - 1, samples);
  const { losses, classes } = scorePredictions("U-Net, surface", predicted, truth);
  for (const loss of losses.subarray(0, 5)) expect(loss).toBeCloseTo(0, 6);
  expect(losses[5]).toBeCloseTo(1, 6);
  expect(classes.valid).toBeCloseTo(5 / 6, 12);
  await expect(readPredictions(path, "std")).rejects.toThrow(/std/);
  await expect(readPredictions(pdfPath, "pdf")).rejects.toThrow("(nbsample, dx, dy)");
});

test("windows without a break are cut as the paper cut them, with a hundred days between", async () => {
  const small = await openPdfs(pdfPath);
  const of = (count: number, spacing = 10) => {
    const windows = Float64Array.from({ length: count }, (_, w) => w * spacing * 86400);
    const inside = new Int32Array(count * TRAPS * LEVELS).fill(small.released);
    return parts2024({ ...small, windows, inside });
  };
  for (const count of [283, 285]) {
    const { windows, train, validation, masked } = of(count);
    expect([windows.train.length, windows.validation.length]).toEqual([239, 34]);
    expect([windows.train.at(-1), windows.validation[0]]).toEqual([238, 248]);
    expect([train.length, validation.length, masked]).toEqual([239 * TRAPS, 34 * TRAPS, 0]);
  }
  const apart = of(12, 100).windows; // a hundred days between all of them is no gap
  expect([apart.train.length, apart.validation.length]).toEqual([10, 2]);
  expect(() => of(3)).toThrow("validation part");
});
