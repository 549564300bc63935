/** What a layer must say, whoever wrote it: descriptions also come from files and plain JavaScript. */

import { ArgumentError, formatShape } from "../core/index.js";
import type { Layer } from "./layer.js";

const TYPES: { readonly [T in Layer["type"]]: true } = {
  conv: true,
  convTranspose: true,
  dense: true,
  batchNorm: true,
  relu: true,
  tanh: true,
  sigmoid: true,
  flatten: true,
  softmax: true,
  normalisedRelu: true,
  maxPool: true,
  averagePool: true,
  dropout: true,
  concat: true,
  add: true,
  reshape: true,
};

/**
 * Check the numbers of a layer.
 *
 * @param rank dimensions of one sample that it takes
 * @throws {ArgumentError} naming the layer and what is wrong
 */
export function checkLayer(name: string, layer: Layer, rank: number): void {
  const problem = problemOf(layer, rank);
  if (problem === undefined) return;
  const [what, wanted, got] = problem;
  throw new ArgumentError({ where: `layer "${name}"`, what, wanted, got: String(got) });
}

type Problem = readonly [what: string, wanted: string, got: unknown];

function problemOf(layer: Layer, rank: number): Problem | undefined {
  switch (layer.type) {
    case "conv":
    case "convTranspose":
      return isCount(layer.filters) ? undefined : ["filters", COUNT, layer.filters];
    case "dense":
      return isCount(layer.units) ? undefined : ["units", COUNT, layer.units];
    case "reshape":
      return layer.shape.every(isCount) ? undefined : ["shape", COUNT, formatShape(layer.shape)];
    case "dropout": {
      const { rate } = layer;
      return rate >= 0 && rate < 1 ? undefined : ["rate", "from 0 to less than 1", rate];
    }
    case "softmax": {
      const { axis = 0 } = layer;
      const fits = Number.isInteger(axis) && axis >= 0 && axis < rank;
      return fits ? undefined : ["axis", `0 to ${rank - 1}`, axis];
    }
    default:
      return layer.type in TYPES ? undefined : ["type", Object.keys(TYPES).join(", "), layer.type];
  }
}

const COUNT = "integers from 1";

function isCount(n: number): boolean {
  return Number.isInteger(n) && n >= 1;
}
