/** Ensembles: members that differ only in their seed, and what they say together. */

import { ArgumentError, type NdArray, sizeOf } from "../core/index.js";
import { makeCombination } from "./combination.js";
import { openEngine } from "./engine.js";
import { outputShape } from "./network.js";
import { batchesOf, type PredictionOptions, predictionProgram } from "./prediction.js";
import { arraySource } from "./source.js";
import type { Model } from "./weights.js";

/** What an ensemble predicts; all of shape (n, …sample of the output). */
export interface EnsemblePrediction {
  /** median of the members, element by element; maps are divided by their sum if asked */
  readonly median: NdArray<Float32Array>;
  readonly mean: NdArray<Float32Array>;
  /** standard deviation of the members (divided by their number) */
  readonly spread: NdArray<Float32Array>;
  /** moments that batch norms used */
  readonly batchNorm: "running" | "batch";
  readonly members: number;
}

/** How an ensemble predicts. */
export interface EnsembleOptions extends PredictionOptions {
  /** `maps`: divide each median map (the two last axes) by its sum, as the papers do */
  readonly normalise?: "maps" | "none";
  /** told what each member says of the samples from `start` on; the vectors are written again after it */
  readonly onMembers?: (said: readonly Float32Array[], start: number) => void;
}

/**
 * Predict with all members, batch by batch, and combine them at once, so that memory holds the
 * predictions of one batch only.
 *
 * @throws {ArgumentError} if there are no members, or of different networks
 */
export async function predictEnsemble(
  models: readonly Model[],
  inputs: Readonly<Record<string, NdArray>>,
  options: EnsembleOptions,
): Promise<EnsemblePrediction> {
  const network = sharedNetwork(models);
  const { batchNorm, batchSize = 32, engine = await openEngine() } = options;
  const source = arraySource(inputs);
  const sample = outputShape(network);
  const shape = [source.count, ...sample];
  const empty = () => new Float32Array(sizeOf(shape));
  const [median, mean, spread] = [empty(), empty(), empty()] as const;
  for (const [length, starts] of batchesOf(source.count, batchSize)) {
    const executable = await engine.compile(predictionProgram(network, length, batchNorm));
    const together = makeCombination(models.length, length * sizeOf(sample));
    try {
      for (const start of starts) {
        options.signal?.throwIfAborted();
        const batch = await source.read(Int32Array.from({ length }, (_, i) => start + i));
        for (const [m, { weights }] of models.entries()) {
          const inputs = { ...batch, ...Object.fromEntries(weights) };
          await executable.run(inputs, { output: together.members[m]! });
        }
        together.combine();
        options.onMembers?.(together.members, start);
        const from = start * sizeOf(sample);
        median.set(together.median, from);
        mean.set(together.mean, from);
        spread.set(together.spread, from);
        options.onProgress?.(start + length, source.count);
      }
    } finally {
      await executable.release();
    }
  }
  if (options.normalise === "maps") normaliseMaps(median, sample);
  const array = (data: Float32Array) => ({ data, shape });
  const arrays = { median: array(median), mean: array(mean), spread: array(spread) };
  return { ...arrays, batchNorm, members: models.length };
}

function sharedNetwork(models: readonly Model[]): Model["network"] {
  const first = models[0];
  if (first === undefined) {
    throw new ArgumentError({ what: "ensemble", wanted: "at least one member", got: "none" });
  }
  const other = models.find(
    ({ network }) => JSON.stringify(network) !== JSON.stringify(first.network),
  );
  if (other === undefined) return first.network;
  const [wanted, got] = [`only ${first.network.name}`, `${other.network.name} too`];
  throw new ArgumentError({ what: "members of an ensemble", wanted, got });
}

function normaliseMaps(data: Float32Array, sample: readonly number[]): void {
  const size = sizeOf(sample.slice(-2));
  for (let start = 0; start < data.length; start += size) {
    const map = data.subarray(start, start + size);
    const total = map.reduce((sum, value) => sum + value, 0);
    if (total > 0) for (let i = 0; i < size; i++) map[i]! /= total;
  }
}
