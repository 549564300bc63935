/**
 * Dynamic time warping: the least cost of matching two series when either may be stretched in time.
 *
 * @see Sakoe & Chiba (1978), IEEE Trans. ASSP 26, 43; Tormene et al. (2008), Artif. Intell. Med. 45, 11
 */

import { ArgumentError } from "../core/index.js";

/** How series are matched. */
export interface WarpingOptions {
  /** "squared" differences, the root taken at the end (default), or "absolute" ones */
  readonly cost?: "squared" | "absolute";
  /** symmetric1 counts a diagonal step once (default), symmetric2 twice (R's dtw) */
  readonly steps?: "symmetric1" | "symmetric2";
  /** Sakoe–Chiba radius: largest shift in time [samples]; unbounded by default */
  readonly band?: number;
}

/**
 * DTW distance of two series.
 *
 * @param a shape (n)
 * @param b shape (m)
 * @throws {ArgumentError} if one is empty, or the band is narrower than their difference in length
 */
export function warpingDistance(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: WarpingOptions = {},
): number {
  const reach = reachOf(a.length, b.length, options);
  return distanceOf(a, b, reach, options, [
    new Float64Array(b.length + 1),
    new Float64Array(b.length + 1),
  ]);
}

/**
 * DTW distances between all pairs of series.
 *
 * @param series rows of one length, row-major, shape (count, length)
 * @returns symmetric matrix with a zero diagonal, shape (count, count)
 * @throws {ArgumentError} if a row is empty or the numbers do not fill whole rows
 */
export function warpingMatrix(
  series: Float64Array,
  length: number,
  options: WarpingOptions = {},
): Float64Array {
  const count = series.length / length;
  if (!Number.isInteger(count)) {
    throw new ArgumentError({
      what: "series",
      wanted: `whole rows of ${length}`,
      got: `${series.length} numbers`,
    });
  }
  const reach = reachOf(length, length, options);
  const rows: [Float64Array, Float64Array] = [
    new Float64Array(length + 1),
    new Float64Array(length + 1),
  ];
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const a = series.subarray(i * length, (i + 1) * length);
    for (let j = 0; j < i; j++) {
      const b = series.subarray(j * length, (j + 1) * length);
      const distance = distanceOf(a, b, reach, options, rows);
      matrix[i * count + j] = distance;
      matrix[j * count + i] = distance;
    }
  }
  return matrix;
}

function distanceOf(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  reach: number,
  { cost = "squared", steps = "symmetric1" }: WarpingOptions,
  rows: readonly [Float64Array, Float64Array],
): number {
  const m = b.length;
  const squared = cost === "squared";
  const diagonal = steps === "symmetric2" ? 2 : 1;
  let [previous, current] = rows;
  previous.fill(Number.POSITIVE_INFINITY);
  previous[0] = 0;
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - reach);
    const to = Math.min(m, i + reach);
    current.fill(Number.POSITIVE_INFINITY, 0, from);
    const here = a[i - 1]!;
    let left = Number.POSITIVE_INFINITY;
    for (let j = from; j <= to; j++) {
      const difference = here - b[j - 1]!;
      const step = squared ? difference * difference : Math.abs(difference);
      const across = previous[j - 1]! + diagonal * step;
      const best = Math.min(left, previous[j]!) + step;
      left = Math.min(best, across);
      current[j] = left;
    }
    if (to < m) current[to + 1] = Number.POSITIVE_INFINITY;
    [previous, current] = [current, previous];
  }
  return squared ? Math.sqrt(previous[m]!) : previous[m]!;
}

function reachOf(n: number, m: number, { band }: WarpingOptions): number {
  if (n === 0 || m === 0) {
    throw new ArgumentError({ what: "series", wanted: "at least one sample", got: "none" });
  }
  if (band === undefined) return Math.max(n, m);
  if (Number.isInteger(band) && band >= Math.abs(n - m)) return band;
  throw new ArgumentError({
    what: "band",
    wanted: `an integer of at least ${Math.abs(n - m)}, the difference in length`,
    got: `${band}`,
  });
}
