/** Blocks of row-major arrays: copy a part of one into another. */

import { sizeOf } from "../core/index.js";

/** An array of bytes, row-major, and where in it a block begins. */
export interface Placed {
  readonly bytes: Uint8Array;
  readonly shape: readonly number[];
  readonly at: readonly number[];
}

/**
 * Copy a block from one array to another, in as long runs as both allow.
 *
 * @param counts lengths of the block along each dimension
 * @param size   bytes of one value
 */
export function copyBlock(from: Placed, to: Placed, counts: readonly number[], size: number): void {
  if (sizeOf(counts) === 0) return;
  let outer = counts.length;
  let run = size;
  for (; outer > 0; outer--) {
    const d = outer - 1;
    run *= counts[d]!;
    if (counts[d] !== from.shape[d] || counts[d] !== to.shape[d]) break;
  }
  const rows = counts.slice(0, Math.max(0, outer - 1));
  const index = rows.map(() => 0);
  for (let row = sizeOf(rows); row > 0; row--) {
    const source = offsetOf(from, index, size);
    to.bytes.set(from.bytes.subarray(source, source + run), offsetOf(to, index, size));
    for (let d = rows.length - 1; d >= 0; d--) {
      if (++index[d]! < rows[d]!) break;
      index[d] = 0;
    }
  }
}

/** Byte at which the row `index` of a block begins. */
function offsetOf({ shape, at }: Placed, index: readonly number[], size: number): number {
  let offset = 0;
  for (let d = 0; d < shape.length; d++) offset = offset * shape[d]! + at[d]! + (index[d] ?? 0);
  return offset * size;
}
