/**
 * Source PDFs as a file, with the names and dimensions that the papers' own code reads: `pdf` and
 * `pdf_filter` over (nb_time_step, zdim, position, xdim, ydim), so that the published data set can
 * be opened in place of an experiment's own.
 */

import { ShapeError } from "../core/index.js";
import { type Dataset, open, writeNetcdf } from "../io/index.js";
import { PICARD_2024, type SourcePdfs, trapLattice } from "./experiment.js";
import { sharedFloats } from "./shared.js";

const DIMENSIONS = ["nb_time_step", "zdim", "position", "xdim", "ydim"] as const;

/**
 * Write source PDFs.
 *
 * @param attributes global attributes, such as `title` and `source`
 */
export async function writePdfs(
  path: string,
  pdfs: SourcePdfs,
  attributes: Readonly<Record<string, string | number>>,
): Promise<void> {
  const { windows, traps, levels, grid, released } = pdfs;
  const pdf = (data: Float32Array, longName: string) => ({
    dimensions: DIMENSIONS,
    data: swapTrapAndLevel(data, pdfs),
    attributes: { units: "1", long_name: longName },
    deflate: 4,
  });
  const metres = (values: Iterable<number>, dimension: string, longName: string) => ({
    dimensions: [dimension],
    data: Float64Array.from(values),
    attributes: { units: "m", long_name: longName },
  });
  await writeNetcdf(path, {
    dimensions: {
      nb_time_step: windows.length,
      zdim: levels.length,
      position: traps.length,
      xdim: grid.n,
      ydim: grid.n,
      crossing: pdfs.travelTimes.length,
    },
    attributes: { ...attributes, released_per_sample: released, bin_width_m: grid.dx },
    variables: {
      pdf: pdf(pdfs.raw, "share of the particles that crossed the level in this bin"),
      pdf_filter: pdf(pdfs.filtered, "the same after 25.3 km of diffusion"),
      reached: {
        dimensions: ["nb_time_step", "position", "zdim"],
        data: pdfs.reached,
        attributes: { long_name: "particles that reached the level" },
      },
      half_loss: {
        dimensions: ["nb_time_step", "position"],
        data: pdfs.halfLosses,
        attributes: { units: "1", long_name: "Bhattacharyya loss between halves of the particles" },
      },
      window: {
        dimensions: ["nb_time_step"],
        data: windows,
        attributes: { units: "s", long_name: "end of the collection, on the ocean's time axis" },
      },
      level: metres(levels, "zdim", "depth of the level"),
      trap_east: metres(eastOf(pdfs), "position", "east of the trap"),
      trap_north: metres(northOf(pdfs), "position", "north of the trap"),
      trap_depth: metres(
        traps.map((trap) => trap.depth),
        "position",
        "depth of the trap",
      ),
      travel_time: {
        dimensions: ["crossing"],
        data: pdfs.travelTimes,
        attributes: { units: "s", long_name: "time from the last level to the trap" },
      },
    },
  });
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
    const base = file.variables.has("window")
      ? await readFacts(file, shape[3]!)
      : publishedFacts(path, shape);
    const sorted = async (name: string) =>
      swapLevelAndTrap(Float32Array.from((await file.variable(name).read()).data), base);
    return { ...base, raw: await sorted("pdf"), filtered: await sorted("pdf_filter") };
  } finally {
    file.close();
  }
}

type Facts = Omit<SourcePdfs, "raw" | "filtered">;

/** What our own files hold beside the PDFs. */
async function readFacts(file: Dataset, n: number): Promise<Facts> {
  const read = async (name: string) => (await file.variable(name).read()).data;
  const [east, north, depth] = [
    await read("trap_east"),
    await read("trap_north"),
    await read("trap_depth"),
  ];
  return {
    traps: Array.from(depth, (d, t) => ({ east: east[t]!, north: north[t]!, depth: d })),
    windows: Float64Array.from(await read("window")),
    levels: Array.from(await read("level")),
    grid: { n, dx: Number(file.attributes.bin_width_m) },
    reached: Int32Array.from(await read("reached")),
    released: Number(file.attributes.released_per_sample),
    halfLosses: Float64Array.from(await read("half_loss")),
    travelTimes: Float64Array.from(await read("travel_time")),
  };
}

/** What is known of the published files: 36 traps 36 km apart, windows of ten days one by one. */
function publishedFacts(path: string, [windows, levels, traps, n]: readonly number[]): Facts {
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
  return {
    traps: trapLattice({ east: 0, north: 0 }, { across, spacing: 36e3, depth: 1000 }),
    windows: Float64Array.from({ length: windows! }, (_, w) => w * collection.duration),
    levels: depths,
    grid,
    reached: new Int32Array(samples * depths.length).fill(released),
    released,
    halfLosses: new Float64Array(samples).fill(Number.NaN),
    travelTimes: new Float64Array(0),
  };
}

type Extents = Pick<SourcePdfs, "traps" | "windows" | "levels" | "grid">;

/** From (window, trap, level, map) to the file's (window, level, trap, map). */
function swapTrapAndLevel(data: Float32Array, pdfs: Extents): Float32Array {
  return transpose(data, pdfs.windows.length, [pdfs.traps.length, pdfs.levels.length], pdfs);
}

function swapLevelAndTrap(data: Float32Array, pdfs: Extents): Float32Array {
  return transpose(data, pdfs.windows.length, [pdfs.levels.length, pdfs.traps.length], pdfs);
}

function transpose(
  data: Float32Array,
  windows: number,
  [outer, inner]: readonly [number, number],
  { grid }: Extents,
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

function eastOf({ traps }: SourcePdfs): number[] {
  return traps.map((trap) => ("east" in trap ? trap.east : trap.longitude));
}

function northOf({ traps }: SourcePdfs): number[] {
  return traps.map((trap) => ("north" in trap ? trap.north : trap.latitude));
}
