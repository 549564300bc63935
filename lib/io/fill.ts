/**
 * Fill values: what netCDF stores where nothing was written (`netcdf.h`, NC_FILL_*), and how a
 * variable that ends before its unlimited dimension is filled up.
 */

import { sizeOf } from "../core/index.js";
import { copyBlock } from "./block.js";
import { asBytes, bytesOf, viewNumbers } from "./bytes.js";
import type { StorageType, StoredAttribute, StoredNumbers } from "./dataset.js";
import type { Range } from "./selection.js";

/** Fill values that mean missing without an attribute; none for bytes, which need all values. */
export const DEFAULT_FILLS: Partial<Record<StorageType, number>> = {
  i16: -32767,
  u16: 65535,
  i32: -2147483647,
  u32: 4294967295,
  i64: -(2 ** 63),
  u64: 2 ** 64,
  f32: 9.969209968386869e36,
  f64: 9.969209968386869e36,
};

const EXACT_FILLS: Partial<Record<StorageType, number | bigint>> = {
  ...DEFAULT_FILLS,
  i8: -127,
  u8: 255,
  i64: -9223372036854775806n,
  u64: 18446744073709551614n,
};

/** What stands in a netCDF variable where nothing was written. */
export function fillOf(
  type: StorageType,
  attributes: ReadonlyMap<string, StoredAttribute>,
): number | bigint {
  const stated = attributes.get("_FillValue")?.value;
  const fill = typeof stated === "number" ? stated : (EXACT_FILLS[type] ?? 0);
  return type === "i64" || type === "u64" ? BigInt(fill) : fill;
}

/** Fill an array with one value. */
export function fillWith(data: StoredNumbers, fill: number | bigint): void {
  (data as Float64Array).fill(fill as number);
}

/**
 * Read ranges that may run past what is stored; beyond its end stands the fill value.
 *
 * @param stored the lengths that are stored
 * @param read   reads ranges within them
 */
export function readPadded(
  at: {
    readonly type: StorageType;
    readonly stored: readonly number[];
    readonly fill: number | bigint;
  },
  ranges: readonly Range[],
  read: (inside: readonly Range[]) => StoredNumbers,
): StoredNumbers {
  const inside = ranges.map(({ start, stop, drop }, d) => {
    const end = Math.min(stop, at.stored[d]!);
    return { start: Math.min(start, end), stop: end, drop };
  });
  if (inside.every((r, d) => r.start === ranges[d]!.start && r.stop === ranges[d]!.stop)) {
    return read(ranges);
  }
  const shape = ranges.map((r) => r.stop - r.start);
  const counts = inside.map((r) => r.stop - r.start);
  const out = viewNumbers(new Uint8Array(sizeOf(shape) * bytesOf(at.type)), at.type);
  fillWith(out, at.fill);
  if (sizeOf(counts) === 0) return out;
  const corner = shape.map(() => 0);
  const from = { bytes: asBytes(read(inside)), shape: counts, at: corner };
  copyBlock(from, { bytes: asBytes(out), shape, at: corner }, counts, bytesOf(at.type));
  return out;
}
