/** Scores of predictions against filtered PDFs, and the baselines they must beat. */

import { ArgumentError, makeRandom, shapeError } from "../core/index.js";
import { checkMass } from "./mass.js";
import { bhattacharyyaLoss, classOf, overlap, type ScoreClass } from "./score.js";

/** Maps of many samples, shape (samples, bins). */
export interface Maps {
  readonly data: Float32Array;
  readonly bins: number;
}

/** One level's maps out of arrays of shape (samples, levels, bins). */
export function mapsOfLevel(data: Float32Array, levels: number, level: number, bins: number): Maps {
  const samples = data.length / (levels * bins);
  if (!Number.isInteger(samples)) throw shapeError("maps", [0, levels, bins], [data.length]);
  const picked = new Float32Array(samples * bins);
  for (let s = 0; s < samples; s++) {
    const from = (s * levels + level) * bins;
    picked.set(data.subarray(from, from + bins), s * bins);
  }
  return { data: picked, bins };
}

/** One map of a set. */
export function mapOf({ data, bins }: Maps, sample: number): Float32Array {
  return data.subarray(sample * bins, (sample + 1) * bins);
}

/** Some of the maps of a set, in the order given. */
export function pickMaps(maps: Maps, samples: ArrayLike<number>): Maps {
  const data = new Float32Array(samples.length * maps.bins);
  for (let k = 0; k < samples.length; k++) data.set(mapOf(maps, samples[k]!), k * maps.bins);
  return { data, bins: maps.bins };
}

/** Rows of values of a set, shape (samples) each, at some of its samples, in the order given. */
export function pickValues<T extends { readonly [K in keyof T]: Float64Array }>(
  rows: T,
  samples: Int32Array,
): { readonly [K in keyof T]: Float64Array } {
  const picked = (Object.entries(rows) as [string, Float64Array][]).map(([name, values]) => {
    return [name, Float64Array.from(samples, (s) => values[s]!)] as const;
  });
  return Object.fromEntries(picked) as { readonly [K in keyof T]: Float64Array };
}

/** Scores of one model over a test set. */
export interface Scores {
  readonly model: string;
  /** Bhattacharyya loss of each sample */
  readonly losses: Float64Array;
  /** Σ min(P, Q) of each sample */
  readonly overlaps: Float64Array;
  readonly meanLoss: number;
  /** share of the samples in each class */
  readonly classes: Readonly<Record<ScoreClass, number>>;
}

/**
 * Share of a true PDF that must be left in its box. Slow particles may leave it nearly all: a sample
 * that every prediction fails, unless it was masked before (`usableSamples`). An empty map is a mistake.
 */
const LEAST_TRUTH = 0.002;

/**
 * Score predictions sample by sample.
 *
 * @throws {ShapeError} if predictions and truth differ in size
 * @throws {DataError} if a prediction does not sum to one, or a true PDF to one less what left the box
 */
export function scorePredictions(model: string, predicted: Maps, truth: Maps): Scores {
  if (predicted.data.length !== truth.data.length) {
    throw shapeError("predictions", [truth.data.length], [predicted.data.length]);
  }
  checkMass(`the predictions of ${model}`, predicted, 1);
  checkMass("the true PDFs", truth, LEAST_TRUTH);
  const count = truth.data.length / truth.bins;
  const losses = new Float64Array(count);
  const overlaps = new Float64Array(count);
  const classes = { valid: 0, "quasi-valid": 0, "non-valid": 0 };
  for (let s = 0; s < count; s++) {
    losses[s] = bhattacharyyaLoss(mapOf(predicted, s), mapOf(truth, s));
    overlaps[s] = overlap(mapOf(predicted, s), mapOf(truth, s));
    classes[classOf(losses[s]!)] += 1 / count;
  }
  const meanLoss = losses.reduce((sum, loss) => sum + loss, 0) / count;
  return { model, losses, overlaps, meanLoss, classes };
}

/** What several models score in the mean, sample by sample: what one member of an ensemble is worth. */
export function averageScores(model: string, scores: readonly Scores[]): Scores {
  const share = 1 / scores.length;
  const mean = (value: (one: Scores) => number) =>
    scores.reduce((sum, one) => sum + share * value(one), 0);
  const each = (rows: (one: Scores) => Float64Array) =>
    rows(scores[0]!).map((_, s) => mean((one) => rows(one)[s]!));
  const classes = {
    valid: mean((one) => one.classes.valid),
    "quasi-valid": mean((one) => one.classes["quasi-valid"]),
    "non-valid": mean((one) => one.classes["non-valid"]),
  };
  const [losses, overlaps] = [each((one) => one.losses), each((one) => one.overlaps)];
  return { model, losses, overlaps, meanLoss: mean((one) => one.meanLoss), classes };
}

/** The mean PDF of a set, for every one of `count` samples: the baseline without any skill. */
export function meanPrediction(training: Maps, count: number): Maps {
  const { bins } = training;
  const mean = new Float64Array(bins);
  for (let at = 0; at < training.data.length; at++) {
    mean[at % bins] = mean[at % bins]! + training.data[at]!;
  }
  const total = mean.reduce((sum, p) => sum + p, 0);
  return repeatMap(
    Float32Array.from(mean, (p) => p / total),
    count,
  );
}

/** The same map for every one of `count` samples. */
export function repeatMap(map: Float32Array, count: number): Maps {
  const data = new Float32Array(count * map.length);
  for (let s = 0; s < count; s++) data.set(map, s * map.length);
  return { data, bins: map.length };
}

/** A number made from samples, such as a difference of two models' mean losses, with its interval. */
export interface Difference {
  /** of all samples; as a difference the first less the second */
  readonly mean: number;
  /** 2.5 % and 97.5 % of the numbers of resampled blocks */
  readonly interval: readonly [number, number];
}

/** How a bootstrap over blocks draws. */
export interface BlockOptions {
  readonly seed: number;
  /** resamples, 2000 by default */
  readonly draws?: number;
}

/**
 * A number made from samples with its interval, by a bootstrap that draws whole blocks, since traps of
 * one date share one ocean.
 *
 * @param block     number of each sample's block, such as its window
 * @param statistic the number, from the samples drawn; resamples of which it is NaN are left out
 * @throws {ArgumentError} if there is only one block
 */
export function blockStatistic(
  block: ArrayLike<number>,
  statistic: (samples: readonly number[]) => number,
  { seed, draws = 2000 }: BlockOptions,
): Difference {
  const members = new Map<number, number[]>();
  for (let s = 0; s < block.length; s++) {
    members.set(block[s]!, [...(members.get(block[s]!) ?? []), s]);
  }
  const blocks = [...members.values()];
  if (blocks.length < 2) {
    throw new ArgumentError({ what: "blocks", wanted: "at least two", got: `${blocks.length}` });
  }
  const random = makeRandom(seed);
  const drawn = Float64Array.from({ length: draws }, () =>
    statistic(blocks.flatMap(() => blocks[random.integer(blocks.length)]!)),
  );
  const sorted = drawn.filter((value) => !Number.isNaN(value)).sort();
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  const mean = statistic(Array.from({ length: block.length }, (_, s) => s));
  return { mean, interval: [quantile(0.025), quantile(0.975)] };
}

/**
 * Mean of values of samples with its interval over blocks.
 *
 * @param values shape (samples)
 * @param block  number of each sample's block, such as its window
 * @throws {ArgumentError} if there is only one block
 */
export function blockMean(
  values: ArrayLike<number>,
  block: ArrayLike<number>,
  options: BlockOptions,
): Difference {
  return blockStatistic(
    block,
    (samples) => samples.reduce((sum, s) => sum + values[s]!, 0) / samples.length,
    options,
  );
}

/**
 * Compare two models on the same samples: mean loss of the first less that of the second, with its
 * interval over blocks.
 *
 * @throws {ArgumentError} if there is only one block
 */
export function compareLosses(
  a: Scores,
  b: Scores,
  block: ArrayLike<number>,
  options: BlockOptions,
): Difference {
  return blockMean(
    a.losses.map((loss, s) => loss - b.losses[s]!),
    block,
    options,
  );
}

/** A number in words, with a true minus sign and without a minus before nothing. */
export function inDigits(value: number, digits: number): string {
  return value
    .toFixed(digits)
    .replace(/^-(?=[0.]*$)/, "")
    .replace("-", "−");
}

/** A number with the interval of 95 % of the resampled sets of dates, in words. */
export function describeDifference(
  { mean, interval: [low, high] }: Difference,
  digits = 3,
): string {
  const [value, from, to] = [mean, low, high].map((x) => inDigits(x, digits));
  return `${value} (95 %: ${from} to ${to})`;
}
