/** Chains over the 25 proportions, by the published rule or by a correct sampler, and their summary. */

import {
  adaptiveMetropolis,
  annealedMetropolis,
  type Chain,
  type Cost,
  effectiveSampleSize,
  splitRhat,
} from "../stats/index.js";
import { PARAMETERS_2020 } from "./parameters.js";

/**
 * How to draw parameters: `published`, two stages with an annealed rule, which is not a sampler of
 * the posterior; or `adaptive`, a correct adaptive Metropolis.
 */
export type Sampler = "published" | "adaptive";

/** How to sample. */
export interface SamplingOptions {
  readonly sampler: Sampler;
  /** steps of a chain; the published ones are 50,000, two fifths of them in the first stage */
  readonly steps: number;
  /** chains, 1 by default */
  readonly chains?: number;
  readonly seed: number;
}

/** What chains say about the proportions. */
export interface Posterior {
  /** posterior mean and standard deviation, shape (d) */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** split-R̂ and effective sample size over all chains, shape (d) */
  readonly rhat: Float64Array;
  readonly effective: Float64Array;
  /** mean share of proposals accepted */
  readonly acceptance: number;
  /** least cost seen among the kept draws */
  readonly leastCost: number;
  /** draws spread evenly over the chains, shape (draws, d) */
  readonly draws: Float64Array;
}

/** Draws kept of a posterior. */
const KEPT = 100;

/** The middle of the prior, where chains start. */
export function priorMiddle(): Float64Array {
  return new Float64Array(PARAMETERS_2020.length).fill(0.5);
}

/** Run chains, each with its own stream of random numbers. */
export function runChains(
  cost: Cost,
  { sampler, steps, chains = 1, seed }: SamplingOptions,
  start: Float64Array = priorMiddle(),
): Chain[] {
  return Array.from({ length: chains }, (_, chain) => {
    const own = seed * 64 + chain;
    if (sampler === "adaptive") return adaptiveMetropolis(cost, start, { steps, seed: own });
    const stage1 = Math.round(0.4 * steps);
    return annealedMetropolis(cost, start, { stage1, stage2: steps - stage1, seed: own });
  });
}

/** Summarise chains; those of unequal length are cut to the shortest, from their end. */
export function summariseChains(chains: readonly Chain[]): Posterior {
  const { d } = chains[0]!;
  const length = Math.min(...chains.map((chain) => chain.costs.length));
  const column = (chain: Chain, k: number) => {
    const first = chain.costs.length - length;
    const draws = new Float64Array(length);
    for (let i = 0; i < length; i++) draws[i] = chain.draws[(first + i) * d + k]!;
    return draws;
  };
  const each = Array.from({ length: d }, (_, k) => chains.map((chain) => column(chain, k)));
  const moments = each.map((parts) => momentsOf(parts));
  const isLong = length >= 4;
  return {
    mean: Float64Array.from(moments, ({ mean }) => mean),
    deviation: Float64Array.from(moments, ({ deviation }) => deviation),
    rhat: Float64Array.from(each, (parts) => (isLong ? splitRhat(parts) : Number.NaN)),
    effective: Float64Array.from(each, (parts) =>
      isLong ? effectiveSampleSize(thin(parts)) : length,
    ),
    acceptance: chains.reduce((sum, chain) => sum + chain.acceptance, 0) / chains.length,
    leastCost: Math.min(...chains.map((chain) => chain.costs.reduce((a, b) => Math.min(a, b)))),
    draws: spreadDraws(each, length),
  };
}

/** About 500 draws of each chain: an autocorrelation of more takes longer than the model did, and tells no more. */
function thin(parts: readonly Float64Array[]): Float64Array[] {
  const every = Math.max(1, Math.floor(parts[0]!.length / 500));
  return parts.map((part) => part.filter((_, i) => i % every === 0));
}

function spreadDraws(each: readonly (readonly Float64Array[])[], length: number): Float64Array {
  const chains = each[0]!.length;
  const count = Math.min(KEPT, chains * length);
  const draws = new Float64Array(count * each.length);
  for (let i = 0; i < count; i++) {
    const place = Math.floor(((i + 0.5) / count) * chains * length);
    for (const [k, parts] of each.entries()) {
      draws[i * each.length + k] = parts[Math.floor(place / length)]![place % length]!;
    }
  }
  return draws;
}

function momentsOf(parts: readonly Float64Array[]): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (const part of parts) {
    for (const value of part) sum += value;
    count += part.length;
  }
  const mean = sum / count;
  let scatter = 0;
  for (const part of parts) for (const value of part) scatter += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(scatter / Math.max(1, count - 1)) };
}

/** Chains over fewer parameters, such as those of a known posterior, with their draws. */
export interface FreeChains extends Posterior {
  /** all kept draws of one parameter */
  column(k: number): Float64Array;
}

/** Sample any cost over d proportions from the middle of the box. */
export function chainsOf(cost: Cost, d: number, options: SamplingOptions): FreeChains {
  const chains = runChains(cost, options, new Float64Array(d).fill(0.5));
  return {
    ...summariseChains(chains),
    column: (k) =>
      Float64Array.from(
        chains.flatMap(({ draws, costs }) => Array.from(costs, (_, i) => draws[i * d + k]!)),
      ),
  };
}
