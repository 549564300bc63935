/**
 * Ward's hierarchical clustering, exact, by the nearest-neighbour chain on cluster centroids: at most
 * O(n² d) time (far less in few dimensions, where blocks.ts passes over most clusters) and O(n d)
 * memory, no distance matrix.
 *
 * The height of a merge is √(2 nᵢ nⱼ / (nᵢ + nⱼ)) |cᵢ − cⱼ|, as scipy's and MATLAB's.
 *
 * @see Murtagh (1983), Comput. J. 26, 354–359; Müllner (2011), arXiv:1109.2378
 */

import { ArgumentError, shapeError } from "../core/index.js";
import { type Blocks, deal, dealAgain, join, type Nearest, nearest } from "./blocks.js";

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
  return relabel(mergeByChain(points, d, options), n);
}

/** Merges in the order found, shape (n − 1, 3): a point of either cluster, and the height. */
function mergeByChain(points: Float64Array, d: number, options: WardOptions): Float64Array {
  const n = points.length / d;
  const members = Int32Array.from({ length: n }, (_, i) => i);
  let blocks = deal({ d, centers: points, sizes: new Float64Array(n).fill(1), members });
  const merges = new Float64Array(3 * (n - 1));
  let chain: number[] = [];
  const found = { at: 0, square: 0 };
  for (let merge = 0; merge < n - 1; merge++) {
    if (merge % 1000 === 0) {
      options.signal?.throwIfAborted();
      options.onProgress?.(merge, n - 1);
    }
    if (2 * blocks.alive < blocks.dealt) [blocks, chain] = renew(blocks, chain);
    growChain(blocks, chain, found);
    const a = chain.pop()!;
    const b = chain.pop()!;
    merges[3 * merge] = blocks.members[a]!;
    merges[3 * merge + 1] = blocks.members[b]!;
    merges[3 * merge + 2] = Math.sqrt(2 * found.square);
    const moved = join(blocks, a, b);
    const link = chain.indexOf(moved);
    if (link >= 0) chain[link] = b;
  }
  options.onProgress?.(n - 1, n - 1);
  return merges;
}

/** Go from neighbour to nearest neighbour until two are each other's; they end the chain. */
function growChain(blocks: Blocks, chain: number[], found: Nearest): void {
  if (chain.length === 0) chain.push(blocks.starts[blocks.counts.findIndex((count) => count > 0)]!);
  for (;;) {
    const top = chain[chain.length - 1]!;
    const before = chain.length > 1 ? chain[chain.length - 2]! : -1;
    nearest(blocks, top, before, found);
    if (found.at === before) return;
    chain.push(found.at);
  }
}

/** Deal the blocks anew and find the chain's links in them. */
function renew(blocks: Blocks, chain: readonly number[]): [Blocks, number[]] {
  const fresh = dealAgain(blocks);
  const places = new Map<number, number>();
  for (const [at, member] of fresh.members.entries()) places.set(member, at);
  return [fresh, chain.map((at) => places.get(blocks.members[at]!)!)];
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
