/** Linear trends of series whose years are not independent. */

import { fitLinear } from "./regression.js";
import { tQuantile, twoSidedP } from "./student.js";

/** A linear trend and how well it is known. */
export interface Trend {
  /** change per unit of x */
  readonly slope: number;
  readonly intercept: number;
  /** standard error of the slope, autocorrelation respected */
  readonly standardError: number;
  /** half-width of the 95 % interval of the slope */
  readonly halfWidth: number;
  /** two-sided, of no trend */
  readonly pValue: number;
  /** lag-1 autocorrelation of the residuals */
  readonly autocorrelation: number;
  /** how many independent values the series is worth */
  readonly effectiveSize: number;
}

/**
 * Least-squares trend of an evenly spaced series, its uncertainty from the effective sample size
 * n (1 − r₁) / (1 + r₁) of AR(1) residuals. r₁ below zero is taken as zero, so that the interval is
 * never narrower than that of independent values; at least 3 effective values are kept. A series of one
 * value has the trend 0 ± 0.
 *
 * @param x evenly spaced times, shape (n,)
 * @param y shape (n,), n ≥ 4
 * @throws {NumericError} if there are too few values
 * @see Santer et al. (2000), J. Geophys. Res. 105, 7337–7356, eqs. 3–6
 */
export function fitTrend(x: ArrayLike<number>, y: ArrayLike<number>): Trend {
  const n = y.length;
  if (n >= 4 && Array.from(y).every((value) => value === y[0])) return noTrend(y[0]!, n);
  const fit = fitLinear([x], y);
  const [intercept, slope] = fit.coefficients as unknown as [number, number];
  const residual = Float64Array.from(y, (value, i) => value - intercept - slope * x[i]!);
  const autocorrelation = lagOne(residual);
  const r = Math.max(0, autocorrelation);
  const effectiveSize = Math.min(n, Math.max(3, (n * (1 - r)) / (1 + r)));
  const inflation = Math.sqrt((n - 2) / (effectiveSize - 2));
  const standardError = fit.standardErrors[1]! * inflation;
  return {
    slope,
    intercept,
    standardError,
    halfWidth: tQuantile(0.05, effectiveSize - 2) * standardError,
    pValue: twoSidedP(slope / standardError, effectiveSize - 2),
    autocorrelation,
    effectiveSize,
  };
}

function noTrend(value: number, n: number): Trend {
  const sure = { standardError: 0, halfWidth: 0, pValue: 1, autocorrelation: 0, effectiveSize: n };
  return { slope: 0, intercept: value, ...sure };
}

/** Correlation of a series of mean zero with itself one step later. */
function lagOne(residual: Float64Array): number {
  let square = 0;
  let product = 0;
  for (let i = 0; i < residual.length; i++) {
    square += residual[i]! ** 2;
    if (i > 0) product += residual[i]! * residual[i - 1]!;
  }
  return square === 0 ? 0 : product / square;
}
