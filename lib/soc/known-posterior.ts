/**
 * A posterior that is known: two parameters of one profile are free, the rest are held, and the
 * posterior is summed on a grid. Samplers are checked against it.
 */

import type { Cost } from "../stats/index.js";
import { PARAMETERS_2020, type Parameter2020 } from "./parameters.js";

/** A posterior over two proportions on a grid. */
export interface KnownPosterior {
  /** middles of the cells, the same for both, shape (n) */
  readonly grid: Float64Array;
  /** density of each parameter by itself, shape (n); its mean over the box is 1 */
  readonly marginals: readonly [Float64Array, Float64Array];
  readonly mean: readonly [number, number];
  readonly deviation: readonly [number, number];
  /** J as a function of the two free proportions alone */
  readonly cost: Cost;
}

/**
 * Sum the posterior exp(−J) of two free parameters on a grid.
 *
 * @param cost J of all 25 proportions
 * @param held proportions of the rest, shape (25)
 * @param free names of the two
 * @param n    cells along each, 200 by default
 */
export function knownPosterior(
  cost: Cost,
  held: ArrayLike<number>,
  free: readonly [Parameter2020, Parameter2020],
  n = 200,
): KnownPosterior {
  const point = Float64Array.from(held);
  const [a, b] = free.map((name) => PARAMETERS_2020.indexOf(name)) as [number, number];
  const ofTwo: Cost = (two) => {
    point[a] = two[0]!;
    point[b] = two[1]!;
    return cost(point);
  };
  const grid = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const costs = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) costs[i * n + j] = ofTwo(Float64Array.of(grid[i]!, grid[j]!));
  }
  const least = costs.reduce((low, c) => Math.min(low, c), Number.POSITIVE_INFINITY);
  const marginals = [new Float64Array(n), new Float64Array(n)] as const;
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const p = Math.exp(least - costs[i * n + j]!);
      marginals[0][i] = marginals[0][i]! + p;
      marginals[1][j] = marginals[1][j]! + p;
      total += p;
    }
  }
  const moments = marginals.map((p) => momentsOf(grid, p, total));
  for (const p of marginals) for (let i = 0; i < n; i++) p[i] = (p[i]! * n) / total;
  return {
    grid,
    marginals,
    mean: [moments[0]!.mean, moments[1]!.mean],
    deviation: [moments[0]!.deviation, moments[1]!.deviation],
    cost: ofTwo,
  };
}

function momentsOf(grid: Float64Array, p: Float64Array, total: number) {
  let mean = 0;
  for (const [i, x] of grid.entries()) mean += (x * p[i]!) / total;
  let variance = 0;
  for (const [i, x] of grid.entries()) variance += ((x - mean) ** 2 * p[i]!) / total;
  return { mean, deviation: Math.sqrt(variance) };
}
