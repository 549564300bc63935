/**
 * The graph of a computation: nodes that know their operation, their inputs and their shape.
 * Everything that `learn` does (a network, its loss, the gradient, the optimiser's step) is such a
 * graph, which an engine then runs. All values are float32; shapes are fixed when the graph is made.
 * The functions that make nodes are in `arithmetic.ts`, `shaping.ts` and `convolution.ts`.
 */

import { formatShape, type NdArray, ShapeError, sizeOf } from "../core/index.js";

/** How a window slides over the two last dimensions of an image batch (n, c, h, w). */
export interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [height: number, width: number];
  readonly padding: readonly [height: number, width: number];
  readonly dilation: readonly [height: number, width: number];
}

/** Operations of two operands that broadcast as in NumPy. */
export type BinaryKind = "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum";

/** Operations on each element by itself; `step` is 1 where x > 0 and else 0. */
export type UnaryKind =
  | "negate"
  | "relu"
  | "tanh"
  | "sigmoid"
  | "exp"
  | "log"
  | "sqrt"
  | "square"
  | "abs"
  | "sign"
  | "step";

/** Every operation with what it needs to know beside its inputs. */
export type Operation =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly data: Float32Array }
  | { readonly kind: BinaryKind }
  | { readonly kind: UnaryKind }
  | { readonly kind: "power"; readonly exponent: number }
  | { readonly kind: "sum"; readonly axes: readonly number[] }
  | { readonly kind: "mean"; readonly axes: readonly number[] }
  | { readonly kind: "softmax"; readonly axis: number }
  | { readonly kind: "logSoftmax"; readonly axis: number }
  | { readonly kind: "matmul"; readonly transposeA: boolean; readonly transposeB: boolean }
  | { readonly kind: "reshape" }
  | { readonly kind: "expand" }
  | { readonly kind: "transpose"; readonly order: readonly number[] }
  | { readonly kind: "slice"; readonly axis: number; readonly start: number }
  | { readonly kind: "pad"; readonly axis: number; readonly before: number }
  | { readonly kind: "concat"; readonly axis: number }
  | { readonly kind: "gatherRows"; readonly rows: Int32Array }
  | { readonly kind: "sumRows"; readonly rows: Int32Array }
  | { readonly kind: "conv"; readonly window: Window }
  | { readonly kind: "convTranspose"; readonly window: Window }
  | { readonly kind: "convFilter"; readonly window: Window }
  | { readonly kind: "maxPool"; readonly window: Window }
  | { readonly kind: "maxPoolGradient"; readonly window: Window }
  | { readonly kind: "averagePool"; readonly window: Window }
  | { readonly kind: "averagePoolGradient"; readonly window: Window }
  | { readonly kind: "normalise"; readonly epsilon: number };

/** The name of an operation. */
export type Kind = Operation["kind"];

/** The operation of one kind. */
export type OperationOf<K extends Kind> = Extract<Operation, { readonly kind: K }>;

/** One value of the graph. */
export interface Node {
  readonly operation: Operation;
  readonly inputs: readonly Node[];
  readonly shape: readonly number[];
}

/** A graph as a function: named outputs; its inputs are the `input` nodes they rest on. */
export interface Program {
  readonly outputs: Readonly<Record<string, Node>>;
}

/** Make a node. The caller has checked that the shapes fit. */
export function makeNode(
  operation: Operation,
  inputs: readonly Node[],
  shape: readonly number[],
): Node {
  return { operation, inputs, shape };
}

/** A value that is given when the graph runs. */
export function input(name: string, shape: readonly number[]): Node {
  return makeNode({ kind: "input", name }, [], shape);
}

/** A number or an array that is part of the graph. */
export function constant(value: number | NdArray): Node {
  if (typeof value === "number") {
    return makeNode({ kind: "constant", data: Float32Array.of(value) }, [], []);
  }
  return makeNode({ kind: "constant", data: Float32Array.from(value.data) }, [], value.shape);
}

/** A node, or the constant that a number stands for. */
export function asNode(value: Node | number): Node {
  return typeof value === "number" ? constant(value) : value;
}

/** All nodes that `outputs` rest on, each after its inputs. */
export function sortNodes(outputs: readonly Node[]): Node[] {
  const sorted: Node[] = [];
  const entered = new Set<Node>();
  for (const output of outputs) {
    const stack: { node: Node; next: number }[] = [];
    if (!entered.has(output)) stack.push({ node: output, next: 0 });
    entered.add(output);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const child = top.node.inputs[top.next++];
      if (child === undefined) {
        sorted.push(top.node);
        stack.pop();
      } else if (!entered.has(child)) {
        entered.add(child);
        stack.push({ node: child, next: 0 });
      }
    }
  }
  return sorted;
}

/** The `input` nodes of a program by name, in the order the graph first needs them. */
export function inputsOf(program: Program): Map<string, Node> {
  const inputs = new Map<string, Node>();
  for (const node of sortNodes(Object.values(program.outputs))) {
    if (node.operation.kind === "input") inputs.set(node.operation.name, node);
  }
  return inputs;
}

/**
 * The shape two operands broadcast to.
 *
 * @throws {ShapeError} if they do not
 */
export function broadcastShape(what: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let d = 0; d < rank; d++) {
    const m = a[a.length - rank + d] ?? 1;
    const n = b[b.length - rank + d] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw misfit(what, a, b);
    shape.push(m === 1 ? n : m);
  }
  return shape;
}

/** The error for two shapes that do not go together. */
export function misfit(what: string, a: readonly number[], b: readonly number[]): ShapeError {
  return new ShapeError({
    what,
    wanted: "shapes that fit",
    got: `${formatShape(a)} and ${formatShape(b)}`,
  });
}

/** How many elements a node holds. */
export function sizeOfNode(node: Node): number {
  return sizeOf(node.shape);
}
