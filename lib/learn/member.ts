/** One member of an ensemble, trained in this thread: what worker threads and tasks of a run call. */

import { openEngine } from "./engine.js";
import type { Network } from "./layer.js";
import type { LossDescription } from "./loss.js";
import { resumable } from "./resumption.js";
import type { CosineRate } from "./schedule.js";
import { type OpenSource, openSource, type SourceDescription } from "./source.js";
import { type TrainingOptions, train } from "./training.js";
import type { EpochRecord } from "./training-state.js";
import type { Model } from "./weights.js";

/** Training options that can be handed to another thread: data only, no functions. */
export type MemberOptions = Omit<
  TrainingOptions,
  | "loss"
  | "validationLoss"
  | "learningRate"
  | "engine"
  | "resume"
  | "onStep"
  | "onEpoch"
  | "onProgress"
  | "signal"
> & {
  readonly loss: LossDescription;
  readonly validationLoss?: LossDescription;
  readonly learningRate?: number | CosineRate;
  /** where each member trains: see `EngineOptions` */
  readonly provider?: string;
  /** threads of one operation in each member, 2 by default */
  readonly threads?: number;
};

/** A trained member. */
export interface Member {
  readonly seed: number;
  readonly model: Model;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  /** the engine in one sentence, with the fallback taken */
  readonly engine: string;
}

/**
 * What is to be trained on what; plain data where sources are described, so that another thread or
 * machine can have it.
 */
export interface MemberTask<S extends SourceDescription | OpenSource = SourceDescription> {
  readonly network: Network;
  readonly data: { readonly train: S; readonly validation?: S };
  readonly options: MemberOptions;
  /** file that keeps its state after each epoch; a training that was stopped goes on from it */
  readonly checkpoint?: string;
}

/**
 * Train one member here, and close its sources. For an ensemble over the tasks of a run (worker
 * threads, or the nodes of a cluster), export a function that calls this with the task's number added
 * to the seed. Rejects with the signal's reason where that stops it: half a training is no member.
 *
 * @example
 * // members.mjs, beside the notebook, which calls runTasks({ module: "./members.mjs", run: "member", … })
 * export const member = ({ index, parameters }) => {
 *   const { network, data, options } = parameters;
 *   return trainMember({ network, data, options: { ...options, seed: options.seed + index } });
 * };
 */
export async function trainMember(
  { network, data, options, checkpoint }: MemberTask<SourceDescription | OpenSource>,
  around: Pick<TrainingOptions, "onEpoch" | "onProgress" | "signal"> = {},
): Promise<Member> {
  const { provider, threads = 2 } = options;
  const engine = await openEngine({ threads, ...(provider === undefined ? {} : { provider }) });
  const source = await opened(data.train);
  const validation = data.validation === undefined ? undefined : await opened(data.validation);
  try {
    const sources = { train: source, ...(validation === undefined ? {} : { validation }) };
    const { resume, onEpoch } = await resumable(checkpoint, network);
    const result = await train(network, sources, {
      ...options,
      ...around,
      engine,
      ...(resume && { resume }),
      onEpoch: async (record, state) => {
        await onEpoch?.(record, state);
        await around.onEpoch?.(record, state);
      },
    });
    if (result.stopped === "aborted") around.signal?.throwIfAborted();
    const { model, history, bestEpoch } = result;
    return { seed: options.seed, model, history, bestEpoch, engine: result.engine };
  } finally {
    source.close();
    validation?.close();
  }
}

function opened(source: SourceDescription | OpenSource): OpenSource | Promise<OpenSource> {
  return "read" in source ? source : openSource(source);
}
