/** A file read by position, and big-endian bytes as numbers. */

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DataError } from "../core/index.js";
import type { StorageType, StoredNumbers } from "./dataset.js";

/** An open file of known size. */
export interface ByteFile {
  readonly path: string;
  readonly size: number;
  readonly descriptor: number;
  /**
   * Fill `target` with the bytes from `position` on.
   *
   * @throws {DataError} if the file ends before
   */
  read(target: Uint8Array, position: number): void;
  close(): void;
}

/**
 * Open a file for reading.
 *
 * @throws {DataError} if there is none, or it is no regular file
 */
export function openBytes(path: string): ByteFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw new DataError({
      where: path,
      what: "file",
      wanted: "a regular file",
      got: "something else",
    });
  }
  let open = true;
  return {
    path,
    size: stat.size,
    descriptor,
    read: (target, position) => readFully(descriptor, { target, position, path }),
    close() {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

/** Bytes of one number of a type; 1 for characters. */
export function bytesOf(type: StorageType): number {
  return SIZES[type] ?? 1;
}

/** View little-endian bytes of this machine as numbers of a type. */
export function viewNumbers(bytes: Uint8Array, type: StorageType): StoredNumbers {
  const { buffer, byteOffset } = bytes;
  const length = bytes.byteLength / bytesOf(type);
  switch (type) {
    case "i8":
      return new Int8Array(buffer, byteOffset, length);
    case "i16":
      return new Int16Array(buffer, byteOffset, length);
    case "u16":
      return new Uint16Array(buffer, byteOffset, length);
    case "i32":
      return new Int32Array(buffer, byteOffset, length);
    case "u32":
      return new Uint32Array(buffer, byteOffset, length);
    case "i64":
      return new BigInt64Array(buffer, byteOffset, length);
    case "u64":
      return new BigUint64Array(buffer, byteOffset, length);
    case "f32":
      return new Float32Array(buffer, byteOffset, length);
    case "f64":
      return new Float64Array(buffer, byteOffset, length);
    default:
      return new Uint8Array(buffer, byteOffset, length);
  }
}

/** View numbers as the bytes they are made of. */
export function asBytes(data: StoredNumbers): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Turn big-endian bytes into this machine's order, in place. */
export function swapFromBigEndian(bytes: Uint8Array, type: StorageType): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytesOf(type);
  if (size === 2) view.swap16();
  if (size === 4) view.swap32();
  if (size === 8) view.swap64();
}

const SIZES: Partial<Record<StorageType, number>> = {
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
};

function unreadable(path: string, cause: unknown): DataError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT") {
    const remedy = "check the path, or fetch the data with `carbonbook data fetch`";
    return new DataError({
      where: path,
      what: "path",
      wanted: "a file",
      got: "nothing there",
      remedy,
      cause,
    });
  }
  return new DataError({ where: path, what: "file", wanted: "a readable file", got: code, cause });
}

function readFully(
  descriptor: number,
  at: { target: Uint8Array; position: number; path: string },
): void {
  const { target, position, path } = at;
  let done = 0;
  while (done < target.length) {
    const length = Math.min(target.length - done, 1 << 30);
    const got = readSync(descriptor, target, done, length, position + done);
    if (got === 0) {
      throw new DataError({
        where: path,
        what: "file size",
        wanted: `at least ${position + target.length} bytes`,
        got: `${position + done}`,
        remedy: "the file is truncated: fetch it again",
      });
    }
    done += got;
  }
}
