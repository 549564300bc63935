/**
 * Following biomes through time: a network learns the detected labels from the slopes of one month,
 * and names the tiles of every other month.
 *
 * The network and its training are those of Mohanty et al.: 3 slopes → 64-128-256-128-64 (ReLU, L2
 * 0.01, dropout 0.5) → classes; Adam 1e-3, batches of 32, up to 50 epochs, stop after 5 without
 * progress; 64 / 16 / 20 % of each class to train, choose and test. The published code fits its
 * scaler anew to every month it names, which takes part of a trend out; here it is fitted once unless
 * `scaling: "each"` asks for the code's way.
 */

import { ArgumentError, makeRandom, shuffle } from "../core/index.js";
import {
  arraySource,
  type EpochRecord,
  layoutOf,
  type Model,
  mlp,
  type Network,
  openEngine,
  predict,
  predictionProgram,
  stateWeights,
  subset,
  type TrainingState,
  train,
} from "../learn/index.js";
import { type Calibration, type Confusion, calibration, confusion } from "../stats/index.js";
import { applyScaler, fitScaler, type Scaler } from "./feature.js";

/** Options of `trainTracker`. */
export interface TrackerOptions {
  /** classes 0…k−1 */
  readonly classes: number;
  readonly seed: number;
  /** 50 by default */
  readonly epochs?: number;
  /** `balanced` weighs every class alike; `none` by default, as published */
  readonly classWeights?: "none" | "balanced";
  /** units of the hidden layers; those of the paper by default */
  readonly hidden?: readonly number[];
  /** 0.5 by default */
  readonly dropout?: number;
  /** tiles to learn from, drawn at random; all by default */
  readonly most?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A trained tracker and how it did on the tiles it never saw. */
export interface Tracker {
  readonly model: Model;
  /** fitted to the training month's slopes */
  readonly scaler: Scaler;
  readonly classes: number;
  readonly history: readonly EpochRecord[];
  /** share of the validation tiles that are named right after each epoch */
  readonly accuracies: readonly number[];
  readonly bestEpoch: number;
  /** on the test tiles */
  readonly confusion: Confusion;
  readonly calibration: Calibration;
}

/** Rows of a stratified split. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/**
 * Split rows so that each class goes 64 / 16 / 20 % to training, validation and test, as closely as
 * whole rows allow; classes of fewer than 3 rows go to training.
 */
export function stratifiedSplit(labels: ArrayLike<number>, seed: number): Split {
  const parts: [number[], number[], number[]] = [[], [], []];
  const random = makeRandom(seed);
  const classes = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  for (const label of classes) {
    const rows = Array.from(labels).flatMap((l, i) => (l === label ? [i] : []));
    shuffle(rows, random);
    const test = rows.length < 3 ? 0 : Math.max(1, Math.round(0.2 * rows.length));
    const validation = rows.length < 3 ? 0 : Math.max(1, Math.round(0.16 * rows.length));
    parts[2].push(...rows.slice(0, test));
    parts[1].push(...rows.slice(test, test + validation));
    parts[0].push(...rows.slice(test + validation));
  }
  const [train, validation, test] = parts.map((rows) => Int32Array.from(rows).sort());
  return { train: train!, validation: validation!, test: test! };
}

/**
 * Train a tracker.
 *
 * @param slopes raw slopes of the kept tiles, shape (n, 3), row-major
 * @param labels their classes, shape (n,), 0…k−1
 * @throws {ArgumentError} if labels and slopes do not fit or name no class, there are fewer than 10
 *                         tiles, or no class has 3 tiles, so that none is left to test with
 */
export async function trainTracker(
  slopes: Float64Array,
  labels: ArrayLike<number>,
  options: TrackerOptions,
): Promise<Tracker> {
  const { most = labels.length, seed } = options;
  if (most >= labels.length) return trainOnAll(slopes, labels, options);
  const all = Int32Array.from({ length: labels.length }, (_, row) => row);
  const rows = shuffle(all, makeRandom(seed)).subarray(0, most).sort();
  const some = rows.map((row) => labels[row]!);
  return trainOnAll(pickRows(slopes, rows, slopes.length / labels.length), some, options);
}

async function trainOnAll(
  slopes: Float64Array,
  labels: ArrayLike<number>,
  options: TrackerOptions,
): Promise<Tracker> {
  const { classes, seed } = options;
  const n = labels.length;
  const features = slopes.length / n;
  if (!Number.isInteger(features) || n < 10) {
    const got = `${n} labels for ${slopes.length} slopes`;
    throw new ArgumentError({ what: "tiles", wanted: "at least 10, with a label each", got });
  }
  checkLabels(labels, classes);
  const split = stratifiedSplit(labels, seed);
  const scaler = fitScaler(slopes, features);
  const scaled = applyScaler(scaler, slopes);
  const learnt = await learn({ scaled, labels, split }, options);
  const tracker = { ...learnt, scaler, classes };
  const truth = split.test.map((row) => labels[row]!);
  const tested = await classify(tracker, pickRows(slopes, split.test, features));
  return {
    ...tracker,
    confusion: confusion(truth, tested.labels, classes),
    calibration: calibration(tested.probabilities, truth),
  };
}

/** A label that is no class would be counted as another tile's. */
function checkLabels(labels: ArrayLike<number>, classes: number): void {
  const sizes = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!(label in sizes)) {
      const got = `${label} at ${i}`;
      throw new ArgumentError({ what: "labels", wanted: `classes 0 to ${classes - 1}`, got });
    }
    sizes[label] = sizes[label]! + 1;
  }
  if (sizes.some((size) => size >= 3)) return;
  const wanted = "a class of at least 3 tiles";
  throw new ArgumentError({ what: "labels", wanted, got: `at most ${Math.max(...sizes)} of each` });
}

interface Lesson {
  /** z-scores, shape (n, features), row-major */
  readonly scaled: Float64Array;
  readonly labels: ArrayLike<number>;
  readonly split: Split;
}

/** The published network and training. */
async function learn(lesson: Lesson, options: TrackerOptions) {
  const { scaled, labels, split } = lesson;
  const { classes, seed, epochs = 50, dropout = 0.5, onProgress, signal } = options;
  const features = scaled.length / labels.length;
  const hidden = options.hidden ?? [64, 128, 256, 128, 64];
  const network = mlp({ features, hidden, outputs: classes, dropout });
  const x = { data: Float32Array.from(scaled), shape: [labels.length, features] };
  const y = oneHot(labels, classes, options.classWeights ?? "none");
  const source = arraySource({ x, y });
  const accuracies: number[] = [];
  const judge = await openJudge(network, lesson);
  const data = {
    train: subset(source, split.train),
    validation: subset(source, split.validation),
  };
  const { model, history, bestEpoch } = await train(network, data, {
    loss: { kind: "crossEntropy" },
    optimiser: { kind: "adam" },
    batchSize: 32,
    epochs,
    seed,
    l2: 0.01,
    patience: 5,
    onEpoch: async (_, state) => void accuracies.push(await judge.shareRight(state)),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  }).finally(judge.release);
  return { model, history, bestEpoch, accuracies };
}

/** What says how many validation tiles a network names right; compiled once for all epochs. */
async function openJudge(network: Network, { scaled, labels, split }: Lesson) {
  const [n, features] = [split.validation.length, scaled.length / labels.length];
  const x = {
    data: Float32Array.from(pickRows(scaled, split.validation, features)),
    shape: [n, features],
  };
  const engine = await openEngine();
  const executable = await engine.compile(predictionProgram(network, n, "running"));
  async function shareRight(state: TrainingState): Promise<number> {
    const weights = Object.fromEntries(stateWeights(layoutOf({ network }), state, "latest"));
    const { data } = (await executable.run({ x, ...weights })).output!;
    const k = data.length / n;
    const right = split.validation.filter((row, i) => {
      const logits = data.subarray(i * k, (i + 1) * k);
      return logits.indexOf(Math.max(...logits)) === labels[row];
    });
    return right.length / n;
  }
  return { shareRight, release: () => executable.release() };
}

/** What a tracker calls some tiles. */
export interface Classified {
  /** shape (n,) */
  readonly labels: Int32Array;
  /** shape (n, classes), row-major; rows sum to 1 */
  readonly probabilities: Float64Array;
}

/**
 * Name tiles by their slopes.
 *
 * @param slopes  raw slopes, shape (n, features), row-major
 * @param scaling `fixed`: the training month's scaler; `each`: one fitted to these slopes
 */
export async function classify(
  tracker: Pick<Tracker, "model" | "scaler" | "classes">,
  slopes: Float64Array,
  scaling: "fixed" | "each" = "fixed",
): Promise<Classified> {
  const features = tracker.scaler.means.length;
  const scaler = scaling === "each" ? fitScaler(slopes, features) : tracker.scaler;
  return classifyFeatures(tracker, applyScaler(scaler, slopes));
}

/** As `classify`, for features that are scaled already, shape (n, features). */
export async function classifyFeatures(
  { model, scaler, classes }: Pick<Tracker, "model" | "scaler" | "classes">,
  features: Float64Array,
): Promise<Classified> {
  const n = features.length / scaler.means.length;
  const x = { data: Float32Array.from(features), shape: [n, scaler.means.length] };
  const batchSize = Math.min(n, 4096);
  const { data } = await predict(model, { x }, { batchNorm: "running", batchSize });
  const probabilities = new Float64Array(n * classes);
  const labels = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const row = softmax(data.subarray(i * classes, (i + 1) * classes));
    probabilities.set(row, i * classes);
    labels[i] = row.indexOf(Math.max(...row));
  }
  return { labels, probabilities };
}

function softmax(logits: Float32Array): Float64Array {
  const highest = Math.max(...logits);
  const powers = Float64Array.from(logits, (x) => Math.exp(x - highest));
  const sum = powers.reduce((total, x) => total + x, 0);
  return powers.map((x) => x / sum);
}

/** Rows of ones and zeros; with balanced weights the ones are n / (classes · size of the class). */
function oneHot(labels: ArrayLike<number>, classes: number, weights: "none" | "balanced") {
  const n = labels.length;
  const sizes = new Float64Array(classes);
  for (let i = 0; i < n; i++) sizes[labels[i]!] = sizes[labels[i]!]! + 1;
  const data = new Float32Array(n * classes);
  for (let i = 0; i < n; i++) {
    const label = labels[i]!;
    data[i * classes + label] = weights === "balanced" ? n / (classes * sizes[label]!) : 1;
  }
  return { data, shape: [n, classes] };
}

function pickRows(values: Float64Array, rows: Int32Array, width: number): Float64Array {
  const picked = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    picked.set(values.subarray(row * width, (row + 1) * width), i * width);
  }
  return picked;
}
