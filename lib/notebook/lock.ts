/** One run at a time in a folder: a lock file that says who holds it. */

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { BusyError } from "../core/index.js";
import { asDiskError } from "./atomic.js";

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Take a lock; the lock of a process that is gone is taken over.
 *
 * @returns gives it back
 * @throws {BusyError} if another process holds it, or the disk is full
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  const self: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, JSON.stringify(self), { flag: "wx" });
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw asDiskError(error, path);
    }
    const holder = await readHolder(path);
    if (attempt > 3 || (holder !== undefined && isAlive(holder))) throw held(path, holder);
    await rm(path, { force: true });
  }
}

function held(path: string, holder: Holder | undefined): BusyError {
  const who =
    holder === undefined
      ? "another process"
      : `process ${holder.pid} on ${holder.host} since ${holder.since}`;
  return new BusyError({
    where: path,
    what: "run folder",
    wanted: "one run at a time",
    got: `a lock held by ${who}`,
    remedy: "wait for it to end, or choose another --profile; if it is long gone, delete that file",
  });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined; // written half, by a process that was killed
  }
}

/** Whether the holder may still run; of another machine it cannot be known. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
