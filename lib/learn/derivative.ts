/**
 * Reverse-mode differentiation: from a scalar node to the nodes that compute its gradient. A rule
 * per operation says what flows back to each input, in nodes of the same graph, so whatever engine
 * runs the graph also runs its gradient.
 *
 * @see Griewank & Walther (2008), Evaluating Derivatives, chapter 3
 */

import { ArgumentError, NumericError, sizeOf } from "../core/index.js";
import {
  add,
  divide,
  exp,
  matmul,
  multiply,
  negate,
  power,
  sign,
  step,
  subtract,
  sum,
} from "./arithmetic.js";
import {
  averagePoolGradient,
  conv,
  convFilter,
  convTranspose,
  maxPoolGradient,
} from "./convolution.js";
import { constant, type Kind, type Node, type OperationOf, sortNodes } from "./node.js";
import {
  expand,
  gatherRows,
  pad,
  reshape,
  sameShape,
  slice,
  sumRows,
  transpose,
} from "./shaping.js";

/** What flows back to each input of `node`, given dy; undefined where nothing does. */
type Rule<K extends Kind> = (
  operation: OperationOf<K>,
  node: Node,
  dy: Node,
) => (Node | undefined)[];

/**
 * Differentiate a scalar.
 *
 * @param loss a node of one element
 * @param wrt  the nodes to differentiate by
 * @returns for each of `wrt` a node of its shape; zeros where the loss does not depend on it
 * @throws {ArgumentError} if the loss is no scalar
 * @throws {NumericError} if an operation on the way has no derivative
 */
export function gradients(loss: Node, wrt: readonly Node[]): Node[] {
  if (sizeOf(loss.shape) !== 1) {
    const got = `shape (${loss.shape.join(", ")})`;
    throw new ArgumentError({ what: "loss", wanted: "one number", got, remedy: "take its mean" });
  }
  const sorted = sortNodes([loss]);
  const active = dependents(sorted, wrt);
  const flows = new Map<Node, Node>([[loss, expand(constant(1), loss.shape)]]);
  for (const node of sorted.reverse()) {
    const dy = flows.get(node);
    if (dy === undefined || !active.has(node) || node.inputs.length === 0) continue;
    for (const [i, flow] of applyRule(node, dy).entries()) {
      const source = node.inputs[i]!;
      if (flow === undefined || !active.has(source)) continue;
      const before = flows.get(source);
      flows.set(source, before === undefined ? flow : add(before, flow));
    }
  }
  return wrt.map((node) => flows.get(node) ?? expand(constant(0), node.shape));
}

function dependents(sorted: readonly Node[], wrt: readonly Node[]): Set<Node> {
  const active = new Set<Node>(wrt);
  for (const node of sorted) {
    if (node.inputs.some((source) => active.has(source))) active.add(node);
  }
  return active;
}

function applyRule(node: Node, dy: Node): (Node | undefined)[] {
  const rule = RULES[node.operation.kind] as Rule<Kind> | undefined;
  if (rule === undefined) {
    throw new NumericError({ what: `${node.operation.kind} has no derivative` });
  }
  return rule(node.operation, node, dy);
}

/** Sum a gradient back to the shape that was broadcast. */
function shrink(dy: Node, shape: readonly number[]): Node {
  if (sameShape(dy.shape, shape)) return dy;
  const lead = dy.shape.length - shape.length;
  const axes = dy.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < lead || (shape[axis - lead] === 1 && dy.shape[axis] !== 1));
  return reshape(axes.length === 0 ? dy : sum(dy, axes), shape);
}

function larger(node: Node, dy: Node, bySign: 1 | -1): Node[] {
  const [a, b] = node.inputs as [Node, Node];
  const lost = step(bySign === 1 ? subtract(b, a) : subtract(a, b));
  const toB = multiply(dy, lost);
  return [shrink(subtract(dy, toB), a.shape), shrink(toB, b.shape)];
}

function matmulRule(operation: OperationOf<"matmul">, node: Node, dy: Node): Node[] {
  const { transposeA, transposeB } = operation;
  const [a, b] = node.inputs as [Node, Node];
  const da = transposeA
    ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
    : matmul(dy, b, { transposeB: !transposeB });
  const db = transposeB
    ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
    : matmul(a, dy, { transposeA: !transposeA });
  return [da, db];
}

function concatRule(operation: OperationOf<"concat">, node: Node, dy: Node): Node[] {
  let start = 0;
  return node.inputs.map((part) => {
    const stop = start + part.shape[operation.axis]!;
    const piece = slice(dy, operation.axis, [start, stop]);
    start = stop;
    return piece;
  });
}

/** dx = γ/√(v+ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)); Ioffe & Szegedy (2015), section 3. */
function normaliseRule(
  operation: OperationOf<"normalise">,
  node: Node,
  dy: Node,
): (Node | undefined)[] {
  const [x, center, variance, scale] = node.inputs as [Node, Node, Node, Node, Node];
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const count = sizeOf(x.shape) / x.shape[1]!;
  const inverse = power(add(variance, operation.epsilon), -0.5);
  // Not x − center: an engine would know that from the moments and keep it until here.
  const centered = add(x, negate(center));
  const sumDy = sum(dy, axes);
  const sumDyX = multiply(sum(multiply(dy, centered), axes), inverse);
  const slope = multiply(scale, inverse);
  const byX = multiply(multiply(slope, inverse), divide(sumDyX, -count));
  const offset = multiply(slope, divide(sumDy, -count));
  const dx = add(add(multiply(dy, slope), offset), multiply(centered, byX));
  return [dx, undefined, undefined, sumDyX, sumDy];
}

const RULES: { readonly [K in Kind]?: Rule<K> } = {
  add: (_, { inputs }, dy) => inputs.map((x) => shrink(dy, x.shape)),
  subtract: (_, { inputs: [a, b] }, dy) => [shrink(dy, a!.shape), shrink(negate(dy), b!.shape)],
  multiply: (_, { inputs: [a, b] }, dy) => [
    shrink(multiply(dy, b!), a!.shape),
    shrink(multiply(dy, a!), b!.shape),
  ],
  divide: (_, { inputs: [a, b] }, dy) => {
    const quotient = divide(dy, b!);
    return [
      shrink(quotient, a!.shape),
      shrink(negate(multiply(quotient, divide(a!, b!))), b!.shape),
    ];
  },
  maximum: (_, node, dy) => larger(node, dy, 1),
  minimum: (_, node, dy) => larger(node, dy, -1),
  negate: (_, __, dy) => [negate(dy)],
  relu: (_, node, dy) => [multiply(dy, step(node))],
  tanh: (_, node, dy) => [multiply(dy, subtract(1, multiply(node, node)))],
  sigmoid: (_, node, dy) => [multiply(dy, multiply(node, subtract(1, node)))],
  exp: (_, node, dy) => [multiply(dy, node)],
  log: (_, { inputs: [x] }, dy) => [divide(dy, x!)],
  sqrt: (_, node, dy) => [divide(multiply(dy, 0.5), node)],
  square: (_, { inputs: [x] }, dy) => [multiply(multiply(dy, 2), x!)],
  abs: (_, { inputs: [x] }, dy) => [multiply(dy, sign(x!))],
  sign: () => [undefined],
  step: () => [undefined],
  power: ({ exponent }, { inputs: [x] }, dy) => [
    multiply(dy, multiply(power(x!, exponent - 1), exponent)),
  ],
  sum: (_, { inputs: [x] }, dy) => [expand(dy, x!.shape)],
  mean: (_, { inputs: [x], shape }, dy) => [
    expand(multiply(dy, sizeOf(shape) / sizeOf(x!.shape)), x!.shape),
  ],
  softmax: ({ axis }, node, dy) => {
    const weighted = multiply(dy, node);
    return [subtract(weighted, multiply(node, sum(weighted, [axis])))];
  },
  logSoftmax: ({ axis }, node, dy) => [subtract(dy, multiply(exp(node), sum(dy, [axis])))],
  matmul: matmulRule,
  reshape: (_, { inputs: [x] }, dy) => [reshape(dy, x!.shape)],
  expand: (_, { inputs: [x] }, dy) => [shrink(dy, x!.shape)],
  transpose: ({ order }, _, dy) => [transpose(dy, inverseOf(order))],
  slice: ({ axis, start }, { inputs: [x], shape }, dy) => [
    pad(dy, axis, [start, x!.shape[axis]! - start - shape[axis]!]),
  ],
  pad: ({ axis, before }, { inputs: [x] }, dy) => [
    slice(dy, axis, [before, before + x!.shape[axis]!]),
  ],
  concat: concatRule,
  gatherRows: ({ rows }, { inputs: [x] }, dy) => [sumRows(dy, rows, x!.shape[0]!)],
  sumRows: ({ rows }, _, dy) => [gatherRows(dy, rows)],
  conv: ({ window }, { inputs: [x, filters, bias] }, dy) => {
    const image = x!.shape.slice(2) as [number, number];
    const dx = convTranspose(dy, filters!, window, image);
    const byFilters = convFilter(x!, dy, window);
    if (bias === undefined) return [dx, byFilters];
    return [dx, byFilters, reshape(sum(dy, [0, 2, 3]), bias.shape)];
  },
  convTranspose: ({ window }, { inputs: [y, filters] }, dz) => [
    conv(dz, filters!, window),
    convFilter(dz, y!, window),
  ],
  convFilter: ({ window }, { inputs: [x, y] }, df) => [
    convTranspose(y!, df, window, x!.shape.slice(2) as [number, number]),
    conv(x!, df, window),
  ],
  maxPool: ({ window }, node, dy) => [maxPoolGradient(node, dy, window)],
  averagePool: ({ window }, { inputs: [x] }, dy) => [averagePoolGradient(dy, window, x!.shape)],
  normalise: normaliseRule,
};

function inverseOf(order: readonly number[]): number[] {
  const inverse = new Array<number>(order.length);
  for (const [d, axis] of order.entries()) inverse[axis] = d;
  return inverse;
}
