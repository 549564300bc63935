/**
 * Weighted points packed into small boxes, for finding the one nearest in Ward's sense. Most boxes
 * are passed over whole: no point of theirs can be nearer than the box is.
 *
 * Points are dealt into blocks of at most 32 by halving along the widest coordinate. Taking a point
 * out closes the gap within its block; when half are gone all is dealt anew.
 */

/** Living clusters. A position is where one stands; it changes when blocks close up or are dealt anew. */
export interface Blocks {
  readonly d: number;
  alive: number;
  /** how many there were when they were dealt */
  readonly dealt: number;
  /** first position and number of clusters of each block */
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** corners of each block's box, shape (blocks, d) */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** centroids, shape (positions, d) */
  readonly centers: Float64Array;
  readonly sizes: Float64Array;
  /** a point of each cluster */
  readonly members: Int32Array;
  /** block of each position */
  readonly blockOf: Int32Array;
}

/** What a search has found so far. */
export interface Nearest {
  /** position, −1 for none */
  at: number;
  /** nᵢ nⱼ / (nᵢ + nⱼ) |cᵢ − cⱼ|²: half the square of Ward's height */
  square: number;
}

const LARGEST_BLOCK = 32;

/** Clusters to deal: centroids, shape (n, d), sizes and a point of each. */
export interface Clusters {
  readonly d: number;
  readonly centers: Float64Array;
  readonly sizes: Float64Array;
  readonly members: Int32Array;
}

/** Deal clusters into blocks. */
export function deal({ d, centers, sizes, members }: Clusters): Blocks {
  const n = sizes.length;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const starts: number[] = [];
  halve(order, { start: 0, stop: n }, { centers, d }, starts);
  const stops = [...starts.slice(1), n];
  const blocks: Blocks = {
    d,
    alive: n,
    dealt: n,
    starts: Int32Array.from(starts),
    counts: Int32Array.from(starts, (start, b) => stops[b]! - start),
    low: new Float64Array(starts.length * d).fill(Number.POSITIVE_INFINITY),
    high: new Float64Array(starts.length * d).fill(Number.NEGATIVE_INFINITY),
    centers: new Float64Array(n * d),
    sizes: Float64Array.from(order, (i) => sizes[i]!),
    members: Int32Array.from(order, (i) => members[i]!),
    blockOf: new Int32Array(n),
  };
  for (const [b, start] of starts.entries()) {
    for (let at = start; at < stops[b]!; at++) {
      const from = order[at]! * d;
      blocks.centers.set(centers.subarray(from, from + d), at * d);
      blocks.blockOf[at] = b;
      widen(blocks, at);
    }
  }
  return blocks;
}

/** Deal the living clusters anew. */
export function dealAgain(blocks: Blocks): Blocks {
  const { d, alive, starts, counts } = blocks;
  const clusters: Clusters = {
    d,
    centers: new Float64Array(alive * d),
    sizes: new Float64Array(alive),
    members: new Int32Array(alive),
  };
  let at = 0;
  for (const [b, start] of starts.entries()) {
    const stop = start + counts[b]!;
    clusters.centers.set(blocks.centers.subarray(start * d, stop * d), at * d);
    clusters.sizes.set(blocks.sizes.subarray(start, stop), at);
    clusters.members.set(blocks.members.subarray(start, stop), at);
    at += counts[b]!;
  }
  return deal(clusters);
}

/** Stretch the box of a position's block so that it holds it. */
function widen({ d, low, high, centers, blockOf }: Blocks, at: number): void {
  const box = blockOf[at]! * d;
  for (let k = 0; k < d; k++) {
    const x = centers[at * d + k]!;
    if (x < low[box + k]!) low[box + k] = x;
    if (x > high[box + k]!) high[box + k] = x;
  }
}

/** Half the square of Ward's height between two clusters. */
export function between({ d, centers, sizes }: Blocks, a: number, b: number): number {
  let square = 0;
  for (let k = 0; k < d; k++) square += (centers[a * d + k]! - centers[b * d + k]!) ** 2;
  return (sizes[a]! * sizes[b]! * square) / (sizes[a]! + sizes[b]!);
}

/** Find the cluster nearest to the one at `top`; of equally near ones `before`, if it is not −1. */
export function nearest(blocks: Blocks, top: number, before: number, found: Nearest): void {
  const { starts, blockOf, sizes } = blocks;
  found.at = before;
  found.square = before < 0 ? Number.POSITIVE_INFINITY : between(blocks, top, before);
  const own = blockOf[top]!;
  scan(blocks, own, top, found);
  // sizes are at least 1, so n m / (n + m) is at least n / (n + 1)
  const least = sizes[top]! / (sizes[top]! + 1);
  for (let b = 0; b < starts.length; b++) {
    if (b !== own && boxDistance(blocks, b, top) * least < found.square) {
      scan(blocks, b, top, found);
    }
  }
}

/** Squared distance from a cluster to a block's box. */
function boxDistance({ d, low, high, centers }: Blocks, b: number, top: number): number {
  let square = 0;
  for (let k = 0; k < d; k++) {
    const x = centers[top * d + k]!;
    const out = x < low[b * d + k]! ? low[b * d + k]! - x : x - high[b * d + k]!;
    if (out > 0) square += out * out;
  }
  return square;
}

function scan(blocks: Blocks, b: number, top: number, found: Nearest): void {
  const start = blocks.starts[b]!;
  const stop = start + blocks.counts[b]!;
  for (let at = start; at < stop; at++) {
    if (at === top) continue;
    const square = between(blocks, top, at);
    if (square >= found.square) continue;
    found.square = square;
    found.at = at;
  }
}

/**
 * Join the cluster at b to the one at a; the last of b's block closes the gap.
 *
 * @returns the position that the one now standing at b came from
 */
export function join(blocks: Blocks, a: number, b: number): number {
  const { d, centers, sizes, members, starts, counts, blockOf } = blocks;
  const na = sizes[a]!;
  const nb = sizes[b]!;
  for (let k = 0; k < d; k++) {
    centers[a * d + k] = (na * centers[a * d + k]! + nb * centers[b * d + k]!) / (na + nb);
  }
  sizes[a] = na + nb;
  widen(blocks, a);
  const block = blockOf[b]!;
  const last = starts[block]! + counts[block]! - 1;
  centers.copyWithin(b * d, last * d, (last + 1) * d);
  sizes[b] = sizes[last]!;
  members[b] = members[last]!;
  counts[block] = counts[block]! - 1;
  blocks.alive--;
  return last;
}

interface Span {
  readonly start: number;
  readonly stop: number;
}

/** Order points so that those of one block stand together; the blocks' starts are pushed in order. */
function halve(
  order: Int32Array,
  { start, stop }: Span,
  points: Pick<Clusters, "centers" | "d">,
  starts: number[],
): void {
  if (stop - start <= LARGEST_BLOCK) {
    starts.push(start);
    return;
  }
  const middle = (start + stop) >> 1;
  split(order, { start, stop }, middle, widest(order, { start, stop }, points));
  halve(order, { start, stop: middle }, points, starts);
  halve(order, { start: middle, stop }, points, starts);
}

/** The coordinate along which points reach farthest, as a function of a point's number. */
function widest(
  order: Int32Array,
  { start, stop }: Span,
  { centers, d }: Pick<Clusters, "centers" | "d">,
): (i: number) => number {
  let axis = 0;
  let reach = -1;
  for (let k = 0; k < d; k++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let at = start; at < stop; at++) {
      const x = centers[order[at]! * d + k]!;
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
    if (high - low > reach) {
      reach = high - low;
      axis = k;
    }
  }
  return (i) => centers[i * d + axis]!;
}

/** Hoare's selection: what stands before `middle` is not above what stands after. */
function split(
  order: Int32Array,
  { start, stop }: Span,
  middle: number,
  value: (i: number) => number,
): void {
  let low = start;
  let high = stop - 1;
  while (low < high) {
    const pivot = value(order[(low + high) >> 1]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (value(order[i]!) < pivot) i++;
      while (value(order[j]!) > pivot) j--;
      if (i > j) break;
      const kept = order[i]!;
      order[i++] = order[j]!;
      order[j--] = kept;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
