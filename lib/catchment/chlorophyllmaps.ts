/**
 * Chlorophyll as satellites saw it: daily or 8-day maps, brought to the bins of a trap's catchments.
 *
 * @see Picard et al. (2025), section 4.2: OCEANCOLOUR_GLO_BGC_L3_MY_009_107, linear onto the bins
 */

import { ArgumentError, DataError, formatTime, MissingVariableError } from "../core/index.js";
import { open } from "../io/index.js";
import { readSatelliteMaps } from "./satellitefile.js";
import { boxAxes, type SatelliteMaps, type TrapBox } from "./satellitemap.js";

/** What products call it: Copernicus, OC-CCI, the paper's own file, GlobColour. */
const NAMES: readonly string[] = ["CHL", "chlor_a", "chl", "CHL1_mean", "CHL1"];

/** Dates of a file that are read together: bounds memory. */
const AT_ONCE = 64;

/** Factors to mg m⁻³ by units as products spell them, without spaces and carets. */
const FACTORS: Readonly<Record<string, number>> = {
  "mg/m3": 1,
  "mgm-3": 1,
  "milligramm-3": 1,
  "ug/l": 1,
  "kgm-3": 1e6,
};

/** Chlorophyll on the bins of catchments, as `weighChlorophyll` of carbonbook/flux takes it. */
export interface ChlorophyllMaps {
  /** as the files have them, increasing [s since 1970-01-01] */
  readonly times: Float64Array;
  /** [mg m⁻³], shape (times, bins), east by north; NaN under clouds */
  readonly maps: Float32Array;
  readonly bins: number;
}

/**
 * Read maps of chlorophyll, one or many dates a file, onto the displacements around a trap: linear in
 * longitude and latitude, NaN where one of the pixels around a bin's centre was not seen, as xarray and
 * scipy have it. Of every file only the pixels around the trap are read, some dates at a time.
 *
 * @param paths files in any order
 * @param box   the trap and the bins of its catchments
 * @returns maps in order of time, east by north like catchments
 * @throws {MissingVariableError} if a file holds no chlorophyll
 * @throws {DataError} if a file has no dates, positions or units of mass per volume, if the bins reach
 *         beyond its map, or two maps are of one date
 * @throws {ArgumentError} if there is no file
 */
export async function readChlorophyll(
  paths: readonly string[],
  box: TrapBox,
): Promise<ChlorophyllMaps> {
  const read: { time: number; map: Float32Array; path: string }[] = [];
  for (const path of paths) {
    const { quantity, dates } = await contentOf(path);
    for (let first = 0; first < dates; first += AT_ONCE) {
      const some = [first, Math.min(first + AT_ONCE, dates)] as const;
      const maps = await readSatelliteMaps(path, quantity, box, some);
      const factor = factorOf(maps.units, `${path}, variable ${quantity}`);
      const bins = binMaps(maps, box, path);
      for (const [k, time] of maps.times.entries()) {
        read.push({ time, map: bins(k).map((value) => value * factor), path });
      }
    }
  }
  if (read.length === 0) {
    throw new ArgumentError({ what: "maps of chlorophyll", wanted: "some", got: "none" });
  }
  read.sort((a, b) => a.time - b.time);
  const bins = box.n * box.n;
  const maps = new Float32Array(read.length * bins);
  for (const [k, { time, map, path }] of read.entries()) {
    if (k > 0 && read[k - 1]!.time === time) throw twice(read[k - 1]!.path, path, time);
    maps.set(map, k * bins);
  }
  return { times: Float64Array.from(read, ({ time }) => time), maps, bins };
}

/** The variable that holds chlorophyll, and its dates. */
async function contentOf(path: string): Promise<{ quantity: string; dates: number }> {
  const file = await open(path);
  try {
    const quantity = NAMES.find((candidate) => file.variables.has(candidate));
    if (quantity === undefined) {
      const got = [...file.variables.keys()].join(", ");
      const wanted = NAMES.join(", ");
      throw new MissingVariableError({ where: path, what: "chlorophyll", wanted, got });
    }
    const { shape, dimensions } = file.variable(quantity);
    if (shape.length === 3 && file.variables.has("time")) return { quantity, dates: shape[0]! };
    throw undated(path, dimensions);
  } finally {
    file.close();
  }
}

/** A logarithm is not a concentration, and nothing is guessed at. */
function factorOf(units: string, where: string): number {
  const factor =
    FACTORS[
      units
        .toLowerCase()
        .replaceAll(/[\s^*]/g, "")
        .replace(/[μµ]/, "u")
    ];
  if (factor !== undefined) return factor;
  throw new DataError({
    where,
    what: "units of chlorophyll",
    wanted: "mg m-3 or milligram m-3",
    got: units === "" ? "none" : `"${units}"`,
    remedy: "convert the variable, or write its attribute units",
  });
}

/** A function that brings the k-th map to the bins, shape (n, n), east by north. */
function binMaps(maps: SatelliteMaps, box: TrapBox, path: string): (k: number) => Float32Array {
  const { xi, yi } = boxAxes(box);
  const east = placesOf(maps.longitude, xi, `${path}, longitude`);
  const north = placesOf(maps.latitude, yi, `${path}, latitude`);
  const width = maps.longitude.length;
  const size = width * maps.latitude.length;
  return (k) => {
    const out = new Float32Array(box.n * box.n);
    for (const [i, { below: a, share: p }] of east.entries()) {
      for (const [j, { below: b, share: q }] of north.entries()) {
        const at = k * size + b * width + a;
        const south = (1 - p) * maps.values[at]! + p * maps.values[at + 1]!;
        const upper = (1 - p) * maps.values[at + width]! + p * maps.values[at + width + 1]!;
        out[i * box.n + j] = (1 - q) * south + q * upper;
      }
    }
    return out;
  };
}

/** Between which pixels each bin's centre lies, and how far from the first to the second. */
function placesOf(axis: Float64Array, wanted: Float64Array, where: string) {
  return Array.from(wanted, (value) => {
    const after = axis.findIndex((pixel) => pixel > value);
    if (after > 0) {
      const [low, high] = [axis[after - 1]!, axis[after]!];
      return { below: after - 1, share: (value - low) / (high - low) };
    }
    throw new DataError({
      where,
      what: "bins of the catchments",
      wanted: `inside ${axis[0]!.toFixed(2)} to ${axis.at(-1)!.toFixed(2)} degrees`,
      got: value.toFixed(2),
      remedy: "take maps that reach 400 km beyond the trap",
    });
  });
}

function undated(where: string, dimensions: readonly string[]): DataError {
  return new DataError({
    where,
    what: "dates of the maps",
    wanted: "dimensions (time, latitude, longitude) and a variable time",
    got: dimensions.join(", "),
    remedy: "take a file that says of which day its maps are",
  });
}

function twice(first: string, second: string, time: number): DataError {
  return new DataError({
    where: second,
    what: "date of a map",
    wanted: "each date once",
    got: `${formatTime(time)}, which ${first} has too`,
    remedy: "leave one of the two files out",
  });
}
