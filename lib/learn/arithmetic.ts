/** Nodes that compute: element by element, over axes, and matrix products. */

import { ArgumentError } from "../core/index.js";
import {
  asNode,
  type BinaryKind,
  broadcastShape,
  makeNode,
  misfit,
  type Node,
  type UnaryKind,
} from "./node.js";

/** A node or a number that stands for a constant. */
export type Operand = Node | number;

function binary(kind: BinaryKind, a: Operand, b: Operand): Node {
  const [x, y] = [asNode(a), asNode(b)];
  return makeNode({ kind }, [x, y], broadcastShape(kind, x.shape, y.shape));
}

function unary(kind: UnaryKind, x: Node): Node {
  return makeNode({ kind }, [x], x.shape);
}

/** a + b, broadcast. */
export const add = (a: Operand, b: Operand): Node => binary("add", a, b);
/** a − b, broadcast. */
export const subtract = (a: Operand, b: Operand): Node => binary("subtract", a, b);
/** a · b element by element, broadcast. */
export const multiply = (a: Operand, b: Operand): Node => binary("multiply", a, b);
/** a / b element by element, broadcast. */
export const divide = (a: Operand, b: Operand): Node => binary("divide", a, b);
/** The larger of a and b, broadcast; where they are equal the gradient goes to a. */
export const maximum = (a: Operand, b: Operand): Node => binary("maximum", a, b);
/** The smaller of a and b, broadcast; where they are equal the gradient goes to a. */
export const minimum = (a: Operand, b: Operand): Node => binary("minimum", a, b);

/** −x. */
export const negate = (x: Node): Node => unary("negate", x);
/** max(x, 0). */
export const relu = (x: Node): Node => unary("relu", x);
/** Hyperbolic tangent. */
export const tanh = (x: Node): Node => unary("tanh", x);
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = (x: Node): Node => unary("sigmoid", x);
/** eˣ. */
export const exp = (x: Node): Node => unary("exp", x);
/** Natural logarithm. */
export const log = (x: Node): Node => unary("log", x);
/** Square root. */
export const sqrt = (x: Node): Node => unary("sqrt", x);
/** x². */
export const square = (x: Node): Node => unary("square", x);
/** |x|. */
export const abs = (x: Node): Node => unary("abs", x);
/** −1, 0 or 1; its gradient is 0. */
export const sign = (x: Node): Node => unary("sign", x);
/** 1 where x > 0, else 0; its gradient is 0. */
export const step = (x: Node): Node => unary("step", x);

/** x to a constant exponent. */
export function power(x: Node, exponent: number): Node {
  return makeNode({ kind: "power", exponent }, [x], x.shape);
}

/** Sum over axes (all where none are given); the axes stay with length 1. */
export function sum(x: Node, axes: readonly number[] = allAxes(x)): Node {
  return makeNode({ kind: "sum", axes: checkAxes("sum", x, axes) }, [x], keptShape(x, axes));
}

/** Mean over axes (all where none are given); the axes stay with length 1. */
export function mean(x: Node, axes: readonly number[] = allAxes(x)): Node {
  return makeNode({ kind: "mean", axes: checkAxes("mean", x, axes) }, [x], keptShape(x, axes));
}

/** eˣ / Σ eˣ along an axis. */
export function softmax(x: Node, axis: number): Node {
  return makeNode({ kind: "softmax", axis: checkAxes("softmax", x, [axis])[0]! }, [x], x.shape);
}

/** log softmax(x) along an axis, without the overflow of taking both in turn. */
export function logSoftmax(x: Node, axis: number): Node {
  const [checked] = checkAxes("logSoftmax", x, [axis]);
  return makeNode({ kind: "logSoftmax", axis: checked! }, [x], x.shape);
}

/** Which operands of a matrix product are to be transposed first. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product.
 *
 * @param a shape (m, k), or (k, m) where it is to be transposed
 * @param b shape (k, n), or (n, k) where it is to be transposed
 * @returns shape (m, n)
 * @throws {ShapeError} if they do not fit
 */
export function matmul(a: Node, b: Node, options: MatmulOptions = {}): Node {
  const { transposeA = false, transposeB = false } = options;
  if (a.shape.length !== 2 || b.shape.length !== 2) throw misfit("matmul", a.shape, b.shape);
  const [m, k] = transposeA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [l, n] = transposeB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  if (k !== l) throw misfit("matmul", a.shape, b.shape);
  return makeNode({ kind: "matmul", transposeA, transposeB }, [a, b], [m, n]);
}

/** What `normalise` takes beside the values. */
export interface Moments {
  /** mean over the batch, one per channel, shape (1, c, 1, …) */
  readonly mean: Node;
  /** variance over the batch (divided by n, not n − 1), the same shape */
  readonly variance: Node;
}

/** Mean and variance of each channel (axis 1) over all other axes. */
export function momentsOf(x: Node): Moments {
  const axes = allAxes(x).filter((axis) => axis !== 1);
  const center = mean(x, axes);
  return { mean: center, variance: mean(square(subtract(x, center)), axes) };
}

/**
 * Batch normalisation with the batch's own moments: γ (x − mean) / √(variance + ε) + β.
 *
 * The gradient takes into account that the moments depend on x; nothing flows to them directly.
 *
 * @param affine.scale γ, shape (1, c, 1, …)
 * @param affine.shift β, the same shape
 * @param epsilon ε of the batch norm
 */
export function normalise(
  x: Node,
  moments: Moments,
  affine: { readonly scale: Node; readonly shift: Node },
  epsilon: number,
): Node {
  const inputs = [x, moments.mean, moments.variance, affine.scale, affine.shift];
  return makeNode({ kind: "normalise", epsilon }, inputs, x.shape);
}

function allAxes(x: Node): number[] {
  return x.shape.map((_, axis) => axis);
}

function keptShape(x: Node, axes: readonly number[]): number[] {
  return x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

function checkAxes(what: string, x: Node, axes: readonly number[]): readonly number[] {
  for (const axis of axes) {
    if (Number.isInteger(axis) && axis >= 0 && axis < x.shape.length) continue;
    const wanted = `an axis below ${x.shape.length}`;
    throw new ArgumentError({ what: `axis of ${what}`, wanted, got: String(axis) });
  }
  return axes;
}
