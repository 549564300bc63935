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
 * Score predictions sample by sample.
 *
 * @throws {ShapeError} if predictions and truth differ in size
 * @throws {DataError} if a prediction does not sum to one
 */
export function scorePredictions(model: string, predicted: Maps, truth: Maps): Scores {
  if (predicted.data.length !== truth.data.length) {
    throw shapeError("predictions", [truth.data.length], [predicted.data.length]);
  }
  checkMass(`the predictions of ${model}`, predicted, 1);
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

/** A difference of two models' mean losses with its interval. */
export interface Difference {
  /** mean loss of the first less that of the second */
  readonly mean: number;
  /** 2.5 % and 97.5 % of the resampled means */
  readonly interval: readonly [number, number];
}

/** How a bootstrap over blocks draws. */
export interface BlockOptions {
  readonly seed: number;
  /** resamples, 2000 by default */
  readonly draws?: number;
}

/**
 * Mean of values of samples with its interval, by a bootstrap that draws whole blocks, since traps of
 * one date share one ocean.
 *
 * @param values shape (samples)
 * @param block  number of each sample's block, such as its window
 * @throws {ArgumentError} if there is only one block
 */
export function blockMean(
  values: ArrayLike<number>,
  block: ArrayLike<number>,
  { seed, draws = 2000 }: BlockOptions,
): Difference {
  const sums = new Map<number, { sum: number; count: number }>();
  for (let s = 0; s < values.length; s++) {
    const entry = sums.get(block[s]!) ?? { sum: 0, count: 0 };
    entry.sum += values[s]!;
    entry.count++;
    sums.set(block[s]!, entry);
  }
  const blocks = [...sums.values()];
  if (blocks.length < 2) {
    throw new ArgumentError({ what: "blocks", wanted: "at least two", got: `${blocks.length}` });
  }
  const random = makeRandom(seed);
  const means = Float64Array.from({ length: draws }, () => {
    let [sum, count] = [0, 0];
    for (let k = 0; k < blocks.length; k++) {
      const drawn = blocks[random.integer(blocks.length)]!;
      sum += drawn.sum;
      count += drawn.count;
    }
    return sum / count;
  }).sort();
  const quantile = (share: number) => means[Math.round(share * (draws - 1))]!;
  const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, interval: [quantile(0.025), quantile(0.975)] };
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

/** A difference in words: its mean and the interval of 95 % of the resampled sets of dates. */
export function describeDifference({ mean, interval: [low, high] }: Difference): string {
  return `difference of mean BL ${mean.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)})`;
}
