/** Folders for what is needed only while a kernel or program runs, in the system's folder for temporary files. */

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BusyError, EnvironmentError } from "../core/index.js";
import { isFull } from "./atomic.js";
import { isLeft } from "./drafts.js";

/** `carbonbook-kernel-PID-x7Gh2a`, after the process that made it. */
const OURS = /^carbonbook-[a-z]+-(\d+)-\w{6}$/;

let swept: Promise<void> | undefined;

/** Remove the folders that killed processes have left behind, once in this process. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = OURS.exec(name)?.[1];
    const path = join(tmpdir(), name);
    if (pid === undefined || !(await isLeft(path, Number(pid)))) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined); // another user's
  }
}

/**
 * Make a folder of its own name and fill it; it is removed where that fails. Those that
 * killed processes left there more than an hour ago are removed first.
 *
 * @param name what the folder is for
 * @param fill writes into it
 * @returns the folder, and what `fill` gave
 * @throws {BusyError} if there is no room for it
 * @throws {EnvironmentError} if the system's folder is missing or cannot be written to
 */
export async function makeTemporary<T>(
  name: string,
  fill: (folder: string) => Promise<T>,
): Promise<{ folder: string; filled: T }> {
  swept ??= sweep();
  await swept;
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), `carbonbook-${name}-${process.pid}-`));
    return { folder, filled: await fill(folder) };
  } catch (error) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    throw asTemporaryError(error);
  }
}

/** Turn an error of the file system into one that names the folder; other errors stay as they are. */
function asTemporaryError(cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === undefined) return cause;
  const where = { where: tmpdir(), what: "folder for temporary files", cause };
  if (isFull(cause)) {
    const remedy = "free some space there, or set TMPDIR to a folder that has room, and run again";
    return new BusyError({
      ...where,
      wanted: "room to write",
      got: "a full disk or quota",
      remedy,
    });
  }
  const remedy = "set TMPDIR to a folder that can be written to";
  return new EnvironmentError({ ...where, wanted: "one to write to", got: code, remedy });
}
