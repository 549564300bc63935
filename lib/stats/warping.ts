/**
 * Dynamic time warping: the least cost of matching two series when either may be stretched in time.
 * A kernel (warping.as) fills the tables of one series against four others at once.
 *
 * @see Sakoe & Chiba (1978), IEEE Trans. ASSP 26, 43; Tormene et al. (2008), Artif. Intell. Med. 45, 11
 */

import { ArgumentError, openKernel } from "../core/index.js";
import { WARPING_WASM } from "./warping-wasm.js";

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
 * @throws {ArgumentError} if one is empty or holds a value that is not finite, or the band is narrower
 *         than their difference in length
 */
export function warpingDistance(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: WarpingOptions = {},
): number {
  const reach = reachOf(a.length, b.length, options);
  return makeWarper([b], { length: b.length, longest: a.length, reach, options })(a, 1)[0]!;
}

/**
 * DTW distances between all pairs of series.
 *
 * @param series rows of one length, row-major, shape (count, length)
 * @returns symmetric matrix with a zero diagonal, shape (count, count)
 * @throws {ArgumentError} if a row is empty, the numbers do not fill whole rows, or one is not finite
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
  const rows = Array.from({ length: count }, (_, i) =>
    series.subarray(i * length, (i + 1) * length),
  );
  const distancesOf = makeWarper(rows, { length, longest: length, reach, options });
  const matrix = new Float64Array(count * count);
  for (const [i, row] of rows.entries()) {
    const distances = distancesOf(row, i);
    for (let j = 0; j < i; j++) {
      matrix[i * count + j] = distances[j]!;
      matrix[j * count + i] = distances[j]!;
    }
  }
  return matrix;
}

const MODULE = new WebAssembly.Module(Buffer.from(WARPING_WASM, "base64"));

/** What the kernel exports; a, others, row and out are addresses in bytes. */
interface Exports {
  free(): number;
  distances(
    ...how: [
      ...[squared: number, a: number, n: number, others: number, m: number, groups: number],
      ...[reach: number, diagonal: number, row: number, out: number],
    ]
  ): void;
}

type Four = [Float64Array, Float64Array, Float64Array, Float64Array];

/**
 * Make a function that warps a series to the first `count` of others.
 *
 * @param others  series of one length
 * @param longest largest length of what is warped to them
 * @returns distances, valid until the next call
 */
function makeWarper(
  others: readonly ArrayLike<number>[],
  how: {
    readonly length: number;
    readonly longest: number;
    readonly reach: number;
    readonly options: WarpingOptions;
  },
): (a: ArrayLike<number>, count: number) => Float64Array {
  const { length, longest, reach, options } = how;
  const { cost = "squared", steps = "symmetric1" } = options;
  const padded = 4 * Math.ceil(others.length / 4);
  const sizes = [padded * length, 4 * (length + 1), longest, padded];
  const { kernel, arrays } = openKernel<Exports>(MODULE, sizes);
  const [table, row, series, out] = arrays as Four;
  for (const [i, other] of others.entries()) {
    const first = (i - (i % 4)) * length + (i % 4);
    for (let j = 0; j < length; j++) table[first + 4 * j] = finite(other[j]!);
  }
  const squared = cost === "squared" ? 1 : 0;
  const diagonal = steps === "symmetric2" ? 2 : 1;
  return (a, count) => {
    for (let i = 0; i < a.length; i++) series[i] = finite(a[i]!);
    const [n, groups] = [a.length, Math.ceil(count / 4)];
    const at = [series.byteOffset, n, table.byteOffset, length, groups] as const;
    kernel.distances(squared, ...at, reach, diagonal, row.byteOffset, out.byteOffset);
    if (squared === 1) for (let j = 0; j < count; j++) out[j] = Math.sqrt(out[j]!);
    return out;
  };
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new ArgumentError({
    what: "series",
    wanted: "finite numbers",
    got: `${value}`,
    remedy: "fill or leave out gaps",
  });
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
