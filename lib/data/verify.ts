/** Compare the data folder with the manifest. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { isRight } from "./fetch.js";
import { OWN, placeOf, writableFolder } from "./folder.js";
import { dataFolders, filesByHand, type Place } from "./locate.js";
import { type ByHand, type DataSet, findDataSet, type Manifest, readManifest } from "./manifest.js";

/** How a file stands to its manifest; "unchecked" where the manifest knows no checksum. */
export type FileState = "right" | "missing" | "changed" | "unchecked";

/** What a check of the data folder found. */
export interface VerifyReport {
  readonly folder: string;
  readonly files: readonly {
    readonly id: string;
    readonly path: string;
    readonly state: FileState;
  }[];
  /** files in the folder that no data set of the manifest has */
  readonly extra: readonly string[];
}

/** A line of the table of data sets. */
export interface DataStatus {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  /** sum of the sizes; "unknown" if one of them is */
  readonly bytes: number | "unknown";
  /** how many of its files are in one of the data folders */
  readonly here: number;
  readonly files: number;
  /** whether it comes by `fetch`, or by hand, with or without an account */
  readonly account: "fetched" | ByHand["account"];
}

/**
 * Check every file of data sets, and look for files that nobody listed.
 *
 * @param ids data sets; those of which anything is here if it is empty
 * @throws {ArgumentError} if the manifest does not know an id, or no folder is named
 */
export async function verifyData(
  ids: readonly string[] = [],
  options: { folder?: string; manifest?: Manifest; environment?: NodeJS.ProcessEnv } = {},
): Promise<VerifyReport> {
  const manifest = options.manifest ?? readManifest();
  const folder = writableFolder(options.folder, options.environment);
  const isHere = (d: DataSet) => d.files.some((f) => existsSync(placeOf(folder, f.path)));
  const dataSets =
    ids.length === 0
      ? manifest.datasets.filter(isHere)
      : ids.map((id) => findDataSet(manifest, id));
  const files: { id: string; path: string; state: FileState }[] = [];
  for (const { id, files: listed } of dataSets) {
    for (const file of listed) {
      const place = placeOf(folder, file.path);
      const right = await isRight(place, file);
      const checked = file.sha256 === "unknown" ? "unchecked" : "right";
      const state = right ? checked : existsSync(place) ? "changed" : "missing";
      files.push({ id, path: file.path, state });
    }
  }
  const known = new Set(
    manifest.datasets.flatMap((d) => [
      ...d.files.map((f) => f.path),
      ...filesByHand(d, folder).map((name) => `${d.id}/${name}`),
    ]),
  );
  const extra = listFiles(folder).filter((path) => !known.has(path));
  return { folder, files, extra };
}

/** The table of data sets: what, size, licence, here or not. */
export function listData(place: Place = {}): DataStatus[] {
  const manifest = place.manifest ?? readManifest();
  const folders = place.folders ?? dataFolders();
  return manifest.datasets.map((dataSet) => {
    const { id, title, licence, files, byHand } = dataSet;
    const sizes = files.map((f) => f.bytes);
    const known = byHand?.files === undefined && sizes.every((b) => typeof b === "number");
    const bytes = known ? sizes.reduce((a: number, b) => a + b, 0) : "unknown";
    const isHere = (path: string) => folders.some((folder) => existsSync(join(folder, path)));
    const listed = files.filter((f) => isHere(f.path)).length;
    const unlisted = folders.flatMap((folder) => filesByHand(dataSet, folder)).length;
    const counts = { here: listed + unlisted, files: files.length + unlisted };
    return { id, title, licence, bytes, ...counts, account: byHand?.account ?? "fetched" };
  });
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.startsWith(`${OWN}/`))
    .sort();
}
