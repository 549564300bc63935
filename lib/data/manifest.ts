/** The data manifest: what each data set is, where it comes from and what its files must be. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError, DataError, EnvironmentError } from "../core/index.js";

/** A file of a data set. */
export interface DataFile {
  /** its place below the data folder, with "/" between names */
  readonly path: string;
  /** its place below each mirror, where that differs from `path` */
  readonly source?: string;
  /** length in bytes, or "unknown" */
  readonly bytes: number | "unknown";
  /** SHA-256 in hexadecimal, or "unknown" */
  readonly sha256: string;
}

/** How to get a data set that is not ours to fetch. */
export interface ByHand {
  /** whether an account is needed, or the authors must be asked; never a password */
  readonly account: "none" | "free" | "on request";
  readonly how: string;
  /** stated where nobody publishes the names of its files: all in the folder of its id are its */
  readonly files?: "unknown";
}

/** A data set of the manifest. */
export interface DataSet {
  readonly id: string;
  readonly title: string;
  readonly doi?: string;
  /** where a person reads about it */
  readonly url: string;
  readonly licence: string;
  readonly citation: string;
  /** notebooks that use it, or "tests" */
  readonly neededBy: readonly string[];
  /** how its owner gets it, where we must not: then nothing is fetched by us */
  readonly byHand?: ByHand;
  readonly note?: string;
  /** addresses that end in "/", tried in turn */
  readonly mirrors: readonly string[];
  /** hosts, besides the mirrors' own, that a mirror may redirect to */
  readonly hosts?: readonly string[];
  readonly files: readonly DataFile[];
}

/** The whole manifest. */
export interface Manifest {
  readonly version: 1;
  readonly datasets: readonly DataSet[];
}

const NAME = "data-manifest.json";

/**
 * Read the manifest of this repository, or the one at `path`.
 *
 * @throws {EnvironmentError} if there is none
 * @throws {DataError} if it is no JSON
 */
export function readManifest(path = findManifest()): Manifest {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch (cause) {
    throw new DataError({ where: path, what: "data manifest", wanted: "JSON", cause });
  }
}

/**
 * The data set with an id.
 *
 * @throws {ArgumentError} that lists the ids there are
 */
export function findDataSet(manifest: Manifest, id: string): DataSet {
  const found = manifest.datasets.find((d) => d.id === id);
  if (found !== undefined) return found;
  throw new ArgumentError({
    what: `data set "${id}"`,
    wanted: `one of ${manifest.datasets.map((d) => d.id).join(", ")}`,
  });
}

function findManifest(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const path = join(folder, NAME);
    if (existsSync(path)) return path;
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  throw new EnvironmentError({
    what: NAME,
    wanted: "it above the library's folder",
    remedy: "work in a clone of the repository",
  });
}
