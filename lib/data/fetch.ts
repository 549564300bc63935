/** Plan what to fetch, say what it will take, then fetch it: several files at a time. */

import { copyFileSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { askSize, type DownloadOptions, download, hashFile } from "./download.js";
import { checkSpace, lockFolder, makeRoom, OWN, placeOf, writableFolder } from "./folder.js";
import {
  type DataFile,
  type DataSet,
  findDataSet,
  type Manifest,
  readManifest,
} from "./manifest.js";

/** Where to fetch to, and how. */
export interface FetchOptions extends Omit<DownloadOptions, "onBytes"> {
  /** by default `CARBONBOOK_DATA` */
  readonly folder?: string;
  /** a folder that may have the files already; by default `CARBONBOOK_DATA_MIRROR` */
  readonly mirrorFolder?: string;
  readonly manifest?: Manifest;
  /** called with the total before anything comes */
  readonly onPlan?: (plan: FetchPlan) => void;
  /** files at a time; 4 by default */
  readonly jobs?: number;
  /** bytes that are here, of all that will be */
  readonly onProgress?: (done: number, total: number) => void;
  /** the same for each file */
  readonly onFile?: (path: string, done: number, total: number | "unknown") => void;
}

/** A file and the data set it belongs to. */
export interface PlannedFile {
  readonly dataSet: DataSet;
  readonly file: DataFile;
  /** asked of the mirrors where the manifest does not know it */
  readonly bytes: number | "unknown";
}

/** What a fetch would do. */
export interface FetchPlan {
  readonly folder: string;
  readonly files: readonly PlannedFile[];
  /** files that are here and right */
  readonly kept: readonly string[];
  /** data sets that only a person can get, for want of an account or of an address */
  readonly byHand: readonly DataSet[];
  /** sum of the sizes that are known */
  readonly bytes: number;
  /** files whose size nobody knows */
  readonly unknown: number;
}

/** What a fetch did. */
export interface FetchReport {
  readonly fetched: readonly string[];
  readonly kept: readonly string[];
  readonly failed: readonly { readonly path: string; readonly error: unknown }[];
  readonly byHand: readonly DataSet[];
}

/**
 * Say what a fetch would do; nothing is written.
 *
 * @param ids data sets; all that we can fetch if it is empty
 * @throws {ArgumentError} if the manifest does not know an id
 */
export async function planFetch(
  ids: readonly string[],
  options: FetchOptions = {},
): Promise<FetchPlan> {
  const manifest = options.manifest ?? readManifest();
  const folder = writableFolder(options.folder, options.environment);
  const dataSets =
    ids.length === 0 ? manifest.datasets : ids.map((id) => findDataSet(manifest, id));
  const kept: string[] = [];
  const files: PlannedFile[] = [];
  for (const dataSet of dataSets.filter((d) => d.byHand === undefined)) {
    for (const file of dataSet.files) {
      if (await isRight(placeOf(folder, file.path), file)) kept.push(file.path);
      else files.push({ dataSet, file, bytes: await askSize(dataSet, file, options) });
    }
  }
  const sizes = files.flatMap(({ bytes }) => (bytes === "unknown" ? [] : [bytes]));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const byHand = dataSets.filter((d) => d.byHand !== undefined);
  return { folder, files, kept, byHand, bytes, unknown: files.length - sizes.length };
}

/**
 * Fetch data sets into the data folder. A file that fails does not stop the others.
 *
 * @throws {ArgumentError} if the manifest does not know an id, or there is no folder to write to
 * @throws {BusyError} if another process fetches there, or the disk is too small
 */
export async function fetchData(
  ids: readonly string[],
  options: FetchOptions = {},
): Promise<FetchReport> {
  const plan = await planFetch(ids, options);
  options.onPlan?.(plan);
  checkSpace(plan.folder, plan.bytes);
  const unlock = lockFolder(plan.folder);
  try {
    return { ...(await fetchFiles(plan, options)), kept: plan.kept, byHand: plan.byHand };
  } finally {
    unlock();
  }
}

async function fetchFiles(plan: FetchPlan, options: FetchOptions) {
  const fetched: string[] = [];
  const failed: { path: string; error: unknown }[] = [];
  const done = new Map<string, number>();
  const queue = [...plan.files];
  function report({ file, bytes }: PlannedFile, here: number): void {
    done.set(file.path, here);
    options.onFile?.(file.path, here, bytes);
    options.onProgress?.(
      [...done.values()].reduce((a, b) => a + b, 0),
      plan.bytes,
    );
  }
  async function work(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const planned = next;
      options.signal?.throwIfAborted();
      try {
        await fetchOne(plan.folder, planned, options, (here) => report(planned, here));
        fetched.push(planned.file.path);
      } catch (error) {
        options.signal?.throwIfAborted();
        failed.push({ path: planned.file.path, error });
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, options.jobs ?? 4) }, work));
  return { fetched, failed };
}

/** Take a file from the mirror folder if it is right there, else download it. */
async function fetchOne(
  folder: string,
  planned: PlannedFile,
  options: FetchOptions,
  onBytes: (here: number) => void,
): Promise<void> {
  const { dataSet, file } = planned;
  const environment = options.environment ?? process.env;
  const mirror = options.mirrorFolder ?? environment.CARBONBOOK_DATA_MIRROR ?? "";
  const source = mirror === "" ? "" : join(mirror, file.path);
  if (source !== "" && file.sha256 !== "unknown" && (await isRight(source, file))) {
    const part = makeRoom(placeOf(folder, `${OWN}/partial/${file.path.replaceAll("/", "%")}.copy`));
    try {
      copyFileSync(source, part);
      renameSync(part, makeRoom(placeOf(folder, file.path)));
    } finally {
      rmSync(part, { force: true });
    }
    onBytes(statSync(source).size);
    return;
  }
  await download(dataSet, file, folder, { ...options, onBytes });
}

/** Whether a file is there and what it should be, as far as the manifest knows. */
export async function isRight(path: string, file: DataFile): Promise<boolean> {
  if (!existsSync(path)) return false;
  if (file.bytes !== "unknown" && statSync(path).size !== file.bytes) return false;
  return file.sha256 === "unknown" || (await hashFile(path)) === file.sha256;
}
