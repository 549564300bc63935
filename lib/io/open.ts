/** Open a file by what it holds, not by what it is called. */

import { statSync } from "node:fs";
import { DataError } from "../core/index.js";
import { openBytes } from "./bytes.js";
import { openClassic } from "./classic.js";
import { type Dataset, makeDataset, type StoredDataset } from "./dataset.js";
import { openHdf5 } from "./hdf5.js";
import { findSuperblock } from "./hdf5-superblock.js";
import { isZarrFolder, openFolderStore, openZipStore, type ZarrStore } from "./zarr-store.js";
import { isZip } from "./zip.js";

/** How to open a file. */
export interface OpenOptions {
  /**
   * What to do with a classic file that is shorter than its header says: `refuse` it (the default), or
   * open it and let only reads past its end fail.
   */
  readonly truncated?: "refuse" | "open";
}

/**
 * Open a netCDF file (classic, 64-bit, CDF-5, netCDF-4), an HDF5 file, or a Zarr hierarchy in a
 * folder or a zip archive. Close it after use.
 *
 * @throws {DataError} if the file is missing, truncated, damaged or of another format
 */
export async function open(path: string, options: OpenOptions = {}): Promise<Dataset> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && isZarrFolder(path)) {
    return makeDataset(await openZarr(openFolderStore(path), path));
  }
  const file = openBytes(path);
  try {
    const head = new Uint8Array(Math.min(8, file.size));
    file.read(head, 0);
    if (isClassic(head)) return makeDataset(openClassic(file, options.truncated));
    if (findSuperblock(file) !== undefined) return makeDataset(await openHdf5(file));
    const zarr = isZip(head) ? openZipStore(file) : undefined;
    if (zarr !== undefined) {
      const stored = await openZarr(zarr, path);
      return makeDataset({ ...stored, close: file.close });
    }
    throw new DataError({
      where: path,
      what: "format",
      wanted: "netCDF, HDF5 or Zarr",
      got: file.size === 0 ? "an empty file" : `first bytes ${hex(head)}`,
      remedy: "tables are read with `readTable`",
    });
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Zarr's own library is loaded when a hierarchy is opened: it is a third of what this room loads. */
async function openZarr(store: ZarrStore, path: string): Promise<StoredDataset> {
  const zarr = await import("./zarr.js");
  return zarr.openZarr(store, path);
}

function isClassic(head: Uint8Array): boolean {
  return head[0] === 0x43 && head[1] === 0x44 && head[2] === 0x46 && [1, 2, 5].includes(head[3]!);
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join(" ");
}
