/**
 * Put ranges together from the chunks they touch. zarrita's own `get` takes a chunk that unpacks
 * to fewer values than it should and leaves zeros in their place; here that is an error.
 */

import type * as zarrita from "zarrita";
import { DataError, formatShape, sizeOf, stridesOf } from "../core/index.js";
import type { Range } from "./selection.js";

/** Anything values can be copied to, one by one. */
interface Target {
  [index: number]: unknown;
}

/**
 * Copy ranges of an array into a row-major target.
 *
 * @throws {DataError} if a chunk holds another number of values than its shape
 */
export async function readChunks(
  array: zarrita.Array<zarrita.DataType>,
  ranges: readonly Range[],
  target: Target,
): Promise<void> {
  const steps = stridesOf(ranges.map((r) => r.stop - r.start));
  const firsts = ranges.map((r, d) => Math.floor(r.start / array.chunks[d]!));
  const lasts = ranges.map((r, d) => Math.floor((r.stop - 1) / array.chunks[d]!));
  for (const place of places(firsts, lasts)) {
    const chunk = await array.getChunk(place);
    if (chunk.data.length !== sizeOf(chunk.shape)) throw cutOff(array, place, chunk);
    const overlap = ranges.map((r, d) => {
      const begin = place[d]! * array.chunks[d]!;
      const start = Math.max(r.start, begin);
      const stop = Math.min(r.stop, begin + array.chunks[d]!);
      return { from: start - begin, to: start - r.start, count: stop - start };
    });
    copy(chunk, { target, steps }, overlap);
  }
}

/** All index tuples between two corners, both included; one empty tuple for a scalar. */
function* places(firsts: readonly number[], lasts: readonly number[]): Generator<number[]> {
  const at = [...firsts];
  for (;;) {
    yield [...at];
    let d = at.length - 1;
    while (d >= 0 && at[d] === lasts[d]) {
      at[d] = firsts[d]!;
      d--;
    }
    if (d < 0) return;
    at[d]!++;
  }
}

function copy(
  chunk: {
    readonly data: zarrita.Chunk<zarrita.DataType>["data"];
    readonly stride: readonly number[];
  },
  to: { readonly target: Target; readonly steps: readonly number[] },
  overlap: readonly { from: number; to: number; count: number }[],
): void {
  const source = chunk.data as unknown as {
    readonly [index: number]: unknown;
    get?(i: number): unknown;
  };
  const valueAt =
    typeof source.get === "function" ? (i: number) => source.get!(i) : (i: number) => source[i];
  function walk(d: number, from: number, into: number): void {
    if (d === overlap.length) {
      to.target[into] = valueAt(from);
      return;
    }
    const { from: first, to: start, count } = overlap[d]!;
    for (let i = 0; i < count; i++) {
      walk(d + 1, from + (first + i) * chunk.stride[d]!, into + (start + i) * to.steps[d]!);
    }
  }
  walk(0, 0, 0);
}

function cutOff(
  array: zarrita.Array<zarrita.DataType>,
  place: readonly number[],
  chunk: { readonly data: { readonly length: number }; readonly shape: readonly number[] },
): DataError {
  return new DataError({
    where: `${array.path} chunk ${place.join(".")}`,
    what: "values",
    wanted: `${sizeOf(chunk.shape)}, shape ${formatShape(chunk.shape)}`,
    got: `${chunk.data.length}`,
    remedy: "the store is damaged: fetch it again",
  });
}
