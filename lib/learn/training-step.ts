/** The steps of a training run: one batch learnt from, or the validation samples gone through. */

import { makeRandom, NumericError, sizeOf } from "../core/index.js";
import { dropoutMask } from "./dropout.js";
import type { Engine, Executable, Values } from "./engine.js";
import { toObjective } from "./loss.js";
import type { TrainingData, TrainingOptions } from "./training.js";
import {
  type BatchProgram,
  gradientProgram,
  layoutOf,
  lossProgram,
  NAMES,
  type Task,
} from "./training-program.js";
import type { MovingState } from "./training-state.js";

/** A run under way: what the loop and its parts share. */
export interface Run {
  readonly task: Task;
  readonly options: TrainingOptions;
  readonly engine: Engine;
  readonly data: TrainingData;
  readonly moving: MovingState;
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
export async function runStep(run: Run, samples: Int32Array, place: StepPlace) {
  const { moving, data, options } = run;
  const { executable, masks } = await cached(run, `train ${samples.length}`, () =>
    gradientProgram(run.task, data.train.fields, samples.length),
  );
  const t = moving.steps + 1;
  const batch = await data.train.read(samples);
  if (place.epoch === 1) noteClasses(run, batch);
  const inputs: Record<string, Values[string]> = { ...batch, ...moving.inputs };
  for (const [i, mask] of masks.entries()) {
    inputs[mask.name] = dropoutMask(mask, makeRandom(options.seed, -(t * masks.length + i)));
  }
  const outputs = await executable.run(inputs, moving.gradients);
  const loss = outputs[NAMES.loss]!.data[0]!;
  const gradientNorm = moving.stepper.step(place.learningRate, t);
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
    throw blownUp({ loss, gradientNorm }, place, badSample(inputs, run, samples));
  }
  for (const { name } of layoutOf(run.task).moments) {
    moving.inputs[NAMES.state(name)]!.data.set(outputs[NAMES.step(name)]!.data);
  }
  moving.steps = t;
  return { loss, gradientNorm };
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
export async function validate(run: Run): Promise<number> {
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
      ...run.moving.inputs,
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
