/**
 * Experiments in twin oceans or model output cut into shards: windows do not need each other, so that each shard
 * follows some of them, as a task in a worker thread or on the node of a cluster, and the pieces
 * put together are what one pass over all windows gives.
 */

import { DataError } from "../core/index.js";
import type { Trap } from "../lagrangian/index.js";
import { type Ocean, openOcean, openTwin, twinOfTask } from "../ocean/index.js";
import type { TaskInput } from "../parallel/index.js";
import { type Experiment, runExperiment, type SourcePdfs } from "./experiment.js";
import { heatFilter } from "./pdf.js";
import { createPdfs, openPdfs, type PdfAttributes, type StoredPdfs } from "./pdffile.js";
import { sharedFloats } from "./shared.js";

/** An experiment in a twin ocean or in model output. */
export interface PlannedExperiment {
  /** of the twin */
  readonly seed: number;
  /** files of model output in place of the twin, in order of time */
  readonly files?: readonly string[];
  readonly experiment: Experiment;
  readonly traps: readonly Trap[];
  /** ends of the collections [s], increasing */
  readonly windows: Float64Array;
  /** sinking speed of each trap's particles [m s⁻¹]; the experiment's for all by default */
  readonly speeds?: readonly number[];
}

/** Some windows in a row of one experiment of a list. */
export interface ShardPiece {
  readonly experiment: number;
  readonly from: number;
  readonly to: number;
}

/** What a piece came to: few bins of a raw PDF hold particles, and filtered PDFs follow from the raw. */
export interface ShardResult extends Omit<SourcePdfs, "raw" | "filtered"> {
  readonly piece: ShardPiece;
  /** elements of `raw` that are not zero: where they are, and their values */
  readonly bins: Uint32Array;
  readonly shares: Float32Array;
}

/**
 * Cut experiments into shards of about equal work, in their order: whole windows, each counted by
 * its particles.
 *
 * @returns the pieces of each shard; more shards than windows leave some without any
 */
export function cutExperiments(
  experiments: readonly PlannedExperiment[],
  shards: number,
): ShardPiece[][] {
  const windows = experiments.flatMap(({ traps, windows, experiment }, index) => {
    const { patch, collection, duration } = experiment;
    const work = traps.length * patch.across ** 2 * collection.releases * duration;
    return Array.from(windows, (_, window) => ({ index, window, work }));
  });
  const total = windows.reduce((sum, { work }) => sum + work, 0);
  const cut = Array.from({ length: shards }, (): ShardPiece[] => []);
  let done = 0;
  for (const { index, window, work } of windows) {
    const pieces = cut[Math.min(shards - 1, Math.floor((shards * (done + work / 2)) / total))]!;
    const last = pieces.at(-1);
    if (last?.experiment !== index)
      pieces.push({ experiment: index, from: window, to: window + 1 });
    else pieces[pieces.length - 1] = { ...last, to: window + 1 };
    done += work;
  }
  return cut;
}

/**
 * Follow the particles of one shard, in this thread.
 *
 * @param input its index and count are those of the shard; parameters with the twin's `size`
 * @throws as `runExperiment`
 */
export async function followShard(
  experiments: readonly PlannedExperiment[],
  input: TaskInput,
): Promise<ShardResult[]> {
  const pieces = cutExperiments(experiments, input.count)[input.index]!;
  const results: ShardResult[] = [];
  for (const [done, piece] of pieces.entries()) {
    const { experiment, traps, windows, speeds, ...where } = experiments[piece.experiment]!;
    const ocean = await openPlanned(where, input);
    try {
      const pdfs = await runExperiment(ocean, traps, windows.subarray(piece.from, piece.to), {
        experiment,
        signal: input.signal,
        onProgress: (part, all) => input.report((done + part / all) / pieces.length),
        ...(speeds !== undefined && { speeds }),
      });
      results.push(packed(piece, pdfs));
    } finally {
      ocean.close();
    }
  }
  return results;
}

/** The ocean of an experiment, in this thread. */
export async function openPlanned(
  { seed, files }: Pick<PlannedExperiment, "seed" | "files">,
  input: TaskInput,
): Promise<Ocean> {
  return files === undefined ? openTwin(await twinOfTask(input, seed)) : openOcean(files);
}

function packed(piece: ShardPiece, { raw, filtered: _, ...facts }: SourcePdfs): ShardResult {
  const bins = new Uint32Array(raw.reduce((count, share) => (share === 0 ? count : count + 1), 0));
  let next = 0;
  for (let bin = 0; bin < raw.length; bin++) if (raw[bin] !== 0) bins[next++] = bin;
  return { ...facts, piece, bins, shares: Float32Array.from(bins, (bin) => raw[bin]!) };
}

/**
 * Put the results of all shards together.
 *
 * @returns the PDFs of each experiment, in the order of the list
 * @throws {DataError} if a window is missing
 */
export function joinShards(
  experiments: readonly PlannedExperiment[],
  shards: readonly (readonly ShardResult[])[],
): SourcePdfs[] {
  return experiments.map((experiment, index) => join(piecesOf(experiment, index, shards)));
}

/**
 * Write the results of all shards, each experiment to its file, unpacking one piece at a time: PDFs
 * are never in memory as a whole. If a piece is missing, no file is left.
 *
 * @param files path and global attributes of each experiment's file, in the order of the list
 * @returns the PDFs of each experiment, in their files
 * @throws {DataError} if a window is missing
 */
export async function storeShards(
  experiments: readonly PlannedExperiment[],
  shards: readonly (readonly ShardResult[])[],
  files: readonly { readonly path: string; readonly attributes: PdfAttributes }[],
): Promise<StoredPdfs[]> {
  const pieces = experiments.map((experiment, index) => piecesOf(experiment, index, shards));
  const stored: StoredPdfs[] = [];
  for (const [index, { traps, windows, experiment }] of experiments.entries()) {
    const { path, attributes } = files[index]!;
    const { levels, grid } = experiment;
    const { released, timeOrigin } = pieces[index]![0]!;
    const about = { traps, windows, timeOrigin, levels, grid, released };
    const file = await createPdfs(path, about, attributes);
    try {
      for (const piece of pieces[index]!) file.add(unpackShard(piece));
    } catch (error) {
      file.abort();
      throw error;
    }
    file.close();
    stored.push(await openPdfs(path));
  }
  return stored;
}

/** Pieces of one experiment, in order and all of them. */
function piecesOf(
  { windows }: PlannedExperiment,
  index: number,
  shards: readonly (readonly ShardResult[])[],
): ShardResult[] {
  const own = shards.flat().filter(({ piece }) => piece.experiment === index);
  const got = own.reduce((end, { piece }) => (piece.from === end ? piece.to : Number.NaN), 0);
  if (got === windows.length) return own;
  const what = `shards of experiment ${index + 1}`;
  throw new DataError({ what, wanted: `${windows.length} windows in a row`, got: `${got}` });
}

/** The PDFs of one piece, as `runExperiment` gives them: for those who write pieces one after the other. */
export function unpackShard({ piece: _, bins, shares, ...facts }: ShardResult): SourcePdfs {
  const { windows, traps, levels, grid } = facts;
  const raw = sharedFloats(windows.length * traps.length * levels.length * grid.n ** 2);
  for (const [k, bin] of bins.entries()) raw[bin] = shares[k]!;
  const filtered = sharedFloats(raw.length);
  const size = grid.n ** 2;
  for (let at = 0; at < raw.length; at += size) {
    filtered.set(heatFilter(raw.subarray(at, at + size), grid), at);
  }
  return { ...facts, raw, filtered };
}

function join(results: readonly ShardResult[]): SourcePdfs {
  const parts = results.map(unpackShard);
  const floats = (name: "raw" | "filtered") => {
    const all = sharedFloats(parts.reduce((sum, part) => sum + part[name].length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part[name], at);
      at += part[name].length;
    }
    return all;
  };
  return {
    ...parts[0]!,
    windows: Float64Array.from(parts.flatMap(({ windows }) => [...windows])),
    raw: floats("raw"),
    filtered: floats("filtered"),
    reached: Int32Array.from(parts.flatMap(({ reached }) => [...reached])),
    inside: Int32Array.from(parts.flatMap(({ inside }) => [...inside])),
    halfLosses: Float64Array.from(parts.flatMap(({ halfLosses }) => [...halfLosses])),
    travelTimes: Float64Array.from(parts.flatMap(({ travelTimes }) => [...travelTimes])),
  };
}
