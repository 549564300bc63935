/** Several experiments at a time, each on a thread of its own with its own ocean. */

import type { Trap } from "../lagrangian/index.js";
import { makePool, workerFile } from "../parallel/index.js";
import type { Experiment, SourcePdfs } from "./experiment.js";
import type { WatchedTask } from "./experiment-worker.js";

/** One experiment of several. */
export interface ExperimentTask {
  /** file of the ocean: a twin's goes on beyond its square, another is taken as it is */
  readonly path: string;
  readonly kind: "twin" | "model output";
  readonly traps: readonly Trap[];
  /** ends of the collections [s], increasing */
  readonly windows: Float64Array;
  /** sinking speed of each trap's particles [m s⁻¹]; the experiment's for all by default */
  readonly speeds?: readonly number[];
}

/** How to run them. */
export interface ExperimentsOptions {
  readonly experiment: Experiment;
  /** experiments at a time, 2 by default; the results do not depend on it */
  readonly threads?: number;
  /** told of the share done, of all experiments together */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** How often progress and the wish to stop are looked at [ms]. */
const GLANCE = 300;

/**
 * Run experiments side by side. Reading fields rules an experiment, so that two threads with an ocean
 * each finish sooner than one ocean with two threads.
 *
 * @returns the PDFs of each task, in their order
 * @throws what the first failing experiment threw
 */
export async function runExperiments(
  tasks: readonly ExperimentTask[],
  { experiment, threads = 2, onProgress, signal }: ExperimentsOptions,
): Promise<SourcePdfs[]> {
  signal?.throwIfAborted();
  const watches = tasks.map(() => new Int32Array(new SharedArrayBuffer(8)));
  const pool = makePool(workerFile(import.meta.url, "experiment-worker"), "runWatched", threads);
  const glance = setInterval(() => {
    if (signal?.aborted) for (const watch of watches) Atomics.store(watch, 1, 1);
    const done = watches.reduce((sum, watch) => sum + Atomics.load(watch, 0) / 1000, 0);
    onProgress?.(done, tasks.length);
  }, GLANCE);
  try {
    const runs = tasks.map((task, k) => {
      const watched: WatchedTask = { task, experiment, watch: watches[k]! };
      return pool.run<SourcePdfs>(watched);
    });
    const found = await Promise.all(runs);
    onProgress?.(tasks.length, tasks.length);
    return found;
  } finally {
    clearInterval(glance);
    await pool.close();
    signal?.throwIfAborted();
  }
}
