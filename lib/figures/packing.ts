/**
 * Rows of numbers as Plotly's typed arrays (`dtype`, `bdata`, `shape`): notebooks are indented JSON,
 * where each number of a plain list takes a line of its own.
 */

import type { Piece } from "./layer.js";

/** Shorter rows stay plain. */
const SHORT = 64;

/** Pack the long rows and grids of a trace; gaps become NaN. Rows are float64, grids float32. */
export function packTrace(trace: Piece): Piece {
  return Object.fromEntries(Object.entries(trace).map(([key, value]) => [key, pack(value)]));
}

function pack(value: unknown): unknown {
  if (Array.isArray(value)) return packList(value) ?? value;
  const nested = typeof value === "object" && value !== null;
  return nested ? packTrace(value as Piece) : value;
}

function packList(list: readonly unknown[]): Piece | undefined {
  if (list.length >= SHORT && list.every(isNumber)) {
    return { dtype: "f8", bdata: base64(Float64Array.from(list, orNaN)) };
  }
  const width = Array.isArray(list[0]) ? list[0].length : 0;
  if (width === 0 || width * list.length < SHORT) return undefined;
  const rows = list as unknown[][];
  if (!rows.every((row) => row.length === width && row.every(isNumber))) return undefined;
  const flat = Float32Array.from(rows.flat() as (number | null)[], orNaN);
  return { dtype: "f4", bdata: base64(flat), shape: `${rows.length}, ${width}` };
}

function isNumber(value: unknown): value is number | null {
  return value === null || typeof value === "number";
}

function orNaN(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

function base64(array: Float32Array | Float64Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}
