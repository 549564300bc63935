/** k-means: Lloyd's iteration from k-means++ starts, the best of several. */

import { ArgumentError, makeRandom, type Random, shapeError } from "../core/index.js";

/** Options of `kMeans`. */
export interface KMeansOptions {
  /** how many starts, 10 by default; the one of least inertia is kept */
  readonly starts?: number;
  /** 300 by default */
  readonly maxIterations?: number;
  readonly seed: number;
}

/** A partition into k clusters. */
export interface KMeans {
  /** shape (n,), 0…k−1 */
  readonly labels: Int32Array;
  /** shape (k, d), row-major */
  readonly centers: Float64Array;
  /** sum of squared distances to the centres */
  readonly inertia: number;
}

/**
 * Partition points into k clusters of least squared distance to their centres.
 *
 * @param points shape (n, d), row-major
 * @throws {ShapeError}    if points are not whole rows of d
 * @throws {ArgumentError} if there are fewer than k points, or a coordinate is not finite
 * @see Lloyd (1982); Arthur & Vassilvitskii (2007), Proc. SODA, 1027–1035
 */
export function kMeans(points: Float64Array, d: number, k: number, options: KMeansOptions): KMeans {
  const n = points.length / d;
  if (!Number.isInteger(n)) throw shapeError("points", [Math.ceil(n), d], [points.length]);
  if (!(k >= 1 && n >= k)) {
    throw new ArgumentError({ what: "clusters", wanted: `1 to ${n}`, got: String(k) });
  }
  const bad = points.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    const got = `${points[bad]} in point ${Math.floor(bad / d)}`;
    throw new ArgumentError({ what: "points", wanted: "finite coordinates", got });
  }
  const { starts = 10, maxIterations = 300, seed } = options;
  let best: KMeans | undefined;
  for (let start = 0; start < starts; start++) {
    const centers = spreadCenters(points, d, k, makeRandom(seed, start));
    const found = iterate(points, d, centers, maxIterations);
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  return best!;
}

/** The index of the nearest centre of each point, and the squared distance to it. */
export function nearestCenters(
  points: Float64Array,
  d: number,
  centers: Float64Array,
): { labels: Int32Array; squares: Float64Array } {
  const n = points.length / d;
  const k = centers.length / d;
  const labels = new Int32Array(n);
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      let square = 0;
      for (let c = 0; c < d; c++) square += (points[i * d + c]! - centers[j * d + c]!) ** 2;
      if (square < least) {
        least = square;
        labels[i] = j;
      }
    }
    squares[i] = least;
  }
  return { labels, squares };
}

function spreadCenters(points: Float64Array, d: number, k: number, random: Random): Float64Array {
  const n = points.length / d;
  const centers = new Float64Array(k * d);
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let next = random.integer(n);
  for (let j = 0; j < k; j++) {
    const center = points.subarray(next * d, (next + 1) * d);
    centers.set(center, j * d);
    const { squares } = nearestCenters(points, d, center);
    let total = 0;
    for (let i = 0; i < n; i++) {
      nearest[i] = Math.min(nearest[i]!, squares[i]!);
      total += nearest[i]!;
    }
    let left = random.uniform() * total;
    next = 0;
    while (next < n - 1 && left >= nearest[next]!) left -= nearest[next++]!;
  }
  return centers;
}

function iterate(points: Float64Array, d: number, start: Float64Array, limit: number): KMeans {
  let centers = start;
  let { labels, squares } = nearestCenters(points, d, centers);
  for (let step = 0; step < limit; step++) {
    centers = meansOf(points, d, labels, { before: centers, squares });
    const before = labels;
    ({ labels, squares } = nearestCenters(points, d, centers));
    if (labels.every((label, i) => label === before[i])) break;
  }
  return { labels, centers, inertia: squares.reduce((sum, square) => sum + square, 0) };
}

/** Mean of each cluster; an empty one takes the point that lies farthest from its centre. */
function meansOf(
  points: Float64Array,
  d: number,
  labels: Int32Array,
  { before, squares }: { before: Float64Array; squares: Float64Array },
): Float64Array {
  const means = new Float64Array(before.length);
  const sizes = new Float64Array(before.length / d);
  for (const [i, label] of labels.entries()) {
    sizes[label] = sizes[label]! + 1;
    for (let c = 0; c < d; c++) {
      means[label * d + c] = means[label * d + c]! + points[i * d + c]!;
    }
  }
  for (const [j, size] of sizes.entries()) {
    if (size === 0) {
      const farthest = squares.indexOf(Math.max(...squares));
      means.set(points.subarray(farthest * d, (farthest + 1) * d), j * d);
      squares[farthest] = 0;
    } else for (let c = 0; c < d; c++) means[j * d + c] = means[j * d + c]! / size;
  }
  return means;
}
