/**
 * Satellite maps on regular longitudes and latitudes, and what networks need of them: the same field
 * on a square grid around a trap, by cubic splines.
 */

import { ArgumentError } from "../core/index.js";
import { cubicGrid } from "./cubic.js";

/** Maps of one quantity over time. */
export interface SatelliteMaps {
  readonly quantity: string;
  readonly units: string;
  /** increasing [degrees east] */
  readonly longitude: Float64Array;
  /** increasing [degrees north] */
  readonly latitude: Float64Array;
  /** [s since 1970-01-01]; empty where the file has no time */
  readonly times: Float64Array;
  /** shape (times or 1, latitude, longitude), NaN on land, under clouds and in gaps */
  readonly values: Float32Array;
}

/** Length of a degree of latitude [m]. */
export const DEGREE = 111_195;

/** A square of cells around a trap. */
export interface TrapBox {
  /** [degrees] */
  readonly longitude: number;
  readonly latitude: number;
  /** cells along a side, and their width [m] */
  readonly n: number;
  readonly dx: number;
}

/** Share of cells of a box that may be interpolated from gaps before a map counts as missing. */
const LARGEST_GAP = 0.5;

/** Where a box's cells lie, row of longitudes and row of latitudes [degrees]. */
export function boxAxes({ longitude, latitude, n, dx }: TrapBox): {
  readonly xi: Float64Array;
  readonly yi: Float64Array;
} {
  const shrink = Math.cos((latitude * Math.PI) / 180);
  const offset = (k: number) => ((k + 0.5 - n / 2) * dx) / DEGREE;
  return {
    xi: Float64Array.from({ length: n }, (_, k) => longitude + offset(k) / shrink),
    yi: Float64Array.from({ length: n }, (_, k) => latitude + offset(k)),
  };
}

/** A map on the cells of a box. */
export interface BoxMap {
  /** shape (n, n), south to north, then west to east; NaN where nothing is near */
  readonly values: Float32Array;
  /** share of the cells whose nearest pixel is missing */
  readonly missing: number;
}

/**
 * Bring one map to the cells of a box by cubic splines; where pixels are finer than cells, a cell is
 * the mean of splines at as many points along each side as there are pixels, as the papers' inputs are
 * means over cells of a finer grid.
 *
 * Missing pixels are filled from their nearest neighbours first, so that splines do not ring, and
 * the cells next to them are NaN afterwards.
 *
 * @param index which map, in order of time
 * @throws {ArgumentError} if the box leaves the map, more than half of it is missing, or there is no
 *         such map
 */
export function regrid(maps: SatelliteMaps, box: TrapBox, index = 0): BoxMap {
  const size = maps.longitude.length * maps.latitude.length;
  const count = maps.values.length / size;
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new ArgumentError({ what: "map", wanted: `0 to ${count - 1}`, got: `${index}` });
  }
  const wanted = boxAxes(box);
  const cut = cutOut(maps, box, index);
  const filled = fillGaps(cut.values, cut.x.length);
  const parts = partsOfCell(maps, box);
  const points = boxAxes({ ...box, n: box.n * parts, dx: box.dx / parts });
  const fine = cellMeans(cubicGrid({ x: cut.x, y: cut.y, values: filled }, points), box.n, parts);
  const values = new Float32Array(fine.length);
  let missing = 0;
  for (let j = 0; j < box.n; j++) {
    const row = nearest(cut.y, wanted.yi[j]!);
    for (let i = 0; i < box.n; i++) {
      const pixel = cut.values[row * cut.x.length + nearest(cut.x, wanted.xi[i]!)]!;
      const seen = !Number.isNaN(pixel);
      values[j * box.n + i] = seen ? fine[j * box.n + i]! : Number.NaN;
      if (!seen) missing += 1 / fine.length;
    }
  }
  if (missing <= LARGEST_GAP) return { values, missing };
  throw new ArgumentError({
    what: `${maps.quantity} around ${box.latitude} °N, ${box.longitude} °E`,
    wanted: "at least half of the box at sea and seen",
    got: `${(100 * missing).toFixed(0)} % missing`,
    remedy: "move the box, or take another date",
  });
}

/** How many pixels lie along a side of a cell, at least 1. */
function partsOfCell({ longitude, latitude }: SatelliteMaps, box: TrapBox): number {
  const shrink = Math.cos((box.latitude * Math.PI) / 180);
  const pixel = DEGREE * Math.min(stepOf(latitude), stepOf(longitude) * shrink);
  return Math.max(1, Math.ceil(box.dx / pixel - 0.01));
}

/** Means over squares of parts × parts points, shape (n, n). */
function cellMeans(points: Float64Array, n: number, parts: number): Float64Array {
  if (parts === 1) return points;
  const means = new Float64Array(n * n);
  for (let at = 0; at < points.length; at++) {
    const row = Math.floor(at / (n * parts));
    const cell = Math.floor(row / parts) * n + Math.floor((at % (n * parts)) / parts);
    means[cell] = means[cell]! + points[at]! / parts ** 2;
  }
  return means;
}

/** Pixels of a map around a box, four wider on each side, and where they lie. */
export interface PixelRange {
  /** first column and the one after the last; beyond a global map's ends they count on past the seam */
  readonly columns: readonly [number, number];
  readonly rows: readonly [number, number];
  /** [degrees], of a global map in the turn of the box's */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The pixels that the splines of a box need; none where the box lies off the map. */
export function pixelsAround(
  { longitude, latitude }: Pick<SatelliteMaps, "longitude" | "latitude">,
  box: TrapBox,
): PixelRange {
  const { xi, yi } = boxAxes(box);
  const step = stepOf(longitude);
  const global = Math.abs(longitude.length * step - 360) < step / 2;
  const first = Math.floor((turned(xi[0]!, longitude, global) - longitude[0]!) / step) - 4;
  const columns = Math.ceil((xi.at(-1)! - xi[0]!) / step) + 9;
  const from = global ? first : Math.max(0, first);
  const to = global ? from + columns : Math.min(longitude.length, first + columns);
  const shift = xi[0]! - turned(xi[0]!, longitude, global);
  const rise = stepOf(latitude);
  const south = Math.max(0, Math.floor((yi[0]! - latitude[0]!) / rise) - 4);
  const north = Math.min(latitude.length, Math.ceil((yi.at(-1)! - latitude[0]!) / rise) + 5);
  return {
    columns: [from, Math.max(from, to)],
    rows: [south, Math.max(south, north)],
    x: Float64Array.from({ length: Math.max(0, to - from) }, (_, k) => {
      return longitude[0]! + (from + k) * step + shift;
    }),
    y: latitude.slice(south, Math.max(south, north)),
  };
}

/** The part of a map around a box. */
function cutOut(maps: SatelliteMaps, box: TrapBox, index: number) {
  const { longitude, latitude, values } = maps;
  const { columns, rows, x, y } = pixelsAround(maps, box);
  const start = index * latitude.length * longitude.length;
  const cut = new Float32Array(x.length * y.length);
  for (let j = 0; j < y.length; j++) {
    for (let i = 0; i < x.length; i++) {
      const column = (((columns[0] + i) % longitude.length) + longitude.length) % longitude.length;
      cut[j * x.length + i] = values[start + (rows[0] + j) * longitude.length + column]!;
    }
  }
  return { x, y, values: cut };
}

/** A longitude moved by whole turns into a global map's range. */
function turned(value: number, longitude: Float64Array, global: boolean): number {
  if (!global) return value;
  return ((((value - longitude[0]!) % 360) + 360) % 360) + longitude[0]!;
}

/** Missing values take the mean of known neighbours, ring after ring; 0 where nothing is known. */
function fillGaps(values: Float32Array, nx: number): Float64Array {
  let known = Float64Array.from(values);
  const ny = values.length / nx;
  for (let ring = 0; ring < nx + ny && known.some(Number.isNaN); ring++) {
    const next = known.slice();
    for (let at = 0; at < known.length; at++) {
      if (!Number.isNaN(known[at]!)) continue;
      const [j, i] = [Math.floor(at / nx), at % nx];
      let [sum, count] = [0, 0];
      for (let b = Math.max(0, j - 1); b <= Math.min(ny - 1, j + 1); b++) {
        for (let a = Math.max(0, i - 1); a <= Math.min(nx - 1, i + 1); a++) {
          const value = known[b * nx + a]!;
          if (Number.isNaN(value)) continue;
          sum += value;
          count++;
        }
      }
      if (count > 0) next[at] = sum / count;
    }
    known = next;
  }
  return known.map((value) => (Number.isNaN(value) ? 0 : value));
}

function nearest(axis: Float64Array, value: number): number {
  return Math.min(Math.max(Math.round((value - axis[0]!) / stepOf(axis)), 0), axis.length - 1);
}

/** Mean distance of neighbours: two neighbours alone would carry the rounding of float32 axes along. */
function stepOf(axis: Float64Array): number {
  return (axis.at(-1)! - axis[0]!) / (axis.length - 1);
}
