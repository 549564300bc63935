/** The loss of one profile as a function of the proportions, with its gradient by the adjoint. */

import { makeColumn2020 } from "./column.js";
import { sensitivity2020 } from "./gradient.js";
import {
  checkProfile,
  type ForcedProfile,
  layerWeights,
  OBSERVATION_ERROR,
  splineSampling,
} from "./observation.js";
import { PARAMETERS_2020, ranges2020 } from "./parameters.js";
import { POOLS } from "./rates.js";
import { carbonProfile } from "./stock.js";

/** A loss and its gradient by the 25 proportions. */
export interface LossAt {
  readonly loss: number;
  /** shape (25) */
  readonly gradient: Float64Array;
}

/** Share of NPP that wood is kept at, at least, and how hard. */
const WOOD = { least: 0.02, force: 50 } as const;

/** Steepness of the pull towards the middle. */
const STEEPNESS = 4;

/**
 * Make the loss of a profile: Σ w · smoothL1((model − observation)/(0.6 observation)) over its
 * layers, w = exp(−depth), plus a pull of every proportion towards 0.5 as cosh(4 (kp − 0.5)) − 1.
 *
 * @param pull weight of the pull
 * @throws {ArgumentError} naming the profile, if it cannot be used
 */
export function makeSiteLoss(
  profile: ForcedProfile,
  pull: number,
): (kp: ArrayLike<number>) => LossAt {
  checkProfile(profile);
  const column = makeColumn2020(profile.forcing);
  const n = column.layers.nodes.length;
  const { rows, matrix } = splineSampling(column.layers.nodes, profile.depth);
  const weights = layerWeights(profile.depth, "depth");
  const ranges = ranges2020(profile.forcing.npp);
  const spans = PARAMETERS_2020.map((name) => ranges[name][1] - ranges[name][0]);
  const { carbon } = profile;

  /** Loss of the carbon, and its slope by each layer's carbon, filled into `slope`. */
  function misfit(model: Float64Array, slope: Float64Array): number {
    let loss = 0;
    slope.fill(0);
    for (let i = 0; i < rows; i++) {
      let at = 0;
      for (let j = 0; j < n; j++) at += matrix[i * n + j]! * model[j]!;
      const error = OBSERVATION_ERROR * carbon[i]!;
      const r = (at - carbon[i]!) / error;
      loss += weights[i]! * (Math.abs(r) < 1 ? 0.5 * r * r : Math.abs(r) - 0.5);
      const pull = (weights[i]! * Math.max(-1, Math.min(1, r))) / error;
      for (let j = 0; j < n; j++) slope[j] = slope[j]! + pull * matrix[i * n + j]!;
    }
    return loss;
  }

  return (kp) => {
    const values = column.valuesOf(kp);
    const gradient = new Float64Array(PARAMETERS_2020.length);
    const wood = column.woodShare(values);
    let loss = 0;
    if (wood < WOOD.least) {
      loss = WOOD.force * (WOOD.least - wood);
      for (const k of [21, 22, 23]) gradient[k] = WOOD.force * spans[k]!;
    }
    if (wood > 0) {
      const slope = new Float64Array(n);
      const adjoint = new Float64Array(POOLS * n);
      const { gradient: by, pools } = sensitivity2020(column, values, (solved) => {
        loss += misfit(carbonProfile(solved, n), slope);
        for (const pool of [4, 5, 6]) adjoint.set(slope, pool * n);
        return adjoint;
      });
      if (pools.every(Number.isFinite)) {
        for (const [k, name] of PARAMETERS_2020.entries()) {
          gradient[k] = gradient[k]! + by[name] * spans[k]!;
        }
      }
    }
    for (let k = 0; k < gradient.length; k++) {
      const away = STEEPNESS * (kp[k]! - 0.5);
      loss += pull * (Math.cosh(away) - 1);
      gradient[k] = gradient[k]! + pull * STEEPNESS * Math.sinh(away);
    }
    return { loss, gradient };
  };
}
