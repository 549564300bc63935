/** What a worker thread runs: one experiment in an ocean of its own. */

import { openOcean, openTwin } from "../ocean/index.js";
import { type Experiment, runExperiment, type SourcePdfs } from "./experiment.js";
import type { ExperimentTask } from "./experiments.js";

/** A task with memory that both threads see: particles done, all particles, a wish to stop. */
export interface WatchedTask {
  readonly task: ExperimentTask;
  readonly experiment: Experiment;
  readonly watch: Int32Array;
}

/** Open the ocean, run the experiment, close the ocean. */
export async function runWatched({ task, experiment, watch }: WatchedTask): Promise<SourcePdfs> {
  const ocean = await (task.kind === "twin" ? openTwin(task.path) : openOcean(task.path));
  const stop = new AbortController();
  try {
    return await runExperiment(ocean, task.traps, task.windows, {
      experiment,
      signal: stop.signal,
      onProgress: (done, total) => {
        Atomics.store(watch, 0, Math.round((1000 * done) / total));
        if (Atomics.load(watch, 1) === 1) stop.abort();
      },
      ...(task.speeds === undefined ? {} : { speeds: task.speeds }),
    });
  } finally {
    ocean.close();
  }
}
