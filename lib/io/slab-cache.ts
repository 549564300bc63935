/**
 * Keep the chunks that were read last. HDF5's own cache holds 1 MiB a data set, less than one
 * chunk of many files: reading such a file step by step would unpack each chunk for each step.
 */

import { sizeOf } from "../core/index.js";
import { copyBlock } from "./block.js";
import { asBytes, viewNumbers } from "./bytes.js";
import type { StorageType, StoredNumbers } from "./dataset.js";
import type { Range } from "./selection.js";

/** Bytes kept for a variable; a wider slab is read as it is asked for. */
const MOST = 32 * 2 ** 20;

/** How a variable is stored, and how to read whole ranges of it. */
export interface Chunked {
  readonly type: StorageType;
  readonly size: number;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly read: (ranges: readonly Range[]) => StoredNumbers;
}

/** Make a reader that widens each range to whole chunks and keeps what it got. */
export function cached(chunked: Chunked): (ranges: readonly Range[]) => StoredNumbers {
  let kept: { ranges: readonly Range[]; data: StoredNumbers } | undefined;
  return (ranges) => {
    if (ranges.some((r) => r.stop === r.start)) return chunked.read(ranges);
    if (kept === undefined || !ranges.every((r, d) => isInside(r, kept!.ranges[d]!))) {
      const wide = ranges.map((r, d) => widen(r, chunked.chunks[d]!, chunked.shape[d]!));
      const same = wide.every((w, d) => isInside(w, ranges[d]!));
      if (same || sizeOf(wide.map((r) => r.stop - r.start)) * chunked.size > MOST) {
        return chunked.read(ranges);
      }
      kept = undefined;
      kept = { ranges: wide, data: chunked.read(wide) };
    }
    return cut(kept.data, kept.ranges, ranges, chunked);
  };
}

function isInside(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && inner.stop <= outer.stop;
}

function widen({ start, stop }: Range, chunk: number, length: number): Range {
  const first = Math.floor(start / chunk) * chunk;
  return { start: first, stop: Math.min(length, Math.ceil(stop / chunk) * chunk), drop: false };
}

/** Copy a block out of a larger one. */
function cut(
  data: StoredNumbers,
  from: readonly Range[],
  ranges: readonly Range[],
  { type, size }: Chunked,
): StoredNumbers {
  const counts = ranges.map((r) => r.stop - r.start);
  const out = new Uint8Array(sizeOf(counts) * size);
  const at = ranges.map((r, d) => r.start - from[d]!.start);
  copyBlock(
    { bytes: asBytes(data), shape: from.map((r) => r.stop - r.start), at },
    { bytes: out, shape: counts, at: counts.map(() => 0) },
    counts,
    size,
  );
  return viewNumbers(out, type);
}
