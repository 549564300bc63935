/** The numbers of a network: seeded start values, and one flat vector of them for training. */

import { makeRandom, type NdArray, type Random, sizeOf } from "../core/index.js";
import type { Network } from "./layer.js";
import { type Parameter, parametersOf } from "./network.js";

/** Parameters by name (`conv1.weight`), running moments among them. */
export type Weights = ReadonlyMap<string, NdArray<Float32Array>>;

/** A network with its numbers. */
export interface Model {
  readonly network: Network;
  readonly weights: Weights;
}

/**
 * Draw start values as PyTorch does by default: kernels and biases uniform in ±1/√fan-in, batch
 * norms at scale 1 and shift 0. The distribution is PyTorch's, the numbers are our generator's.
 *
 * @param seed equal seeds give equal weights
 */
export function initialise(network: Network, seed: number): Weights {
  const random = makeRandom(seed);
  const weights = new Map<string, NdArray<Float32Array>>();
  for (const parameter of parametersOf(network)) {
    weights.set(parameter.name, drawParameter(parameter, random));
  }
  return weights;
}

/** Draw one parameter. */
export function drawParameter(parameter: Parameter, random: Random): NdArray<Float32Array> {
  const data = new Float32Array(sizeOf(parameter.shape));
  const { initial } = parameter;
  if (initial.kind === "constant") data.fill(initial.value);
  else for (let i = 0; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * initial.bound;
  return { data, shape: parameter.shape };
}

/** Copy the parameters of a list into one vector, one after the other. */
export function packWeights(parameters: readonly Parameter[], weights: Weights): Float32Array {
  const flat = new Float32Array(parameters.reduce((n, { shape }) => n + sizeOf(shape), 0));
  let start = 0;
  for (const { name } of parameters) {
    const { data } = weights.get(name)!;
    flat.set(data, start);
    start += data.length;
  }
  return flat;
}

/** Take a vector apart again; the arrays are copies. */
export function unpackWeights(
  parameters: readonly Parameter[],
  flat: Float32Array,
): Map<string, NdArray<Float32Array>> {
  const views = [...viewWeights(parameters, flat)];
  return new Map(views.map(([name, { data, shape }]) => [name, { data: data.slice(), shape }]));
}

/** The parameters within a vector; the arrays are views of it. */
export function viewWeights(
  parameters: readonly Parameter[],
  flat: Float32Array,
): Map<string, NdArray<Float32Array>> {
  const weights = new Map<string, NdArray<Float32Array>>();
  let start = 0;
  for (const { name, shape } of parameters) {
    const stop = start + sizeOf(shape);
    weights.set(name, { data: flat.subarray(start, stop), shape });
    start = stop;
  }
  return weights;
}
