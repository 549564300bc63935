/** Predictions of a trained network. */

import { ArgumentError, type NdArray, sizeOf } from "../core/index.js";
import { applyNetwork } from "./application.js";
import { type Engine, openEngine } from "./engine.js";
import { outputShape, parametersOf } from "./network.js";
import { input, type Program } from "./node.js";
import { arraySource } from "./source.js";
import type { Model } from "./weights.js";

/** How to predict. */
export interface PredictionOptions {
  /**
   * The moments batch norms use: `running` ones from training, or those of each `batch` that is
   * predicted, so that a prediction depends on its neighbours in the batch. The papers' scores were
   * most likely made with `batch`.
   */
  readonly batchNorm: "running" | "batch";
  /** samples at a time, 32 by default */
  readonly batchSize?: number;
  readonly engine?: Engine;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Predictions, and how they were made. */
export interface Prediction extends NdArray<Float32Array> {
  readonly batchNorm: "running" | "batch";
}

/** The program that applies a network; its weights are inputs of the parameters' names. */
export function predictionProgram(
  network: Model["network"],
  batch: number,
  mode: "running" | "batch",
): Program {
  const weights = new Map(
    parametersOf(network).map(({ name, shape }) => [name, input(name, shape)]),
  );
  const inputs = Object.fromEntries(
    Object.entries(network.inputs).map(([name, shape]) => [name, input(name, [batch, ...shape])]),
  );
  const mask = () => {
    throw new ArgumentError({ what: "dropout", wanted: "no mask outside training" });
  };
  const values = applyNetwork(network, inputs, { mode, weights, mask });
  return { outputs: { output: [...values.values()].at(-1)! } };
}

/**
 * Apply a network to samples, batch by batch, in their order.
 *
 * @param inputs one array per input of the network, shape (n, …sample)
 * @returns shape (n, …sample of the output)
 * @throws {ShapeError} if an input does not have the network's shape
 */
export async function predict(
  model: Model,
  inputs: Readonly<Record<string, NdArray>>,
  options: PredictionOptions,
): Promise<Prediction> {
  const { batchNorm, batchSize = 32, engine = await openEngine() } = options;
  const source = arraySource(inputs);
  const sample = outputShape(model.network);
  const data = new Float32Array(source.count * sizeOf(sample));
  const weights = Object.fromEntries(model.weights);
  for (const [length, starts] of batchesOf(source.count, batchSize)) {
    const executable = await engine.compile(predictionProgram(model.network, length, batchNorm));
    try {
      for (const start of starts) {
        options.signal?.throwIfAborted();
        const samples = Int32Array.from({ length }, (_, i) => start + i);
        const outputs = await executable.run({ ...(await source.read(samples)), ...weights });
        data.set(outputs.output!.data, start * sizeOf(sample));
        options.onProgress?.(start + length, source.count);
      }
    } finally {
      await executable.release();
    }
  }
  return { data, shape: [source.count, ...sample], batchNorm };
}

/** Full batches and the rest: pairs of length and starts. */
export function batchesOf(count: number, batchSize: number): [length: number, starts: number[]][] {
  const full = Math.floor(count / batchSize);
  const starts = Array.from({ length: full }, (_, i) => i * batchSize);
  const rest = count - full * batchSize;
  const batches: [number, number[]][] = [];
  if (full > 0) batches.push([batchSize, starts]);
  if (rest > 0) batches.push([rest, [full * batchSize]]);
  return batches;
}
