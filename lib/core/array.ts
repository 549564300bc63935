/** Arrays with a shape: row-major typed arrays, the last dimension fastest. */

import { shapeError } from "./errors.js";

/** The typed arrays that hold numbers. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** Numbers with a shape, row-major. */
export interface NdArray<A extends NumberArray = NumberArray> {
  readonly data: A;
  readonly shape: readonly number[];
}

/** How many elements a shape holds; 1 for a scalar's empty shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Steps between neighbours along each dimension of a row-major array [elements]. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d]!;
  }
  return strides;
}

/**
 * Join numbers and a shape.
 *
 * @throws {ShapeError} if the shape does not hold `data.length` elements
 */
export function ndarray<A extends NumberArray>(data: A, shape: readonly number[]): NdArray<A> {
  if (sizeOf(shape) !== data.length) throw shapeError("array", shape, [data.length]);
  return { data, shape };
}
