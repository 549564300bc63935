/** Bytes of unknown encoding as text: UTF-8 where they are that, else Latin-1. */

import type { Range } from "./selection.js";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Decode bytes up to the first NUL. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeAll(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Decode all bytes. */
export function decodeAll(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  }
}

/** Rows of characters as texts: the last of the ranges is the width of a row. */
export function textsOf(bytes: Uint8Array, ranges: readonly Range[]): string[] {
  const last = ranges.at(-1);
  const width = last === undefined ? 1 : last.stop - last.start;
  const count = width === 0 ? 0 : bytes.length / width;
  return Array.from({ length: count }, (_, i) =>
    decodeText(bytes.subarray(i * width, (i + 1) * width)),
  );
}
