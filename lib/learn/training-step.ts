/** The steps of a training run: one batch learnt from, or the validation samples gone through. */

import { makeRandom, NumericError, sizeOf } from "../core/index.js";
import { dropoutMask } from "./dropout.js";
import type { Engine, Executable, Values } from "./engine.js";
import { toObjective } from "./loss.js";
import { type Optimiser, rateFactors } from "./optimiser.js";
import type { TrainingData, TrainingOptions } from "./training.js";
import {
  type BatchProgram,
  lossProgram,
  NAMES,
  type Task,
  trainingProgram,
} from "./training-program.js";
import type { TrainingState } from "./training-state.js";

/** A run under way: what the loop and its parts share. */
export interface Run {
  readonly task: Task;
  readonly options: TrainingOptions;
  readonly engine: Engine;
  readonly data: TrainingData;
  readonly optimiser: Optimiser;
  /** classes seen in the first epoch, where the loss has any */
  readonly classes: Set<number>;
  readonly programs: Map<string, Promise<{ executable: Executable; masks: BatchProgram["masks"] }>>;
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

/** Where in the run a step is. */
export interface StepPlace {
  readonly epoch: number;
  readonly batch: number;
  readonly batches: number;
  readonly learningRate: number;
}

/**
 * Learn from one batch.
 *
 * @throws {NumericError} if its loss or gradient is not finite
 */
export async function runStep(
  run: Run,
  state: TrainingState,
  samples: Int32Array,
  place: StepPlace,
) {
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
export async function validate(run: Run, state: TrainingState): Promise<number> {
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
