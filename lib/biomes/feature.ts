/** Features of tiles: slopes brought to one scale. */

import { ArgumentError } from "../core/index.js";

/** Mean and sample standard deviation (n − 1) of each feature, in its own units. */
export interface Scaler {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/**
 * Fit a scaler to features.
 *
 * @param features shape (n, d), row-major, n ≥ 2
 * @throws {ArgumentError} if there are fewer than two rows, or a feature has one value only
 */
export function fitScaler(features: Float64Array, d: number): Scaler {
  const n = features.length / d;
  const means = new Float64Array(d);
  const deviations = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += features[i * d + k]!;
    const mean = sum / n;
    let square = 0;
    for (let i = 0; i < n; i++) square += (features[i * d + k]! - mean) ** 2;
    means[k] = mean;
    deviations[k] = Math.sqrt(square / (n - 1));
    if (!(deviations[k]! > 0)) {
      const got = n < 2 ? `${n} rows` : `the one value ${mean}`;
      throw new ArgumentError({ what: `feature ${k}`, wanted: "values that differ", got });
    }
  }
  return { means, deviations };
}

/** z-scores: (x − mean) / deviation, shape (n, d). */
export function applyScaler({ means, deviations }: Scaler, features: Float64Array): Float64Array {
  const d = means.length;
  return features.map((x, i) => (x - means[i % d]!) / deviations[i % d]!);
}

/**
 * Draw outliers in: each feature is limited to its own quantiles `share` and 1 − `share` (linear
 * interpolation between order statistics).
 *
 * @param features shape (n, d), row-major
 * @throws {ArgumentError} if the share is not from 0 to below 0.5
 */
export function winsorise(features: Float64Array, d: number, share: number): Float64Array {
  if (!(share >= 0 && share < 0.5)) {
    const wanted = "0 to below 0.5";
    throw new ArgumentError({ what: "winsorised share", wanted, got: String(share) });
  }
  const n = features.length / d;
  const limited = features.slice();
  for (let k = 0; k < d; k++) {
    const sorted = Float64Array.from({ length: n }, (_, i) => features[i * d + k]!).sort();
    const [low, high] = [quantile(sorted, share), quantile(sorted, 1 - share)];
    for (let i = 0; i < n; i++) {
      limited[i * d + k] = Math.min(high, Math.max(low, features[i * d + k]!));
    }
  }
  return limited;
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const left = sorted[below]!;
  return left + (at - below) * ((sorted[below + 1] ?? left) - left);
}
