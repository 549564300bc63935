/**
 * Experiments in twin oceans cut into shards: windows do not need each other, so that each shard
 * follows some of them, as a task in a worker thread or on the node of a cluster, and the pieces
 * put together are what one pass over all windows gives.
 */

import { DataError } from "../core/index.js";
import type { Trap } from "../lagrangian/index.js";
import { openTwin, twinOfTask } from "../ocean/index.js";
import type { TaskInput } from "../parallel/index.js";
import { type Experiment, runExperiment, type SourcePdfs } from "./experiment.js";
import { heatFilter } from "./pdf.js";
import { sharedFloats } from "./shared.js";

/** An experiment in a twin ocean. */
export interface TwinExperiment {
  /** of the twin */
  readonly seed: number;
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
  experiments: readonly TwinExperiment[],
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
  experiments: readonly TwinExperiment[],
  input: TaskInput,
): Promise<ShardResult[]> {
  const pieces = cutExperiments(experiments, input.count)[input.index]!;
  const results: ShardResult[] = [];
  for (const [done, piece] of pieces.entries()) {
    const { seed, experiment, traps, windows, speeds } = experiments[piece.experiment]!;
    const ocean = await openTwin(await twinOfTask(input, seed));
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
  experiments: readonly TwinExperiment[],
  shards: readonly (readonly ShardResult[])[],
): SourcePdfs[] {
  return experiments.map(({ windows }, index) => {
    const own = shards.flat().filter(({ piece }) => piece.experiment === index);
    const got = own.reduce((end, { piece }) => (piece.from === end ? piece.to : Number.NaN), 0);
    if (got !== windows.length) {
      const what = `shards of experiment ${index + 1}`;
      throw new DataError({ what, wanted: `${windows.length} windows in a row`, got: `${got}` });
    }
    return join(own);
  });
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
    halfLosses: Float64Array.from(parts.flatMap(({ halfLosses }) => [...halfLosses])),
    travelTimes: Float64Array.from(parts.flatMap(({ travelTimes }) => [...travelTimes])),
  };
}
