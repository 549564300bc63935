/**
 * Ordinary least squares with an intercept, standard errors and two-sided p-values, by modified
 * Gram–Schmidt on centred columns. (The intercept is the first entry of every result.)
 *
 * Centring takes most of the condition number of ocean fields (DIC 2000 ± 5) away; what collinearity
 * is left is measured, not hidden.
 *
 * @see Björck (1996), Numerical methods for least squares problems, sect. 2.4.4
 */

import { ArgumentError, NumericError, shapeError } from "../core/index.js";
import { twoSidedP } from "./student.js";

/** A fitted line or plane; index 0 is the intercept, then the columns in order. */
export interface LinearFit {
  readonly coefficients: Float64Array;
  readonly standardErrors: Float64Array;
  readonly tValues: Float64Array;
  /** two-sided, from Student's t with `degreesOfFreedom` */
  readonly pValues: Float64Array;
  /** explained share of the variance of y */
  readonly rSquared: number;
  /** residual sum of squares / degrees of freedom */
  readonly residualVariance: number;
  /** points − parameters */
  readonly degreesOfFreedom: number;
}

/** Why points cannot be fitted. */
export type Unfit = "too few points" | "constant" | "collinear";

/**
 * A centred column of which less than this share is left, once the columns before are taken out, is
 * collinear with them.
 */
const COLLINEAR = 1e-8;

/**
 * Fit y = b₀ + b₁ x₁ + … by least squares.
 *
 * @param columns x₁, x₂, …, each shape (n,)
 * @param y       shape (n,)
 * @throws {ShapeError}    if a column has not n values
 * @throws {ArgumentError} if a value is not finite
 * @throws {NumericError}  if there are too few points, or columns are constant or collinear
 */
export function fitLinear(columns: readonly ArrayLike<number>[], y: ArrayLike<number>): LinearFit {
  for (const [j, column] of [...columns, y].entries()) {
    const what = j === columns.length ? "y" : `column ${j}`;
    if (column.length !== y.length) throw shapeError(what, [y.length], [column.length]);
    const bad = Array.prototype.findIndex.call(column, (x: number) => !Number.isFinite(x));
    if (bad >= 0) {
      const got = `${column[bad]} at ${bad}`;
      throw new ArgumentError({ what, wanted: "finite values", got, remedy: "drop missing rows" });
    }
  }
  const fit = tryFitLinear(columns, y);
  if (typeof fit !== "string") return fit;
  throw new NumericError({
    what: "least squares",
    wanted: `more than ${columns.length + 1} points in columns that differ`,
    got: `${fit} (${y.length} points)`,
  });
}

/** As `fitLinear` for values known to be finite and of one length; says why where it cannot. */
export function tryFitLinear(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
): LinearFit | Unfit {
  const n = y.length;
  const p = columns.length;
  if (n <= p + 1) return "too few points";
  const means = new Float64Array(p);
  const q: Float64Array[] = [];
  const r = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    const { centred, mean, norm, scale } = centre(columns[j]!);
    means[j] = mean;
    if (norm <= 1e-13 * scale) return "constant";
    for (let i = 0; i < j; i++) r[i * p + j] = takeOut(q[i]!, centred);
    const left = Math.sqrt(dot(centred, centred));
    if (left <= COLLINEAR * norm) return "collinear";
    r[j * p + j] = left;
    for (let i = 0; i < n; i++) centred[i] = centred[i]! / left;
    q.push(centred);
  }
  const target = centre(y);
  if (target.norm <= 1e-13 * target.scale) return "constant";
  const z = q.map((column) => takeOut(column, target.centred));
  return describeFit({ n, p, means, r, z, target });
}

interface Solved {
  readonly n: number;
  readonly p: number;
  readonly means: Float64Array;
  /** upper triangle of the centred columns, row-major (p, p) */
  readonly r: Float64Array;
  /** Qᵀ y */
  readonly z: readonly number[];
  /** y; `centred` has become the residual */
  readonly target: Centred;
}

function describeFit({ n, p, means, r, z, target }: Solved): LinearFit {
  const degreesOfFreedom = n - p - 1;
  const residual = dot(target.centred, target.centred);
  const residualVariance = residual / degreesOfFreedom;
  const slopes = backSubstitute(r, z, p);
  const coefficients = new Float64Array(p + 1);
  const variances = new Float64Array(p + 1);
  // the variance of the intercept is 1/n + x̄ᵀ (RᵀR)⁻¹ x̄
  const lever = forwardSubstitute(r, means, p);
  variances[0] = 1 / n + dot(lever, lever);
  coefficients[0] = target.mean - dot(means, slopes);
  for (let j = 0; j < p; j++) {
    coefficients[j + 1] = slopes[j]!;
    const unit = new Float64Array(p);
    unit[j] = 1;
    const row = forwardSubstitute(r, unit, p);
    variances[j + 1] = dot(row, row);
  }
  const standardErrors = variances.map((v) => Math.sqrt(v * residualVariance));
  const tValues = coefficients.map((b, j) => b / standardErrors[j]!);
  const pValues = tValues.map((t) => twoSidedP(t, degreesOfFreedom));
  const rSquared = 1 - residual / target.norm ** 2;
  return {
    coefficients,
    standardErrors,
    tValues,
    pValues,
    rSquared,
    residualVariance,
    degreesOfFreedom,
  };
}

interface Centred {
  readonly centred: Float64Array;
  readonly mean: number;
  /** √Σ(x − x̄)² */
  readonly norm: number;
  /** √Σx²: what rounding errors are relative to */
  readonly scale: number;
}

function centre(values: ArrayLike<number>): Centred {
  const n = values.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    sum += values[i]!;
    squares += values[i]! * values[i]!;
  }
  const mean = sum / n;
  const centred = new Float64Array(n);
  for (let i = 0; i < n; i++) centred[i] = values[i]! - mean;
  return { centred, mean, norm: Math.sqrt(dot(centred, centred)), scale: Math.sqrt(squares) };
}

/** Take the part along the unit column q out of x, in place, and return its length. */
function takeOut(q: Float64Array, x: Float64Array): number {
  const along = dot(q, x);
  for (let i = 0; i < x.length; i++) x[i] = x[i]! - along * q[i]!;
  return along;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Solve R x = z. */
function backSubstitute(r: Float64Array, z: readonly number[], p: number): Float64Array {
  const x = new Float64Array(p);
  for (let i = p - 1; i >= 0; i--) {
    let rest = z[i]!;
    for (let j = i + 1; j < p; j++) rest -= r[i * p + j]! * x[j]!;
    x[i] = rest / r[i * p + i]!;
  }
  return x;
}

/** Solve Rᵀ x = b. */
function forwardSubstitute(r: Float64Array, b: ArrayLike<number>, p: number): Float64Array {
  const x = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    let rest = b[i]!;
    for (let j = 0; j < i; j++) rest -= r[j * p + i]! * x[j]!;
    x[i] = rest / r[i * p + i]!;
  }
  return x;
}
