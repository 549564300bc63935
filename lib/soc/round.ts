/**
 * The big loops of the study as rounds of tasks: blocks of profiles, each assimilated by itself, and
 * chains of one batch. Each makes its profiles anew from the seed, which takes less than sending them.
 */

import type { TaskInput } from "../parallel/index.js";
import type { Chain } from "../stats/index.js";
import { estimateSites, type SiteEstimate, sampleBatch } from "./assimilation.js";
import type { Sampler } from "./sampling.js";
import { screenProfiles } from "./screen.js";
import { makeTwinProfiles } from "./twin.js";

/** How the study is sized; parameters of notebook 07. */
export interface SoilSizes {
  readonly seed: number;
  /** profiles of the twin, before any is masked */
  readonly profiles: number;
  /** steps of each chain */
  readonly steps: number;
  readonly sampler: Sampler;
  /** profiles of the one-batch fit */
  readonly batchProfiles: number;
}

/**
 * Assimilate a block of the twin's profiles, each by itself.
 *
 * @returns estimates of those that are not masked, in their order; blocks after one another are
 *          the same whatever their number
 */
export function siteRound({ index, count, parameters, report, signal }: TaskInput): SiteEstimate[] {
  const { seed, profiles, steps, sampler } = parameters as unknown as SoilSizes;
  const [first, end] = [index, index + 1].map((i) => Math.floor((i * profiles) / count));
  return makeTwinProfiles(seed, first!, end!).flatMap((profile, i, all) => {
    report(i / all.length);
    signal.throwIfAborted();
    const { kept } = screenProfiles([profile]);
    return estimateSites({
      profiles: kept,
      first: first! + i,
      sampling: { sampler, steps, seed },
      cost: {},
    });
  });
}

/** One chain of the one-batch fit, over the first profiles that are not masked. */
export function batchRound({ index, parameters }: TaskInput): Chain[] {
  const { seed, profiles, steps, sampler, batchProfiles } = parameters as unknown as SoilSizes;
  const kept = firstProfiles(seed, profiles, batchProfiles);
  const sampling = { sampler, steps, seed: seed * 64 + index };
  return sampleBatch({ profiles: kept, sampling, cost: {} });
}

/** The first profiles of a twin that are not masked. */
function firstProfiles(seed: number, profiles: number, wanted: number) {
  const kept: ReturnType<typeof makeTwinProfiles> = [];
  for (let first = 0; first < profiles && kept.length < wanted; first += 100) {
    const some = makeTwinProfiles(seed, first, Math.min(profiles, first + 100));
    kept.push(...screenProfiles(some).kept);
  }
  return kept.slice(0, wanted);
}
