/**
 * The network that carries parameters over a country: covariates in, proportions out, trained on
 * the posterior means of single profiles (PRODA).
 *
 * @see Tao et al. (2020), Frontiers in Big Data 3:17
 */

import { ArgumentError, makeRandom, shuffle } from "../core/index.js";
import {
  arraySource,
  type Engine,
  type EpochRecord,
  type Model,
  mlp,
  predict,
  subset,
  train,
} from "../learn/index.js";

/** The hidden layers of Tao et al. (2020). */
export const PRODA_HIDDEN = [256, 512, 512, 256] as const;

/** Rows of a table of covariates, shape (n, features). */
export type Rows = readonly ArrayLike<number>[];

/** What a covariate was least and greatest: what it is scaled by. */
export interface Extent {
  readonly least: Float64Array;
  readonly span: Float64Array;
}

/** How to train. */
export interface ParameterTraining {
  readonly seed: number;
  /** 4800 as published */
  readonly epochs: number;
  /** units of the hidden layers; those of the paper by default */
  readonly hidden?: readonly number[];
  /** 0.2 by default */
  readonly dropout?: number;
  /** 64 by default */
  readonly batchSize?: number;
  /** Adadelta's rate: 1 as in classic Keras (default); tf.keras has 0.001 */
  readonly learningRate?: number;
  /** an open engine; by default onnx with 2 threads, which layers as small as these rather wait for */
  readonly engine?: Engine;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A trained network with the scale of its covariates. */
export interface ParameterNetwork {
  readonly model: Model;
  readonly extent: Extent;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
}

/** Least and greatest covariates of the map's cells; published so, not from the profiles. */
export function extentOf(rows: Rows): Extent {
  const features = rows[0]!.length;
  const column = (k: number) => rows.map((row) => row[k]!);
  const least = Float64Array.from({ length: features }, (_, k) =>
    column(k).reduce((a, b) => Math.min(a, b)),
  );
  const span = least.map((low, k) => column(k).reduce((a, b) => Math.max(a, b)) - low || 1);
  return { least, span };
}

/** Covariates scaled to about 0 … 1, shape (n, features). */
export function scaleRows(rows: Rows, { least, span }: Extent) {
  const features = least.length;
  const data = new Float32Array(rows.length * features);
  for (const [i, row] of rows.entries()) {
    for (let k = 0; k < features; k++) data[i * features + k] = (row[k]! - least[k]!) / span[k]!;
  }
  return { data, shape: [rows.length, features] as const };
}

/** Profiles to learn from and to test on. */
export interface ProfileSplit {
  readonly learn: Int32Array;
  readonly test: Int32Array;
}

/** Draw a fifth of n profiles to test on. */
export function splitProfiles(n: number, seed: number): ProfileSplit {
  return foldProfiles(n, 5, seed)[0]!;
}

/**
 * Cut n profiles into folds: each is tested on once, by a network that learnt from the others.
 *
 * @throws {ArgumentError} if there are fewer profiles than folds, or fewer than 2 folds
 */
export function foldProfiles(n: number, folds: number, seed: number): ProfileSplit[] {
  if (!(Number.isInteger(folds) && folds >= 2 && n >= folds)) {
    throw new ArgumentError({ what: "folds", wanted: `2 to ${n}`, got: `${folds}` });
  }
  const order = shuffle(
    Int32Array.from({ length: n }, (_, i) => i),
    makeRandom(seed),
  );
  return Array.from({ length: folds }, (_, fold) => ({
    test: order.filter((__, i) => i % folds === fold).sort(),
    learn: order.filter((__, i) => i % folds !== fold).sort(),
  }));
}

/**
 * Train the network on posterior means; a fifth of the profiles picks the best epoch.
 *
 * @param covariates rows of the profiles to learn from
 * @param targets    proportions of the same profiles, shape (n, outputs)
 * @param extent     what covariates are scaled by
 */
export async function trainParameterNetwork(
  covariates: Rows,
  targets: Rows,
  extent: Extent,
  options: ParameterTraining,
): Promise<ParameterNetwork> {
  const { seed, epochs, hidden = PRODA_HIDDEN, dropout = 0.2, batchSize = 64 } = options;
  const outputs = targets[0]!.length;
  const y = {
    data: Float32Array.from(targets.flatMap((row) => Array.from(row))),
    shape: [targets.length, outputs],
  };
  const source = arraySource({ x: scaleRows(covariates, extent), y });
  const { learn, test } = splitProfiles(covariates.length, seed);
  const network = mlp({ features: extent.least.length, hidden, outputs, dropout });
  const data = { train: subset(source, learn), validation: subset(source, test) };
  const { model, history, bestEpoch } = await train(network, data, {
    loss: { kind: "mse" },
    optimiser: { kind: "adadelta", decay: 0.95, epsilon: 1e-7 },
    learningRate: options.learningRate ?? 1,
    batchSize: Math.min(batchSize, learn.length),
    epochs,
    seed,
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { model, extent, history, bestEpoch };
}

/** Proportions that a network predicts, brought into (0, 1), one row per row of covariates. */
export async function predictParameters(
  { model, extent }: Pick<ParameterNetwork, "model" | "extent">,
  covariates: Rows,
): Promise<Float64Array[]> {
  const x = scaleRows(covariates, extent);
  const batchSize = Math.min(covariates.length, 1024);
  const { data, shape } = await predict(model, { x }, { batchNorm: "running", batchSize });
  const width = shape[1]!;
  return covariates.map((_, i) =>
    Float64Array.from(data.subarray(i * width, (i + 1) * width), insideBox),
  );
}

/** How to train the networks of a cross-validation. */
export interface CrossTraining extends ParameterTraining {
  readonly folds: number;
}

/** Train the network of one fold: it learns from the profiles of all others. */
export function trainFold(
  { rows, targets, extent }: LearningRows,
  { folds, ...options }: CrossTraining,
  fold: number,
): Promise<ParameterNetwork> {
  const { learn } = foldProfiles(rows.length, folds, options.seed)[fold]!;
  const pick = (all: Rows) => Array.from(learn, (i) => all[i]!);
  return trainParameterNetwork(pick(rows), pick(targets), extent, options);
}

/** Predictions of each profile by the network of its fold, which did not learn from it. */
export async function predictFolds(
  networks: readonly Pick<ParameterNetwork, "model" | "extent">[],
  covariates: Rows,
  seed: number,
): Promise<Float64Array[]> {
  const predicted = new Array<Float64Array>(covariates.length);
  for (const [fold, { test }] of foldProfiles(covariates.length, networks.length, seed).entries()) {
    const unseen = Array.from(test, (i) => covariates[i]!);
    for (const [at, row] of (await predictParameters(networks[fold]!, unseen)).entries()) {
      predicted[test[at]!] = row;
    }
  }
  return predicted;
}

/** What a network learns from. */
export interface LearningRows {
  /** covariates of the profiles */
  readonly rows: Rows;
  /** proportions of the same profiles, shape (n, outputs) */
  readonly targets: Rows;
  /** what covariates are scaled by */
  readonly extent: Extent;
}

/** The output layer is linear, as published; the model needs proportions inside the box. */
function insideBox(kp: number): number {
  return Math.min(0.999, Math.max(0.001, kp));
}
