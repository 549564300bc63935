/** One run at a time in a folder: a lock file that says who holds it. */

import {
  constants,
  copyFile,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { BusyError } from "../core/index.js";
import { asDiskError } from "./atomic.js";
import { birthOf, isRunning } from "./processlife.js";

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** tells this process from a later one of the same number; absent where the system has no /proc */
  readonly birth?: string;
}

/** How long taking over a dead process's lock may last before it is taken as dead itself [ms]. */
const TAKEOVER = 10_000;

/** What file systems without hard links say to one. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** Numbers the drafts of this process. */
let count = 0;

/** How often a lock that changes hands meanwhile is tried. */
const ATTEMPTS = 5;

/**
 * Take a lock; the lock of a process that is gone is taken over.
 *
 * The file comes into being with its content (a hard link to a draft), and only one process at a
 * time may take a dead one's lock away, so of many that start at once exactly one holds it.
 *
 * @returns gives it back
 * @throws {BusyError} if another process holds it, or the disk is full
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const draft = `${path}.${process.pid}.${count++}.tmp`;
  const birth = await birthOf(process.pid);
  const self: Holder = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    ...(birth !== undefined && { birth }),
  };
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, JSON.stringify(self));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linked(draft, path)) return () => rm(path, { force: true });
      const holder = await readHolder(path);
      if (holder === "gone") continue;
      if (holder !== "damaged" && (await isAlive(holder))) throw held(path, holder);
      await removeDead(path);
    }
    throw held(path, await readHolder(path));
  } catch (error) {
    throw asDiskError(error, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Give the draft its second name, or a copy of it where links are not to be had; false if that name is taken. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (!NO_LINKS.has(error.code ?? "")) throw error;
      return copyFile(draft, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Remove the lock of a process that is gone, unless another process is at it or has its own there by now. */
async function removeDead(path: string): Promise<void> {
  const guard = `${path}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    const since = (await stat(guard).catch(() => undefined))?.mtimeMs;
    if (since !== undefined && Date.now() - since > TAKEOVER) {
      await rename(guard, `${guard}.${process.pid}`).catch(() => undefined);
      await rm(`${guard}.${process.pid}`, { recursive: true, force: true });
    } else await new Promise((done) => setTimeout(done, 100));
    return;
  }
  try {
    const holder = await readHolder(path);
    if (holder === "gone") return; // given back meanwhile: it is whose who links first
    if (holder === "damaged" || !(await isAlive(holder))) await rm(path, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

function held(path: string, holder: Holder | "gone" | "damaged"): BusyError {
  const who =
    typeof holder === "string"
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

/** Who holds the lock; a power cut may have damaged it. */
async function readHolder(path: string): Promise<Holder | "gone" | "damaged"> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? undefined : "",
  );
  if (text === undefined) return "gone";
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return "damaged";
  }
}

/** Whether the holder may still run; of another machine it cannot be known. */
async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true;
  if (!isRunning(holder.pid)) return false;
  const birth = await birthOf(holder.pid);
  return holder.birth === undefined || birth === undefined || holder.birth === birth;
}
