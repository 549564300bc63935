/** Everything a training run needs to go on as if it had never stopped. */

import { makeRandom, type NdArray, shapeError } from "../core/index.js";
import { countSlots, type Optimiser } from "./optimiser.js";
import { sameShape } from "./shaping.js";
import { type Layout, layoutOf, type Task } from "./training-program.js";
import { drawParameter, initialise, packWeights, unpackWeights, type Weights } from "./weights.js";

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
