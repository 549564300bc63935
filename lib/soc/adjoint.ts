/**
 * What a change of the rates does to a number J that follows from the pools at steady state, from
 * one transposed solution (adjoint). The forms' own chain rules are in gradient.ts and
 * gradient2023.ts.
 */

import type { SoilLayers } from "./layers.js";
import { POOLS, type Rates, transferList } from "./rates.js";
import { makeSteadyState } from "./steady.js";

/** Sensitivities of J by the rates themselves. */
export interface RateGradient {
  /** ∂J/∂K, shape (7, n) */
  readonly decay: Float64Array;
  /** ∂J/∂exchange, shape (n − 1) */
  readonly exchange: Float64Array;
  /** ∂J/∂input, shape (4, n) */
  readonly input: Float64Array;
  /** ∂J/∂fraction, in the order of `transferList` */
  readonly transfers: Float64Array;
}

/** Pools at steady state, and what the rates do to J there. */
export interface Adjoint {
  /** X, shape (7, n) [gC m⁻³] */
  readonly pools: Float64Array;
  readonly by: RateGradient;
}

/**
 * Solve for the pools and for the slope of J by every rate.
 *
 * @param weights w = ∂J/∂X, shape (7, n); or what gives it from the solved pools, where J is not linear
 */
export function solveAdjoint(
  rates: Rates,
  weights: Float64Array | ((pools: Float64Array) => Float64Array),
): Adjoint {
  const n = rates.layers.nodes.length;
  const solver = makeSteadyState(n);
  const pools = new Float64Array(POOLS * n);
  const lambda = new Float64Array(POOLS * n);
  solver.solve(rates, pools);
  solver.solveTransposed(rates, typeof weights === "function" ? weights(pools) : weights, lambda);
  return { pools, by: rateGradient(rates, pools, lambda) };
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

/** Slopes of J by the transfer fractions. */
export type TransferSlopes = Record<keyof Rates["transfers"], number>;

/** The slopes of J by the transfer fractions, by name. */
export function transferSlopes({ transfers: by }: RateGradient): TransferSlopes {
  const names = ["fl1s1", "fl2s1", "fl3s2", "fs1s2", "fs1s3", "fs2s1", "fs2s3", "fs3s1"] as const;
  const slopes = Object.fromEntries(names.map((name, t) => [name, by[t + 2]!]));
  return { ...slopes, fcwdl2: by[0]! - by[1]! } as TransferSlopes;
}

/** ∂(root profile)/∂β, shape (n) [m⁻¹]. */
export function rootProfileSlope(beta: number, layers: SoilLayers): Float64Array {
  const { interfaces, thickness } = layers;
  const edges = interfaces.map((z) => 100 * z);
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
