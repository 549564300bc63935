/** Optimisers, as nodes on the flat vector of all weights; the equations are PyTorch's. */

import { ArgumentError } from "../core/index.js";
import {
  add,
  divide,
  maximum,
  minimum,
  multiply,
  sqrt,
  square,
  subtract,
  sum,
} from "./arithmetic.js";
import type { Node } from "./node.js";
import { reshape } from "./shaping.js";

/** How weights follow the gradient. Weight decay adds decay · w to the gradient. */
export type Optimiser =
  | {
      readonly kind: "sgd";
      readonly momentum?: number;
      readonly weightDecay?: number;
    }
  | {
      readonly kind: "adam";
      /** (0.9, 0.999) by default */
      readonly betas?: readonly [number, number];
      /** 1e-8 by default */
      readonly epsilon?: number;
      readonly weightDecay?: number;
    }
  | {
      readonly kind: "adadelta";
      /** ρ, 0.9 by default */
      readonly decay?: number;
      /** 1e-6 by default */
      readonly epsilon?: number;
      readonly weightDecay?: number;
    };

/** How a gradient is held in bounds: its norm scaled down, or each element cut off. */
export type Clip = { readonly norm: number } | { readonly value: number };

/** What an optimiser's step starts from; all vectors have shape (parameters,). */
export interface StepState {
  readonly weights: Node;
  readonly gradient: Node;
  readonly slots: readonly Node[];
  /** what `rateFactors` gives for this step, shape (2,) */
  readonly rates: readonly [Node, Node];
}

/** How many vectors an optimiser keeps beside the weights. */
export function countSlots(optimiser: Optimiser): number {
  if (optimiser.kind === "sgd") return optimiser.momentum ? 1 : 0;
  return 2;
}

/**
 * The two numbers of a step that change with time: the rate that multiplies the update and, for
 * Adam, 1/√(1 − β₂ᵗ).
 *
 * @param t number of the step, from 1
 */
export function rateFactors(optimiser: Optimiser, rate: number, t: number): [number, number] {
  if (optimiser.kind !== "adam") return [rate, 1];
  const [beta1, beta2] = optimiser.betas ?? [0.9, 0.999];
  return [rate / (1 - beta1 ** t), 1 / Math.sqrt(1 - beta2 ** t)];
}

/** The weights and slots after one step. */
export function stepNodes(
  optimiser: Optimiser,
  state: StepState,
): { weights: Node; slots: Node[] } {
  const decay = optimiser.weightDecay ?? 0;
  const gradient =
    decay === 0 ? state.gradient : add(state.gradient, multiply(state.weights, decay));
  const decayed = { ...state, gradient };
  switch (optimiser.kind) {
    case "sgd":
      return sgdStep(decayed, optimiser.momentum ?? 0);
    case "adam":
      return adamStep(decayed, optimiser.betas ?? [0.9, 0.999], optimiser.epsilon ?? 1e-8);
    case "adadelta":
      return adadeltaStep(decayed, optimiser.decay ?? 0.9, optimiser.epsilon ?? 1e-6);
  }
}

/** The norm of a gradient, shape (), and the gradient held in bounds. */
export function clipNodes(gradient: Node, clip?: Clip): { norm: Node; gradient: Node } {
  const norm = sqrt(reshape(sum(square(gradient)), []));
  if (clip === undefined) return { norm, gradient };
  const bound = "norm" in clip ? clip.norm : clip.value;
  if (!(bound > 0)) {
    throw new ArgumentError({ what: "clip", wanted: "a bound above 0", got: String(bound) });
  }
  if ("value" in clip) return { norm, gradient: maximum(minimum(gradient, bound), -bound) };
  const factor = minimum(divide(bound, add(norm, 1e-6)), 1);
  return { norm, gradient: multiply(gradient, factor) };
}

function sgdStep({ weights, gradient, slots, rates }: StepState, momentum: number) {
  if (momentum === 0)
    return { weights: subtract(weights, multiply(gradient, rates[0])), slots: [] };
  const velocity = add(multiply(slots[0]!, momentum), gradient);
  return { weights: subtract(weights, multiply(velocity, rates[0])), slots: [velocity] };
}

/** Kingma & Ba (2015), algorithm 1; both sides of its fraction divided by the correction of the root. */
function adamStep(
  { weights, gradient, slots, rates }: StepState,
  [beta1, beta2]: readonly [number, number],
  epsilon: number,
) {
  const first = add(multiply(slots[0]!, beta1), multiply(gradient, 1 - beta1));
  const second = add(multiply(slots[1]!, beta2), multiply(square(gradient), 1 - beta2));
  const scale = add(sqrt(second), divide(epsilon, rates[1]));
  const update = divide(multiply(first, divide(rates[0], rates[1])), scale);
  return { weights: subtract(weights, update), slots: [first, second] };
}

/** Zeiler (2012), algorithm 1, with a rate. */
function adadeltaStep(
  { weights, gradient, slots, rates }: StepState,
  decay: number,
  epsilon: number,
) {
  const average = (old: Node, fresh: Node) =>
    add(multiply(old, decay), multiply(square(fresh), 1 - decay));
  const squares = average(slots[0]!, gradient);
  const ratio = sqrt(divide(add(slots[1]!, epsilon), add(squares, epsilon)));
  const update = multiply(gradient, ratio);
  return {
    weights: subtract(weights, multiply(update, rates[0])),
    slots: [squares, average(slots[1]!, update)],
  };
}
