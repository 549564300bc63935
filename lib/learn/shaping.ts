/** Nodes that move values without changing them. */

import { ArgumentError, sizeOf } from "../core/index.js";
import { broadcastShape, makeNode, misfit, type Node } from "./node.js";

/** The same values in another shape; one length may be −1 and is then worked out. */
export function reshape(x: Node, shape: readonly number[]): Node {
  const known = sizeOf(shape.filter((length) => length !== -1));
  const full = shape.map((length) => (length === -1 ? sizeOf(x.shape) / known : length));
  if (sizeOf(full) !== sizeOf(x.shape)) throw misfit("reshape", x.shape, shape);
  if (sameShape(full, x.shape)) return x;
  return makeNode({ kind: "reshape" }, [x], full);
}

/** Repeat values along axes of length 1 until the shape is reached. */
export function expand(x: Node, shape: readonly number[]): Node {
  if (sameShape(broadcastShape("expand", x.shape, shape), x.shape)) return x;
  return makeNode({ kind: "expand" }, [x], shape);
}

/** Reorder the axes: axis d of the result is axis `order[d]` of x. */
export function transpose(x: Node, order: readonly number[]): Node {
  if (order.length !== x.shape.length) throw misfit("transpose", x.shape, order);
  const shape = order.map((axis) => x.shape[axis]!);
  return makeNode({ kind: "transpose", order }, [x], shape);
}

/** The part [start, stop) of one axis. */
export function slice(x: Node, axis: number, range: readonly [start: number, stop: number]): Node {
  const [start, stop] = range;
  const length = x.shape[axis];
  if (length === undefined || start < 0 || stop > length || stop < start) {
    const wanted = `a range within axis ${axis} of length ${length}`;
    throw new ArgumentError({ what: "slice", wanted, got: `[${start}, ${stop})` });
  }
  return makeNode({ kind: "slice", axis, start }, [x], withLength(x.shape, axis, stop - start));
}

/** Zeros put before and after the values of one axis. */
export function pad(x: Node, axis: number, amount: readonly [before: number, after: number]): Node {
  const [before, after] = amount;
  const length = before + x.shape[axis]! + after;
  return makeNode({ kind: "pad", axis, before }, [x], withLength(x.shape, axis, length));
}

/**
 * Put arrays one after the other along an axis.
 *
 * @throws {ShapeError} if they differ on another axis
 */
export function concat(parts: readonly Node[], axis: number): Node {
  const first = parts[0];
  if (first === undefined) {
    throw new ArgumentError({ what: "concat", wanted: "at least one part", got: "none" });
  }
  for (const part of parts) {
    if (!sameShape(withLength(part.shape, axis, 1), withLength(first.shape, axis, 1))) {
      throw misfit("concat", first.shape, part.shape);
    }
  }
  const length = parts.reduce((total, part) => total + part.shape[axis]!, 0);
  return makeNode({ kind: "concat", axis }, parts, withLength(first.shape, axis, length));
}

/** Rows of x, picked by their number: row i of the result is row `rows[i]` of x. */
export function gatherRows(x: Node, rows: Int32Array): Node {
  checkRows(rows, x.shape[0]!);
  return makeNode({ kind: "gatherRows", rows }, [x], withLength(x.shape, 0, rows.length));
}

/**
 * Sums of rows: row r of the result is the sum of the rows i of x with `rows[i]` = r.
 *
 * With `gatherRows` and a product this is a sparse matrix times x.
 *
 * @param count rows of the result
 */
export function sumRows(x: Node, rows: Int32Array, count: number): Node {
  if (rows.length !== x.shape[0]) throw misfit("sumRows", [rows.length], x.shape);
  checkRows(rows, count);
  return makeNode({ kind: "sumRows", rows }, [x], withLength(x.shape, 0, count));
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, d) => length === b[d]);
}

function withLength(shape: readonly number[], axis: number, length: number): number[] {
  return shape.map((old, d) => (d === axis ? length : old));
}

function checkRows(rows: Int32Array, count: number): void {
  for (const row of rows) {
    if (row >= 0 && row < count) continue;
    const got = String(row);
    throw new ArgumentError({ what: "row number", wanted: `0 to ${count - 1}`, got });
  }
}
