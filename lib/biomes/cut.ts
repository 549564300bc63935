/**
 * The adaptive cut of a dendrogram by similarity and compactness.
 *
 * Similarity is a merge's height; compactness is the population variance of all values under it, all
 * features pooled about one mean. From the root down, a child is gone into if it is a merge, and both
 * its height and its variance differ from its parent's by more than the thresholds; else it is a
 * cluster. Every point gets a cluster; there is no noise class.
 *
 * As in the published code a merge of height 0 counts as a single point, and both conditions must
 * hold: a large drop in height with a small change of pooled variance ends the descent.
 */

import { ArgumentError, shapeError } from "../core/index.js";
import { type Linkage, labelsOfNodes } from "../stats/index.js";

/** Thresholds of the cut. */
export interface CutThresholds {
  /** least difference in height, δ_dist */
  readonly distance: number;
  /** least difference in pooled variance, δ_var */
  readonly variance: number;
}

/**
 * Pooled variance under every node, in one pass: 0…n−1 points, then merges.
 *
 * @param points shape (n, d), row-major
 * @throws {ShapeError} if there are not as many points as in the linkage
 */
export function nodeVariances({ n, merges }: Linkage, points: Float64Array): Float64Array {
  const d = points.length / n;
  if (!Number.isInteger(d)) throw shapeError("points", [n, Math.round(d)], [points.length]);
  const means = new Float64Array(2 * n - 1);
  const squares = new Float64Array(2 * n - 1);
  const sizes = new Float64Array(2 * n - 1).fill(1, 0, n);
  for (let i = 0; i < n; i++) {
    const row = points.subarray(i * d, (i + 1) * d);
    means[i] = row.reduce((sum, x) => sum + x, 0) / d;
    squares[i] = row.reduce((sum, x) => sum + (x - means[i]!) ** 2, 0);
  }
  for (let row = 0; row < n - 1; row++) {
    const [a, b] = [merges[4 * row]!, merges[4 * row + 1]!];
    const [na, nb] = [sizes[a]!, sizes[b]!];
    const apart = means[b]! - means[a]!;
    sizes[n + row] = na + nb;
    means[n + row] = means[a]! + (apart * nb) / (na + nb);
    // Chan, Golub & LeVeque (1979): sums of squares of two parts joined
    squares[n + row] = squares[a]! + squares[b]! + (d * apart * apart * na * nb) / (na + nb);
  }
  return squares.map((square, node) => square / (d * sizes[node]!));
}

/**
 * Cut the dendrogram: O(k) for k clusters.
 *
 * @param variances as `nodeVariances` gives them
 * @returns nodes of the clusters, in the published order (left nodes pending first, last in first out)
 * @throws {ArgumentError} if a threshold is not a number from 0
 */
export function adaptiveCut(
  { n, merges }: Linkage,
  variances: Float64Array,
  { distance, variance }: CutThresholds,
): number[] {
  for (const [what, got] of Object.entries({ distance, variance })) {
    if (got >= 0) continue;
    throw new ArgumentError({ what: `threshold ${what}`, wanted: "0 or more", got: String(got) });
  }
  if (n === 1) return [0];
  const heightOf = (node: number) => (node < n ? 0 : merges[4 * (node - n) + 2]!);
  const clusters: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  let head: number | undefined = 2 * n - 2;
  while (head !== undefined) {
    const parent: number = head;
    for (const [side, pending] of [left, right].entries()) {
      const child = merges[4 * (parent - n) + side]!;
      const height = heightOf(child);
      const goesOn =
        height > 0 &&
        Math.abs(heightOf(parent) - height) > distance &&
        Math.abs(variances[parent]! - variances[child]!) > variance;
      (goesOn ? pending : clusters).push(child);
    }
    head = left.pop() ?? right.pop();
  }
  return clusters;
}

/** Labels 0…k−1 of the adaptive cut, named by their first point. */
export function cutLabels(
  linkage: Linkage,
  variances: Float64Array,
  thresholds: CutThresholds,
): Int32Array {
  return labelsOfNodes(linkage, adaptiveCut(linkage, variances, thresholds));
}

/** What one pair of thresholds gives. */
export interface ScannedCut extends CutThresholds {
  readonly clusters: number;
  /** clusters of a single tile */
  readonly singles: number;
  /** what the authors call BIC; see `authorsBic` */
  readonly authorsBic: number;
}

/** Cut at every pair of thresholds; distances vary slowest. */
export function scanCuts(
  linkage: Linkage,
  variances: Float64Array,
  grid: { readonly distances: readonly number[]; readonly variances: readonly number[] },
): ScannedCut[] {
  const { n, merges } = linkage;
  return grid.distances.flatMap((distance) =>
    grid.variances.map((variance) => {
      const nodes = adaptiveCut(linkage, variances, { distance, variance });
      const sizes = nodes.map((node) => (node < n ? 1 : merges[4 * (node - n) + 3]!));
      const singles = sizes.filter((size) => size === 1).length;
      return { distance, variance, clusters: nodes.length, singles, authorsBic: authorsBic(sizes) };
    }),
  );
}

/**
 * The number that the published code calls BIC: −2 Σ ln(nₖ / N) + d ln N.
 *
 * It is no Bayesian information criterion: the sum is not weighted by nₖ, and the penalty does not
 * depend on the number of clusters. It grows with every cluster, most with tiny ones.
 *
 * @param sizes points in each cluster
 * @param d     features
 */
export function authorsBic(sizes: readonly number[], d = 3): number {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const logs = sizes.reduce((sum, size) => sum + Math.log(size / total), 0);
  return -2 * logs + d * Math.log(total);
}

/** Tiles that the paper clustered in January 2009: 2145 tested, which are a fifth of them. */
export const PUBLISHED_TILES = 10725;

/**
 * The published distance threshold for another number of tiles: Ward heights of the same cloud grow
 * as √n.
 */
export function scaledDistance(n: number, published = 25): number {
  return published * Math.sqrt(n / PUBLISHED_TILES);
}
