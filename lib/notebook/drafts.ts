/** Drafts of files that a killed process left behind: what writes files whole names its draft after its process. */

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { bornAt, isRunning } from "./processlife.js";

/** `name.PID.tmp`, `name.PID.3.tmp`, `name.PID-1.part`. */
const DRAFT = /\.(\d+)(?:[.-]\d+)?\.(?:tmp|part)$/;

/** A draft that was written to within this time may be of a process of another machine [ms]. */
const REST = 3_600_000;

/**
 * Remove the drafts in a folder, and in those below it, that nobody will finish: nobody wrote to them
 * for an hour, and their process is gone, or came after them and has its number by chance.
 *
 * @returns the paths that were removed
 */
export async function sweepDrafts(folder: string): Promise<string[]> {
  const all = { recursive: true, withFileTypes: true } as const;
  const entries = await readdir(folder, all).catch(() => []); // one that goes meanwhile: next time
  const swept: string[] = [];
  for (const { name, parentPath } of entries) {
    const pid = DRAFT.exec(name)?.[1];
    const path = join(parentPath, name);
    if (pid === undefined || !(await isLeft(path, Number(pid)))) continue;
    await rm(path, { recursive: true, force: true });
    swept.push(path);
  }
  return swept;
}

/** Whether nobody wrote to `path` for an hour, and the process `pid` that made it is gone. */
export async function isLeft(path: string, pid: number): Promise<boolean> {
  const written = (await stat(path).catch(() => undefined))?.mtimeMs;
  if (written === undefined || Date.now() - written < REST) return false;
  return !isRunning(pid) || written < ((await bornAt(pid)) ?? 0);
}
