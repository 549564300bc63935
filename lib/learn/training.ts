/** The training loop. */

import { ArgumentError, makeRandom, shuffle } from "../core/index.js";
import { checkResume } from "./checkpoint.js";
import { type Engine, openEngine } from "./engine.js";
import type { Network } from "./layer.js";
import { type LossDescription, type Objective, toObjective } from "./loss.js";
import type { Clip, Optimiser } from "./optimiser.js";
import { type LearningRate, rateOf } from "./schedule.js";
import type { Source } from "./source.js";
import { type ExtraParameter, layoutOf, type Task } from "./training-program.js";
import {
  type EpochRecord,
  holdState,
  startMoving,
  startState,
  stateWeights,
  type TrainingState,
} from "./training-state.js";
import { type Run, runStep, validate } from "./training-step.js";
import type { Model, Weights } from "./weights.js";

/** How to train. */
export interface TrainingOptions {
  readonly loss: LossDescription | Objective;
  readonly optimiser?: Optimiser;
  /** 1e-3 by default */
  readonly learningRate?: LearningRate;
  readonly batchSize: number;
  readonly epochs: number;
  /** seeds weights, order and dropout; equal seeds and threads give equal bytes */
  readonly seed: number;
  readonly clip?: Clip;
  /** λ of the penalty λ Σ w² on the kernels */
  readonly l2?: number;
  readonly extra?: Readonly<Record<string, ExtraParameter>>;
  /** what picks the best epoch and stops early, on the validation samples; the loss by default */
  readonly validationLoss?: LossDescription | Objective;
  /** moments of batch norms in validation: `running` by default */
  readonly validationMode?: "running" | "batch";
  /** stop when the best epoch is this many epochs ago */
  readonly patience?: number;
  /** weights to start from, instead of seeded ones */
  readonly weights?: Weights;
  /** state to go on from, as `onEpoch` or `readCheckpoint` gave it */
  readonly resume?: TrainingState;
  /** an open engine; by default onnx on the processor with 2 threads */
  readonly engine?: Engine;
  readonly onStep?: (step: StepReport) => void;
  /** called between epochs, for instance to write a checkpoint; waited for */
  readonly onEpoch?: (record: EpochRecord, state: TrainingState) => void | Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** One optimiser step. */
export interface StepReport {
  readonly epoch: number;
  readonly batch: number;
  readonly batches: number;
  readonly loss: number;
  readonly gradientNorm: number;
}

/** What training gives. */
export interface TrainingResult {
  /** the network with the weights of the best epoch; the last where nothing was validated */
  readonly model: Model;
  readonly state: TrainingState;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  /** trained numbers beside the network */
  readonly extra: Weights;
  /** all epochs done, patience lost, or the signal given */
  readonly stopped: "done" | "early" | "aborted";
  /** the engine in one sentence */
  readonly engine: string;
}

/** The samples to learn from and, where there are any, to choose the best epoch by. */
export interface TrainingData {
  readonly train: Source;
  readonly validation?: Source;
}

/**
 * Train a network.
 *
 * Each epoch goes through all training samples in a seeded order, the last batch being smaller where
 * they do not divide evenly. At the same seed, data and threads the result has the same bytes,
 * stopped and resumed or not.
 *
 * @throws {NumericError} at the first batch whose loss or gradient is not finite, naming it
 * @throws {ArgumentError} if options do not make sense
 */
export async function train(
  network: Network,
  data: TrainingData,
  options: TrainingOptions,
): Promise<TrainingResult> {
  checkOptions(options, data);
  const engine = options.engine ?? (await openEngine({ name: "onnx" }));
  const { l2, extra, optimiser = { kind: "adam" }, clip, seed, weights } = options;
  const task: Task = {
    network,
    objective: toObjective(options.loss),
    ...(l2 === undefined ? {} : { l2 }),
    ...(extra === undefined ? {} : { extra }),
  };
  const fresh = startState(task, { seed, optimiser, ...(weights && { weights }) });
  if (options.resume !== undefined) checkResume(options.resume, seed, fresh.weights.length);
  const start = options.resume ?? fresh;
  const moving = startMoving(layoutOf(task), start, { optimiser, clip });
  const run: Run = { task, options, engine, data, moving, classes: new Set(), programs: new Map() };
  try {
    return await loop(run, start);
  } finally {
    for (const program of run.programs.values()) await (await program).executable.release();
  }
}

async function loop(run: Run, start: TrainingState): Promise<TrainingResult> {
  const { options, task, data } = run;
  let state = start;
  let stopped: TrainingResult["stopped"] = "done";
  while (state.history.length < options.epochs) {
    if (isPatienceLost(state, options.patience)) {
      stopped = "early";
      break;
    }
    const next = await runEpoch(run, state);
    if (next === undefined) {
      stopped = "aborted";
      break;
    }
    state = next;
    await options.onEpoch?.(state.history.at(-1)!, state);
  }
  const layout = layoutOf(task);
  const which = data.validation === undefined ? "latest" : "best";
  const all = stateWeights(layout, state, which);
  const names = new Set(Object.keys(task.extra ?? {}));
  const pick = (isExtra: boolean) =>
    new Map([...all].filter(([name]) => names.has(name) === isExtra));
  return {
    model: { network: task.network, weights: pick(false) },
    extra: pick(true),
    state,
    history: state.history,
    bestEpoch: which === "best" ? state.bestEpoch : state.history.length,
    stopped,
    engine: run.engine.description,
  };
}

/** One epoch and its validation; undefined where the signal came in between. */
async function runEpoch(run: Run, state: TrainingState): Promise<TrainingState | undefined> {
  const { options, data } = run;
  const epoch = state.history.length;
  const learningRate = rateOf(options.learningRate ?? 1e-3, epoch);
  const order = shuffle(
    Int32Array.from({ length: data.train.count }, (_, i) => i),
    makeRandom(state.seed, 1 + epoch),
  );
  const batches = Math.ceil(order.length / options.batchSize);
  let [loss, norm] = [0, 0];
  for (let batch = 0; batch < batches; batch++) {
    if (options.signal?.aborted) return undefined;
    const samples = order.slice(batch * options.batchSize, (batch + 1) * options.batchSize);
    const place = { epoch: epoch + 1, batch: batch + 1, batches };
    const step = await runStep(run, samples, { ...place, learningRate });
    loss += step.loss * samples.length;
    norm += step.gradientNorm;
    options.onStep?.({ ...place, loss: step.loss, gradientNorm: step.gradientNorm });
    options.onProgress?.(epoch * batches + batch + 1, options.epochs * batches);
  }
  if (run.classes.size === 1) {
    const [only] = run.classes;
    const got = `only class ${only} in ${order.length} samples`;
    throw new ArgumentError({ what: "targets", wanted: "more than one class", got });
  }
  const validationLoss = await validate(run);
  const record: EpochRecord = {
    epoch: epoch + 1,
    loss: loss / order.length,
    validationLoss,
    learningRate,
    gradientNorm: norm / batches,
  };
  return closeEpoch({ ...state, ...holdState(run.moving) }, record);
}

function closeEpoch(state: TrainingState, record: EpochRecord): TrainingState {
  const best = state.history[state.bestEpoch - 1]?.validationLoss ?? Number.POSITIVE_INFINITY;
  const history = [...state.history, record];
  if (!(record.validationLoss < best)) return { ...state, history };
  const { weights, moments } = state;
  return { ...state, history, bestWeights: weights, bestMoments: moments, bestEpoch: record.epoch };
}

function isPatienceLost(state: TrainingState, patience?: number): boolean {
  return patience !== undefined && state.history.length - state.bestEpoch >= patience;
}

function checkOptions(options: TrainingOptions, { validation }: TrainingData): void {
  const { batchSize, epochs, patience } = options;
  const counts = { "batch size": batchSize, epochs, patience: patience ?? 1 };
  for (const [what, value] of Object.entries(counts)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new ArgumentError({ what, wanted: "an integer from 1", got: String(value) });
  }
  if (patience !== undefined && validation === undefined) {
    const wanted = "validation samples to judge by";
    throw new ArgumentError({ what: "patience", wanted, got: "none" });
  }
}
