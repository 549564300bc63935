/** Ensembles: members that differ only in their seed, and what they say together. */

import { ArgumentError, type NdArray, sizeOf } from "../core/index.js";
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
  const [median, mean, spread] = [0, 1, 2].map(() => new Float32Array(sizeOf(shape)));
  for (const [length, starts] of batchesOf(source.count, batchSize)) {
    const executable = await engine.compile(predictionProgram(network, length, batchNorm));
    try {
      for (const start of starts) {
        options.signal?.throwIfAborted();
        const batch = await source.read(Int32Array.from({ length }, (_, i) => start + i));
        const members: Float32Array[] = [];
        for (const { weights } of models) {
          const outputs = await executable.run({ ...batch, ...Object.fromEntries(weights) });
          members.push(outputs.output!.data);
        }
        const from = start * sizeOf(sample);
        combine(members, { median: median!, mean: mean!, spread: spread! }, from);
        options.onProgress?.(start + length, source.count);
      }
    } finally {
      await executable.release();
    }
  }
  if (options.normalise === "maps") normaliseMaps(median!, sample);
  const array = (data: Float32Array | undefined) => ({ data: data!, shape });
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

function combine(
  members: readonly Float32Array[],
  into: { median: Float32Array; mean: Float32Array; spread: Float32Array },
  from: number,
): void {
  const n = members.length;
  const values = new Float64Array(n);
  for (let i = 0; i < members[0]!.length; i++) {
    let total = 0;
    for (let m = 0; m < n; m++) {
      // Insertion keeps the few values sorted; a library sort costs ten times as much.
      const value = members[m]![i]!;
      total += value;
      let place = m;
      for (; place > 0 && values[place - 1]! > value; place--) values[place] = values[place - 1]!;
      values[place] = value;
    }
    const mean = total / n;
    let squares = 0;
    for (let m = 0; m < n; m++) squares += (values[m]! - mean) ** 2;
    const high = values[n >> 1]!;
    into.median[from + i] = n % 2 === 1 ? high : (values[(n >> 1) - 1]! + high) / 2;
    into.mean[from + i] = mean;
    into.spread[from + i] = Math.sqrt(squares / n);
  }
}

function normaliseMaps(data: Float32Array, sample: readonly number[]): void {
  const size = sizeOf(sample.slice(-2));
  for (let start = 0; start < data.length; start += size) {
    const map = data.subarray(start, start + size);
    const total = map.reduce((sum, value) => sum + value, 0);
    if (total > 0) for (let i = 0; i < size; i++) map[i]! /= total;
  }
}
