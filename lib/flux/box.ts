/** Boxes around the trap, as weights of the bins. */

import { ArgumentError } from "../core/index.js";

/**
 * Weights of a uniform box (C4 and C5).
 *
 * @param side of the box [m]; the paper's code has 96, 112 and 192 km
 * @param n    bins along a side of the catchment, of width dx [m]
 * @returns shape (n · n), summing to 1
 * @throws {ArgumentError} if the box is no even number of bins wide, or wider than the catchment
 */
export function boxWeights(side: number, n: number, dx: number): Float64Array {
  const bins = side / dx;
  if (!Number.isInteger(bins / 2) || bins < 2 || bins > n) {
    throw new ArgumentError({
      what: "side of the box",
      wanted: `an even number of bins of ${dx} m, at most ${n}`,
      got: `${side} m = ${bins} bins`,
    });
  }
  const weights = new Float64Array(n * n);
  const first = (n - bins) / 2;
  for (let i = first; i < first + bins; i++) {
    weights.fill(1 / bins ** 2, i * n + first, i * n + first + bins);
  }
  return weights;
}
