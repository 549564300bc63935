/** Comparing and judging partitions: labels ≥ 0 are clusters, labels below 0 are left out. */

import { ArgumentError, makeRandom, type Random, shapeError } from "../core/index.js";

/** Counts of pairs of labels. */
export interface Contingency {
  /** labels of the rows and of the columns, rising */
  readonly rowLabels: readonly number[];
  readonly columnLabels: readonly number[];
  /** shape (rows, columns), row-major */
  readonly counts: Float64Array;
}

/**
 * Count how often each label of a meets each label of b, where both are ≥ 0.
 *
 * @throws {ShapeError} if they differ in length
 */
export function contingency(a: ArrayLike<number>, b: ArrayLike<number>): Contingency {
  if (a.length !== b.length) throw shapeError("labels", [a.length], [b.length]);
  const rowLabels = sortedLabels(a);
  const columnLabels = sortedLabels(b);
  const row = new Map(rowLabels.map((label, i) => [label, i]));
  const column = new Map(columnLabels.map((label, i) => [label, i]));
  const counts = new Float64Array(rowLabels.length * columnLabels.length);
  for (let i = 0; i < a.length; i++) {
    if (!(a[i]! >= 0 && b[i]! >= 0)) continue;
    const at = row.get(a[i]!)! * columnLabels.length + column.get(b[i]!)!;
    counts[at] = counts[at]! + 1;
  }
  return { rowLabels, columnLabels, counts };
}

function sortedLabels(labels: ArrayLike<number>): number[] {
  return [...new Set(Array.from(labels))].filter((x) => x >= 0).sort((x, y) => x - y);
}

/**
 * Adjusted Rand index of two partitions over the points that both label: 1 for equal ones, near 0 for
 * unrelated ones.
 *
 * @see Hubert & Arabie (1985), J. Classif. 2, 193–218
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { counts, rowLabels, columnLabels } = contingency(a, b);
  const columns = columnLabels.length;
  let together = 0;
  let n = 0;
  const rowSums = new Float64Array(rowLabels.length);
  const columnSums = new Float64Array(columns);
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    const row = Math.floor(i / columns);
    together += pairs(count);
    n += count;
    rowSums[row] = rowSums[row]! + count;
    columnSums[i % columns] = columnSums[i % columns]! + count;
  }
  const inRows = rowSums.reduce((sum, count) => sum + pairs(count), 0);
  const inColumns = columnSums.reduce((sum, count) => sum + pairs(count), 0);
  const chance = n < 2 ? 0 : (inRows * inColumns) / pairs(n);
  const best = (inRows + inColumns) / 2;
  return best === chance ? 1 : (together - chance) / (best - chance);
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}

/**
 * Mean silhouette of a partition: for each point (b − a) / max(a, b), a its mean distance to its own
 * cluster, b to the nearest other; 0 for a point alone in its cluster. O(n² d).
 *
 * @param points shape (n, d), row-major
 * @param labels shape (n,); points labelled below 0 are left out
 * @throws {ArgumentError} if fewer than two clusters are labelled
 * @see Rousseeuw (1987), J. Comput. Appl. Math. 20, 53–65
 */
export function silhouette(points: Float64Array, labels: ArrayLike<number>): number {
  const names = sortedLabels(labels);
  if (names.length < 2) {
    const got = String(names.length);
    throw new ArgumentError({ what: "silhouette", wanted: "at least 2 clusters", got });
  }
  const index = new Map(names.map((name, k) => [name, k]));
  const own = Int32Array.from(labels, (label) => index.get(label) ?? -1);
  const sizes = new Float64Array(names.length);
  for (const k of own) if (k >= 0) sizes[k] = sizes[k]! + 1;
  let total = 0;
  let counted = 0;
  for (let i = 0; i < own.length; i++) {
    if (own[i]! < 0) continue;
    total += silhouetteOf(i, { points, own, sizes });
    counted++;
  }
  return total / counted;
}

function silhouetteOf(
  i: number,
  { points, own, sizes }: { points: Float64Array; own: Int32Array; sizes: Float64Array },
): number {
  const mine = own[i]!;
  if (sizes[mine] === 1) return 0;
  const d = points.length / own.length;
  const sums = new Float64Array(sizes.length);
  for (let j = 0; j < own.length; j++) {
    if (own[j]! < 0) continue;
    let square = 0;
    for (let c = 0; c < d; c++) square += (points[i * d + c]! - points[j * d + c]!) ** 2;
    sums[own[j]!] = sums[own[j]!]! + Math.sqrt(square);
  }
  const inside = sums[mine]! / (sizes[mine]! - 1);
  let outside = Number.POSITIVE_INFINITY;
  for (let k = 0; k < sizes.length; k++) {
    if (k !== mine) outside = Math.min(outside, sums[k]! / sizes[k]!);
  }
  const larger = Math.max(inside, outside);
  return larger === 0 ? 0 : (outside - inside) / larger;
}

/** A way of labelling points, shape (n, d), with labels ≥ 0. */
export type Clustering = (points: Float64Array) => ArrayLike<number>;

/** Options of `stability`. */
export interface StabilityOptions {
  /** how many pairs of subsamples, 10 by default */
  readonly repeats?: number;
  /** share of the points in each subsample, 0.8 by default */
  readonly share?: number;
  readonly seed: number;
}

/**
 * Stability of a clustering under resampling: each time two random subsamples are clustered apart,
 * and their labels compared by the adjusted Rand index on the points that both hold.
 *
 * @param points shape (n, d), row-major
 * @returns one index per repeat
 * @see Ben-Hur, Elisseeff & Guyon (2002), Pac. Symp. Biocomput. 7, 6–17
 */
export function stability(
  points: Float64Array,
  d: number,
  cluster: Clustering,
  { repeats = 10, share = 0.8, seed }: StabilityOptions,
): Float64Array {
  const n = points.length / d;
  const scores = new Float64Array(repeats);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const random = makeRandom(seed, repeat);
    const [a, b] = [1, 2].map(() => {
      const rows = subsample(n, share, random);
      const chosen = new Float64Array(rows.length * d);
      for (const [i, row] of rows.entries()) {
        chosen.set(points.subarray(row * d, (row + 1) * d), i * d);
      }
      const labels = new Int32Array(n).fill(-1);
      const found = cluster(chosen);
      for (const [i, row] of rows.entries()) labels[row] = found[i]!;
      return labels;
    }) as [Int32Array, Int32Array];
    scores[repeat] = adjustedRand(a, b);
  }
  return scores;
}

/** Rising row numbers of a random subsample without replacement. */
function subsample(n: number, share: number, random: Random): Int32Array {
  const wanted = Math.round(n * share);
  const rows = new Int32Array(wanted);
  let taken = 0;
  for (let i = 0; i < n && taken < wanted; i++) {
    if (random.uniform() * (n - i) < wanted - taken) rows[taken++] = i;
  }
  return rows;
}
