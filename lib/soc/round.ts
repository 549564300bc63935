/**
 * The big loops of the study as rounds of tasks: blocks of profiles, each assimilated by itself, chains
 * of one batch, and networks. Each makes its profiles anew from the seed, which takes less than sending
 * them.
 */

import { openEngine } from "../learn/index.js";
import type { TaskInput } from "../parallel/index.js";
import type { Chain } from "../stats/index.js";
import { estimateSites, type SiteEstimate, sampleBatch, withEstimates } from "./assimilation.js";
import { trainThroughModel } from "./binn.js";
import {
  extentOf,
  type ParameterNetwork,
  splitProfiles,
  trainFold,
  trainParameterNetwork,
} from "./network.js";
import type { Sampler } from "./sampling.js";
import { screenProfiles } from "./screen.js";
import { makeSoilTwin, makeTwinProfiles } from "./twin.js";

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

/** How the networks of the study are sized; parameters of notebook 07. */
export interface NetworkSizes extends SoilSizes {
  /** of the map, whose covariates scale those of the profiles [degrees] */
  readonly cellDegrees: number;
  readonly epochs: number;
  readonly throughEpochs: number;
  /** of a cross-validation */
  readonly folds: number;
  /** of one operation */
  readonly threads: number;
}

/** A network that carries parameters, however it was trained. */
export interface TrainedNetwork extends Pick<ParameterNetwork, "model" | "extent" | "bestEpoch"> {
  readonly history: readonly { readonly loss: number; readonly validationLoss: number }[];
  /** what its training took [s] */
  readonly seconds: number;
}

/**
 * Train a network on the estimates of the loop `sites`: round 0 on those of the profiles to learn from,
 * round 1 on the profiles themselves, through the model; the others are the folds of a cross-validation
 * over all of them.
 */
export async function networkRound(input: TaskInput): Promise<TrainedNetwork> {
  const { index, parameters, report, signal } = input;
  const { seed, epochs, throughEpochs, folds, threads, ...sizes } =
    parameters as unknown as NetworkSizes;
  const twin = makeSoilTwin({ ...sizes, seed });
  const estimates = (input.earlier.sites as SiteEstimate[][]).flat();
  const fitted = withEstimates(screenProfiles(twin.profiles).kept, estimates);
  const extent = extentOf(twin.cells.map(({ covariates }) => covariates));
  const seen = Array.from(splitProfiles(fitted.length, seed).learn, (i) => fitted[i]!);
  const rowsOf = (some: typeof fitted) => some.map(({ covariates }) => covariates);
  const targetsOf = (some: typeof fitted) => some.map(({ estimate }) => estimate.mean);
  const engine = await openEngine({ threads });
  const onProgress = (done: number, total: number) => report(done / total);
  const how = { seed, epochs, engine, signal, onProgress };
  const began = performance.now();
  const network = await (index === 0
    ? trainParameterNetwork(rowsOf(seen), targetsOf(seen), extent, how)
    : index === 1
      ? trainThroughModel(seen, rowsOf(seen), extent, { ...how, epochs: throughEpochs })
      : trainFold(
          { rows: rowsOf(fitted), targets: targetsOf(fitted), extent },
          { ...how, folds },
          index - 2,
        ));
  return { ...network, seconds: (performance.now() - began) / 1000 };
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
