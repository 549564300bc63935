/** Spectral clustering: k-means on the lowest eigenvectors of a graph's normalised Laplacian. */

import { ArgumentError, shapeError } from "../core/index.js";
import { symmetricEigen } from "./eigen.js";
import { kMeans } from "./kmeans.js";

/** Options of `spectralClusters`. */
export interface SpectralOptions {
  readonly seed: number;
  /** starts of the k-means, 10 by default */
  readonly starts?: number;
}

/**
 * Similarities from distances by a Gaussian kernel exp(−d²/(2σ²)).
 *
 * @param distances symmetric, shape (n, n), row-major
 * @param sigma     σ [units of the distance]; the median distance of all pairs by default
 */
export function gaussianAffinity(
  distances: Float64Array,
  n: number,
  sigma = medianDistance(distances, n),
): Float64Array {
  if (distances.length !== n * n) throw shapeError("distances", [n, n], [distances.length]);
  if (!(sigma > 0)) {
    throw new ArgumentError({
      what: "sigma",
      wanted: "a width above 0",
      got: String(sigma),
      remedy: "distances that are all zero leave nothing to cluster",
    });
  }
  return distances.map((d) => Math.exp(-(d * d) / (2 * sigma * sigma)));
}

/**
 * The symmetric normalised Laplacian I − D^(−½) W D^(−½), with the diagonal of W left out, as
 * scikit-learn and SciPy have it.
 *
 * @param affinity W, symmetric and not negative, shape (n, n), row-major
 * @returns the matrix and √ of the degrees (1 where a point has no neighbour)
 */
export function normalisedLaplacian(
  affinity: Float64Array,
  n: number,
): { matrix: Float64Array; roots: Float64Array } {
  if (affinity.length !== n * n) throw shapeError("affinity", [n, n], [affinity.length]);
  const roots = new Float64Array(n);
  const alone = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    let degree = 0;
    for (let j = 0; j < n; j++) if (j !== i) degree += affinity[i * n + j]!;
    alone[i] = degree === 0 ? 1 : 0;
    roots[i] = degree === 0 ? 1 : Math.sqrt(degree);
  }
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) matrix[i * n + j] = -affinity[i * n + j]! / (roots[i]! * roots[j]!);
    matrix[i * n + i] = 1 - alone[i]!;
  }
  return { matrix, roots };
}

/**
 * Cluster points by their similarities.
 *
 * @param affinity symmetric and not negative, shape (n, n), row-major
 * @param k        number of clusters
 * @returns labels 0…k−1, shape (n); numbered by first appearance
 * @see Shi & Malik (2000), IEEE TPAMI 22, 888; von Luxburg (2007), Stat. Comput. 17, 395
 */
export function spectralClusters(
  affinity: Float64Array,
  n: number,
  k: number,
  { seed, starts = 10 }: SpectralOptions,
): Int32Array {
  const { matrix, roots } = normalisedLaplacian(affinity, n);
  const { vectors } = symmetricEigen(matrix, n, k);
  const places = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) places[i * k + c] = vectors[c * n + i]! / roots[i]!;
  }
  const { labels } = kMeans(places, k, k, { seed, starts });
  const order = new Map<number, number>();
  for (const label of labels) if (!order.has(label)) order.set(label, order.size);
  return labels.map((label) => order.get(label)!);
}

function medianDistance(distances: Float64Array, n: number): number {
  const pairs = new Float64Array((n * (n - 1)) / 2);
  let p = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) pairs[p++] = distances[i * n + j]!;
  pairs.sort();
  return pairs[pairs.length >> 1] ?? 0;
}
