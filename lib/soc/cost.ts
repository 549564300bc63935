/** How far the model is from profiles: the cost that assimilation makes small. */

import type { Cost } from "../stats/index.js";
import { checkForcing } from "./column.js";
import { makeMisfitKernel } from "./misfit.js";
import {
  checkProfile,
  type ForcedProfile,
  layerWeights,
  OBSERVATION_ERROR,
  type Weighting,
} from "./observation.js";

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
  return makeBatchCost([profile], { weighting });
}

/**
 * The summed cost of all profiles with one set of proportions.
 *
 * @throws {ArgumentError} naming the profile, if one cannot be used
 */
export function makeBatchCost(
  profiles: readonly ForcedProfile[],
  { weighting = "depth" }: CostOptions = {},
): Cost {
  const kernel = makeMisfitKernel(
    profiles.map((profile) => {
      checkProfile(profile);
      checkForcing(profile.forcing);
      const { depth, carbon } = profile;
      const weights = layerWeights(depth, weighting).map(
        (w, i) => w / (2 * (OBSERVATION_ERROR * carbon[i]!) ** 2),
      );
      return { ...profile, weights };
    }),
  );
  return kernel.misfit;
}
