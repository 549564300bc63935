/**
 * What follows from a network's description: the shape after each layer, the parameters it needs,
 * how many there are.
 */

import { ArgumentError, formatShape, ShapeError, sizeOf } from "../core/index.js";
import { makeWindow, slideOver } from "./convolution.js";
import type { Layer, Network } from "./layer.js";
import { checkLayer } from "./layer-check.js";

/** How a parameter starts: PyTorch's defaults. */
export type Initial =
  | { readonly kind: "uniform"; readonly bound: number }
  | { readonly kind: "constant"; readonly value: number };

/** A parameter of a layer. */
export interface Parameter {
  /** layer and role, such as `conv1.weight` */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initial;
  /** `kernel`: multiplied with values; `bias`: added; `moment`: running statistics, not trained */
  readonly role: "kernel" | "bias" | "moment";
}

/** A layer with everything worked out. */
export interface ResolvedLayer {
  readonly name: string;
  readonly layer: Layer;
  /** names of the layers or inputs it takes */
  readonly from: readonly string[];
  /** shapes of one sample of what it takes */
  readonly inputShapes: readonly (readonly number[])[];
  /** shape of one sample after it */
  readonly shape: readonly number[];
  readonly parameters: readonly Parameter[];
}

/**
 * Work out names, shapes and parameters of all layers.
 *
 * @throws {ShapeError} naming the layer and both shapes, if a layer cannot take what it is given
 * @throws {ArgumentError} if a layer takes one that is not there, or two share a name
 */
export function resolveLayers(network: Network): ResolvedLayer[] {
  const shapes = new Map<string, readonly number[]>(Object.entries(network.inputs));
  const first = shapes.keys().next().value;
  if (first === undefined || network.layers.length === 0) {
    const wanted = "at least one input and one layer";
    throw new ArgumentError({ what: `network "${network.name}"`, wanted, got: "none" });
  }
  let previous = first;
  const resolved: ResolvedLayer[] = [];
  for (const [i, layer] of network.layers.entries()) {
    const name = layer.name ?? `${layer.type}${i + 1}`;
    const from = typeof layer.from === "string" ? [layer.from] : (layer.from ?? [previous]);
    const inputShapes = from.map((source) => findShape(network, name, shapes, source));
    if (inputShapes.length === 0) {
      const wanted = "at least one layer or input";
      throw new ArgumentError({ where: `layer "${name}"`, what: "from", wanted, got: "none" });
    }
    checkLayer(name, layer, inputShapes[0]!.length);
    const shape = shapeAfter(name, layer, inputShapes);
    if (shapes.has(name)) {
      const got = `"${name}" twice`;
      throw new ArgumentError({ what: "layer name", wanted: "each name once", got });
    }
    shapes.set(name, shape);
    const parameters = parametersOfLayer(name, layer, inputShapes[0]!);
    resolved.push({ name, layer, from, inputShapes, shape, parameters });
    previous = name;
  }
  return resolved;
}

/** The parameters of a network in the order of its layers, running moments among them. */
export function parametersOf(network: Network): Parameter[] {
  return resolveLayers(network).flatMap(({ parameters }) => parameters);
}

/** How many numbers training changes; running moments do not count. */
export function countParameters(network: Network): number {
  return parametersOf(network)
    .filter(({ role }) => role !== "moment")
    .reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/** Shape of one sample of the network's output. */
export function outputShape(network: Network): readonly number[] {
  return resolveLayers(network).at(-1)!.shape;
}

function findShape(
  network: Network,
  layer: string,
  shapes: ReadonlyMap<string, readonly number[]>,
  source: string,
): readonly number[] {
  const shape = shapes.get(source);
  if (shape !== undefined) return shape;
  throw new ArgumentError({
    where: `network "${network.name}", layer "${layer}"`,
    what: "from",
    wanted: `one of ${[...shapes.keys()].join(", ")}`,
    got: `"${source}"`,
  });
}

function shapeAfter(
  name: string,
  layer: Layer,
  inputs: readonly (readonly number[])[],
): readonly number[] {
  const shape = inputs[0]!;
  switch (layer.type) {
    case "conv":
    case "maxPool":
    case "averagePool": {
      const [c, h, w] = imageOf(name, shape);
      const filters = layer.type === "conv" ? layer.filters : c;
      return [filters, ...slideWithin(name, layer, [h, w])];
    }
    case "convTranspose": {
      const [, h, w] = imageOf(name, shape);
      const { kernel, stride, padding } = makeWindow(layer);
      const spread = (d: 0 | 1, length: number) =>
        (length - 1) * stride[d] + kernel[d] - 2 * padding[d];
      return [layer.filters, spread(0, h), spread(1, w)];
    }
    case "dense":
      if (shape.length !== 1) throw unfit(name, "(features)", shape, "flatten it first");
      return [layer.units];
    case "flatten":
      return [sizeOf(shape)];
    case "reshape":
      if (sizeOf(layer.shape) !== sizeOf(shape)) {
        throw unfit(name, `${sizeOf(layer.shape)} values for ${formatShape(layer.shape)}`, shape);
      }
      return layer.shape;
    case "add":
    case "concat":
      return joinedShape(name, layer.type, inputs);
    case "normalisedRelu":
      imageOf(name, shape);
      return shape;
    default:
      return shape;
  }
}

function joinedShape(
  name: string,
  type: "add" | "concat",
  inputs: readonly (readonly number[])[],
): readonly number[] {
  const first = inputs[0]!;
  const compared = type === "add" ? 0 : 1;
  for (const other of inputs) {
    const rest = other.slice(compared).join() === first.slice(compared).join();
    if (rest && other.length === first.length) continue;
    throw new ShapeError({
      where: `layer "${name}"`,
      what: type === "add" ? "parts to add" : "parts to concatenate",
      wanted: type === "add" ? "equal shapes" : "shapes equal but for the channels",
      got: `${formatShape(first)} and ${formatShape(other)}`,
    });
  }
  if (type === "add") return first;
  return [inputs.reduce((total, part) => total + part[0]!, 0), ...first.slice(1)];
}

function imageOf(name: string, shape: readonly number[]): [number, number, number] {
  if (shape.length !== 3) throw unfit(name, "an image (c, h, w)", shape);
  return shape as unknown as [number, number, number];
}

function slideWithin(
  name: string,
  layer: Parameters<typeof makeWindow>[0],
  image: [number, number],
): [number, number] {
  const window = makeWindow(layer);
  try {
    return slideOver(window, image);
  } catch (cause) {
    const wanted = `an image that a window of ${formatShape(window.kernel)} fits in`;
    const got = formatShape(image);
    throw new ShapeError({ where: `layer "${name}"`, what: "input", wanted, got, cause });
  }
}

function unfit(layer: string, wanted: string, shape: readonly number[], remedy?: string) {
  const problem = { where: `layer "${layer}"`, what: "input", wanted, got: formatShape(shape) };
  return new ShapeError(remedy === undefined ? problem : { ...problem, remedy });
}

/** Parameters of a layer with PyTorch's bounds: kaiming_uniform(a = √5) is U(±1/√fan-in). */
function parametersOfLayer(name: string, layer: Layer, input: readonly number[]): Parameter[] {
  const channels = input[0]!;
  if (layer.type === "batchNorm") return batchNormParameters(name, channels);
  if (layer.type !== "conv" && layer.type !== "convTranspose" && layer.type !== "dense") return [];
  const { shape, outputs, fanIn } = kernelOf(layer, channels);
  const initial = { kind: "uniform", bound: 1 / Math.sqrt(fanIn) } as const;
  const weight = { name: `${name}.weight`, shape, initial, role: "kernel" } as const;
  if (layer.bias === false) return [weight];
  return [weight, { name: `${name}.bias`, shape: [outputs], initial, role: "bias" }];
}

function kernelOf(
  layer: Extract<Layer, { type: "conv" | "convTranspose" | "dense" }>,
  channels: number,
): { shape: readonly number[]; outputs: number; fanIn: number } {
  if (layer.type === "dense") {
    return { shape: [layer.units, channels], outputs: layer.units, fanIn: channels };
  }
  const { kernel } = makeWindow(layer);
  const { filters } = layer;
  const ends = layer.type === "conv" ? [filters, channels] : [channels, filters];
  // PyTorch takes the second axis for the fan-in of both, so of the filters when transposed.
  return { shape: [...ends, ...kernel], outputs: filters, fanIn: ends[1]! * sizeOf(kernel) };
}

function batchNormParameters(name: string, channels: number): Parameter[] {
  const one = { kind: "constant", value: 1 } as const;
  const zero = { kind: "constant", value: 0 } as const;
  const shape = [channels];
  return [
    { name: `${name}.weight`, shape, initial: one, role: "bias" },
    { name: `${name}.bias`, shape, initial: zero, role: "bias" },
    { name: `${name}.mean`, shape, initial: zero, role: "moment" },
    { name: `${name}.variance`, shape, initial: one, role: "moment" },
  ];
}
