/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to a tridiagonal one,
 * its eigenvalues by implicit QL, eigenvectors by inverse iteration, and the way back. Only the
 * vectors that are asked for are computed, so that a few of a large matrix cost little more than
 * the reduction.
 *
 * @see Golub & Van Loan (2013), Matrix Computations, 4th ed., sections 8.3–8.4; Peters & Wilkinson
 *      (1979), SIAM Review 21, 339 (inverse iteration)
 */

import { ArgumentError, makeRandom, NumericError, shapeError } from "../core/index.js";
import { type Tridiagonal, tridiagonalise } from "./tridiagonal.js";

/** The lowest eigenvalues of a matrix, ascending, and a unit vector for each. */
export interface Eigen {
  /** shape (count) */
  readonly values: Float64Array;
  /** one vector a row, shape (count, n), row-major */
  readonly vectors: Float64Array;
}

/**
 * The lowest eigenvalues of a symmetric matrix with their vectors.
 *
 * @param matrix row-major, shape (n, n); only its lower triangle is read
 * @param count  how many, from the lowest up; all by default
 * @returns vectors are orthonormal; the largest element of each is positive
 * @throws {ShapeError} if the matrix is not square
 * @throws {ArgumentError} if a value is not finite
 */
export function symmetricEigen(matrix: Float64Array, n: number, count = n): Eigen {
  if (matrix.length !== n * n) throw shapeError("matrix", [n, n], [matrix.length]);
  if (!(Number.isInteger(count) && count >= 1 && count <= n)) {
    throw new ArgumentError({ what: "count", wanted: `1 to ${n}`, got: String(count) });
  }
  if (!matrix.every(Number.isFinite)) {
    throw new ArgumentError({ what: "matrix", wanted: "finite numbers", got: "NaN or infinity" });
  }
  const reduced = tridiagonalise(matrix, n);
  const values = tridiagonalValues(reduced).subarray(0, count);
  const vectors = tridiagonalVectors(reduced, values);
  reduced.expand(vectors);
  for (let k = 0; k < count; k++) orient(vectors.subarray(k * n, (k + 1) * n));
  return { values: values.slice(), vectors };
}

/** All eigenvalues of a tridiagonal matrix, ascending: QL with Wilkinson's shift. */
export function tridiagonalValues({
  diagonal,
  offDiagonal,
}: Pick<Tridiagonal, "diagonal" | "offDiagonal">): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = new Float64Array(n);
  e.set(offDiagonal.subarray(0, n - 1));
  for (let l = 0; l < n; l++) {
    for (let turn = 0; ; turn++) {
      let m = l;
      for (; m < n - 1; m++) {
        const scale = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Number.EPSILON * scale) break;
      }
      if (m === l) break;
      if (turn === 60) {
        throw new NumericError({ what: "eigenvalues", wanted: "convergence", got: "60 QL steps" });
      }
      qlStep(d, e, l, m);
    }
  }
  return d.sort();
}

/** One implicit QL step on rows l to m. */
function qlStep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  let r = Math.hypot(g, 1);
  g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -r : r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = d[i + 1]! - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const q = (d[i]! - g) * s + 2 * c * b;
    p = s * q;
    d[i + 1] = g + p;
    g = c * q - b;
  }
  d[l] = d[l]! - p;
  e[l] = g;
  e[m] = 0;
}

/** Eigenvectors of a tridiagonal matrix by inverse iteration; close ones are made orthogonal. */
function tridiagonalVectors(matrix: Tridiagonal, values: Float64Array): Float64Array {
  const n = matrix.diagonal.length;
  const vectors = new Float64Array(values.length * n);
  const norm = oneNorm(matrix);
  const close = 1e-3 * norm;
  const apart = 10 * Number.EPSILON * norm;
  const solve = makeShiftedSolver(matrix, Number.EPSILON * norm);
  const random = makeRandom(1);
  let first = 0;
  let shift = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    if (k > 0 && values[k]! - values[k - 1]! > close) first = k;
    shift = Math.max(values[k]!, shift + apart);
    const x = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) x[i] = 2 * random.uniform() - 1;
    solve.factor(shift);
    for (let turn = 0; turn < 3; turn++) {
      solve.apply(x);
      normalise(x);
      if (first === k) continue;
      for (let j = first; j < k; j++) removeAlong(x, vectors.subarray(j * n, (j + 1) * n));
      normalise(x);
    }
  }
  return vectors;
}

/** Solve (T − λI) x = b by elimination with partial pivoting; tiny pivots become `least`. */
function makeShiftedSolver({ diagonal, offDiagonal }: Tridiagonal, least: number) {
  const n = diagonal.length;
  const [a, b, c, ratio] = [0, 1, 2, 3].map(() => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const swapped = new Uint8Array(n);
  return {
    factor(shift: number): void {
      let p = diagonal[0]! - shift;
      let q = n > 1 ? offDiagonal[0]! : 0;
      for (let i = 0; i < n - 1; i++) {
        const below = offDiagonal[i]!;
        const next = diagonal[i + 1]! - shift;
        const after = i < n - 2 ? offDiagonal[i + 1]! : 0;
        const swap = Math.abs(below) > Math.abs(p);
        swapped[i] = swap ? 1 : 0;
        if (!swap && Math.abs(p) < least) p = least;
        [a[i], b[i], c[i]] = swap ? [below, next, after] : [p, q, 0];
        ratio[i] = (swap ? p : below) / a[i]!;
        [p, q] = swap ? [q - ratio[i]! * next, -ratio[i]! * after] : [next - ratio[i]! * q, after];
      }
      a[n - 1] = Math.abs(p) < least ? least : p;
    },
    apply(x: Float64Array): void {
      let below = x[0]!;
      for (let i = 0; i < n - 1; i++) {
        const next = x[i + 1]!;
        const top = swapped[i] === 1 ? next : below;
        below = (swapped[i] === 1 ? below : next) - ratio[i]! * top;
        x[i] = top;
      }
      let [after, later] = [0, 0];
      for (let i = n - 1; i >= 0; i--) {
        const value = ((i === n - 1 ? below : x[i]!) - c[i]! * later - b[i]! * after) / a[i]!;
        [later, after] = [after, value];
        x[i] = value;
      }
    },
  };
}

function oneNorm({ diagonal, offDiagonal }: Tridiagonal): number {
  const n = diagonal.length;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const sides = (i > 0 ? Math.abs(offDiagonal[i - 1]!) : 0) + Math.abs(offDiagonal[i] ?? 0);
    most = Math.max(most, Math.abs(diagonal[i]!) + sides);
  }
  return most === 0 ? 1 : most;
}

function removeAlong(x: Float64Array, unit: Float64Array): void {
  let share = 0;
  for (let i = 0; i < x.length; i++) share += x[i]! * unit[i]!;
  for (let i = 0; i < x.length; i++) x[i] = x[i]! - share * unit[i]!;
}

/** Scale to length 1; the largest element first, so that nothing overflows. */
function normalise(x: Float64Array): void {
  let most = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]!);
    if (size > most) most = size;
  }
  let square = 0;
  for (let i = 0; i < x.length; i++) {
    const share = x[i]! / most;
    x[i] = share;
    square += share * share;
  }
  const scale = 1 / Math.sqrt(square);
  for (let i = 0; i < x.length; i++) x[i] = x[i]! * scale;
}

function orient(x: Float64Array): void {
  let largest = 0;
  for (let i = 1; i < x.length; i++)
    if (Math.abs(x[i]!) > Math.abs(x[largest]!) + 1e-12) largest = i;
  if (x[largest]! < 0) for (let i = 0; i < x.length; i++) x[i] = -x[i]!;
}
