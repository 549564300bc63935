/** The training loop. */

import { ArgumentError, makeRandom, NumericError, shuffle, sizeOf } from "../core/index.js";
import { checkResume } from "./checkpoint.js";
import { dropoutMask } from "./dropout.js";
import { type Engine, type Executable, openEngine, type Values } from "./engine.js";
import type { Network } from "./layer.js";
import { type LossDescription, type Objective, toObjective } from "./loss.js";
import { type Clip, type Optimiser, rateFactors } from "./optimiser.js";
import { type LearningRate, rateOf } from "./schedule.js";
import type { Source } from "./source.js";
import {
  type BatchProgram,
  type ExtraParameter,
  layoutOf,
  lossProgram,
  NAMES,
  type Task,
  trainingProgram,
} from "./training-program.js";
import {
  type EpochRecord,
  startState,
  stateWeights,
  type TrainingState,
} from "./training-state.js";
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

/** A run under way: what the loop and its parts share. */
interface Run {
  readonly task: Task;
  readonly options: TrainingOptions;
  readonly engine: Engine;
  readonly data: TrainingData;
  readonly optimiser: Optimiser;
  /** classes seen in the first epoch, where the loss has any */
  readonly classes: Set<number>;
  readonly programs: Map<string, Promise<{ executable: Executable; masks: BatchProgram["masks"] }>>;
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
  checkOptions(options);
  const engine = options.engine ?? (await openEngine({ name: "onnx" }));
  const { l2, extra, optimiser = { kind: "adam" } } = options;
  const task: Task = {
    network,
    objective: toObjective(options.loss),
    ...(l2 === undefined ? {} : { l2 }),
    ...(extra === undefined ? {} : { extra }),
  };
  const run: Run = {
    task,
    options,
    engine,
    data,
    optimiser,
    classes: new Set(),
    programs: new Map(),
  };
  try {
    return await loop(run);
  } finally {
    for (const program of run.programs.values()) await (await program).executable.release();
  }
}

async function loop(run: Run): Promise<TrainingResult> {
  const { options, task, data } = run;
  const { seed, weights } = options;
  const start = { seed, optimiser: run.optimiser, ...(weights === undefined ? {} : { weights }) };
  const fresh = startState(task, start);
  if (options.resume !== undefined) checkResume(options.resume, seed, fresh.weights.length);
  let state = options.resume ?? fresh;
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
  let current = state;
  let [loss, norm] = [0, 0];
  for (let batch = 0; batch < batches; batch++) {
    if (options.signal?.aborted) return undefined;
    const samples = order.slice(batch * options.batchSize, (batch + 1) * options.batchSize);
    const place = { epoch: epoch + 1, batch: batch + 1, batches };
    const step = await runStep(run, current, samples, { ...place, learningRate });
    current = step.state;
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
  const validationLoss = await validate(run, current);
  const record: EpochRecord = {
    epoch: epoch + 1,
    loss: loss / order.length,
    validationLoss,
    learningRate,
    gradientNorm: norm / batches,
  };
  return closeEpoch(current, record);
}

function closeEpoch(state: TrainingState, record: EpochRecord): TrainingState {
  const best = state.history[state.bestEpoch - 1]?.validationLoss ?? Number.POSITIVE_INFINITY;
  const history = [...state.history, record];
  if (!(record.validationLoss < best)) return { ...state, history };
  const { weights, moments } = state;
  return { ...state, history, bestWeights: weights, bestMoments: moments, bestEpoch: record.epoch };
}

/**
 * Learning to tell classes apart needs two of them.
 *
 * @throws {ArgumentError} if all rows of the targets name the same class
 */
function noteClasses(run: Run, batch: Values): void {
  const { loss } = run.options;
  if (typeof loss === "function" || loss.kind !== "crossEntropy") return;
  const target = batch[loss.target ?? "y"];
  if (target === undefined) return;
  const width = sizeOf(target.shape.slice(1));
  for (let start = 0; start < target.data.length; start += width) {
    const row = target.data.subarray(start, start + width);
    run.classes.add(row.indexOf(Math.max(...row)));
  }
}

interface StepPlace {
  readonly epoch: number;
  readonly batch: number;
  readonly batches: number;
  readonly learningRate: number;
}

async function runStep(run: Run, state: TrainingState, samples: Int32Array, place: StepPlace) {
  const { executable, masks } = await stepProgram(run, samples.length);
  const t = state.steps + 1;
  const [rate, correction] = rateFactors(run.optimiser, place.learningRate, t);
  const size = state.weights.length;
  const batch = await run.data.train.read(samples);
  if (place.epoch === 1) noteClasses(run, batch);
  const inputs: Record<string, Values[string]> = {
    ...batch,
    [NAMES.weights]: { data: state.weights, shape: [size] },
    [NAMES.moments]: { data: state.moments, shape: [state.moments.length] },
    [NAMES.rate]: { data: Float32Array.of(rate), shape: [1] },
    [NAMES.correction]: { data: Float32Array.of(correction), shape: [1] },
  };
  for (const [i, data] of state.slots.entries()) inputs[NAMES.slot(i)] = { data, shape: [size] };
  for (const [i, mask] of masks.entries()) {
    inputs[mask.name] = dropoutMask(mask, makeRandom(state.seed, -(t * masks.length + i)));
  }
  const outputs = await executable.run(inputs);
  const loss = outputs[NAMES.loss]!.data[0]!;
  const gradientNorm = outputs[NAMES.norm]!.data[0]!;
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
    throw blownUp({ loss, gradientNorm }, place, badSample(inputs, run, samples));
  }
  const next: TrainingState = {
    ...state,
    weights: outputs[NAMES.nextWeights]!.data,
    moments: outputs[NAMES.nextMoments]?.data ?? state.moments,
    slots: state.slots.map((_, i) => outputs[NAMES.nextSlot(i)]!.data),
    steps: t,
  };
  return { state: next, loss, gradientNorm };
}

function stepProgram(run: Run, batch: number) {
  return cached(run, `train ${batch}`, () => {
    const { clip } = run.options;
    const rule = { optimiser: run.optimiser, ...(clip === undefined ? {} : { clip }) };
    return trainingProgram(run.task, run.data.train.fields, batch, rule);
  });
}

function cached(run: Run, key: string, make: () => BatchProgram) {
  let entry = run.programs.get(key);
  if (entry === undefined) {
    const { program, masks } = make();
    entry = run.engine.compile(program).then((executable) => ({ executable, masks }));
    run.programs.set(key, entry);
  }
  return entry;
}

/** Mean loss over the validation samples; NaN where there are none. */
async function validate(run: Run, state: TrainingState): Promise<number> {
  const { options, data } = run;
  const source = data.validation;
  if (source === undefined) return Number.NaN;
  const objective = toObjective(options.validationLoss ?? options.loss);
  const mode = options.validationMode ?? "running";
  let total = 0;
  for (let start = 0; start < source.count; start += options.batchSize) {
    const length = Math.min(options.batchSize, source.count - start);
    const samples = Int32Array.from({ length }, (_, i) => start + i);
    const { executable } = await cached(run, `validation ${length}`, () => {
      const program = lossProgram({ ...run.task, objective }, source.fields, length, mode);
      return { program, masks: [] };
    });
    const outputs = await executable.run({
      ...(await source.read(samples)),
      [NAMES.weights]: { data: state.weights, shape: [state.weights.length] },
      [NAMES.moments]: { data: state.moments, shape: [state.moments.length] },
    });
    total += outputs[NAMES.loss]!.data[0]! * length;
  }
  return total / source.count;
}

function isPatienceLost(state: TrainingState, patience?: number): boolean {
  return patience !== undefined && state.history.length - state.bestEpoch >= patience;
}

function blownUp(
  got: { loss: number; gradientNorm: number },
  { epoch, batch, batches }: StepPlace,
  bad: string | undefined,
): NumericError {
  return new NumericError({
    where: `epoch ${epoch}, batch ${batch} of ${batches}`,
    what: "training step",
    wanted: "a finite loss and gradient",
    got: `loss ${got.loss}, gradient norm ${got.gradientNorm}`,
    remedy: bad ?? "the data are finite; lower the learning rate, or clip the gradient",
  });
}

/** Which field of which sample is not finite, if any is. */
function badSample(inputs: Values, { data }: Run, samples: Int32Array): string | undefined {
  for (const [name, shape] of Object.entries(data.train.fields)) {
    const values = inputs[name]!.data;
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad === -1) continue;
    return `"${name}" of sample ${samples[Math.floor(bad / sizeOf(shape))]} is ${values[bad]}`;
  }
  return undefined;
}

function checkOptions({ batchSize, epochs, patience }: TrainingOptions): void {
  const counts = { "batch size": batchSize, epochs, patience: patience ?? 1 };
  for (const [what, value] of Object.entries(counts)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new ArgumentError({ what, wanted: "an integer from 1", got: String(value) });
  }
}
