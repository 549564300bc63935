/**
 * Source PDFs as a file, with the names and dimensions that the papers' own code reads: `pdf` and
 * `pdf_filter` over (nb_time_step, zdim, position, xdim, ydim), so that the published data set can
 * be opened in place of an experiment's own.
 */

import { ShapeError } from "../core/index.js";
import {
  createNetcdf,
  type Dataset,
  type NetcdfLayout,
  type NetcdfShape,
  open,
} from "../io/index.js";
import type { SourcePdfs } from "./experiment.js";
import { heatWidth } from "./pdf.js";
import { publishedFacts } from "./published.js";
import { sharedFloats } from "./shared.js";
import { readTraps, trapVariables, writeTraps } from "./trapfile.js";

const DIMENSIONS = ["nb_time_step", "zdim", "position", "xdim", "ydim"] as const;

/** Everything about source PDFs but the maps themselves. */
export type PdfFacts = Omit<SourcePdfs, "raw" | "filtered">;

/** Source PDFs that stay in their file: samples are read when they are asked for. */
export interface StoredPdfs extends PdfFacts {
  readonly path: string;
}

/** Global attributes of a file, such as `title` and `source`. */
export type PdfAttributes = Readonly<Record<string, string | number>>;

/** What is known of an experiment before it has run. */
export type PdfPlan = Pick<
  PdfFacts,
  "windows" | "timeOrigin" | "traps" | "levels" | "grid" | "released"
>;

/** A file of source PDFs in the making. */
export interface PdfWriter {
  /** Write the next windows. */
  add(part: SourcePdfs): void;
  /** Finish the file and move it to its place. */
  close(): void;
  /** Leave nothing. */
  abort(): void;
}

/**
 * Write source PDFs.
 *
 * @param attributes global attributes, such as `title` and `source`
 */
export async function writePdfs(
  path: string,
  pdfs: SourcePdfs,
  attributes: PdfAttributes,
): Promise<void> {
  const file = await createPdfs(path, pdfs, attributes);
  try {
    file.add(pdfs);
  } catch (error) {
    file.abort();
    throw error;
  }
  file.close();
}

/**
 * Begin a file of source PDFs that is written some windows at a time, in their order.
 *
 * @param attributes global attributes, such as `title` and `source`
 */
export async function createPdfs(
  path: string,
  plan: PdfPlan,
  attributes: PdfAttributes,
): Promise<PdfWriter> {
  const { windows, traps, levels, grid } = plan;
  const file = await createNetcdf(path, layoutOf(plan, attributes));
  try {
    file.write("window", windows);
    file.write("level", Float64Array.from(levels));
    writeTraps(file, traps);
  } catch (error) {
    file.abort();
    throw error;
  }
  let [next, crossings] = [0, 0];
  return {
    add(part) {
      const count = part.windows.length;
      const rows = { nb_time_step: [next, next + count] as const };
      const one = traps.length * levels.length * grid.n ** 2;
      for (let w = 0; w < count; w++) {
        const row = { nb_time_step: [next + w, next + w + 1] as const };
        for (const [name, data] of [
          ["pdf", part.raw] as const,
          ["pdf_filter", part.filtered] as const,
        ]) {
          const window = data.subarray(w * one, (w + 1) * one);
          file.write(name, transpose(window, 1, [traps.length, levels.length], plan), row);
        }
      }
      file.write("reached", part.reached, rows);
      file.write("inside", part.inside, rows);
      file.write("half_loss", part.halfLosses, rows);
      const ages = part.travelTimes;
      if (ages.length > 0) {
        file.write("travel_time", ages, { crossing: [crossings, crossings + ages.length] });
      }
      next += count;
      crossings += ages.length;
    },
    close: () => file.close(),
    abort: () => file.abort(),
  };
}

/** A model run's own clock has no date to count from. */
const TIME_UNITS = { 1970: "seconds since 1970-01-01 00:00:00", run: "s" } as const;

/** One sample is one chunk, since training reads samples in any order. */
function layoutOf(
  { windows, timeOrigin, traps, levels, grid, released }: PdfPlan,
  attributes: PdfAttributes,
): NetcdfLayout {
  const number = (
    dimensions: readonly string[],
    units: string | undefined,
    longName: string,
  ): NetcdfShape => ({
    dimensions,
    type: "f64",
    attributes: { ...(units === undefined ? {} : { units }), long_name: longName },
  });
  const count = (longName: string): NetcdfShape => ({
    dimensions: ["nb_time_step", "position", "zdim"],
    type: "i32",
    attributes: { long_name: longName },
  });
  const pdf = (longName: string): NetcdfShape => ({
    dimensions: DIMENSIONS,
    type: "f32",
    chunks: [1, levels.length, 1, grid.n, grid.n],
    deflate: 1,
    attributes: { units: "1", long_name: longName },
  });
  return {
    dimensions: {
      nb_time_step: windows.length,
      zdim: levels.length,
      position: traps.length,
      xdim: grid.n,
      ydim: grid.n,
      crossing: { length: 0, unlimited: true },
    },
    attributes: { ...attributes, released_per_sample: released, bin_width_m: grid.dx },
    variables: {
      pdf: pdf("share of the particles that crossed the level in this bin"),
      pdf_filter: pdf(`the same after ${(heatWidth(grid.dx) / 1000).toFixed(1)} km of diffusion`),
      reached: count("particles that reached the level"),
      inside: count("particles that reached the level within the box of the maps"),
      half_loss: number(
        ["nb_time_step", "position"],
        "1",
        "Bhattacharyya loss between halves of the releases",
      ),
      window: number(["nb_time_step"], TIME_UNITS[timeOrigin], "end of the collection"),
      level: number(["zdim"], "m", "depth of the level"),
      ...trapVariables(traps),
      travel_time: number(["crossing"], "s", "time from the last level to the trap"),
    },
  };
}

/**
 * Read source PDFs. The published files hold the PDFs alone: their levels, traps and windows are then
 * those of the papers' experiment, times count from the first window's end, and nothing is known of
 * particle numbers and travel times.
 *
 * @throws {MissingVariableError} if the file lacks one of the PDFs, or some of its own facts
 * @throws {ShapeError} if the arrays do not fit each other
 */
export async function readPdfs(path: string): Promise<SourcePdfs> {
  const { path: _path, ...facts } = await openPdfs(path);
  const file = await open(path);
  try {
    const sorted = async (name: string) => {
      const data = Float32Array.from((await file.variable(name).read()).data);
      const { windows, traps, levels } = facts;
      return transpose(data, windows.length, [levels.length, traps.length], facts);
    };
    return { ...facts, raw: await sorted("pdf"), filtered: await sorted("pdf_filter") };
  } finally {
    file.close();
  }
}

/**
 * As `readPdfs`, but the maps stay in the file.
 *
 * @throws as `readPdfs`
 */
export async function openPdfs(path: string): Promise<StoredPdfs> {
  const file = await open(path);
  try {
    const { shape, dimensions } = file.variable("pdf");
    if (shape.length !== 5 || shape[3] !== shape[4]) {
      throw new ShapeError({
        where: path,
        what: "pdf",
        wanted: `dimensions ${DIMENSIONS.join(", ")} with a square map`,
        got: `shape (${shape.join(", ")}) of ${dimensions.join(", ")}`,
      });
    }
    const facts = file.variables.has("window")
      ? await readFacts(file, shape[3]!)
      : publishedFacts(path, shape);
    return { ...facts, path };
  } finally {
    file.close();
  }
}

/** What our own files hold beside the PDFs. */
async function readFacts(file: Dataset, n: number): Promise<PdfFacts> {
  const read = async (name: string) => (await file.variable(name).read()).data;
  return {
    traps: await readTraps(file),
    timeOrigin: / since /.test(file.variable("window").units) ? "1970" : "run",
    windows: Float64Array.from(await read("window")),
    levels: Array.from(await read("level")),
    grid: { n, dx: Number(file.attributes.bin_width_m) },
    reached: Int32Array.from(await read("reached")),
    inside: Int32Array.from(await read(file.variables.has("inside") ? "inside" : "reached")),
    released: Number(file.attributes.released_per_sample),
    halfLosses: Float64Array.from(await read("half_loss")),
    travelTimes: Float64Array.from(await read("travel_time")),
  };
}

/** From (window, outer, inner, map) to (window, inner, outer, map). */
function transpose(
  data: Float32Array,
  windows: number,
  [outer, inner]: readonly [number, number],
  { grid }: Pick<PdfFacts, "grid">,
): Float32Array {
  const bins = grid.n ** 2;
  const out = sharedFloats(data.length);
  for (let w = 0; w < windows; w++) {
    for (let a = 0; a < outer; a++) {
      for (let b = 0; b < inner; b++) {
        const from = ((w * outer + a) * inner + b) * bins;
        out.set(data.subarray(from, from + bins), ((w * inner + b) * outer + a) * bins);
      }
    }
  }
  return out;
}
