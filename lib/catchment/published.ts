/**
 * The published data sets of the 2024 paper: what their PDFs do not say of themselves, and the
 * predictions and spreads of the paper's own networks, so that its table can be made from its files.
 */

import { ShapeError } from "../core/index.js";
import { open } from "../io/index.js";
import type { Maps } from "./evaluation.js";
import { PICARD_2024, trapLattice } from "./experiment.js";
import type { PdfFacts } from "./pdffile.js";

/**
 * What is known of published PDFs: 36 traps 36 km apart, windows of ten days one by one.
 *
 * @param shape of `pdf` (windows, levels, traps, n, n)
 * @throws {ShapeError} if there are not the levels, bins and square of traps as published
 */
export function publishedFacts(
  path: string,
  [windows, levels, traps, n]: readonly number[],
): PdfFacts {
  const { levels: depths, grid, collection, patch } = PICARD_2024;
  const across = Math.sqrt(traps!);
  if (levels !== depths.length || n !== grid.n || !Number.isInteger(across)) {
    throw new ShapeError({
      where: path,
      what: "pdf",
      wanted: `${depths.length} levels, a square of traps and maps of ${grid.n} × ${grid.n}, as published`,
      got: `${levels} levels, ${traps} traps, ${n} × ${n}`,
    });
  }
  const samples = windows! * traps!;
  const released = patch.across ** 2 * collection.releases;
  const all = new Int32Array(samples * depths.length).fill(released);
  return {
    traps: trapLattice({ east: 0, north: 0 }, { across, spacing: 36e3, depth: 1000 }),
    windows: Float64Array.from({ length: windows! }, (_, w) => w * collection.duration),
    timeOrigin: "run",
    levels: depths,
    grid,
    reached: all,
    inside: all,
    released,
    halfLosses: new Float64Array(samples).fill(Number.NaN),
    travelTimes: new Float64Array(0),
  };
}

/** Samples that are read at a time: bounds memory beside the answer. */
const CHUNK = 64;

/**
 * Read published predictions at 200 m, or the spread of their members: one map a sample, in the order
 * of the samples of the PDFs (trap fastest), east by north.
 *
 * @param name `super_model_norm`, as in `supermodel_4L.nc`, `supermodel_surf.nc`, `unet_surf_nb.nc` and
 *             `basic_cnn_surf.nc`, by default; `std` in `STD_4L.nc` and `STD_surf.nc`
 * @throws {MissingVariableError} if the file has none of that name
 * @throws {ShapeError} if it is not (samples, n, n)
 */
export async function readPredictions(path: string, name = "super_model_norm"): Promise<Maps> {
  const file = await open(path);
  try {
    const variable = file.variable(name);
    const [count, n, across] = variable.shape as readonly [number, number, number];
    if (variable.shape.length !== 3 || n !== across) {
      throw new ShapeError({
        where: path,
        what: name,
        wanted: "(nbsample, dx, dy) with square maps",
        got: `(${variable.shape.join(", ")})`,
      });
    }
    const bins = n * n;
    const data = new Float32Array(count * bins);
    for (let from = 0; from < count; from += CHUNK) {
      const rows = [from, Math.min(from + CHUNK, count)] as const;
      data.set((await variable.read({ [variable.dimensions[0]!]: rows })).data, from * bins);
    }
    return { data, bins };
  } finally {
    file.close();
  }
}
