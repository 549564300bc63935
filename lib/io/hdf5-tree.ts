/**
 * The version 1 B-tree that says where the chunks of an HDF5 data set stand in the file.
 *
 * @see HDF5 File Format Specification 3.0, section III.A.1
 */

import type { ByteFile } from "./bytes.js";
import { readPart, wide } from "./hdf5-header.js";

/** A chunk as it is stored. */
export interface StoredChunk {
  /** its first value, as an index along each dimension */
  readonly at: readonly number[];
  readonly address: number;
  /** bytes it takes up in the file */
  readonly length: number;
}

const HEAD = 24;
const NODE = 0x54524545;
const CHUNKS = 1;

/**
 * Find the chunks between two corners, descending only where they can be.
 *
 * @param low  the first value of the first chunk wanted, along each dimension
 * @param high the first value of the last one
 * @param most how many there can be
 * @returns undefined if the tree is damaged or a chunk skipped a filter
 */
export function findChunks(
  file: ByteFile,
  root: number,
  [low, high]: readonly [low: readonly number[], high: readonly number[]],
  most: number,
): StoredChunk[] | undefined {
  const rank = low.length;
  const width = 8 + 8 * (rank + 1);
  const found: StoredChunk[] = [];
  const seen = new Set<number>();
  function visit(address: number, level: number | undefined): boolean {
    const head = readPart(file, address, HEAD);
    if (head === undefined || head.getUint32(0) !== NODE || head.getUint8(4) !== CHUNKS) {
      return false;
    }
    const [own, count] = [head.getUint8(5), head.getUint16(6, true)];
    if (seen.has(address) || (level !== undefined && own !== level)) return false;
    seen.add(address);
    const view = readPart(file, address + HEAD, count * (width + 8) + width);
    if (view === undefined) return false;
    for (let i = 0; i < count; i++) {
      const key = i * (width + 8);
      const first = offsets(view, key + 8, rank);
      if (compare(first, high) > 0) return true;
      if (compare(offsets(view, key + width + 16, rank), low) <= 0 && own > 0) continue;
      const child = wide(view, key + width);
      if (own > 0 ? !visit(child, own - 1) : !note(view, key, first, child)) return false;
    }
    return true;
  }
  function note(view: DataView, key: number, at: readonly number[], address: number): boolean {
    if (at.some((x, d) => x < low[d]! || x > high[d]!)) return true;
    found.push({ at, address, length: view.getUint32(key, true) });
    return view.getUint32(key + 4, true) === 0 && found.length <= most;
  }
  return visit(root, undefined) ? found : undefined;
}

function offsets(view: DataView, at: number, rank: number): number[] {
  return Array.from({ length: rank }, (_, d) => wide(view, at + 8 * d));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const d = a.findIndex((x, i) => x !== b[i]);
  return d === -1 ? 0 : a[d]! - b[d]!;
}
