/** The file on the disk that the HDF5 library writes into. */

import { fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { BusyError, EnvironmentError } from "../core/index.js";
import type { Backing } from "./hdf5-engine.js";

/**
 * Open the temporary file of a path; missing folders are made.
 *
 * @throws {EnvironmentError} if the place cannot be written to
 */
export function openForWriting(path: string, temporary: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(temporary, "w+");
  } catch (cause) {
    throw new EnvironmentError({ where: path, what: "file", wanted: "a place to write to", cause });
  }
}

/**
 * What the library needs of an open file.
 *
 * @param path the file's name in messages; writing to a full disk throws BusyError
 */
export function backing(descriptor: number, path: string): Backing {
  return {
    size: () => fstatSync(descriptor).size,
    read: (bytes: Uint8Array, position: number) =>
      readSync(descriptor, bytes, 0, bytes.length, position),
    write(bytes: Uint8Array, position: number): number {
      try {
        let done = 0;
        while (done < bytes.length) {
          done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
        }
        return done;
      } catch (cause) {
        throw asFull(cause, path);
      }
    },
    truncate: (length: number) => ftruncateSync(descriptor, length),
  };
}

/** Turn "no space left" into a `BusyError`; other errors stay as they are. */
function asFull(cause: unknown, where: string): unknown {
  const { code = "" } = cause as NodeJS.ErrnoException;
  if (!["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) return cause;
  const remedy = "free some space, or write elsewhere";
  return new BusyError({
    where,
    what: "file",
    wanted: "room on the disk",
    got: code,
    remedy,
    cause,
  });
}
