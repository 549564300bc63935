/**
 * Householder's reduction of a symmetric matrix to a tridiagonal one, and the way back. A kernel
 * (tridiagonal.as) does what costs n³: each of its passes over the matrix takes in the last reflection
 * and multiplies by the next, and reflections go to four vectors at a time.
 */

import { openKernel } from "../core/index.js";
import { TRIDIAGONAL_WASM } from "./tridiagonal-wasm.js";

/** T = Qᵀ A Q. */
export interface Tridiagonal {
  /** shape (n) */
  readonly diagonal: Float64Array;
  /** T[i+1][i], shape (n); the last is 0 */
  readonly offDiagonal: Float64Array;
  /** Multiply vectors by Q in place; shape (count, n). Eigenvectors of T become those of A. */
  expand(vectors: Float64Array): void;
}

const MODULE = new WebAssembly.Module(Buffer.from(TRIDIAGONAL_WASM, "base64"));

/** Vectors that a reflection goes to at a time: enough to be worth reading it, few enough for the cache. */
const SOME = 32;

/** A place in the kernel's memory, in bytes. */
type Address = number;

/** What the kernel exports; strides in bytes. */
interface Kernel {
  free(): Address;
  subtractFromRow(row: Address, r: number, v: Address, w: Address, bytes: number): void;
  advance(
    ...how: [
      ...[a: Address, stride: number, m: number, v: Address, w: Address],
      ...[x: Address, y: Address],
    ]
  ): void;
  overlap(reflections: Address, n: number, stride: number, overlaps: Address): void;
  expand(
    ...how: [
      ...[reflections: Address, betas: Address, overlaps: Address],
      ...[n: number, stride: number, rows: Address, groups: number],
    ]
  ): void;
}

interface Layout {
  readonly kernel: Kernel;
  readonly n: number;
  /** numbers from row to row: n, made even, or one more */
  readonly stride: number;
  /** shape (n, stride); row i comes to hold the reflection that cleared it left of its neighbour */
  readonly a: Float64Array;
  /** β of I − β v vᵀ, shape (stride) */
  readonly betas: Float64Array;
  /** Room for w of A − v wᵀ − w vᵀ, of this step and of the one before; shape (stride) */
  readonly w: readonly [Float64Array, Float64Array];
  /** room for some vectors, shape (SOME, stride) */
  readonly some: Float64Array;
}

/**
 * Reduce from the last row up. Row i is cleared left of its neighbour by a reflection of the first i
 * coordinates; what is left to reduce is always the leading square.
 *
 * @param matrix row-major, shape (n, n); only its lower triangle is read
 */
export function tridiagonalise(matrix: Float64Array, n: number): Tridiagonal {
  const layout = layOut(matrix, n);
  const { kernel, stride, a, betas } = layout;
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  let [w, before] = layout.w;
  for (let i = n - 1; i >= 0; i--) {
    const row = a.subarray(i * stride, i * stride + i + 1);
    const v = Math.min(i + 1, n - 1) * stride * 8 + a.byteOffset;
    kernel.subtractFromRow(row.byteOffset, i, v, before.byteOffset, 16 * Math.floor(i / 2 + 1));
    diagonal[i] = row[i]!;
    row[i] = 0;
    if (i === 0) break;
    const { beta, head } = reflect(row.subarray(0, i));
    betas[i] = beta;
    offDiagonal[i - 1] = head;
    const at = [a.byteOffset, stride * 8, i, v, before.byteOffset] as const;
    kernel.advance(...at, row.byteOffset, w.byteOffset);
    balance(w, row, beta, i);
    [w, before] = [before, w];
  }
  return { diagonal, offDiagonal, expand: (vectors) => expand(layout, vectors) };
}

type Room = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

function layOut(matrix: Float64Array, n: number): Layout {
  const stride = 2 * Math.floor(n / 2 + 1);
  const rows = [n, 1, 1, 1, SOME];
  const { kernel, arrays } = openKernel<Kernel>(
    MODULE,
    rows.map((count) => count * stride),
  );
  const [a, betas, w, before, some] = arrays as Room;
  for (let i = 0; i < n; i++) a.set(matrix.subarray(i * n, i * n + i + 1), i * stride);
  return { kernel, n, stride, a, betas, w: [w, before], some };
}

/** Turn x into v with (I − β v vᵀ) x = head · e_last. */
function reflect(x: Float64Array): { beta: number; head: number } {
  const last = x.length - 1;
  let rest = 0;
  for (let j = 0; j < last; j++) rest += x[j]! * x[j]!;
  if (rest === 0) return { beta: 0, head: x[last]! };
  const head = x[last]! > 0 ? -Math.sqrt(rest + x[last]! ** 2) : Math.sqrt(rest + x[last]! ** 2);
  x[last] = x[last]! - head;
  return { beta: 2 / (rest + x[last]! ** 2), head };
}

/** From A v, the w with which (I − β v vᵀ) A (I − β v vᵀ) = A − v wᵀ − w vᵀ; zero from m on. */
function balance(w: Float64Array, v: Float64Array, beta: number, m: number): void {
  let along = 0;
  for (let j = 0; j < m; j++) along += w[j]! * v[j]!;
  const half = (beta * beta * along) / 2;
  for (let j = 0; j < m; j++) w[j] = beta * w[j]! - half * v[j]!;
  w[m] = 0;
}

function expand({ kernel, n, stride, a, betas, w, some }: Layout, vectors: Float64Array): void {
  const at = [a.byteOffset, betas.byteOffset, w[0].byteOffset] as const;
  kernel.overlap(a.byteOffset, n, stride * 8, w[0].byteOffset);
  const most = some.length / stride;
  for (let first = 0; first < vectors.length; first += most * n) {
    const rows = Math.min(most, (vectors.length - first) / n);
    some.fill(0);
    for (let r = 0; r < rows; r++) {
      some.set(vectors.subarray(first + r * n, first + (r + 1) * n), r * stride);
    }
    kernel.expand(...at, n, stride * 8, some.byteOffset, Math.ceil(rows / 4));
    for (let r = 0; r < rows; r++) {
      vectors.set(some.subarray(r * stride, r * stride + n), first + r * n);
    }
  }
}
