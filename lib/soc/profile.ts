/** The model's carbon profile of one place, from proportions or from values. */

import { type Forcing2020, makeColumn2020, type Values2020, values2020 } from "./column.js";
import { POOLS } from "./rates.js";
import { makeSteadyState } from "./steady.js";
import { carbonProfile } from "./stock.js";

/**
 * Carbon density of each layer at steady state.
 *
 * @param kp proportions, shape (25)
 * @returns shape (10) [gC m⁻³]
 * @throws {ArgumentError} if a proportion lies outside [0, 1], or nothing is left for wood
 */
export function modelProfile(forcing: Forcing2020, kp: ArrayLike<number>): Float64Array {
  return profileOfValues(forcing, values2020(kp, forcing.npp));
}

/** As `modelProfile`, from parameter values, which need not lie in the prior. */
export function profileOfValues(forcing: Forcing2020, values: Values2020): Float64Array {
  return makeProfileModel(forcing)(values);
}

/** Make the function from parameter values to the carbon profile of one place. */
export function makeProfileModel(forcing: Forcing2020): (values: Values2020) => Float64Array {
  const column = makeColumn2020(forcing);
  const n = column.layers.nodes.length;
  const steady = makeSteadyState(n);
  const pools = new Float64Array(POOLS * n);
  return (values) => {
    steady.solve(column.rates(values), pools);
    return carbonProfile(pools, n);
  };
}
