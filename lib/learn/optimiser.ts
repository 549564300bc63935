/** Optimisers: the equations are PyTorch's, one pass of a kernel over all weights each (optimiser.as). */

import { ArgumentError, openKernel } from "../core/index.js";
import { OPTIMISER_WASM } from "./optimiser-wasm.js";

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

/** The vectors of an optimiser, each of shape (parameters,). A step changes them in place. */
export interface Stepper {
  readonly weights: Float32Array;
  /** to be written before each step, which may clip it */
  readonly gradient: Float32Array;
  readonly slots: readonly Float32Array[];
  /**
   * Move the weights.
   *
   * @param rate learning rate
   * @param t    number of the step, from 1
   * @returns norm of the gradient before it is clipped; where it is not finite nothing moves
   */
  step(rate: number, t: number): number;
}

/** What the kernel exports; all but the numbers of equations are addresses and lengths in bytes. */
interface Kernel {
  free(): number;
  sumSquares(bytes: number, g: number): number;
  scale(bytes: number, g: number, factor: number): void;
  clamp(bytes: number, g: number, bound: number): void;
  addScaled(bytes: number, y: number, x: number, factor: number): void;
  momentum(...vectorsThenNumbers: number[]): void;
  adam(...vectorsThenNumbers: number[]): void;
  adadelta(...vectorsThenNumbers: number[]): void;
}

/** Where the vectors are in the kernel's memory, and their padded length, in bytes. */
interface Places {
  readonly bytes: number;
  readonly weights: number;
  readonly gradient: number;
  readonly slots: readonly number[];
}

type Addresses = [weights: number, gradient: number, ...slots: number[]];
type Vectors = [weights: Float32Array, gradient: Float32Array, ...slots: Float32Array[]];

const MODULE = new WebAssembly.Module(Buffer.from(OPTIMISER_WASM, "base64"));

/** How many vectors an optimiser keeps beside the weights. */
export function countSlots(optimiser: Optimiser): number {
  if (optimiser.kind === "sgd") return optimiser.momentum ? 1 : 0;
  return 2;
}

/**
 * Make the vectors of an optimiser, all 0, and the function that moves them.
 *
 * @param size number of weights
 * @throws {ArgumentError} if the bound of the clipping is not above 0
 */
export function makeStepper(size: number, optimiser: Optimiser, clip?: Clip): Stepper {
  const padded = 4 * Math.ceil(size / 4);
  const sizes = Array.from({ length: 2 + countSlots(optimiser) }, () => padded);
  const { kernel, arrays } = openKernel<Kernel>(MODULE, sizes, "float32");
  const [weights, gradient, ...slots] = arrays.map(({ byteOffset }) => byteOffset) as Addresses;
  const bytes = 4 * padded;
  const places: Places = { bytes, weights, gradient, slots };
  const limit = makeLimit(kernel, places, clip);
  const { weightDecay = 0 } = optimiser;
  const move = MOVES[optimiser.kind] as Move<Optimiser>;
  const [first, second, ...others] = arrays.map((array) => array.subarray(0, size)) as Vectors;
  return {
    weights: first,
    gradient: second,
    slots: others,
    step(rate, t) {
      const norm = Math.sqrt(kernel.sumSquares(bytes, gradient));
      if (!Number.isFinite(norm)) return norm;
      limit(norm);
      if (weightDecay !== 0) kernel.addScaled(bytes, gradient, weights, weightDecay);
      move(kernel, places, optimiser, [rate, t]);
      return norm;
    },
  };
}

/** Holds a gradient in bounds: its norm, or each element. */
function makeLimit(kernel: Kernel, { bytes, gradient }: Places, clip?: Clip) {
  if (clip === undefined) return () => undefined;
  const bound = "norm" in clip ? clip.norm : clip.value;
  if (!(bound > 0)) {
    throw new ArgumentError({ what: "clip", wanted: "a bound above 0", got: String(bound) });
  }
  if ("value" in clip) return () => kernel.clamp(bytes, gradient, bound);
  return (norm: number) => {
    if (norm + 1e-6 > bound) kernel.scale(bytes, gradient, bound / (norm + 1e-6));
  };
}

type Move<O extends Optimiser> = (
  kernel: Kernel,
  places: Places,
  optimiser: O,
  now: readonly [rate: number, t: number],
) => void;

const MOVES: { readonly [K in Optimiser["kind"]]: Move<Extract<Optimiser, { kind: K }>> } = {
  sgd(kernel, { bytes, weights, gradient, slots }, { momentum }, [rate]) {
    if (!momentum) kernel.addScaled(bytes, weights, gradient, -rate);
    else kernel.momentum(bytes, weights, gradient, slots[0]!, momentum, rate);
  },
  /** Kingma & Ba (2015), algorithm 1; both sides of its fraction divided by the correction of the root. */
  adam(kernel, { bytes, weights, gradient, slots }, { betas, epsilon = 1e-8 }, [rate, t]) {
    const [beta1, beta2] = betas ?? [0.9, 0.999];
    const correction = Math.fround(1 / Math.sqrt(1 - beta2 ** t));
    const factor = Math.fround(rate / (1 - beta1 ** t)) / correction;
    const factors = [beta1, 1 - beta1, beta2, 1 - beta2, factor];
    kernel.adam(bytes, weights, gradient, ...slots, ...factors, Math.fround(epsilon) / correction);
  },
  /** Zeiler (2012), algorithm 1, with a rate. */
  adadelta(kernel, { bytes, weights, gradient, slots }, optimiser, [rate]) {
    const { decay = 0.9, epsilon = 1e-6 } = optimiser;
    kernel.adadelta(bytes, weights, gradient, ...slots, decay, 1 - decay, epsilon, rate);
  },
};
