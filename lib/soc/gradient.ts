/**
 * Gradients of anything that is linear in the pools, by each of the 25 parameters, from one
 * transposed solution (adjoint): its cost is two steady states, whatever the number of parameters.
 */

import type { Column2020, Values2020 } from "./column.js";
import { turnoverTimes } from "./column.js";
import { PARAMETERS_2020, type Parameter2020 } from "./parameters.js";
import { DAYS_PER_YEAR, POOLS, type Rates, transferList } from "./rates.js";
import { makeSteadyState } from "./steady.js";

/** A gradient by parameter, each in [unit of J / unit of the parameter]. */
export type Gradient2020 = Record<Parameter2020, number>;

/** Pools and gradient of one evaluation. */
export interface Sensitivity {
  /** X, shape (7, 10) [gC m⁻³] */
  readonly pools: Float64Array;
  readonly gradient: Gradient2020;
}

/** Sensitivities of J by the rates themselves. */
interface RateGradient {
  /** ∂J/∂K, shape (7, n) */
  readonly decay: Float64Array;
  /** ∂J/∂exchange, shape (n − 1) */
  readonly exchange: Float64Array;
  /** ∂J/∂input, shape (4, n) */
  readonly input: Float64Array;
  /** ∂J/∂fraction, in the order of `transferList` */
  readonly transfers: Float64Array;
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
  const n = column.layers.nodes.length;
  const solver = makeSteadyState(n);
  const rates = column.rates(values);
  const pools = new Float64Array(POOLS * n);
  const lambda = new Float64Array(POOLS * n);
  solver.solve(rates, pools);
  const slope = typeof weights === "function" ? weights(pools) : weights;
  solver.solveTransposed(rates, slope, lambda);
  const by = rateGradient(rates, pools, lambda);
  const gradient = Object.fromEntries(PARAMETERS_2020.map((name) => [name, 0])) as Gradient2020;
  addTransfers(gradient, by.transfers);
  addDecay(gradient, column, values, { rates, by });
  addMixing(gradient, column, values, { rates, by });
  addInput(gradient, column, values, { rates, by });
  return { pools, gradient };
}

function rateGradient(rates: Rates, pools: Float64Array, lambda: Float64Array): RateGradient {
  const n = rates.layers.nodes.length;
  const { decay: k, exchange, transfers, layers } = rates;
  const decay = Float64Array.from(pools, (x, at) => -x * lambda[at]!);
  const list = transferList(transfers);
  const fractions = new Float64Array(list.length);
  for (const [t, [from, to, fraction]] of list.entries()) {
    for (let i = 0; i < n; i++) {
      const [a, b] = [from * n + i, to * n + i];
      decay[a] = decay[a]! + fraction * pools[a]! * lambda[b]!;
      fractions[t] = fractions[t]! + k[a]! * pools[a]! * lambda[b]!;
    }
  }
  const mixing = new Float64Array(exchange.length);
  for (let pool = 1; pool < POOLS; pool++) {
    for (let i = 0; i < n - 1; i++) {
      const a = pool * n + i;
      const down = pools[a]! - pools[a + 1]!;
      const pull = lambda[a]! / layers.thickness[i]! - lambda[a + 1]! / layers.thickness[i + 1]!;
      mixing[i] = mixing[i]! - down * pull;
    }
  }
  return { decay, exchange: mixing, input: lambda.slice(0, 4 * n), transfers: fractions };
}

function addTransfers(gradient: Gradient2020, by: Float64Array): void {
  gradient.fcwdl2 = by[0]! - by[1]!;
  const names = ["fl1s1", "fl2s1", "fl3s2", "fs1s2", "fs1s3", "fs2s1", "fs2s3", "fs3s1"] as const;
  for (const [t, name] of names.entries()) gradient[name] = by[t + 2]!;
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
  const slope = rootProfileSlope(values.beta, column(layers));
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

/** Interfaces in centimetres and thicknesses in metres. */
function column(layers: Column2020["layers"]): { edges: Float64Array; thickness: Float64Array } {
  return { edges: layers.interfaces.map((z) => 100 * z), thickness: layers.thickness };
}

/** ∂(root profile)/∂β, shape (n) [m⁻¹]. */
function rootProfileSlope(
  beta: number,
  { edges, thickness }: { readonly edges: Float64Array; readonly thickness: Float64Array },
): Float64Array {
  const n = thickness.length;
  const power = edges.map((z) => beta ** z);
  const steep = edges.map((z, i) => (z * power[i]!) / beta);
  const whole = 1 - power[n]!;
  return thickness.map((dz, i) => {
    const share = power[i]! - power[i + 1]!;
    const shareSlope = steep[i]! - steep[i + 1]!;
    return (shareSlope * whole + share * steep[n]!) / (whole * whole * dz);
  });
}
