/** Everything a training run needs to go on as if it had never stopped. */

import { makeRandom, type NdArray, shapeError } from "../core/index.js";
import { type Clip, countSlots, makeStepper, type Optimiser, type Stepper } from "./optimiser.js";
import { sameShape } from "./shaping.js";
import { type Layout, layoutOf, NAMES, type Task } from "./training-program.js";
import {
  drawParameter,
  initialise,
  packWeights,
  unpackWeights,
  viewWeights,
  type Weights,
} from "./weights.js";

/** Stream of the random numbers for parameters that the given weights lack. */
const EXTRA_STREAM = 1_000_003;

/** One epoch in the history of a run. */
export interface EpochRecord {
  /** from 1 */
  readonly epoch: number;
  /** mean loss of the training samples during the epoch */
  readonly loss: number;
  /** loss of the validation samples after it; NaN where there are none */
  readonly validationLoss: number;
  readonly learningRate: number;
  /** mean norm of the gradient before clipping */
  readonly gradientNorm: number;
}

/** State between two epochs. Vectors are flat, in the order of the layout. */
export interface TrainingState {
  readonly seed: number;
  readonly weights: Float32Array;
  readonly moments: Float32Array;
  readonly slots: readonly Float32Array[];
  /** optimiser steps done */
  readonly steps: number;
  readonly history: readonly EpochRecord[];
  /** weights and moments after the best epoch so far, and its number (0 before the first) */
  readonly bestWeights: Float32Array;
  readonly bestMoments: Float32Array;
  readonly bestEpoch: number;
}

/** The state before the first step: seeded weights, or those given. */
export function startState(
  task: Task,
  { seed, optimiser, weights }: { seed: number; optimiser: Optimiser; weights?: Weights },
): TrainingState {
  const layout = layoutOf(task);
  const start = new Map(weights ?? initialise(task.network, seed));
  const random = makeRandom(seed, EXTRA_STREAM);
  for (const parameter of [...layout.trained, ...layout.moments]) {
    const { name, shape } = parameter;
    const given = start.get(name);
    if (given === undefined) start.set(name, drawParameter(parameter, random));
    else if (!sameShape(given.shape, shape)) throw shapeError(name, shape, given.shape);
  }
  const flat = packWeights(layout.trained, start);
  const moments = packWeights(layout.moments, start);
  const slots = Array.from({ length: countSlots(optimiser) }, () => new Float32Array(flat.length));
  const best = { bestWeights: flat, bestMoments: moments, bestEpoch: 0 };
  return { seed, weights: flat, moments, slots, steps: 0, history: [], ...best };
}

/** A state in motion: what the steps of an epoch change in place. */
export interface MovingState {
  readonly stepper: Stepper;
  readonly moments: Float32Array;
  steps: number;
  /** views of weights and moments, as programs take them */
  readonly inputs: Readonly<Record<string, NdArray<Float32Array>>>;
  /** views of the stepper's gradient, as programs fill them */
  readonly gradients: Readonly<Record<string, Float32Array>>;
}

/** Set a state in motion. */
export function startMoving(
  { trained, moments: running }: Layout,
  state: TrainingState,
  rule: { readonly optimiser: Optimiser; readonly clip?: Clip | undefined },
): MovingState {
  const stepper = makeStepper(state.weights.length, rule.optimiser, rule.clip);
  stepper.weights.set(state.weights);
  for (const [i, slot] of state.slots.entries()) stepper.slots[i]!.set(slot);
  const moments = state.moments.slice();
  const views = [...viewWeights(trained, stepper.weights), ...viewWeights(running, moments)];
  const gradients = [...viewWeights(trained, stepper.gradient)];
  return {
    stepper,
    moments,
    steps: state.steps,
    inputs: Object.fromEntries(views.map(([name, view]) => [NAMES.state(name), view])),
    gradients: Object.fromEntries(gradients.map(([name, { data }]) => [NAMES.step(name), data])),
  };
}

/** Where a moving state is, as a copy. */
export function holdState({ stepper, moments, steps }: MovingState) {
  const slots = stepper.slots.map((slot) => slot.slice());
  return { weights: stepper.weights.slice(), slots, moments: moments.slice(), steps };
}

/** The weights of a state by name: those of the best epoch, or the latest. */
export function stateWeights(
  layout: Layout,
  state: TrainingState,
  which: "best" | "latest",
): Map<string, NdArray<Float32Array>> {
  const best = which === "best";
  const trained = unpackWeights(layout.trained, best ? state.bestWeights : state.weights);
  const moments = unpackWeights(layout.moments, best ? state.bestMoments : state.moments);
  return new Map([...trained, ...moments]);
}
