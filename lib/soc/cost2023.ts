/** How far the 2023 form is from a profile. */

import type { Cost } from "../stats/index.js";
import { type Forcing2023, makeColumn2023 } from "./column2023.js";
import { checkProfile, OBSERVATION_ERROR, type Profile } from "./observation.js";
import { PARAMETERS_2023, RANGES_2023, valuesOf } from "./parameters.js";
import { makePchip } from "./pchip.js";
import { POOLS } from "./rates.js";
import { makeSteadyState } from "./steady.js";
import { carbonProfile } from "./stock.js";

/** A profile with the forcing of the 2023 form. */
export interface ForcedProfile2023 extends Profile {
  readonly forcing: Forcing2023;
}

/**
 * Weights of layers by rank: max(1, 10·exp(1 − rank)), the rank being the mean of two, by how far a
 * layer's depth and its carbon are from the profile's mean; the farthest counts most.
 *
 * @returns shape (k)
 */
export function rankWeights(depth: ArrayLike<number>, carbon: ArrayLike<number>): Float64Array {
  const byDepth = ranksFromMean(depth);
  return ranksFromMean(carbon).map((rank, i) => {
    return Math.max(1, 10 * Math.exp(1 - (rank + byDepth[i]!) / 2));
  });
}

function ranksFromMean(values: ArrayLike<number>): Float64Array {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  const far = list.map((v) => Math.abs(v - mean));
  const order = [...far.keys()].sort((a, b) => far[b]! - far[a]! || a - b);
  const ranks = new Float64Array(list.length);
  for (const [rank, i] of order.entries()) ranks[i] = rank + 1;
  return ranks;
}

/**
 * J = Σ w (model − observation)² / (2 (0.6 observation)²) of one profile, as a function of the 21
 * proportions, with weights by rank and monotone interpolation, as published for the 2023 form.
 *
 * @throws {ArgumentError} naming the profile or its forcing, if it cannot be used
 * @see Tao et al. (2023), Nature 618, 981, and its public code
 */
export function makeSiteCost2023(profile: ForcedProfile2023): Cost {
  checkProfile(profile);
  const { depth, carbon } = profile;
  const column = makeColumn2023(profile.forcing);
  const n = column.layers.nodes.length;
  const steady = makeSteadyState(n);
  const pools = new Float64Array(POOLS * n);
  const model = new Float64Array(depth.length);
  const interpolate = makePchip(column.layers.nodes, depth);
  const weights = rankWeights(depth, carbon).map(
    (w, i) => w / (2 * (OBSERVATION_ERROR * carbon[i]!) ** 2),
  );
  return (kp) => {
    const values = valuesOf(kp, RANGES_2023, PARAMETERS_2023);
    steady.solve(column.rates(values), pools);
    interpolate(carbonProfile(pools, n), model);
    const cost = weights.reduce((sum, w, i) => sum + w * (model[i]! - carbon[i]!) ** 2, 0);
    return Number.isFinite(cost) ? cost : Number.POSITIVE_INFINITY;
  };
}

/**
 * The summed cost of all profiles with one set of proportions.
 *
 * @throws {ArgumentError} naming the profile or its forcing, if one cannot be used
 */
export function makeBatchCost2023(profiles: readonly ForcedProfile2023[]): Cost {
  const costs = profiles.map(makeSiteCost2023);
  return (kp) => costs.reduce((sum, cost) => sum + cost(kp), 0);
}
