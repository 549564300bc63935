/** A slow interpreter of graphs in float64: plain loops, to check engines and gradients against. */

import { sizeOf, stridesOf } from "carbonbook/core";
import { type Node, sortNodes, type Window } from "carbonbook/learn";

type Feeds = ReadonlyMap<string, Float64Array>;

/** The value of a node, given its inputs by name. */
export function evaluate(output: Node, feeds: Feeds): Float64Array {
  const values = new Map<Node, Float64Array>();
  for (const node of sortNodes([output])) {
    const inputs = node.inputs.map((source) => values.get(source)!);
    values.set(node, compute(node, inputs, feeds));
  }
  return values.get(output)!;
}

/** d output / d input by central differences, for a scalar output. */
export function differences(output: Node, feeds: Feeds, name: string, h = 1e-5): Float64Array {
  const x = feeds.get(name)!;
  return x.map((value, i) => {
    const at = (moved: number) => {
      const data = x.slice();
      data[i] = moved;
      return evaluate(output, new Map([...feeds, [name, data]]))[0]!;
    };
    return (at(value + h) - at(value - h)) / (2 * h);
  });
}

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  negate: (x) => -x,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  square: (x) => x * x,
  abs: Math.abs,
  sign: Math.sign,
  step: (x) => (x > 0 ? 1 : 0),
};

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

function compute(node: Node, inputs: readonly Float64Array[], feeds: Feeds): Float64Array {
  const { operation, shape } = node;
  const [a, b] = inputs as [Float64Array, Float64Array];
  const from = node.inputs.map((source) => source.shape);
  const unary = UNARY[operation.kind];
  if (unary !== undefined) return a.map(unary);
  const binary = BINARY[operation.kind];
  if (binary !== undefined) {
    return fill(shape, (at) => binary(pick(a, from[0]!, at), pick(b, from[1]!, at)));
  }
  switch (operation.kind) {
    case "input":
      return feeds.get(operation.name)!;
    case "constant":
      return Float64Array.from(operation.data);
    case "power":
      return a.map((x) => x ** operation.exponent);
    case "sum":
    case "mean": {
      const total = new Float64Array(sizeOf(shape));
      each(from[0]!, (at, i) => {
        total[offset(shape, clip(at, shape))]! += a[i]!;
      });
      const count = operation.kind === "mean" ? a.length / total.length : 1;
      return total.map((x) => x / count);
    }
    case "softmax":
    case "logSoftmax": {
      const kept = shape.map((n, d) => (d === operation.axis ? 1 : n));
      const total = new Float64Array(sizeOf(kept));
      each(shape, (at, i) => {
        total[offset(kept, clip(at, kept))]! += Math.exp(a[i]!);
      });
      const share = fill(shape, (at, i) => Math.exp(a[i]!) / pick(total, kept, at));
      return operation.kind === "softmax" ? share : share.map(Math.log);
    }
    case "matmul": {
      const k = operation.transposeA ? from[0]![0]! : from[0]![1]!;
      const get = (x: Float64Array, s: readonly number[], r: number, c: number, t: boolean) =>
        t ? x[c * s[1]! + r]! : x[r * s[1]! + c]!;
      return fill(shape, ([r, c]) => {
        let total = 0;
        for (let i = 0; i < k; i++) {
          total +=
            get(a, from[0]!, r!, i, operation.transposeA) *
            get(b, from[1]!, i, c!, operation.transposeB);
        }
        return total;
      });
    }
    case "reshape":
      return a;
    case "expand":
      return fill(shape, (at) => pick(a, from[0]!, at));
    case "transpose":
      return fill(shape, (at) => {
        const back: number[] = [];
        for (const [d, axis] of operation.order.entries()) back[axis] = at[d]!;
        return a[offset(from[0]!, back)]!;
      });
    case "slice":
      return fill(shape, (at) => a[offset(from[0]!, shift(at, operation.axis, operation.start))]!);
    case "pad":
      return fill(shape, (at) => {
        const back = shift(at, operation.axis, -operation.before);
        const place = back[operation.axis]!;
        const inside = place >= 0 && place < from[0]![operation.axis]!;
        return inside ? a[offset(from[0]!, back)]! : 0;
      });
    case "concat":
      return fill(shape, (at) => {
        let back = at;
        for (const [i, part] of inputs.entries()) {
          const length = from[i]![operation.axis]!;
          if (back[operation.axis]! < length) return part[offset(from[i]!, back)]!;
          back = shift(back, operation.axis, -length);
        }
        return Number.NaN;
      });
    case "gatherRows":
      return fill(shape, ([r, ...rest]) => a[offset(from[0]!, [operation.rows[r!]!, ...rest])]!);
    case "sumRows": {
      const total = new Float64Array(sizeOf(shape));
      each(from[0]!, ([r, ...rest], i) => {
        total[offset(shape, [operation.rows[r!]!, ...rest])]! += a[i]!;
      });
      return total;
    }
    case "normalise": {
      const [x, center, variance, scale, move] = inputs as Float64Array[];
      return fill(shape, (at, i) => {
        const [m, v] = [pick(center!, from[1]!, at), pick(variance!, from[2]!, at)];
        const [s, t] = [pick(scale!, from[3]!, at), pick(move!, from[4]!, at)];
        return ((x![i]! - m) / Math.sqrt(v + operation.epsilon)) * s + t;
      });
    }
    case "conv":
    case "convTranspose":
    case "convFilter":
      return convolve(operation.kind, operation.window, node, inputs);
    case "maxPool":
    case "averagePool":
      return pool(operation.kind, operation.window, node, a);
    default:
      throw new Error(`no reference for ${operation.kind}`);
  }
}

/** All three forms of convolution are one sum over (image, output, tap), read in three ways. */
function convolve(
  kind: "conv" | "convTranspose" | "convFilter",
  window: Window,
  node: Node,
  inputs: readonly Float64Array[],
): Float64Array {
  const result = new Float64Array(sizeOf(node.shape));
  const [first, second] = node.inputs as [Node, Node];
  const image = kind === "convTranspose" ? node.shape : first.shape;
  const output =
    kind === "conv" ? node.shape : kind === "convTranspose" ? first.shape : second.shape;
  const [m, c] = [output[1]!, image[1]!];
  const taps = [m, c, ...window.kernel];
  each([...output, c, ...window.kernel], ([n, f, y, x, channel, ky, kx]) => {
    const row = y! * window.stride[0] - window.padding[0] + ky! * window.dilation[0];
    const column = x! * window.stride[1] - window.padding[1] + kx! * window.dilation[1];
    if (row < 0 || row >= image[2]! || column < 0 || column >= image[3]!) return;
    const inImage = offset(image, [n!, channel!, row, column]);
    const inOutput = offset(output, [n!, f!, y!, x!]);
    const inTaps = offset(taps, [f!, channel!, ky!, kx!]);
    if (kind === "conv") result[inOutput]! += inputs[0]![inImage]! * inputs[1]![inTaps]!;
    if (kind === "convTranspose") result[inImage]! += inputs[0]![inOutput]! * inputs[1]![inTaps]!;
    if (kind === "convFilter") result[inTaps]! += inputs[0]![inImage]! * inputs[1]![inOutput]!;
  });
  const bias = inputs[2];
  if (bias === undefined) return result;
  return fill(node.shape, ([, f], i) => result[i]! + bias[f!]!);
}

function pool(
  kind: "maxPool" | "averagePool",
  { kernel, stride, padding }: Window,
  node: Node,
  x: Float64Array,
): Float64Array {
  const image = node.inputs[0]!.shape;
  return fill(node.shape, ([n, c, y, z]) => {
    let [largest, total] = [Number.NEGATIVE_INFINITY, 0];
    each(kernel, ([ky, kx]) => {
      const [row, column] = [y! * stride[0] - padding[0] + ky!, z! * stride[1] - padding[1] + kx!];
      if (row < 0 || row >= image[2]! || column < 0 || column >= image[3]!) return;
      const value = x[offset(image, [n!, c!, row, column])]!;
      largest = Math.max(largest, value);
      total += value;
    });
    return kind === "maxPool" ? largest : total / (kernel[0] * kernel[1]);
  });
}

function each(shape: readonly number[], visit: (at: number[], i: number) => void): void {
  const at = shape.map(() => 0);
  for (let i = 0; i < sizeOf(shape); i++) {
    visit(at, i);
    for (let d = shape.length - 1; d >= 0 && ++at[d]! === shape[d]; d--) at[d] = 0;
  }
}

function fill(shape: readonly number[], value: (at: number[], i: number) => number): Float64Array {
  const data = new Float64Array(sizeOf(shape));
  each(shape, (at, i) => {
    data[i] = value(at, i);
  });
  return data;
}

function offset(shape: readonly number[], at: readonly number[]): number {
  const strides = stridesOf(shape);
  return at.reduce((total, place, d) => total + place * strides[d]!, 0);
}

function clip(at: readonly number[], shape: readonly number[]): number[] {
  return at.map((place, d) => (shape[d] === 1 ? 0 : place));
}

/** The value that a broadcast array has at a place of the full shape. */
function pick(data: Float64Array, shape: readonly number[], at: readonly number[]): number {
  return data[offset(shape, clip(at.slice(at.length - shape.length), shape))]!;
}

function shift(at: readonly number[], axis: number, by: number): number[] {
  return at.map((place, d) => (d === axis ? place + by : place));
}
