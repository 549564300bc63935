/**
 * Lasso by coordinate descent: minimise ‖y − Xβ − b‖²/(2N) + α‖β‖₁ with an unpenalised intercept,
 * the objective of scikit-learn and of glmnet. The solver sweeps over the columns that have ever been
 * wanted, on their part of the Gram matrix, so a step costs no pass over the samples; it looks at all
 * columns now and then, and stops by the duality gap. A kernel (lasso.as) does the arithmetic.
 *
 * @see Friedman, Hastie & Tibshirani (2010), Journal of Statistical Software 33(1)
 */

import { ArgumentError, NumericError, shapeError } from "../core/index.js";
import { enter, type Layout, layOut, lookAtAll, settle, wholeGap } from "./descent.js";

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

/**
 * Prepare a problem for a path of penalties.
 *
 * @throws {ShapeError} if X does not have a row for each y
 * @throws {ArgumentError} if a value is not finite, or there are no samples
 */
export function makeLasso(problem: LassoProblem, options: LassoOptions = {}): LassoSolver {
  const centred = centre(problem);
  const { n, p, gradient } = centred.layout;
  lookAtAll(centred.layout);
  return {
    n,
    p,
    alphaMax: gradient.reduce((most, c) => Math.max(most, Math.abs(c)), 0),
    fit(alpha) {
      if (!(alpha > 0)) {
        throw new ArgumentError({ what: "alpha", wanted: "a number above 0", got: `${alpha}` });
      }
      return fitOf(centred, alpha, descend(centred.layout, { alpha, ...options }));
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

/**
 * Sweep over the working columns until their own duality gap is small, then look at all columns; those
 * that the conditions of optimality do not hold for join. Returns the relative gap of the whole problem.
 */
function descend(
  layout: Layout,
  { alpha, tolerance = 1e-10, sweeps = 100_000 }: LassoOptions & { readonly alpha: number },
): number {
  const { p, gradient, power } = layout;
  let gap = Number.POSITIVE_INFINITY;
  for (let left = sweeps; left > 0; ) {
    for (let j = 0; j < p; j++) if (Math.abs(gradient[j]!) > alpha) enter(layout, j);
    left -= settle(layout, alpha, { least: 0.9 * tolerance * power, most: left });
    lookAtAll(layout);
    gap = wholeGap(layout, alpha);
    if (gap <= tolerance * power) return power === 0 ? 0 : gap / power;
  }
  throw new NumericError({
    what: `Lasso at alpha ${alpha}`,
    wanted: `a duality gap of ${tolerance} ‖y‖²/N`,
    got: `${gap / power} after ${sweeps} sweeps`,
    remedy: "scale the columns to like size or loosen the tolerance",
  });
}

function fitOf({ layout, columnMeans, yMean }: Centred, alpha: number, gap: number): LassoFit {
  const { n, p, count, members, beta, residual, power } = layout;
  const coefficients = new Float64Array(p);
  for (let a = 0; a < count; a++) coefficients[members[a]!] = beta[a]!;
  const support: number[] = [];
  let intercept = yMean;
  for (let j = 0; j < p; j++) {
    if (coefficients[j] === 0) continue;
    support.push(j);
    intercept -= coefficients[j]! * columnMeans[j]!;
  }
  let rest = 0;
  for (let i = 0; i < n; i++) rest += residual[i]! ** 2;
  const r2 = power === 0 ? 0 : 1 - rest / n / power;
  return { alpha, coefficients, intercept, support, r2, gap };
}

interface Centred {
  readonly layout: Layout;
  readonly columnMeans: Float64Array;
  readonly yMean: number;
}

function centre({ x, y, intercept = "free" }: LassoProblem): Centred {
  const n = y.length;
  const p = x.length / n;
  if (n === 0) throw new ArgumentError({ what: "y", wanted: "samples", got: "none" });
  if (!Number.isInteger(p)) throw shapeError("x", [n, Math.floor(p)], [x.length]);
  if (!x.every(Number.isFinite) || !y.every(Number.isFinite)) {
    throw new ArgumentError({ what: "x and y", wanted: "finite numbers", got: "NaN or infinity" });
  }
  const columnMeans = new Float64Array(p);
  const free = intercept === "free";
  const yMean = free ? y.reduce((sum, v) => sum + v, 0) / n : 0;
  if (free) addRows(x, columnMeans);
  for (let j = 0; j < p; j++) columnMeans[j] = columnMeans[j]! / n;
  const layout = layOut(
    y.map((v) => v - yMean),
    p,
  );
  const { columns, rows } = layout;
  for (let j = 0; j < p; j++) {
    const mean = columnMeans[j]!;
    for (let i = 0; i < n; i++) columns[j * rows + i] = x[i * p + j]! - mean;
  }
  return { layout, columnMeans, yMean };
}

/** Add all rows of x to `sums`. */
function addRows(x: Float64Array, sums: Float64Array): void {
  const p = sums.length;
  for (let first = 0; first < x.length; first += p) {
    for (let j = 0; j < p; j++) sums[j] = sums[j]! + x[first + j]!;
  }
}
