/**
 * Catchments over time, as arrays: maps of displacements from the trap, one every ten days, and
 * their files in the layout of the published data set.
 */

import { ArgumentError, DataError, shapeError } from "../core/index.js";
import { open } from "../io/index.js";
import { parseDate } from "./dates.js";

/** Catchments of particles of one sinking speed. */
export interface CatchmentRecord {
  /** [m d⁻¹] */
  readonly speed: number;
  /** the date each map stands for, when its particles were at the surface; increasing [s] */
  readonly midDates: Float64Array;
  /** shape (dates, bins), each map summing to 1 or, where particles left the box, less */
  readonly maps: Float32Array;
  readonly bins: number;
  /** width of a bin [m] */
  readonly dx: number;
}

/** A record is checked once, where it is used. */
export function checkCatchments({ midDates, maps, bins }: CatchmentRecord): void {
  if (maps.length !== midDates.length * bins) {
    throw shapeError("maps", [midDates.length, bins], [maps.length]);
  }
  for (let d = 1; d < midDates.length; d++) {
    if (midDates[d]! > midDates[d - 1]!) continue;
    throw new ArgumentError({ what: `midDates[${d}]`, wanted: "dates in order", got: "not later" });
  }
}

/**
 * Read catchments in the layout of the published data set: `supermodel` (time, 100, 100) and
 * `mid_date` ("YYYY-MM-DD"). Our own files say how wide their bins are; the published ones do not, and
 * have 100 × 100 of 8 km.
 *
 * @param speed sinking speed of the file [m d⁻¹], which its name says and not its content
 * @throws {MissingVariableError} if one of the two is not there
 * @throws {DataError} if maps are not square, their bins of no known width, or a date is none
 */
export async function readCatchments(path: string, speed: number): Promise<CatchmentRecord> {
  const file = await open(path);
  try {
    const maps = file.variable("supermodel");
    const [dates = 0, n = 0, m = 0] = maps.shape;
    if (maps.shape.length !== 3 || n !== m) {
      throw new DataError({
        where: path,
        what: "supermodel",
        wanted: "shape (time, n, n)",
        got: `(${maps.shape.join(", ")})`,
      });
    }
    const texts = (await file.variable("mid_date").readText()).data;
    const midDates = Float64Array.from(texts, (text, d) => parseDate(text, `${path}, date ${d}`));
    const record = {
      speed,
      midDates,
      maps: Float32Array.from((await maps.read()).data),
      bins: n * n,
      dx: binWidth(Number(file.attributes.bin_width_m), n, path),
    };
    if (midDates.length !== dates) throw shapeError("mid_date", [dates], [midDates.length]);
    checkCatchments(record);
    return record;
  } finally {
    file.close();
  }
}

/** Sinking speeds of the paper's catchments [m d⁻¹]. */
export const CATCHMENT_SPEEDS: readonly number[] = [80, 100, 150, 200, 300];

/**
 * Read the catchments of the paper's five speeds.
 *
 * @param pattern path of the files with `{speed}` for the number, as `03-catchments-w{speed}.nc`
 * @throws {ArgumentError} if the pattern has no place for the speed
 */
export function readCatchmentSpeeds(pattern: string): Promise<CatchmentRecord[]> {
  if (!pattern.includes("{speed}")) {
    const wanted = "a path with {speed} where the number stands";
    throw new ArgumentError({ what: "catchment files", wanted, got: pattern });
  }
  return Promise.all(
    CATCHMENT_SPEEDS.map((speed) =>
      readCatchments(pattern.replaceAll("{speed}", `${speed}`), speed),
    ),
  );
}

/** Some dates of a record, and how many are left out. */
export interface KeptCatchments {
  readonly record: CatchmentRecord;
  readonly lost: number;
}

/**
 * Leave out the dates whose particles have mostly left the box: what remains of them is no map of where
 * the sample came from. The networks are trained without them too.
 *
 * @param share of its particles that a map must hold
 */
export function withoutLost(record: CatchmentRecord, share = 0.5): KeptCatchments {
  const { midDates, maps, bins } = record;
  const kept = Array.from(midDates.keys()).filter((d) => {
    let mass = 0;
    for (let b = 0; b < bins; b++) mass += maps[d * bins + b]!;
    return mass >= share;
  });
  const left = new Float32Array(kept.length * bins);
  for (const [k, d] of kept.entries()) left.set(maps.subarray(d * bins, (d + 1) * bins), k * bins);
  const dates = Float64Array.from(kept, (d) => midDates[d]!);
  return {
    record: { ...record, midDates: dates, maps: left },
    lost: midDates.length - kept.length,
  };
}

/** The mean of all maps of a record, shape (bins): what is known without knowing the day. */
export function meanCatchment({ maps, bins, midDates }: CatchmentRecord): Float64Array {
  const mean = new Float64Array(bins);
  for (let at = 0; at < maps.length; at++) {
    mean[at % bins] = mean[at % bins]! + maps[at]! / midDates.length;
  }
  return mean;
}

/** Bins along a side of the published maps, and their width [m]. */
const PUBLISHED = { n: 100, dx: 8000 };

/** Width of a file's bins [m]. */
function binWidth(stated: number, n: number, where: string): number {
  if (stated > 0) return stated;
  if (n === PUBLISHED.n) return PUBLISHED.dx;
  throw new DataError({
    where,
    what: "width of the bins",
    wanted: `attribute bin_width_m, or the ${PUBLISHED.n} × ${PUBLISHED.n} bins of the published files`,
    got: `${n} × ${n} bins and no attribute`,
  });
}
