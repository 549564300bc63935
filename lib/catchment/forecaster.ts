/**
 * Networks that predict source PDFs: trained once per member on the same data with other first
 * weights and order, as the papers' "bootstrap" is; their median, renormalised, is the prediction.
 *
 * @see Picard et al. (2024), Ocean Science 20, 1149, section 3
 */

import { join } from "node:path";
import { ArgumentError } from "../core/index.js";
import {
  type CosineRate,
  type EpochRecord,
  type LossDescription,
  type Model,
  type Network,
  predictEnsemble,
  saveModel,
  trainEnsemble,
  unet,
} from "../learn/index.js";
import { type Maps, mapsOfLevel } from "./evaluation.js";
import type { SourcePdfs } from "./experiment.js";
import { channelsOf, type ImageSource, type Normalisation, normalisationOf } from "./images.js";
import { describeSource, trainingSource } from "./training-source.js";

/** A trained ensemble and how it was trained. */
export interface Forecaster {
  readonly name: string;
  readonly network: Network;
  readonly normalisation: Normalisation;
  readonly members: readonly Model[];
  /** one history per member */
  readonly histories: readonly (readonly EpochRecord[])[];
}

/** How to train an ensemble. */
export interface ForecasterOptions {
  readonly name: string;
  /** networks to train, on worker threads; the first has the seed, the next the seed after it */
  readonly members: number;
  readonly seed: number;
  readonly epochs: number;
  /** widths and kernel of the U-Net; 64/128/256 and 5 in the papers */
  readonly widths: readonly number[];
  readonly kernel: number;
  /** sample numbers */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** weights of the two targets; the code's 0.8/0.2 by default, { filtered: 1 } for the plain loss */
  readonly loss?: Readonly<Record<string, number>>;
  /** another network than the U-Net, from channels and image side to maps */
  readonly network?: Network;
  /** 32 by default, as in the papers */
  readonly batchSize?: number;
  /** 10⁻³ all along by default, as in the papers */
  readonly learningRate?: number | CosineRate;
  /** members at a time, with one thread each; 2 by default; the result does not depend on it */
  readonly workers?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** The loss of the papers' code: filtered and raw targets mixed. */
export const PAPER_LOSS = { filtered: 0.8, raw: 0.2 } as const;

/**
 * Train an ensemble. Adam with β = (0.5, 0.999), best epoch by the loss against the filtered PDFs of
 * the validation part, as the papers' code has it.
 *
 * @throws {ArgumentError} if images and PDFs do not have the same samples or bins
 * @throws {NumericError} if a loss is not finite
 */
export async function trainForecaster(
  images: ImageSource,
  pdfs: SourcePdfs,
  options: ForecasterOptions,
): Promise<Forecaster> {
  checkFit(images, pdfs);
  const { name, seed, epochs, widths, kernel, loss = PAPER_LOSS } = options;
  const channels = channelsOf(images.layout);
  const size = [images.n, images.n] as const;
  const network =
    options.network ?? unet({ channels, size, widths, kernel, maps: pdfs.levels.length });
  const normalisation = normalisationOf(images, options.train);
  const data = {
    train: describeSource(images, pdfs, normalisation, options.train),
    validation: describeSource(images, pdfs, normalisation, options.validation),
  };
  const trained = await trainEnsemble(
    network,
    data,
    {
      loss: targets(loss),
      validationLoss: targets({ filtered: 1 }),
      optimiser: { kind: "adam", betas: [0.5, 0.999] },
      learningRate: options.learningRate ?? 1e-3,
      batchSize: options.batchSize ?? 32,
      epochs,
      seed,
      threads: 1,
    },
    {
      members: options.members,
      workers: options.workers ?? 2,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  const members = trained.map(({ model }) => model);
  return { name, network, normalisation, members, histories: trained.map((m) => m.history) };
}

function targets(weights: Readonly<Record<string, number>>): LossDescription {
  return { kind: "bhattacharyya", targets: weights };
}

/** What to predict with. */
export interface ForecastOptions {
  /** moments of the batch norms: `running` ones of training, or those of each `batch` */
  readonly batchNorm: "running" | "batch";
  /** how many members; all by default */
  readonly members?: number;
  /** which level's maps, counted from the deepest; the uppermost by default */
  readonly level?: number;
}

/** What the members say together; each of shape (samples, bins). */
export interface Forecast {
  /** pixelwise median of the members, divided by its sum */
  readonly median: Maps;
  /** pixelwise standard deviation of the members; its mean over bins is the papers' SD index */
  readonly spread: Maps;
}

/**
 * Predict the PDFs of samples at one level.
 *
 * @throws {ArgumentError} if the images do not have the channels that the network was trained with
 */
export async function forecast(
  forecaster: Forecaster,
  images: ImageSource,
  pdfs: SourcePdfs,
  { batchNorm, members = forecaster.members.length, level }: ForecastOptions,
): Promise<Forecast> {
  checkFit(images, pdfs);
  const wanted = forecaster.network.inputs.x?.[0];
  if (wanted !== channelsOf(images.layout)) {
    throw new ArgumentError({
      what: `images for ${forecaster.name}`,
      wanted: `${wanted} channels, as in training`,
      got: `${channelsOf(images.layout)}`,
      remedy: "cut the images by the layout the network was trained with",
    });
  }
  const samples = Int32Array.from({ length: images.count }, (_, s) => s);
  const source = trainingSource(images, pdfs, forecaster.normalisation, samples);
  const { x } = await source.read(samples);
  const models = forecaster.members.slice(0, members);
  const { median, spread } = await predictEnsemble(
    models,
    { x: x! },
    { batchNorm, normalise: "maps" },
  );
  const levels = pdfs.levels.length;
  const pick = ({ data }: { readonly data: Float32Array }) =>
    mapsOfLevel(data, levels, level ?? levels - 1, images.n ** 2);
  return { median: pick(median), spread: pick(spread) };
}

/** Save every member as ONNX: `<folder>/<name>-<member>.onnx`. */
export function saveForecaster(folder: string, { name, members }: Forecaster): string[] {
  const stem = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return members.map((model, m) => {
    const path = join(folder, `${stem}-${m}.onnx`);
    saveModel(path, model);
    return path;
  });
}

function checkFit(images: ImageSource, { windows, traps, grid }: SourcePdfs): void {
  const samples = windows.length * traps.length;
  if (images.count === samples && images.n === grid.n) return;
  throw new ArgumentError({
    what: "images",
    wanted: `${samples} samples of ${grid.n} × ${grid.n}, as the PDFs have`,
    got: `${images.count} of ${images.n} × ${images.n}`,
  });
}
