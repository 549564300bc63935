/**
 * The big loops of the study as rounds of tasks: folds of the upscaling, Lasso trials of each region,
 * folds of the pairs. Each makes the land anew from its seed, which takes less than sending it.
 */

import { openEngine } from "../learn/index.js";
import type { TaskInput } from "../parallel/index.js";
import {
  type Bridge,
  bridgeStability,
  clusterPixels,
  fitBridges,
  type Upscaling,
} from "./bridge.js";
import { averageFields } from "./forward.js";
import { operatorOf, prepareStudy, type TrainedPair, trainPair, upscaleFold } from "./study.js";
import { landFrame, makeLandTwin } from "./twin.js";

/** How the study is sized; parameters of notebook 06. */
export interface StudySizes {
  readonly seed: number;
  readonly cellDegrees: number;
  readonly perMonth: number | "daily";
  readonly epochs: number;
  readonly bridgeR2: number;
  readonly bridgeIntercept: "free" | "none";
  readonly bridgeDraws: number;
  readonly threads: number;
}

/** What the trials of one region come to. */
export interface RegionTrials {
  /** as the study uses it; none where the region has no land */
  readonly bridges: readonly Bridge[];
  /** with the paper's share and intercept */
  readonly published: readonly Bridge[];
  /** how often each pixel was chosen, shape (cells) */
  readonly counts: Int32Array;
}

/** Round i: the field of the upscaling's fold i; parameters as `StudySizes`. */
export async function upscaleRound(input: TaskInput): Promise<Float32Array> {
  const { study, options } = await openStudy(input);
  return upscaleFold(study, options);
}

/** Round i: bridges of region i and how stable they are, fitted to the loop `upscaling`. */
export function regionRound({ index, parameters, earlier, report }: TaskInput): RegionTrials {
  const sizes = parameters as unknown as StudySizes;
  const { seed, bridgeR2, bridgeIntercept, bridgeDraws } = sizes;
  const { grid, steps } = landFrame(sizes);
  const upscaling: Upscaling = {
    field: averageFields(earlier.upscaling as Float32Array[]).mean,
    days: steps.daysOfMonth,
  };
  const common = { seed, strata: clusterPixels(grid, upscaling, { seed }, [index]) };
  report(0.3);
  const paper = { ...common, r2: 0.95 };
  return {
    bridges: fitBridges(grid, upscaling, { ...common, r2: bridgeR2, intercept: bridgeIntercept }),
    published: fitBridges(grid, upscaling, { ...paper, intercept: "free" }),
    counts: bridgeStability(grid, upscaling, { ...paper, draws: bridgeDraws }),
  };
}

/** Round i: the pair of fold i, held to the bridges of the loop `regions`. */
export async function pairRound(input: TaskInput): Promise<TrainedPair> {
  const { study, options } = await openStudy(input);
  const trials = input.earlier.regions as RegionTrials[];
  return trainPair(study, operatorOf(study, joinTrials(trials).bridges), options);
}

/** Put the trials of all regions together. */
export function joinTrials(trials: readonly RegionTrials[]): RegionTrials {
  const counts = new Int32Array(trials[0]!.counts.length);
  for (const trial of trials) for (const [cell, n] of trial.counts.entries()) counts[cell]! += n;
  return {
    bridges: trials.flatMap(({ bridges }) => bridges),
    published: trials.flatMap(({ published }) => published),
    counts,
  };
}

async function openStudy({ index, parameters, report, signal }: TaskInput) {
  const sizes = parameters as unknown as StudySizes;
  const { seed, epochs, threads } = sizes;
  const engine = await openEngine({ threads });
  const study = prepareStudy(makeLandTwin(sizes), seed);
  const onProgress = (done: number, total: number) => report(done / total);
  return { study, options: { seed, epochs, fold: index, engine, signal, onProgress } };
}
