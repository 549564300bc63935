/**
 * Gradients of anything that is linear in the pools, by each of the 25 parameters, from one
 * transposed solution (adjoint): its cost is two steady states, whatever the number of parameters.
 */

import { type RateGradient, rootProfileSlope, solveAdjoint, transferSlopes } from "./adjoint.js";
import type { Column2020, Values2020 } from "./column.js";
import { turnoverTimes } from "./column.js";
import { PARAMETERS_2020, type Parameter2020 } from "./parameters.js";
import { DAYS_PER_YEAR, POOLS, type Rates } from "./rates.js";

/** A gradient by parameter, each in [unit of J / unit of the parameter]. */
export type Gradient2020 = Record<Parameter2020, number>;

/** Pools and gradient of one evaluation. */
export interface Sensitivity {
  /** X, shape (7, 10) [gC m⁻³] */
  readonly pools: Float64Array;
  readonly gradient: Gradient2020;
}

/**
 * Gradient of J = Σ w·X by the parameters.
 *
 * @param column  the place
 * @param values  parameter values
 * @param weights w = ∂J/∂X, shape (7, 10); thickness on pools 4–6 for the carbon stock; or what gives
 *                it from the solved pools, where J is not linear
 */
export function sensitivity2020(
  column: Column2020,
  values: Values2020,
  weights: Float64Array | ((pools: Float64Array) => Float64Array),
): Sensitivity {
  const rates = column.rates(values);
  const { pools, by } = solveAdjoint(rates, weights);
  const zero = Object.fromEntries(PARAMETERS_2020.map((name) => [name, 0])) as Gradient2020;
  const gradient = { ...zero, ...transferSlopes(by) };
  addDecay(gradient, column, values, { rates, by });
  addMixing(gradient, column, values, { rates, by });
  addInput(gradient, column, values, { rates, by });
  return { pools, gradient };
}

interface Chain {
  readonly rates: Rates;
  readonly by: RateGradient;
}

function addDecay(
  gradient: Gradient2020,
  { layers, forcing }: Column2020,
  values: Values2020,
  { rates, by }: Chain,
): void {
  const n = layers.nodes.length;
  const names = [
    "tau4cwd",
    "tau4l1",
    "tau4l2l3",
    "tau4l2l3",
    "tau4s1",
    "tau4s2",
    "tau4s3",
  ] as const;
  const turnover = turnoverTimes(values);
  const logDry = Math.log(-25 / values.maxpsi);
  for (let i = 0; i < n; i++) {
    let slope = 0; // ∂J/∂ln ξ of this layer
    for (let pool = 0; pool < POOLS; pool++) {
      const at = pool * n + i;
      const share = by.decay[at]! * rates.decay[at]!;
      slope += share;
      gradient[names[pool]!] -= share / turnover[pool]!;
    }
    const temperature = forcing.temperature[i]!;
    const power =
      temperature < 273.15 ? -2.5 + (temperature - 273.15) / 10 : (temperature - 298.15) / 10;
    gradient.q10 += (slope * power) / values.q10;
    gradient.efolding += (slope * layers.nodes[i]!) / values.efolding ** 2;
    const potential = forcing.waterPotential[i]!;
    const scalar = Math.log(-25 / potential) / logDry;
    const hindered = potential <= values.maxpsi && potential >= -25 && scalar > 0.25;
    if (hindered) gradient.maxpsi += slope / (logDry * values.maxpsi);
  }
}

/** Exchange is proportional to the one diffusivity that rules the column. */
function addMixing(
  gradient: Gradient2020,
  { forcing }: Column2020,
  values: Values2020,
  { rates, by }: Chain,
): void {
  let slope = 0;
  for (let i = 0; i < by.exchange.length; i++) slope += by.exchange[i]! * rates.exchange[i]!;
  if (forcing.activeLayer > 5) gradient.diffus = slope / values.diffus;
  else gradient.cryo = slope / values.cryo;
}

function addInput(
  gradient: Gradient2020,
  { layers, forcing, profile, woodShare }: Column2020,
  values: Values2020,
  { by }: Chain,
): void {
  const n = layers.nodes.length;
  const total = (values.ins * forcing.npp.mean) / DAYS_PER_YEAR;
  const shares = [woodShare(values), values.p4ml, values.p4cl, values.p4ll];
  const slope = rootProfileSlope(values.beta, layers);
  const along = [0, 0, 0, 0]; // ∂J/∂(share · total) of each receiving pool
  for (let pool = 0; pool < 4; pool++) {
    for (let i = 0; i < n; i++) {
      const pull = by.input[pool * n + i]!;
      along[pool] = along[pool]! + pull * profile[i]!;
      gradient.beta += pull * shares[pool]! * total * slope[i]!;
    }
    gradient.ins += (along[pool]! * shares[pool]! * total) / values.ins;
  }
  gradient.p4ml = (along[1]! - along[0]!) * total;
  gradient.p4cl = (along[2]! - along[0]!) * total;
  gradient.p4ll = (along[3]! - along[0]!) * total;
}
