/** Gradients by each of the 21 parameters of the 2023 form, as gradient.ts has them for 2020. */

import { type RateGradient, rootProfileSlope, solveAdjoint, transferSlopes } from "./adjoint.js";
import { temperatureScalar, turnoverTimes } from "./column.js";
import { type Column2023, fillMeanExchange, type Values2023 } from "./column2023.js";
import { PARAMETERS_2023, type Parameter2023 } from "./parameters.js";
import { DAYS_PER_YEAR, POOLS, type Rates } from "./rates.js";

/** A gradient by parameter, each in [unit of J / unit of the parameter]. */
export type Gradient2023 = Record<Parameter2023, number>;

/** Pools and gradient of one evaluation. */
export interface Sensitivity2023 {
  /** X, shape (7, 20) [gC m⁻³] */
  readonly pools: Float64Array;
  readonly gradient: Gradient2023;
}

/** Turnover times in the order of the pools. */
const TURNOVER = [
  "tau4cwd",
  "tau4l1",
  "tau4l2l3",
  "tau4l2l3",
  "tau4s1",
  "tau4s2",
  "tau4s3",
] as const;

/** Months in a year. */
const MONTHS = 12;

/**
 * Gradient of J = Σ w·X by the parameters.
 *
 * @param weights w = ∂J/∂X, shape (7, 20); or what gives it from the solved pools
 */
export function sensitivity2023(
  column: Column2023,
  values: Values2023,
  weights: Float64Array | ((pools: Float64Array) => Float64Array),
): Sensitivity2023 {
  const rates = column.rates(values);
  const { pools, by } = solveAdjoint(rates, weights);
  const zero = Object.fromEntries(PARAMETERS_2023.map((name) => [name, 0])) as Gradient2023;
  const gradient = { ...zero, ...transferSlopes(by) };
  addTurnover(gradient, values, { rates, by });
  addScalars(gradient, column, values, by);
  for (const name of ["diffus", "cryo"] as const) {
    const unit = new Float64Array(by.exchange.length);
    const alone = { diffus: 0, cryo: 0, [name]: 1 };
    fillMeanExchange(column.forcing, column.layers, alone, unit);
    gradient[name] = unit.reduce((sum, e, i) => sum + e * by.exchange[i]!, 0);
  }
  gradient.beta = slopeOfBeta(column, values, by);
  return { pools, gradient };
}

function addTurnover(
  gradient: Gradient2023,
  values: Values2023,
  { rates, by }: { readonly rates: Rates; readonly by: RateGradient },
): void {
  const n = rates.layers.nodes.length;
  const turnover = turnoverTimes(values);
  for (const [at, slope] of by.decay.entries()) {
    const pool = Math.floor(at / n);
    gradient[TURNOVER[pool]!] -= (slope * rates.decay[at]!) / turnover[pool]!;
  }
}

/** By q10, the depth scale and the scale of water: each month has scalars of its own. */
function addScalars(
  gradient: Gradient2023,
  { layers, forcing }: Column2023,
  values: Values2023,
  by: RateGradient,
): void {
  const n = layers.nodes.length;
  const turnover = turnoverTimes(values);
  for (let i = 0; i < n; i++) {
    const depth = layers.nodes[i]!;
    const [free, limited] = slopesOfLayer(i);
    for (let at = i; at < MONTHS * n; at += n) {
      const temperature = forcing.temperature[at]!;
      const water = values.w_scaling * forcing.water[at]!;
      const scalar =
        temperatureScalar(temperature, values.q10) *
        Math.min(1, water) *
        forcing.oxygen[at]! *
        Math.exp(-depth / values.efolding);
      const slope = scalar * (free + forcing.nitrogen[at]! * limited); // ∂J/∂ln ξ of this month
      gradient.q10 += (slope * Math.log(temperatureScalar(temperature, Math.E))) / values.q10;
      gradient.efolding += (slope * depth) / values.efolding ** 2;
      if (water < 1) gradient.w_scaling += slope / values.w_scaling;
    }
  }

  /** ∂J/∂ξ of a layer through pools without nitrogen's limit, and through the litters. */
  function slopesOfLayer(i: number): [free: number, limited: number] {
    const sums: [number, number] = [0, 0];
    for (let pool = 0; pool < POOLS; pool++) {
      const which = pool >= 1 && pool <= 3 ? 1 : 0;
      sums[which] += by.decay[pool * n + i]! / (DAYS_PER_YEAR * MONTHS * turnover[pool]!);
    }
    return sums;
  }
}

function slopeOfBeta({ layers, forcing }: Column2023, { beta }: Values2023, by: RateGradient) {
  const n = layers.nodes.length;
  const slope = rootProfileSlope(beta, layers);
  let sum = 0;
  for (const [at, pull] of by.input.entries()) {
    sum += (pull * slope[at % n]! * forcing.input[Math.floor(at / n)]!) / DAYS_PER_YEAR;
  }
  return sum;
}
