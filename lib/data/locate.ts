/** Where data are on this machine. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
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
 *          undefined if not all of it is here
 * @throws {ArgumentError} if the manifest does not know the id
 */
export function locate(id: string, place: Place = {}): string | undefined {
  const [name = "", ...rest] = id.split("/");
  const dataSet = findDataSet(place.manifest ?? readManifest(), name);
  const root = rootOf(dataSet);
  const wanted =
    rest.length === 0 ? dataSet.files.map((f) => f.path) : [`${root}/${rest.join("/")}`];
  if (wanted.length === 0) return undefined;
  for (const folder of place.folders ?? dataFolders()) {
    if (!wanted.every((path) => existsSync(resolve(folder, path)))) continue;
    return resolve(folder, wanted.length === 1 ? wanted[0]! : root);
  }
  return undefined;
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
