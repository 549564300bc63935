/** Forward runs: the flux of every pixel at every step, by members and by their mean. */

import { type Engine, type Model, predict } from "../learn/index.js";
import { monthlyMeans, type Steps } from "./steps.js";

/** How to run forward. */
export interface ForwardOptions {
  readonly engine?: Engine;
  /** rows at a time, 65,536 by default */
  readonly batchSize?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Monthly means of a model over the globe.
 *
 * @param drivers scaled, shape (steps, cells, features)
 * @returns shape (months, cells) [gC m⁻² d⁻¹]
 */
export async function runForward(
  model: Model,
  drivers: Float32Array,
  steps: Steps,
  options: ForwardOptions = {},
): Promise<Float32Array> {
  const features = model.network.inputs.x![0]!;
  const rows = drivers.length / features;
  const { data } = await predict(
    model,
    { x: { data: drivers, shape: [rows, features] } },
    { batchNorm: "running", batchSize: 65_536, ...options },
  );
  return monthlyMeans(steps, data, rows / steps.count);
}

/** Predictions for rows of features [gC m⁻² d⁻¹]. */
export async function predictRows(
  model: Model,
  x: Float32Array,
  options: ForwardOptions = {},
): Promise<Float32Array> {
  const features = model.network.inputs.x![0]!;
  const array = { data: x, shape: [x.length / features, features] };
  const result = await predict(
    model,
    { x: array },
    { batchNorm: "running", batchSize: 16_384, ...options },
  );
  return result.data;
}

/** Mean of fields, and the standard deviation of the members (divided by their number). */
export function averageFields(fields: readonly Float32Array[]): {
  mean: Float32Array;
  spread: Float32Array;
} {
  const mean = new Float32Array(fields[0]!.length);
  const spread = new Float32Array(mean.length);
  for (let p = 0; p < mean.length; p++) {
    let sum = 0;
    for (const field of fields) sum += field[p]!;
    mean[p] = sum / fields.length;
    let squares = 0;
    for (const field of fields) squares += (field[p]! - mean[p]!) ** 2;
    spread[p] = Math.sqrt(squares / fields.length);
  }
  return { mean, spread };
}
