/**
 * Whether Markov chains have converged, and how many independent draws they are worth.
 *
 * @see Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Bayesian Analysis 16, 667
 */

import { ArgumentError } from "../core/index.js";

/**
 * Split-R̂ of one parameter: √(pooled variance/within variance) after each chain is cut in half.
 * Near 1 when the chains agree; above 1.01 they have not mixed.
 *
 * @param chains draws of the parameter, one array per chain, all of one length ≥ 4
 * @throws {ArgumentError} if there is no chain, or they are short or of different lengths
 */
export function splitRhat(chains: readonly ArrayLike<number>[]): number {
  const halves = splitChains(chains);
  const { within, pooled } = variances(halves);
  return within === 0 ? 1 : Math.sqrt(pooled / within);
}

/**
 * Effective sample size of one parameter over all chains, with Geyer's initial monotone sequence.
 *
 * @param chains draws of the parameter, one array per chain, all of one length ≥ 4
 * @throws {ArgumentError} if there is no chain, or they are short or of different lengths
 */
export function effectiveSampleSize(chains: readonly ArrayLike<number>[]): number {
  const halves = splitChains(chains);
  const n = halves[0]!.length;
  const total = n * halves.length;
  const { within, pooled } = variances(halves);
  if (within === 0) return total;
  const centred = halves.map(centre);
  let sum = 0;
  let previous = Number.POSITIVE_INFINITY;
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = correlation(lag) + correlation(lag + 1);
    if (pair < 0) break;
    previous = Math.min(previous, pair);
    sum += previous;
  }
  return Math.min(total * Math.log10(total), total / (2 * sum - 1));

  function correlation(lag: number): number {
    if (lag === 0) return 1;
    let mean = 0;
    for (const half of centred) mean += lagged(half, lag) / halves.length;
    return 1 - (within - mean) / pooled;
  }
}

function splitChains(chains: readonly ArrayLike<number>[]): Float64Array[] {
  const length = chains[0]?.length ?? 0;
  if (length < 4 || chains.some((chain) => chain.length !== length)) {
    throw new ArgumentError({
      what: "chains",
      wanted: "one or more chains of one length, at least 4",
      got: `lengths ${chains.map((chain) => chain.length).join(", ") || "none"}`,
    });
  }
  const half = length >> 1;
  return chains.flatMap((chain) => {
    const draws = Float64Array.from(chain);
    return [draws.slice(0, half), draws.slice(length - half)];
  });
}

function variances(chains: readonly Float64Array[]): { within: number; pooled: number } {
  const n = chains[0]!.length;
  const means = chains.map(meanOf);
  const within =
    chains.reduce((sum, chain) => sum + (lagged(centre(chain), 0) * n) / (n - 1), 0) /
    chains.length;
  const grand = meanOf(Float64Array.from(means));
  const between =
    means.reduce((sum, m) => sum + (m - grand) ** 2, 0) / Math.max(1, means.length - 1);
  return { within, pooled: ((n - 1) / n) * within + between };
}

function centre(x: Float64Array): Float64Array {
  const mean = meanOf(x);
  return x.map((value) => value - mean);
}

/** Autocovariance of values about a mean of zero. */
function lagged(x: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = 0; i + lag < x.length; i++) sum += x[i]! * x[i + lag]!;
  return sum / x.length;
}

function meanOf(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / x.length;
}
