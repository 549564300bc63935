/** Applying a network: from its description and nodes for inputs and weights to its output. */

import { ArgumentError, formatShape, shapeError } from "../core/index.js";
import {
  add,
  divide,
  matmul,
  momentsOf,
  multiply,
  normalise,
  power,
  relu,
  sigmoid,
  softmax,
  subtract,
  sum,
  tanh,
} from "./arithmetic.js";
import { averagePool, conv, convTranspose, makeWindow, maxPool } from "./convolution.js";
import type { LayerOf, Network } from "./layer.js";
import { type ResolvedLayer, resolveLayers } from "./network.js";
import { type Node, sizeOfNode } from "./node.js";
import { concat, reshape, sameShape } from "./shaping.js";

/**
 * How a network runs. `train`: batch norms use the batch's moments and update the running ones,
 * dropout drops. `batch`: the batch's moments, nothing updated, nothing dropped. `running`: the
 * running moments, nothing dropped.
 */
export type Mode = "train" | "batch" | "running";

/** What an application reads and, for running moments, replaces. */
export interface Surroundings {
  readonly mode: Mode;
  /** nodes of the parameters by name; `train` puts new running moments in their place */
  readonly weights: Map<string, Node>;
  /** makes the input that holds a dropout mask: 0, or 1/(1 − rate) */
  readonly mask: (rate: number, shape: readonly number[]) => Node;
}

/**
 * Apply a network to a batch.
 *
 * @param inputs nodes of shape (n, …sample) by input name; a lone node stands for the first input
 * @returns the output of every layer by name; the last is the network's output
 * @throws {ShapeError} if an input does not have the described shape
 */
export function applyNetwork(
  network: Network,
  inputs: Node | Readonly<Record<string, Node>>,
  around: Surroundings,
): Map<string, Node> {
  const values = bindInputs(network, inputs);
  for (const resolved of resolveLayers(network)) {
    const from = resolved.from.map((name) => values.get(name)!);
    values.set(resolved.name, applyLayer(resolved, from, around));
  }
  return values;
}

function bindInputs(
  network: Network,
  inputs: Node | Readonly<Record<string, Node>>,
): Map<string, Node> {
  const names = Object.keys(network.inputs);
  const byName = isNode(inputs) ? { [names[0]!]: inputs } : inputs;
  const values = new Map<string, Node>();
  for (const name of names) {
    const node = byName[name];
    const sample = network.inputs[name]!;
    if (node === undefined) {
      const wanted = `input "${name}" of shape (n, ${sample.join(", ")})`;
      throw new ArgumentError({ what: `network "${network.name}"`, wanted, got: "nothing" });
    }
    if (!sameShape(node.shape.slice(1), sample)) {
      const n = node.shape[0] ?? 0;
      throw shapeError(`input "${name}" of ${network.name}`, [n, ...sample], node.shape);
    }
    values.set(name, node);
  }
  return values;
}

function isNode(inputs: Node | Readonly<Record<string, Node>>): inputs is Node {
  return Array.isArray(inputs.shape);
}

function applyLayer(resolved: ResolvedLayer, from: readonly Node[], around: Surroundings): Node {
  const { name, layer } = resolved;
  const x = from[0]!;
  const n = x.shape[0]!;
  const weight = (role: string) => around.weights.get(`${name}.${role}`);
  switch (layer.type) {
    case "conv":
      return conv(x, weight("weight")!, makeWindow(layer), weight("bias"));
    case "convTranspose": {
      const y = convTranspose(x, weight("weight")!, makeWindow(layer));
      const bias = weight("bias");
      return bias === undefined ? y : add(y, perChannel(bias, 4));
    }
    case "dense":
      return applyDense(x, weight("weight")!, weight("bias"));
    case "batchNorm":
      return applyBatchNorm(resolved, layer, x, around);
    case "relu":
    case "tanh":
    case "sigmoid":
      return ACTIVATIONS[layer.type](x);
    case "softmax":
      return softmax(x, 1 + (layer.axis ?? 0));
    case "normalisedRelu": {
      const positive = add(relu(x), layer.epsilon ?? 1e-10);
      return divide(positive, sum(positive, [2, 3]));
    }
    case "maxPool":
      return maxPool(x, makeWindow(layer));
    case "averagePool":
      return averagePool(x, makeWindow(layer));
    case "dropout":
      if (around.mode !== "train" || layer.rate === 0) return x;
      return multiply(x, around.mask(layer.rate, x.shape));
    case "concat":
      return concat(from, 1);
    case "add":
      return from.slice(1).reduce(add, x);
    case "flatten":
    case "reshape":
      return reshape(x, [n, ...resolved.shape]);
  }
}

const ACTIVATIONS = { relu, tanh, sigmoid } as const;

function applyDense(x: Node, weight: Node, bias: Node | undefined): Node {
  const y = matmul(x, weight, { transposeB: true });
  return bias === undefined ? y : add(y, bias);
}

function applyBatchNorm(
  { name }: ResolvedLayer,
  layer: LayerOf<"batchNorm">,
  x: Node,
  { mode, weights }: Surroundings,
): Node {
  const { epsilon = 1e-5, momentum = 0.1 } = layer;
  const rank = x.shape.length;
  const scale = perChannel(weights.get(`${name}.weight`)!, rank);
  const shift = perChannel(weights.get(`${name}.bias`)!, rank);
  const running = {
    mean: weights.get(`${name}.mean`)!,
    variance: weights.get(`${name}.variance`)!,
  };
  if (mode === "running") {
    const spread = power(add(perChannel(running.variance, rank), epsilon), -0.5);
    const slope = multiply(scale, spread);
    return add(multiply(subtract(x, perChannel(running.mean, rank)), slope), shift);
  }
  const moments = momentsOf(x);
  const count = sizeOfNode(x) / x.shape[1]!;
  if (mode === "train") {
    if (count < 2) throw tooFew(name, x.shape);
    const blend = (old: Node, fresh: Node, factor: number) =>
      add(multiply(old, 1 - momentum), multiply(reshape(fresh, old.shape), momentum * factor));
    weights.set(`${name}.mean`, blend(running.mean, moments.mean, 1));
    const unbiased = count / (count - 1);
    weights.set(`${name}.variance`, blend(running.variance, moments.variance, unbiased));
  }
  return normalise(x, moments, { scale, shift }, epsilon);
}

function tooFew(layer: string, shape: readonly number[]): ArgumentError {
  return new ArgumentError({
    where: `layer "${layer}"`,
    what: "batch",
    wanted: "more than one value per channel to take moments of",
    got: formatShape(shape),
    remedy: "use larger batches",
  });
}

function perChannel(vector: Node, rank: number): Node {
  const channels = vector.shape[0]!;
  return rank === 2
    ? reshape(vector, [1, channels])
    : reshape(vector, [1, channels, ...new Array<number>(rank - 2).fill(1)]);
}
