/** Files that appear whole or not at all: written beside their place, synced, then renamed. */

import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { BusyError } from "../core/index.js";

/** Error codes of a file system that takes no more bytes. */
const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];
/** The same as a program tells it. */
const TOLD_FULL = new RegExp(
  `\\b(${[...FULL, "No space left on device", "Disk quota exceeded"].join("|")})\\b`,
);

/** Numbers the temporary files of this process. */
let count = 0;

/**
 * Write a file whole or not at all; missing folders are made.
 *
 * @throws {BusyError} if the disk is full; nothing is left behind
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.${count++}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asDiskError(cause, path);
  }
}

/** Whether an error says that a file system takes no more bytes. */
export function isFull(error: unknown): boolean {
  return FULL.includes((error as NodeJS.ErrnoException | undefined)?.code ?? "");
}

/** Whether a program's text says so. */
export function tellsOfFullDisk(text: string): boolean {
  return TOLD_FULL.test(text);
}

/** Turn "no space left" into a `BusyError` that says what to do; other errors stay as they are. */
export function asDiskError(error: unknown, path: string): unknown {
  if (!isFull(error)) return error;
  return new BusyError({
    where: path,
    what: "disk",
    wanted: "room to write",
    got: "a full disk or quota",
    remedy: "free some space (carbonbook clean shows what runs and cache hold) and run again",
    cause: error,
  });
}
