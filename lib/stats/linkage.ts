/**
 * Ward's hierarchical clustering, exact, by the nearest-neighbour chain on cluster centroids:
 * O(n² d) time and O(n d) memory, no distance matrix.
 *
 * The height of a merge is √(2 nᵢ nⱼ / (nᵢ + nⱼ)) |cᵢ − cⱼ|, as scipy's and MATLAB's.
 *
 * @see Murtagh (1983), Comput. J. 26, 354–359; Müllner (2011), arXiv:1109.2378
 */

import { ArgumentError, shapeError } from "../core/index.js";

/** n − 1 merges in the layout of scipy: nodes 0…n−1 are points, n + i is the merge in row i. */
export interface Linkage {
  /** number of points */
  readonly n: number;
  /** shape (n − 1, 4), row-major: left node, right node, height, number of points; heights rise */
  readonly merges: Float64Array;
}

/** Options of `ward`. */
export interface WardOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Cluster points by Ward's method.
 *
 * @param points shape (n, d), row-major
 * @param d      dimensions of a point
 * @throws {ShapeError}    if points are not whole rows of d
 * @throws {ArgumentError} if there is no point, or a coordinate is not finite
 */
export function ward(points: Float64Array, d: number, options: WardOptions = {}): Linkage {
  if (points.length % d !== 0) throw shapeError("points", [points.length / d, d], [points.length]);
  const n = points.length / d;
  if (n < 1) throw new ArgumentError({ what: "points", wanted: "at least one", got: "none" });
  const bad = points.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    const got = `${points[bad]} in point ${Math.floor(bad / d)}`;
    throw new ArgumentError({ what: "points", wanted: "finite coordinates", got });
  }
  return relabel(mergeByChain(makeClusters(points, n, d), options), n);
}

/** Living clusters, packed to the front: each coordinate its own array, as the scan reads them. */
interface Clusters {
  alive: number;
  readonly n: number;
  readonly coordinates: readonly Float64Array[];
  readonly sizes: Float64Array;
  /** any point of each cluster */
  readonly members: Int32Array;
}

function makeClusters(points: Float64Array, n: number, d: number): Clusters {
  const coordinates = Array.from({ length: d }, (_, k) => {
    const column = new Float64Array(n);
    for (let i = 0; i < n; i++) column[i] = points[i * d + k]!;
    return column;
  });
  const members = Int32Array.from({ length: n }, (_, i) => i);
  return { alive: n, n, coordinates, sizes: new Float64Array(n).fill(1), members };
}

/** Merges in the order found, shape (n − 1, 3): a point of either cluster, and the height. */
function mergeByChain(clusters: Clusters, options: WardOptions): Float64Array {
  const { n } = clusters;
  const merges = new Float64Array(3 * Math.max(0, n - 1));
  const chain: number[] = [];
  const found = { at: 0, square: 0 };
  const scan = clusters.coordinates.length === 3 ? scanThree : scanAny;
  for (let merge = 0; merge < n - 1; merge++) {
    if (merge % 1000 === 0) {
      options.signal?.throwIfAborted();
      options.onProgress?.(merge, n - 1);
    }
    if (chain.length === 0) chain.push(0);
    for (;;) {
      const top = chain[chain.length - 1]!;
      const before = chain.length > 1 ? chain[chain.length - 2]! : -1;
      nearest(clusters, top, before, scan, found);
      if (found.at === before) break;
      chain.push(found.at);
    }
    const a = chain.pop()!;
    const b = chain.pop()!;
    merges[3 * merge] = clusters.members[a]!;
    merges[3 * merge + 1] = clusters.members[b]!;
    merges[3 * merge + 2] = Math.sqrt(2 * found.square);
    const moved = join(clusters, Math.min(a, b), Math.max(a, b));
    if (moved !== Math.max(a, b)) {
      const link = chain.indexOf(moved);
      if (link >= 0) chain[link] = Math.max(a, b);
    }
  }
  options.onProgress?.(n - 1, n - 1);
  return merges;
}

interface Nearest {
  at: number;
  /** nᵢ nⱼ / (nᵢ + nⱼ) |cᵢ − cⱼ|²: half the square of the height */
  square: number;
}

/** The nearest cluster to `top`; of equally near ones `before`, then the first. */
function nearest(
  clusters: Clusters,
  top: number,
  before: number,
  scan: Scan,
  found: Nearest,
): void {
  found.at = before;
  found.square = before < 0 ? Number.POSITIVE_INFINITY : between(clusters, top, before);
  scan(clusters, top, 0, top, found);
  scan(clusters, top, top + 1, clusters.alive, found);
}

function between(clusters: Clusters, a: number, b: number): number {
  let square = 0;
  for (const column of clusters.coordinates) square += (column[a]! - column[b]!) ** 2;
  const na = clusters.sizes[a]!;
  const nb = clusters.sizes[b]!;
  return (na * nb * square) / (na + nb);
}

/** Look for a cluster from `start` to before `stop` that is nearer to `top` than `found`. */
type Scan = (clusters: Clusters, top: number, start: number, stop: number, found: Nearest) => void;

/**
 * The scan in three dimensions. Sizes are ≥ 1, so nᵢ nⱼ / (nᵢ + nⱼ) ≥ nᵢ / (nᵢ + 1): most clusters
 * are passed over before the division.
 */
function scanThree(
  clusters: Clusters,
  top: number,
  start: number,
  stop: number,
  found: Nearest,
): void {
  const [xs, ys, zs] = clusters.coordinates as [Float64Array, Float64Array, Float64Array];
  const { sizes } = clusters;
  const x = xs[top]!;
  const y = ys[top]!;
  const z = zs[top]!;
  const size = sizes[top]!;
  let best = found.square;
  let reach = (best * (size + 1)) / size;
  for (let j = start; j < stop; j++) {
    const dx = xs[j]! - x;
    const dy = ys[j]! - y;
    const dz = zs[j]! - z;
    const square = dx * dx + dy * dy + dz * dz;
    if (square >= reach) continue;
    const scaled = (size * sizes[j]! * square) / (size + sizes[j]!);
    if (scaled >= best) continue;
    best = scaled;
    reach = (best * (size + 1)) / size;
    found.at = j;
  }
  found.square = best;
}

function scanAny(clusters: Clusters, top: number, start: number, stop: number, found: Nearest) {
  for (let j = start; j < stop; j++) {
    const scaled = between(clusters, top, j);
    if (scaled >= found.square) continue;
    found.square = scaled;
    found.at = j;
  }
}

/** Put b into a (a < b) and the last cluster into b's place; returns where that one was. */
function join(clusters: Clusters, a: number, b: number): number {
  const { coordinates, sizes, members } = clusters;
  const na = sizes[a]!;
  const nb = sizes[b]!;
  const last = --clusters.alive;
  for (const column of coordinates) {
    column[a] = (na * column[a]! + nb * column[b]!) / (na + nb);
    column[b] = column[last]!;
  }
  sizes[a] = na + nb;
  sizes[b] = sizes[last]!;
  members[b] = members[last]!;
  return last;
}

/** Sort merges by height and name nodes as scipy does: the smaller root on the left. */
function relabel(found: Float64Array, n: number): Linkage {
  const order = Array.from({ length: n - 1 }, (_, i) => i);
  order.sort((a, b) => found[3 * a + 2]! - found[3 * b + 2]! || a - b);
  const parents = Int32Array.from({ length: 2 * n - 1 }, (_, i) => i);
  const sizes = new Float64Array(2 * n - 1).fill(1, 0, n);
  const merges = new Float64Array(4 * (n - 1));
  for (const [row, i] of order.entries()) {
    const a = rootOf(parents, found[3 * i]!);
    const b = rootOf(parents, found[3 * i + 1]!);
    const node = n + row;
    parents[a] = node;
    parents[b] = node;
    sizes[node] = sizes[a]! + sizes[b]!;
    merges.set([Math.min(a, b), Math.max(a, b), found[3 * i + 2]!, sizes[node]!], 4 * row);
  }
  return { n, merges };
}

function rootOf(parents: Int32Array, node: number): number {
  let root = node;
  while (parents[root] !== root) root = parents[root]!;
  let at = node;
  while (parents[at] !== root && at !== root) {
    const next = parents[at]!;
    parents[at] = root;
    at = next;
  }
  return root;
}

/**
 * Labels 0…k−1 of the partition into k clusters, in order of each cluster's first point.
 *
 * @throws {ArgumentError} if k is not between 1 and n
 */
export function cutToClusters(linkage: Linkage, k: number): Int32Array {
  const { n, merges } = linkage;
  if (!(k >= 1 && k <= n)) {
    throw new ArgumentError({ what: "clusters", wanted: `1 to ${n}`, got: String(k) });
  }
  const tops: number[] = [];
  const made = 2 * n - 1 - (k - 1);
  for (let row = n - k; row < n - 1; row++) {
    for (const node of [merges[4 * row]!, merges[4 * row + 1]!]) if (node < made) tops.push(node);
  }
  if (k === 1) tops.push(2 * n - 2);
  return labelsOfNodes(linkage, tops);
}

/**
 * Labels of the clusters under some nodes that between them hold every point; 0…k−1 in order of each
 * cluster's first point, so that two equal partitions have equal labels.
 */
export function labelsOfNodes(linkage: Linkage, nodes: readonly number[]): Int32Array {
  const { n, merges } = linkage;
  const owner = new Int32Array(2 * n - 1).fill(-1);
  for (const [i, node] of nodes.entries()) owner[node] = i;
  for (let row = n - 2; row >= 0; row--) {
    const label = owner[n + row]!;
    if (label < 0) continue;
    owner[merges[4 * row]!] = label;
    owner[merges[4 * row + 1]!] = label;
  }
  return canonicalLabels(owner.subarray(0, n));
}

/** Labels renamed 0, 1, … in order of their first appearance; labels below 0 become −1. */
export function canonicalLabels(labels: ArrayLike<number>): Int32Array {
  const names = new Map<number, number>();
  return Int32Array.from(labels, (label) => {
    if (!(label >= 0)) return -1;
    const name = names.get(label) ?? names.size;
    names.set(label, name);
    return name;
  });
}
