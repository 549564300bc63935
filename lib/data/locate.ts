/** Where data are on this machine. */

import { existsSync, readdirSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { type DataSet, findDataSet, type Manifest, readManifest } from "./manifest.js";

/** The folders to look in, and the manifest to look by. */
export interface Place {
  /** by default `CARBONBOOK_DATA`, then `CARBONBOOK_DATA_MIRROR` */
  readonly folders?: readonly string[];
  readonly manifest?: Manifest;
}

/**
 * Find a data set on this machine.
 *
 * @param id the id of a data set, or of one of its files: `parcels_peninsula/peninsulaU.nc`
 * @returns its absolute path (the file if it has only one, else the folder that holds them), or
 *          undefined if not all of it is here; where nobody knows its files, the folder of its id
 *          as soon as anything is in it
 * @throws {ArgumentError} if the manifest does not know the id
 */
export function locate(id: string, place: Place = {}): string | undefined {
  const [name = "", ...rest] = id.split("/");
  const dataSet = findDataSet(place.manifest ?? readManifest(), name);
  const root = rootOf(dataSet);
  const wanted =
    rest.length === 0
      ? dataSet.files.map((f) => f.path)
      : [`${root || dataSet.id}/${rest.join("/")}`];
  for (const folder of place.folders ?? dataFolders()) {
    if (wanted.length === 0 && filesByHand(dataSet, folder).length > 0) {
      return resolve(folder, dataSet.id);
    }
    if (wanted.length === 0) continue;
    if (!wanted.every((path) => existsSync(resolve(folder, path)))) continue;
    return resolve(folder, wanted.length === 1 ? wanted[0]! : root);
  }
  return undefined;
}

/** Files that a person put into the folder of a data set whose files the manifest cannot name. */
export function filesByHand(dataSet: DataSet, folder: string): string[] {
  const place = resolve(folder, dataSet.id);
  if (dataSet.byHand?.files !== "unknown" || !existsSync(place)) return [];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(place, resolve(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** The folders that the environment names. */
export function dataFolders(environment: NodeJS.ProcessEnv = process.env): string[] {
  const { CARBONBOOK_DATA, CARBONBOOK_DATA_MIRROR } = environment;
  return [CARBONBOOK_DATA, CARBONBOOK_DATA_MIRROR].filter(
    (folder): folder is string => folder !== undefined && folder !== "",
  );
}

/** The folder that holds all files of a data set, below the data folder. */
export function rootOf(dataSet: DataSet): string {
  const [first = [], ...others] = dataSet.files.map((f) => f.path.split("/").slice(0, -1));
  const same = first.findIndex((part, i) => others.some((o) => o[i] !== part));
  return (same === -1 ? first : first.slice(0, same)).join("/");
}
