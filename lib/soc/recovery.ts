/** Which parameters the data constrain, and whether a network finds their pattern. */

import { PARAMETERS_2020, type Parameter2020 } from "./parameters.js";
import type { Posterior } from "./sampling.js";

/** One parameter's fate. */
export interface Recovery {
  readonly name: Parameter2020;
  /** mean posterior standard deviation over that of the uniform prior; 1: nothing was learnt */
  readonly width: number;
  /** correlation of a predicted map with the true one; NaN where a map is constant */
  readonly correlation: number;
  /** median over profiles of split-R̂, and of the effective sample size */
  readonly rhat: number;
  readonly effective: number;
}

/** Standard deviation of the uniform prior. */
const PRIOR = 1 / Math.sqrt(12);

/** A parameter whose posterior is narrower than this share of the prior is called constrained. */
export const CONSTRAINED = 0.8;

/**
 * Compare predicted maps of the proportions with the truth.
 *
 * @param posteriors of the profiles
 * @param predicted  proportions of each cell, each shape (25)
 * @param truth      the same
 */
export function recoveryOf(
  posteriors: readonly Posterior[],
  predicted: readonly Float64Array[],
  truth: readonly Float64Array[],
): Recovery[] {
  return PARAMETERS_2020.map((name, k) => {
    const widths = posteriors.map(({ deviation }) => deviation[k]! / PRIOR);
    return {
      name,
      width: widths.reduce((a, b) => a + b, 0) / widths.length,
      correlation: correlationOf(
        predicted.map((kp) => kp[k]!),
        truth.map((kp) => kp[k]!),
      ),
      rhat: medianOf(posteriors.map((posterior) => posterior.rhat[k]!)),
      effective: medianOf(posteriors.map((posterior) => posterior.effective[k]!)),
    };
  });
}

/** Pearson's correlation. */
export function correlationOf(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  const mean = (v: ArrayLike<number>) => Array.from(v).reduce((a, b) => a + b, 0) / n;
  const [mx, my] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
    xy += (x[i]! - mx) * (y[i]! - my);
  }
  return xy / Math.sqrt(xx * yy);
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1]!;
}
