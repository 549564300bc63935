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
 * `mid_date` ("YYYY-MM-DD").
 *
 * @param speed sinking speed of the file [m d⁻¹], which its name says and not its content
 * @throws {MissingVariableError} if one of the two is not there
 * @throws {DataError} if maps are not square, or a date is none
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
    };
    if (midDates.length !== dates) throw shapeError("mid_date", [dates], [midDates.length]);
    checkCatchments(record);
    return record;
  } finally {
    file.close();
  }
}

/** The mean of all maps of a record, shape (bins): what is known without knowing the day. */
export function meanCatchment({ maps, bins, midDates }: CatchmentRecord): Float64Array {
  const mean = new Float64Array(bins);
  for (let at = 0; at < maps.length; at++) {
    mean[at % bins] = mean[at % bins]! + maps[at]! / midDates.length;
  }
  return mean;
}
