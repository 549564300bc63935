/**
 * Coordinate descent on a Lasso problem, laid out in the memory of a kernel (lasso.as): the columns, and
 * for those that have ever been wanted their part of the Gram matrix, on which the sweeps go.
 */

import { openKernel } from "../core/index.js";
import { LASSO_WASM } from "./lasso-wasm.js";

const MODULE = new WebAssembly.Module(Buffer.from(LASSO_WASM, "base64"));

/** A place in the kernel's memory, in bytes. */
type Address = number;

interface Kernel {
  free(): Address;
  products(
    ...how: [columns: Address, count: number, rows: number, by: Address, n: number, out: Address]
  ): void;
  enter(
    ...how: [
      ...[columns: Address, rows: number, members: Address, count: number],
      ...[n: number, gram: Address, width: number],
    ]
  ): void;
  subtractFitted(
    ...how: [
      ...[columns: Address, rows: number, members: Address, count: number],
      ...[beta: Address, residual: Address],
    ]
  ): void;
  gap(
    ...how: [
      ...[count: number, beta: Address, gradient: Address, target: Address],
      ...[power: number, alpha: number, steepest: number],
    ]
  ): number;
  settle(
    ...how: [
      ...[count: number, gram: Address, width: number, beta: Address, gradient: Address],
      ...[target: Address, power: number, alpha: number, least: number, most: number],
    ]
  ): number;
}

/** A centred problem and where its solution stands. */
export interface Layout {
  readonly kernel: Kernel;
  readonly n: number;
  readonly p: number;
  /** n made even */
  readonly rows: number;
  /** one column after the other, shape (p, rows) */
  readonly columns: Float64Array;
  /** shape (rows) */
  readonly y: Float64Array;
  /** ‖y‖²/N */
  readonly power: number;
  /** y − Xβ, shape (rows) */
  readonly residual: Float64Array;
  /** Xᵀ(y − Xβ)/N, shape (p) */
  readonly gradient: Float64Array;
  /** how many columns are in the working set, */
  count: number;
  /** and which, in the order in which they came; shape (p made even) */
  readonly members: Int32Array;
  /** of the working columns: XᵀX/N in rows of p made even, */
  readonly gram: Float64Array;
  /** β, */
  readonly beta: Float64Array;
  /** Xᵀ(y − Xβ)/N */
  readonly slope: Float64Array;
  /** and Xᵀy/N */
  readonly target: Float64Array;
}

/**
 * Lay a problem out, with β = 0; its columns are for the caller to fill.
 *
 * @param y centred, shape (n)
 * @param p number of columns
 */
export function layOut(y: Float64Array, p: number): Layout {
  const n = y.length;
  const [rows, width] = [n, p].map((size) => 2 * Math.ceil(size / 2)) as [number, number];
  const sizes = [p * rows, rows, rows, width, p * width, width, width, width, width / 2];
  const { kernel, arrays } = openKernel<Kernel>(MODULE, sizes);
  const next = () => arrays.shift()!;
  const layout = {
    ...{ kernel, n, p, rows, power: y.reduce((sum, v) => sum + v * v, 0) / n, count: 0 },
    ...{ columns: next(), y: next(), residual: next(), gradient: next() },
    ...{ gram: next(), beta: next(), slope: next(), target: next() },
    members: int32sIn(next()),
  };
  layout.y.set(y);
  return layout;
}

/** Whole numbers in the place of others, two in each. */
function int32sIn({ buffer, byteOffset, length }: Float64Array): Int32Array {
  return new Int32Array(buffer, byteOffset, 2 * length);
}

/** Let a column into the working set, unless it is there. */
export function enter(layout: Layout, j: number): void {
  const { kernel, n, rows, columns, members, gram, beta, y, target } = layout;
  if (members.subarray(0, layout.count).includes(j)) return;
  const last = layout.count++;
  members[last] = j;
  const own = columns.byteOffset + 8 * rows * j;
  kernel.products(own, 1, rows, y.byteOffset, n, target.byteOffset + 8 * last);
  beta[last] = 0;
  layout.slope[last] = layout.gradient[j]!;
  const at = [columns.byteOffset, rows, members.byteOffset, layout.count] as const;
  kernel.enter(...at, n, gram.byteOffset, beta.length);
}

/** Sweep over the working columns until their own gap is at most `least`; returns how many sweeps. */
export function settle(
  { kernel, count, gram, beta, slope, target, power }: Layout,
  alpha: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const at = [gram.byteOffset, beta.length, beta.byteOffset, slope.byteOffset] as const;
  return kernel.settle(count, ...at, target.byteOffset, power, alpha, least, most);
}

/** Bring the residual and all gradients up to date from β. */
export function lookAtAll(layout: Layout): void {
  const { kernel, n, p, rows, columns, y, residual, gradient, members, count, beta } = layout;
  residual.set(y);
  const at = [columns.byteOffset, rows, members.byteOffset, count] as const;
  kernel.subtractFitted(...at, beta.byteOffset, residual.byteOffset);
  kernel.products(columns.byteOffset, p, rows, residual.byteOffset, n, gradient.byteOffset);
  for (let a = 0; a < count; a++) layout.slope[a] = gradient[members[a]!]!;
}

/** The duality gap of the whole problem, as of the last look at all columns. */
export function wholeGap(layout: Layout, alpha: number): number {
  const { kernel, p, gradient, count, beta, slope, target, power } = layout;
  let steepest = 0;
  for (let j = 0; j < p; j++) steepest = Math.max(steepest, Math.abs(gradient[j]!));
  const at = [beta.byteOffset, slope.byteOffset, target.byteOffset] as const;
  return kernel.gap(count, ...at, power, alpha, steepest);
}
