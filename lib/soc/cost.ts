/** How far the model is from profiles: the cost that assimilation makes small. */

import type { Cost } from "../stats/index.js";
import { makeColumn2020 } from "./column.js";
import {
  checkProfile,
  type ForcedProfile,
  layerWeights,
  OBSERVATION_ERROR,
  splineSampling,
  type Weighting,
} from "./observation.js";
import { POOLS } from "./rates.js";
import { makeSteadyState } from "./steady.js";

/** How misfits are weighed. */
export interface CostOptions {
  /** exp(−depth) by default, as published for one batch */
  readonly weighting?: Weighting;
}

/**
 * J = Σ w (model − observation)² / (2 (0.6 observation)²) of one profile, as a function of the 25
 * proportions; infinite where the model does not exist, such as when nothing is left for wood.
 *
 * @throws {ArgumentError} naming the profile, if it cannot be used
 * @see Tao et al. (2020), Frontiers in Big Data 3:17, and its code
 */
export function makeSiteCost(
  profile: ForcedProfile,
  { weighting = "depth" }: CostOptions = {},
): Cost {
  checkProfile(profile);
  const column = makeColumn2020(profile.forcing);
  const { nodes } = column.layers;
  const n = nodes.length;
  const steady = makeSteadyState(n);
  const pools = new Float64Array(POOLS * n);
  const { rows, matrix } = splineSampling(nodes, profile.depth);
  const weights = layerWeights(profile.depth, weighting).map(
    (w, i) => w / (2 * (OBSERVATION_ERROR * profile.carbon[i]!) ** 2),
  );
  const { carbon } = profile;
  return (kp) => {
    const values = column.valuesOf(kp);
    if (!(column.woodShare(values) > 0)) return Number.POSITIVE_INFINITY;
    steady.solve(column.rates(values), pools);
    let cost = 0;
    for (let i = 0; i < rows; i++) {
      let model = 0;
      for (let j = 0; j < n; j++) {
        const soil = pools[4 * n + j]! + pools[5 * n + j]! + pools[6 * n + j]!;
        model += matrix[i * n + j]! * soil;
      }
      cost += weights[i]! * (model - carbon[i]!) ** 2;
    }
    return Number.isFinite(cost) ? cost : Number.POSITIVE_INFINITY;
  };
}

/** The summed cost of all profiles with one set of proportions. */
export function makeBatchCost(profiles: readonly ForcedProfile[], options: CostOptions = {}): Cost {
  const costs = profiles.map((profile) => makeSiteCost(profile, options));
  return (kp) => {
    let sum = 0;
    for (const cost of costs) sum += cost(kp);
    return sum;
  };
}
