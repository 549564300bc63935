/** Householder's reduction of a symmetric matrix to a tridiagonal one, and the way back. */

/** T = Qᵀ A Q with the reflections that make Q. */
export interface Tridiagonal {
  /** shape (n) */
  readonly diagonal: Float64Array;
  /** T[i+1][i], shape (n); the last is 0 */
  readonly offDiagonal: Float64Array;
  /** row i holds the reflection that cleared row i left of its neighbour, shape (n, n) */
  readonly reflections: Float64Array;
  /** β of I − β v vᵀ, shape (n) */
  readonly betas: Float64Array;
}

/**
 * Reduce from the last row up. Row i is cleared left of its neighbour by a reflection of the first i
 * coordinates; what is left to reduce is always the leading square, read row by row.
 *
 * @param matrix row-major, shape (n, n); only its lower triangle is read
 */
export function tridiagonalise(matrix: Float64Array, n: number): Tridiagonal {
  const a = matrix.slice();
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const betas = new Float64Array(n);
  const w = new Float64Array(n);
  for (let i = n - 1; i >= 1; i--) {
    const v = a.subarray(i * n, i * n + i);
    diagonal[i] = a[i * n + i]!;
    const { beta, head } = reflect(v);
    betas[i] = beta;
    offDiagonal[i - 1] = head;
    if (beta === 0) continue;
    multiplySymmetric(a, n, v, w);
    let along = 0;
    for (let j = 0; j < i; j++) along += w[j]! * v[j]!;
    const half = (beta * beta * along) / 2;
    for (let j = 0; j < i; j++) w[j] = beta * w[j]! - half * v[j]!;
    subtractTwo(a, n, v, w);
  }
  if (n > 0) diagonal[0] = a[0]!;
  return { diagonal, offDiagonal, reflections: a, betas };
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

/** w = A v with the lower triangle of the leading square, four rows at a time. */
function multiplySymmetric(a: Float64Array, n: number, v: Float64Array, w: Float64Array): void {
  const m = v.length;
  w.fill(0, 0, m);
  let r = 0;
  for (; r + 3 < m; r += 4) {
    const [o0, o1, o2, o3] = [r * n, (r + 1) * n, (r + 2) * n, (r + 3) * n];
    const [x0, x1, x2, x3] = [v[r]!, v[r + 1]!, v[r + 2]!, v[r + 3]!];
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let j = 0; j < r; j++) {
      const [y0, y1, y2, y3] = [a[o0 + j]!, a[o1 + j]!, a[o2 + j]!, a[o3 + j]!];
      const x = v[j]!;
      s0 += y0 * x;
      s1 += y1 * x;
      s2 += y2 * x;
      s3 += y3 * x;
      w[j] = w[j]! + y0 * x0 + y1 * x1 + y2 * x2 + y3 * x3;
    }
    w[r] = w[r]! + s0;
    w[r + 1] = w[r + 1]! + s1;
    w[r + 2] = w[r + 2]! + s2;
    w[r + 3] = w[r + 3]! + s3;
    for (let k = r; k < r + 4; k++) multiplyRow(a, n, v, { w, row: k, from: r });
  }
  for (; r < m; r++) multiplyRow(a, n, v, { w, row: r, from: 0 });
}

/** What row `row` of the triangle gives to w, from column `from` to the diagonal. */
function multiplyRow(
  a: Float64Array,
  n: number,
  v: Float64Array,
  { w, row, from }: { w: Float64Array; row: number; from: number },
): void {
  const offset = row * n;
  let sum = 0;
  for (let j = from; j < row; j++) {
    sum += a[offset + j]! * v[j]!;
    w[j] = w[j]! + a[offset + j]! * v[row]!;
  }
  w[row] = w[row]! + sum + a[offset + row]! * v[row]!;
}

/** A ← A − v wᵀ − w vᵀ on the lower triangle of the leading square. */
function subtractTwo(a: Float64Array, n: number, v: Float64Array, w: Float64Array): void {
  for (let r = 0; r < v.length; r++) {
    const offset = r * n;
    const x = v[r]!;
    const y = w[r]!;
    for (let j = 0; j <= r; j++) a[offset + j] = a[offset + j]! - x * w[j]! - y * v[j]!;
  }
}

/** Eigenvectors of T into those of A: apply all reflections to rows, four rows at a time. */
export function expandReflections(
  { reflections, betas }: Pick<Tridiagonal, "reflections" | "betas">,
  rows: Float64Array,
): void {
  const n = betas.length;
  const count = rows.length / n;
  let r = 0;
  for (; r + 3 < count; r += 4) {
    for (let i = 1; i < n; i++) {
      if (betas[i] !== 0) reflectFour(reflections, rows, { i, r, n, beta: betas[i]! });
    }
  }
  for (; r < count; r++) {
    for (let i = 1; i < n; i++) {
      if (betas[i] !== 0) reflectOne(reflections, rows, { i, r, n, beta: betas[i]! });
    }
  }
}

interface Reflection {
  readonly i: number;
  readonly r: number;
  readonly n: number;
  readonly beta: number;
}

function reflectFour(v: Float64Array, x: Float64Array, { i, r, n, beta }: Reflection): void {
  const o = i * n;
  const [o0, o1, o2, o3] = [r * n, (r + 1) * n, (r + 2) * n, (r + 3) * n];
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let j = 0; j < i; j++) {
    const y = v[o + j]!;
    s0 += y * x[o0 + j]!;
    s1 += y * x[o1 + j]!;
    s2 += y * x[o2 + j]!;
    s3 += y * x[o3 + j]!;
  }
  s0 *= beta;
  s1 *= beta;
  s2 *= beta;
  s3 *= beta;
  for (let j = 0; j < i; j++) {
    const y = v[o + j]!;
    x[o0 + j] = x[o0 + j]! - s0 * y;
    x[o1 + j] = x[o1 + j]! - s1 * y;
    x[o2 + j] = x[o2 + j]! - s2 * y;
    x[o3 + j] = x[o3 + j]! - s3 * y;
  }
}

function reflectOne(v: Float64Array, x: Float64Array, { i, r, n, beta }: Reflection): void {
  let sum = 0;
  for (let j = 0; j < i; j++) sum += v[i * n + j]! * x[r * n + j]!;
  sum *= beta;
  for (let j = 0; j < i; j++) x[r * n + j] = x[r * n + j]! - sum * v[i * n + j]!;
}
