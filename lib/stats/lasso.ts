/**
 * Lasso by coordinate descent: minimise ‖y − Xβ − b‖²/(2N) + α‖β‖₁ with an unpenalised intercept,
 * the objective of scikit-learn and of glmnet. The solver works on the Gram matrix, so a step of a
 * path costs no pass over the samples, and stops by the duality gap.
 *
 * @see Friedman, Hastie & Tibshirani (2010), Journal of Statistical Software 33(1)
 */

import { ArgumentError, NumericError, shapeError } from "../core/index.js";

/** A regression problem; X is row-major, shape (n, p). */
export interface LassoProblem {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** "free" adds an unpenalised intercept (default); "none" goes through the origin */
  readonly intercept?: "free" | "none";
}

/** A solution at one penalty. */
export interface LassoFit {
  readonly alpha: number;
  /** β, shape (p) */
  readonly coefficients: Float64Array;
  readonly intercept: number;
  /** columns whose coefficient is not zero */
  readonly support: readonly number[];
  /** 1 − ‖residual‖²/‖y − ȳ‖² on the samples of the fit (ȳ = 0 without intercept) */
  readonly r2: number;
  /** duality gap over ‖y‖², below the tolerance asked for */
  readonly gap: number;
}

/** How exactly to solve. */
export interface LassoOptions {
  /** largest duality gap over ‖y‖²/N; 1e-10 by default */
  readonly tolerance?: number;
  /** sweeps before giving up; 100,000 by default */
  readonly sweeps?: number;
}

/** A problem prepared for many penalties: centred, with its Gram matrix. */
export interface LassoSolver {
  readonly n: number;
  readonly p: number;
  /** the least penalty at which every coefficient is zero: max |Xᵀ(y − ȳ)|/N */
  readonly alphaMax: number;
  /**
   * Solve at one penalty, starting from the last solution.
   *
   * @throws {ArgumentError} if the penalty is not positive
   * @throws {NumericError} if the gap stays too wide
   */
  fit(alpha: number): LassoFit;
}

interface Gram {
  readonly n: number;
  readonly p: number;
  /** XᵀX/N of the centred columns, shape (p, p) */
  readonly matrix: Float64Array;
  /** Xᵀy/N, shape (p) */
  readonly target: Float64Array;
  /** ‖y‖²/N */
  readonly power: number;
  readonly columnMeans: Float64Array;
  readonly yMean: number;
}

/**
 * Prepare a problem for a path of penalties.
 *
 * @throws {ShapeError} if X does not have a row for each y
 * @throws {ArgumentError} if a value is not finite, or there are no samples
 */
export function makeLasso(problem: LassoProblem, options: LassoOptions = {}): LassoSolver {
  const gram = gramOf(problem);
  const { n, p, target } = gram;
  const beta = new Float64Array(p);
  const gradient = target.slice();
  return {
    n,
    p,
    alphaMax: target.reduce((most, c) => Math.max(most, Math.abs(c)), 0),
    fit(alpha) {
      if (!(alpha > 0)) {
        throw new ArgumentError({ what: "alpha", wanted: "a number above 0", got: `${alpha}` });
      }
      const gap = descend(gram, beta, gradient, { alpha, ...options });
      return fitOf(gram, beta, alpha, gap);
    },
  };
}

/**
 * A geometric path of penalties from the one that makes all coefficients zero downwards.
 *
 * @param count   number of penalties, 100 by default
 * @param lowest  last penalty over the first, 1e-3 by default
 */
export function lassoPenalties(alphaMax: number, count = 100, lowest = 1e-3): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => alphaMax * lowest ** (i / (count - 1)));
}

/** Solve along a path of penalties, each from the solution before. */
export function lassoPath(
  problem: LassoProblem,
  penalties?: ArrayLike<number>,
  options: LassoOptions = {},
): LassoFit[] {
  const solver = makeLasso(problem, options);
  return Array.from(penalties ?? lassoPenalties(solver.alphaMax), (alpha) => solver.fit(alpha));
}

/** b + Xβ for rows of X, shape (rows, p). */
export function predictLasso(fit: LassoFit, x: Float64Array): Float64Array {
  const p = fit.coefficients.length;
  return Float64Array.from({ length: x.length / p }, (_, row) => {
    let sum = fit.intercept;
    for (const j of fit.support) sum += x[row * p + j]! * fit.coefficients[j]!;
    return sum;
  });
}

/** Sweep over the support until it settles, then over all columns; return the relative gap. */
function descend(
  gram: Gram,
  beta: Float64Array,
  gradient: Float64Array,
  { alpha, tolerance = 1e-10, sweeps = 100_000 }: LassoOptions & { readonly alpha: number },
): number {
  const { p, power } = gram;
  const all = Int32Array.from({ length: p }, (_, j) => j);
  let gap = Number.POSITIVE_INFINITY;
  for (let sweep = 0; sweep < sweeps; ) {
    sweepOver(gram, beta, gradient, { alpha, columns: all });
    const active = all.filter((j) => beta[j] !== 0);
    sweep++;
    sweep += settle(gram, beta, gradient, {
      alpha,
      active,
      least: 0.1 * Math.sqrt(tolerance * power),
      most: sweeps - sweep,
    });
    gap = dualityGap(gram, beta, gradient, alpha);
    if (gap <= tolerance * power) return power === 0 ? 0 : gap / power;
  }
  throw new NumericError({
    what: `Lasso at alpha ${alpha}`,
    wanted: `a duality gap of ${tolerance} ‖y‖²/N`,
    got: `${gap / power} after ${sweeps} sweeps`,
    remedy: "scale the columns to like size or loosen the tolerance",
  });
}

/**
 * Sweep over the active columns alone, on their own part of the Gram matrix, until the largest step is
 * small; then bring the gradient of all columns up to date. Returns how many sweeps it took.
 */
function settle(
  { p, matrix }: Gram,
  beta: Float64Array,
  gradient: Float64Array,
  how: {
    readonly alpha: number;
    readonly active: Int32Array;
    readonly least: number;
    readonly most: number;
  },
): number {
  const { active, alpha, least, most } = how;
  const k = active.length;
  const part = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) part[a * k + b] = matrix[active[a]! * p + active[b]!]!;
  }
  const own = Float64Array.from(active, (j) => beta[j]!);
  const slope = Float64Array.from(active, (j) => gradient[j]!);
  const columns = Int32Array.from({ length: k }, (_, a) => a);
  const small = { p: k, matrix: part };
  let sweeps = 0;
  let largest = Number.POSITIVE_INFINITY;
  while (largest > least && sweeps < most) {
    largest = sweepOver(small, own, slope, { alpha, columns });
    sweeps++;
  }
  for (let a = 0; a < k; a++) {
    const j = active[a]!;
    const step = own[a]! - beta[j]!;
    if (step === 0) continue;
    beta[j] = own[a]!;
    for (let c = 0; c < p; c++) gradient[c] = gradient[c]! - step * matrix[j * p + c]!;
  }
  return sweeps;
}

/** One pass of coordinate descent; `gradient` is Xᵀ(y − Xβ)/N and is kept up to date. */
function sweepOver(
  { p, matrix }: Pick<Gram, "p" | "matrix">,
  beta: Float64Array,
  gradient: Float64Array,
  { alpha, columns }: { readonly alpha: number; readonly columns: Int32Array },
): number {
  let largest = 0;
  for (let c = 0; c < columns.length; c++) {
    const j = columns[c]!;
    const curvature = matrix[j * p + j]!;
    if (curvature === 0) continue;
    const old = beta[j]!;
    const pull = gradient[j]! + curvature * old;
    const next = Math.sign(pull) * Math.max(Math.abs(pull) - alpha, 0) * (1 / curvature);
    const step = next - old;
    if (step === 0) continue;
    beta[j] = next;
    const row = j * p;
    for (let k = 0; k < p; k++) gradient[k] = gradient[k]! - step * matrix[row + k]!;
    largest = Math.max(largest, Math.abs(step) * Math.sqrt(curvature));
  }
  return largest;
}

/** Gap between the objective and its dual at the scaled residual; never below zero. */
function dualityGap(gram: Gram, beta: Float64Array, gradient: Float64Array, alpha: number): number {
  const { p, target, power } = gram;
  let fitted = 0;
  let cross = 0;
  let norm = 0;
  let steepest = 0;
  for (let j = 0; j < p; j++) {
    const b = beta[j]!;
    cross += b * target[j]!;
    fitted += b * (target[j]! - gradient[j]!);
    norm += Math.abs(b);
    steepest = Math.max(steepest, Math.abs(gradient[j]!));
  }
  const residual = power - 2 * cross + fitted;
  const scale = Math.min(1, alpha / steepest);
  const primal = residual / 2 + alpha * norm;
  const dual = scale * (power - cross) - (scale * scale * residual) / 2;
  return Math.max(0, primal - dual);
}

function fitOf(gram: Gram, beta: Float64Array, alpha: number, gap: number): LassoFit {
  const { p, matrix, target, power, columnMeans, yMean } = gram;
  const coefficients = beta.slice();
  const support: number[] = [];
  for (let j = 0; j < p; j++) if (coefficients[j] !== 0) support.push(j);
  let explained = 0;
  let intercept = yMean;
  for (const j of support) {
    let along = 0;
    for (const k of support) along += matrix[j * p + k]! * coefficients[k]!;
    explained += coefficients[j]! * (2 * target[j]! - along);
    intercept -= coefficients[j]! * columnMeans[j]!;
  }
  return { alpha, coefficients, intercept, support, r2: power === 0 ? 0 : explained / power, gap };
}

function gramOf({ x, y, intercept = "free" }: LassoProblem): Gram {
  const n = y.length;
  const p = x.length / n;
  if (n === 0) throw new ArgumentError({ what: "y", wanted: "samples", got: "none" });
  if (!Number.isInteger(p)) throw shapeError("x", [n, Math.floor(p)], [x.length]);
  if (!x.every(Number.isFinite) || !y.every(Number.isFinite)) {
    throw new ArgumentError({ what: "x and y", wanted: "finite numbers", got: "NaN or infinity" });
  }
  const columnMeans = new Float64Array(p);
  const free = intercept === "free";
  if (free) for (let i = 0; i < x.length; i++) columnMeans[i % p] = columnMeans[i % p]! + x[i]! / n;
  const yMean = free ? y.reduce((sum, v) => sum + v, 0) / n : 0;
  const columns = new Float64Array(n * p);
  for (let j = 0; j < p; j++) {
    for (let i = 0; i < n; i++) columns[j * n + i] = x[i * p + j]! - columnMeans[j]!;
  }
  const centred = y.map((v) => v - yMean);
  const matrix = new Float64Array(p * p);
  const target = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    const column = columns.subarray(j * n, (j + 1) * n);
    target[j] = dot(column, centred) / n;
    for (let k = 0; k <= j; k++) {
      const product = dot(column, columns.subarray(k * n, (k + 1) * n)) / n;
      matrix[j * p + k] = product;
      matrix[k * p + j] = product;
    }
  }
  return { n, p, matrix, target, power: dot(centred, centred) / n, columnMeans, yMean };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
