/** The first bytes of an HDF5 file: where it starts, and how long it should be. */

import { DataError } from "../core/index.js";
import type { ByteFile } from "./bytes.js";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Where the superblock stands: at 0, or at 512, 1024, 2048, … after a user block. */
export function findSuperblock(file: ByteFile): number | undefined {
  const head = new Uint8Array(8);
  for (let at = 0; at + 8 <= file.size; at = at === 0 ? 512 : at * 2) {
    file.read(head, at);
    if (SIGNATURE.every((byte, i) => head[i] === byte)) return at;
  }
  return undefined;
}

/**
 * Compare the length that the superblock states with the file's.
 *
 * @throws {DataError} that names both, if the file is shorter
 * @see HDF5 File Format Specification 3.0, section II.A
 */
export function checkSuperblock(file: ByteFile): void {
  const start = findSuperblock(file);
  if (start === undefined) return;
  const head = new Uint8Array(Math.min(64, file.size - start));
  file.read(head, start);
  const version = head[8]!;
  const offsetSize = version < 2 ? head[13] : head[9];
  const base = version === 0 ? 24 : version === 1 ? 28 : 12;
  if (head.length < 64 || version > 3 || offsetSize !== 8) return;
  const view = new DataView(head.buffer);
  const expected = Number(view.getBigUint64(base + 16, true));
  if (expected <= file.size || Number(view.getBigUint64(base, true)) !== start) return;
  throw new DataError({
    where: file.path,
    what: "file size",
    wanted: `${expected} bytes`,
    got: `${file.size}`,
    remedy: "the file is truncated: fetch it again",
  });
}

/** Whether addresses in the file are 8 bytes wide and count from its first byte. */
export function hasPlainAddresses(file: ByteFile): boolean {
  if (findSuperblock(file) !== 0 || file.size < 32) return false;
  const head = new Uint8Array(32);
  file.read(head, 0);
  const version = head[8]!;
  if (version === 1 || version > 3) return false;
  const [widths, base] = version === 0 ? [13, 24] : [9, 12];
  return head[widths] === 8 && head[widths + 1] === 8 && isZero(head, base);
}

function isZero(bytes: Uint8Array, at: number): boolean {
  return bytes.subarray(at, at + 8).every((byte) => byte === 0);
}
