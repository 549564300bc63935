/**
 * How much memory a file may ask for. A damaged or hostile header can claim any size; deflate
 * packs at most 1032 to 1, so what a file can truly hold is bounded by its own length.
 */

import { DataError } from "../core/index.js";

const ALWAYS_ALLOWED = 64 * 2 ** 20;
const MOST_PACKING = 1032;
const LARGEST_ARRAY = 4 * 2 ** 30;

/** The most that a file can hold once it is unpacked [bytes]. */
export function mostOf(fileSize: number): number {
  return Math.min(LARGEST_ARRAY, Math.max(ALWAYS_ALLOWED, fileSize * MOST_PACKING));
}

/**
 * Refuse a read that the file cannot back with data, or that no array can hold.
 *
 * @param bytes    what the read would take up
 * @param fileSize length of the file [bytes]
 * @throws {DataError} that names both sizes
 */
export function refuseHuge(bytes: number, fileSize: number, where: string): void {
  const most = mostOf(fileSize);
  if (bytes <= most) return;
  throw new DataError({
    where,
    what: "read",
    wanted: `at most ${most} bytes at once from a file of ${fileSize}`,
    got: `${bytes}`,
    remedy: "select a smaller slice; if the file cannot be that large, it is damaged",
  });
}
