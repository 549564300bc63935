/**
 * The data folder: the only place this room writes to. Unfinished downloads, quarantined files
 * and the lock lie in `.carbonbook/` inside it.
 */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { ArgumentError, BusyError, DataError } from "../core/index.js";

/** Our own folder inside the data folder. */
export const OWN = ".carbonbook";

/**
 * Where a file of the manifest goes.
 *
 * @throws {DataError} if its path is absolute, leads out of the folder by "..", or through a link
 */
export function placeOf(folder: string, path: string): string {
  const parts = path.split("/");
  const odd = parts.some((p) => p === "" || p === "." || p === ".." || /[\\:\0]/.test(p));
  if (odd) throw outside(folder, path);
  const root = resolve(folder);
  const place = join(root, ...parts);
  for (let at = dirname(place); at !== root; at = dirname(at)) {
    if (existsSync(at) && !isInside(realpathSync(at), realpathSync(root)))
      throw outside(folder, path);
  }
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw outside(folder, path);
  }
  return place;
}

/** Make the folder that a file stands in, and return the file's path. */
export function makeRoom(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/**
 * The folder to write to: the one given, else `CARBONBOOK_DATA`.
 *
 * @throws {ArgumentError} if neither is there
 */
export function writableFolder(
  folder: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const found = folder ?? environment.CARBONBOOK_DATA;
  if (found !== undefined && found !== "") return resolve(found);
  throw new ArgumentError({
    what: "data folder",
    wanted: "one to write to",
    remedy: "set CARBONBOOK_DATA to a folder with room for the data",
  });
}

/**
 * Refuse to begin what the disk cannot hold.
 *
 * @throws {BusyError} that names both sizes
 */
export function checkSpace(folder: string, bytes: number): void {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  throw new BusyError({
    where: folder,
    what: "free space",
    wanted: `${bytes} bytes`,
    got: `${bavail * bsize}`,
    remedy: "make room, or set CARBONBOOK_DATA to another disk",
  });
}

/**
 * Take the folder's lock; returns a function that gives it back.
 *
 * @throws {BusyError} if a living process holds it
 * @throws {DataError} if a link leads the lock out of the folder
 */
export function lockFolder(folder: string): () => void {
  const lock = makeRoom(placeOf(folder, `${OWN}/lock`));
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(lock, `${process.pid}`, { flag: "wx" });
      return () => rmSync(lock, { force: true });
    } catch (cause) {
      const holder = Number(readHolder(lock));
      if (attempt < 3 && !isAlive(holder)) {
        rmSync(lock, { force: true });
        continue;
      }
      throw new BusyError({
        where: folder,
        what: "data folder",
        wanted: "it free",
        got: `process ${holder} fetching into it`,
        remedy: "wait for it, or stop it",
        cause,
      });
    }
  }
}

function readHolder(lock: string): string {
  try {
    return readFileSync(lock, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function outside(folder: string, path: string): DataError {
  return new DataError({
    where: folder,
    what: `path "${path}"`,
    wanted: "a place inside the data folder, through no links out of it",
    remedy: "nothing was written; check the manifest and the folder",
  });
}
