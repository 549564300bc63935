/**
 * How much to believe a correlation of two series that remember their past: the paper has no test;
 * these two are ours.
 *
 * @see Bretherton et al. (1999), J. Climate 12, 1990, equation 31
 */

import { ArgumentError, makeRandom } from "../core/index.js";
import { twoSidedP } from "../stats/index.js";

/** A correlation with what autocorrelation leaves of it. */
export interface Significance {
  readonly r: number;
  readonly rSquared: number;
  /** independent pairs that the series are worth */
  readonly effective: number;
  /** two-sided, of r = 0, from Student's t with `effective` − 2 degrees of freedom */
  readonly pValue: number;
}

/**
 * Correlate two series and judge it by an effective number of pairs,
 * n / (1 + 2 Σₖ (1 − k/n) ρₓ(k) ρᵧ(k)), the sum ending where the product first is not positive.
 *
 * @param x shape (n), in order of time, without gaps
 * @param y shape (n)
 * @throws {ArgumentError} if there are fewer than four pairs
 */
export function correlate(x: ArrayLike<number>, y: ArrayLike<number>): Significance {
  if (x.length !== y.length || x.length < 4) {
    const got = `${x.length} and ${y.length}`;
    throw new ArgumentError({ what: "series", wanted: "equally long, at least 4", got });
  }
  const [a, b] = [anomalies(x), anomalies(y)];
  const r = covariance(a, b, 0) / Math.sqrt(covariance(a, a, 0) * covariance(b, b, 0));
  const effective = effectivePairs(a, b);
  return { r, rSquared: r * r, effective, pValue: pOf(r * r, effective) };
}

/** Two-sided p of r = 0 by Student's t. */
function pOf(rSquared: number, effective: number): number {
  const degrees = Math.max(effective - 2, 1);
  return twoSidedP(Math.sqrt((degrees * rSquared) / Math.max(1 - rSquared, 1e-15)), degrees);
}

/**
 * The R² that two unrelated series worth so many independent pairs exceed in 5 % of all cases.
 *
 * @param effective pairs, as `correlate` finds them
 */
export function significantRSquared(effective: number, share = 0.05): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (pOf(middle, effective) > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A difference of two R² with the interval of 95 % of the resampled records. */
export interface Gain {
  readonly mean: number;
  readonly interval: readonly [number, number];
}

/**
 * How much better one series explains y than another: R²(a, y) − R²(b, y), with its interval by a
 * circular bootstrap of blocks, so that neighbours stay together.
 *
 * @param block samples in a block; about a year of a trap is 17
 */
export function bootstrapGain(
  y: Float64Array,
  a: Float64Array,
  b: Float64Array,
  { seed, block = 17, draws = 1000 }: { seed: number; block?: number; draws?: number },
): Gain {
  const n = y.length;
  const random = makeRandom(seed);
  const index = new Int32Array(n);
  const gains = Float64Array.from({ length: draws }, () => {
    for (let at = 0; at < n; at += block) {
      const start = random.integer(n);
      for (let k = at; k < Math.min(at + block, n); k++) index[k] = (start + k - at) % n;
    }
    const pick = (values: Float64Array) => Float64Array.from(index, (i) => values[i]!);
    const drawn = pick(y);
    return squaredCorrelation(pick(a), drawn) - squaredCorrelation(pick(b), drawn);
  }).sort();
  const quantile = (share: number) => gains[Math.round(share * (draws - 1))]!;
  return {
    mean: squaredCorrelation(a, y) - squaredCorrelation(b, y),
    interval: [quantile(0.025), quantile(0.975)],
  };
}

/** R² of the linear fit of y on x; NaN where one of them is constant. */
export function squaredCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(x, y) ** 2;
}

/** Pearson's r; NaN where one of the series is constant. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let [mx, my] = [0, 0];
  for (let k = 0; k < n; k++) {
    mx += x[k]! / n;
    my += y[k]! / n;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    const [dx, dy] = [x[k]! - mx, y[k]! - my];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}

function effectivePairs(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const [va, vb] = [covariance(a, a, 0), covariance(b, b, 0)];
  let sum = 1;
  for (let k = 1; k < n / 2; k++) {
    const product = (covariance(a, a, k) * covariance(b, b, k)) / (va * vb);
    if (!(product > 0)) break;
    sum += 2 * (1 - k / n) * product;
  }
  return Math.min(n, n / sum);
}

function anomalies(values: ArrayLike<number>): Float64Array {
  const series = Float64Array.from(values);
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  return series.map((value) => value - mean);
}

function covariance(a: Float64Array, b: Float64Array, shift: number): number {
  let sum = 0;
  for (let k = 0; k + shift < a.length; k++) sum += a[k]! * b[k + shift]!;
  return sum / a.length;
}
