/**
 * Networks of the 2025 paper: one for each kind of input and speed or, at the quick size, one for
 * each kind that is told the speed by a constant channel. Kept as ONNX beside what prediction needs:
 * normalisation and input, so that another notebook, or a user with a trap, can ask them.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../core/index.js";
import {
  type CosineRate,
  loadModel,
  type Model,
  predictEnsemble,
  resumable,
  saveModel,
  train,
  unet,
} from "../learn/index.js";
import type { Maps } from "./evaluation.js";
import type { Forecast, Forecaster } from "./forecaster.js";
import { channelsOf, type ImageSource, normalisationOf } from "./images.js";
import type { InputKind } from "./satelliteimages.js";
import type { SpeedPdfs } from "./speeds.js";
import { trainingSource } from "./training-source.js";

/** A forecaster that knows its input. */
export interface SpeedForecaster extends Forecaster {
  readonly kind: InputKind;
  /** [m d⁻¹] */
  readonly speeds: readonly number[];
  /** side of images and maps, and width of a cell [m] */
  readonly grid: { readonly n: number; readonly dx: number };
  /** output maps, the uppermost level last */
  readonly maps: number;
}

/** How to train it. */
export interface SpeedTrainingOptions {
  readonly kind: InputKind;
  readonly epochs: number;
  readonly widths: readonly number[];
  readonly kernel: number;
  readonly seed: number;
  readonly members?: number;
  /** sample numbers */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** 32 by default, as in the papers */
  readonly batchSize?: number;
  /** 10⁻³ all along by default, as in the papers */
  readonly learningRate?: number | CosineRate;
  /** start of the files that a killed training goes on from, as `checkpointFile` of the kernel gives it */
  readonly checkpoints?: string | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Samples at a time in prediction: bounds memory, whatever the number of samples. */
const CHUNK = 64;

/**
 * Train the networks of one kind of input, loss and optimiser as in the papers' code.
 *
 * @throws {NumericError} if a loss is not finite
 */
export async function trainSpeedForecaster(
  images: ImageSource,
  pdfs: SpeedPdfs,
  options: SpeedTrainingOptions,
): Promise<SpeedForecaster> {
  const { kind, epochs, widths, kernel, seed, members: count = 1, batchSize = 32 } = options;
  const size = [images.n, images.n] as const;
  const maps = pdfs.levels.length;
  const network = unet({ channels: channelsOf(images.layout), size, widths, kernel, maps });
  const normalisation = normalisationOf(images, options.train);
  const part = (samples: Int32Array) => trainingSource(images, pdfs, normalisation, samples);
  const data = { train: part(options.train), validation: part(options.validation) };
  const members: Model[] = [];
  const histories: Forecaster["histories"][number][] = [];
  const { checkpoints } = options;
  for (let m = 0; m < count; m++) {
    const path = checkpoints === undefined ? undefined : `${checkpoints}-${m + 1}.nc`;
    const trained = await train(network, data, {
      loss: { kind: "bhattacharyya", targets: { filtered: 0.8, raw: 0.2 } },
      validationLoss: { kind: "bhattacharyya", targets: { filtered: 1 } },
      optimiser: { kind: "adam", betas: [0.5, 0.999] },
      learningRate: options.learningRate ?? 1e-3,
      batchSize,
      epochs,
      seed: seed + m,
      onProgress: (done, total) => options.onProgress?.(m * total + done, count * total),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(await resumable(path, network)),
    });
    members.push(trained.model);
    histories.push(trained.history);
  }
  const { speeds, grid } = pdfs;
  return { name: kind, network, normalisation, members, histories, kind, speeds, grid, maps };
}

/**
 * Predict source PDFs at the uppermost level, a few samples at a time.
 *
 * @param samples sample numbers of the images
 * @returns median of the members, each map divided by its sum, and their standard deviation; shape
 *          (samples, bins)
 */
export async function forecastSpeeds(
  forecaster: Pick<SpeedForecaster, "members" | "normalisation" | "maps">,
  images: ImageSource,
  samples: Int32Array,
  options: {
    readonly onProgress?: (done: number, total: number) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Forecast> {
  const { members, normalisation, maps } = forecaster;
  const bins = images.n ** 2;
  const none = { levels: [], raw: new Float32Array(0), filtered: new Float32Array(0) };
  const source = trainingSource(images, none, normalisation, samples);
  const made = () => ({ data: new Float32Array(samples.length * bins), bins });
  const found: { median: Maps; spread: Maps } = { median: made(), spread: made() };
  for (let start = 0; start < samples.length; start += CHUNK) {
    options.signal?.throwIfAborted();
    const count = Math.min(CHUNK, samples.length - start);
    const { x } = await source.read(Int32Array.from({ length: count }, (_, k) => start + k));
    const answer = await predictEnsemble(
      members,
      { x: x! },
      { batchNorm: "running", normalise: "maps" },
    );
    for (const name of ["median", "spread"] as const) {
      for (let k = 0; k < count; k++) {
        const from = (k * maps + maps - 1) * bins;
        found[name].data.set(answer[name].data.subarray(from, from + bins), (start + k) * bins);
      }
    }
    options.onProgress?.(start + count, samples.length);
  }
  return found;
}

/** Save the members as `<folder>/<stem>-<m>.onnx` and what else prediction needs as JSON. */
export function saveSpeedForecaster(folder: string, forecaster: SpeedForecaster): string[] {
  const { kind, speeds, grid, maps, normalisation, members } = forecaster;
  const stem = stemOf(kind);
  const paths = members.map((model, m) => {
    const path = join(folder, `${stem}-${m}.onnx`);
    saveModel(path, model);
    return path;
  });
  mkdirSync(folder, { recursive: true });
  const plain = { mean: Array.from(normalisation.mean), sd: Array.from(normalisation.sd) };
  const about = {
    schema: 1,
    kind,
    speeds,
    grid,
    maps,
    members: members.length,
    normalisation: plain,
  };
  const path = join(folder, `${stem}.json`);
  writeFileSync(path, `${JSON.stringify(about)}\n`);
  return [...paths, path];
}

/**
 * Load a forecaster that `saveSpeedForecaster` wrote.
 *
 * @throws {DataError} if none of this kind is in the folder
 */
export async function loadSpeedForecaster(
  folder: string,
  kind: InputKind,
): Promise<SpeedForecaster> {
  const path = join(folder, `${stemOf(kind)}.json`);
  if (!existsSync(path)) {
    const remedy = "train it first: notebook 02-train-unet writes it";
    throw new DataError({
      where: path,
      what: `model "${kind}"`,
      wanted: "a file",
      got: "none",
      remedy,
    });
  }
  const about = JSON.parse(readFileSync(path, "utf8")) as SpeedForecaster & {
    readonly members: number;
    readonly normalisation: { readonly mean: number[]; readonly sd: number[] };
  };
  const members = await Promise.all(
    Array.from({ length: about.members }, (_, m) =>
      loadModel(join(folder, `${stemOf(kind)}-${m}.onnx`)),
    ),
  );
  const { speeds, grid, maps, normalisation } = about;
  return {
    name: kind,
    network: members[0]!.network,
    normalisation: {
      mean: Float64Array.from(normalisation.mean),
      sd: Float64Array.from(normalisation.sd),
    },
    members,
    histories: [],
    kind,
    speeds,
    grid,
    maps,
  };
}

function stemOf(kind: InputKind): string {
  return `w-net-${kind.toLowerCase()}`;
}
