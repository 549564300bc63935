/**
 * Networks of the 2025 paper: for each kind of input one that is told the speed by a constant channel
 * and, where they were trained, one more for each speed that started from it. Kept as ONNX beside
 * what prediction needs, so that another notebook, or a user with a trap, can ask them.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../core/index.js";
import { loadModel, type Model, predictEnsemble, saveModel } from "../learn/index.js";
import type { SatelliteResolution } from "./degrade.js";
import type { Maps } from "./evaluation.js";
import type { Forecast } from "./forecast.js";
import { type Forecaster, joinForecasters } from "./forecaster.js";
import { checkNormalised } from "./imagecheck.js";
import type { Normalisation } from "./images.js";
import type { InputKind, SpeedImages } from "./satelliteimages.js";
import { imageSource } from "./training-source.js";

/** A forecaster that knows its input. */
export interface SpeedForecaster extends Forecaster {
  readonly kind: InputKind;
  /** that its fields were trained at, where it sees what satellites see */
  readonly resolution?: SatelliteResolution | undefined;
  /** label of the data it was trained on, where it says so */
  readonly trainedOn?: string | undefined;
  /** [m d⁻¹] */
  readonly speeds: readonly number[];
  /** side of images and maps, and width of a cell [m] */
  readonly grid: { readonly n: number; readonly dx: number };
  /** output maps, the uppermost level last */
  readonly maps: number;
  /** 1st and 99th percentile of each channel in training; files of older runs do not say */
  readonly ranges?: readonly (readonly [number, number])[] | undefined;
  /** members of single speeds, which take the place of the common ones */
  readonly tuned: ReadonlyMap<number, readonly Model[]>;
}

/** The members that answer for a speed. */
export function membersFor(
  { members, tuned }: Pick<SpeedForecaster, "members" | "tuned">,
  speed: number,
): readonly Model[] {
  return tuned.get(speed) ?? members;
}

/** Put members together, with those of single speeds: those of one name are an ensemble. */
export function joinSpeedForecasters(trained: readonly SpeedForecaster[]): SpeedForecaster[] {
  return joinForecasters(trained).map((joined) => {
    const own = trained.filter(({ name }) => name === joined.name);
    const speeds = [...joined.tuned.keys()];
    const all = (speed: number) => own.flatMap(({ tuned }) => tuned.get(speed)!);
    return { ...joined, tuned: new Map(speeds.map((speed) => [speed, all(speed)])) };
  });
}

/** The first member alone, for comparisons with what has but one. */
export function firstMember<F extends Pick<SpeedForecaster, "members" | "tuned">>(
  forecaster: F,
): F {
  const { members, tuned } = forecaster;
  const first = [...tuned].map(([speed, own]) => [speed, own.slice(0, 1)] as const);
  return { ...forecaster, members: members.slice(0, 1), tuned: new Map(first) };
}

/** Samples at a time in prediction: bounds memory, whatever the number of samples. */
const CHUNK = 64;

/**
 * Predict source PDFs at the uppermost level, a few samples at a time.
 *
 * @param samples sample numbers of the images
 * @returns median of the members, each map divided by its sum, and their standard deviation; shape
 *          (samples, bins)
 * @throws {ArgumentError} if the images are not of the input the network was trained with, or lie far
 *         outside the values it was normalised by
 */
export async function forecastSpeeds(
  forecaster: Pick<SpeedForecaster, "name" | "members" | "normalisation" | "maps" | "tuned">,
  images: SpeedImages,
  samples: Int32Array,
  options: {
    readonly onProgress?: (done: number, total: number) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Forecast> {
  const { name, normalisation, maps } = forecaster;
  checkNormalised(name, normalisation, images);
  const bins = images.n ** 2;
  const source = imageSource(images, normalisation, samples);
  const made = () => ({ data: new Float32Array(samples.length * bins), bins });
  const found: { median: Maps; spread: Maps } = { median: made(), spread: made() };
  let done = 0;
  for (const [members, rows] of rowsOfMembers(forecaster, images, samples)) {
    for (let start = 0; start < rows.length; start += CHUNK) {
      options.signal?.throwIfAborted();
      const chunk = Int32Array.from(rows.slice(start, start + CHUNK));
      const answer = await predictEnsemble(members, source.read(chunk), {
        batchNorm: "running",
        normalise: "maps",
      });
      for (const part of ["median", "spread"] as const) {
        for (const [k, row] of chunk.entries()) {
          const from = (k * maps + maps - 1) * bins;
          found[part].data.set(answer[part].data.subarray(from, from + bins), row * bins);
        }
      }
      done += chunk.length;
      options.onProgress?.(done, samples.length);
    }
  }
  return found;
}

/** Which rows each set of members answers for. */
function rowsOfMembers(
  forecaster: Pick<SpeedForecaster, "members" | "tuned">,
  images: SpeedImages,
  samples: Int32Array,
): ReadonlyMap<readonly Model[], number[]> {
  const rows = new Map<readonly Model[], number[]>();
  for (const [row, sample] of samples.entries()) {
    const members = membersFor(forecaster, images.speedOf(sample));
    const list = rows.get(members) ?? [];
    list.push(row);
    rows.set(members, list);
  }
  return rows;
}

/**
 * Save the members as `<folder>/<stem>-<m>.onnx`, those of single speeds as
 * `<folder>/<stem>-w<speed>-<m>.onnx`, and what else prediction needs as JSON.
 */
export function saveSpeedForecaster(folder: string, forecaster: SpeedForecaster): string[] {
  const { kind, resolution, trainedOn, speeds, grid, maps, ranges } = forecaster;
  const { normalisation, members, tuned } = forecaster;
  const stem = join(folder, stemOf(kind));
  mkdirSync(folder, { recursive: true });
  const save = (models: readonly Model[], name: string) =>
    models.map((model, m) => {
      const path = `${name}-${m}.onnx`;
      saveModel(path, model);
      return path;
    });
  const paths = [
    ...save(members, stem),
    ...[...tuned].flatMap(([speed, models]) => save(models, `${stem}-w${speed}`)),
  ];
  const about: SavedSpeedForecaster = {
    schema: 2,
    ...{ kind, resolution, trainedOn, speeds, grid, maps, ranges },
    members: members.length,
    tuned: [...tuned].map(([speed, models]) => ({ speed, members: models.length })),
    normalisation: { mean: Array.from(normalisation.mean), sd: Array.from(normalisation.sd) },
    weights: paths.map((path) => createHash("sha256").update(readFileSync(path)).digest("hex")),
  };
  writeFileSync(`${stem}.json`, `${JSON.stringify(about)}\n`);
  return [...paths, `${stem}.json`];
}

type Told = "kind" | "resolution" | "trainedOn" | "speeds" | "grid" | "maps" | "ranges";

interface SavedSpeedForecaster extends Pick<SpeedForecaster, Told> {
  readonly schema: 2;
  readonly members: number;
  readonly tuned: readonly { readonly speed: number; readonly members: number }[];
  readonly normalisation: { readonly mean: readonly number[]; readonly sd: readonly number[] };
  /** sha256 of each network's file, so that who reads this file sees that a network is another one */
  readonly weights: readonly string[];
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
  const stem = join(folder, stemOf(kind));
  const path = `${stem}.json`;
  if (!existsSync(path)) {
    const remedy = "train it first: notebook 02-train-unet writes it";
    const problem = { where: path, what: `model "${kind}"`, wanted: "a file", got: "none", remedy };
    throw new DataError(problem);
  }
  const about = JSON.parse(readFileSync(path, "utf8")) as SavedSpeedForecaster;
  if (about.schema !== 2) {
    const remedy = "train it anew: notebook 02-train-unet writes it";
    const got = `schema ${String(about.schema)}`;
    throw new DataError({ where: path, what: `model "${kind}"`, wanted: "schema 2", got, remedy });
  }
  const load = (name: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, m) => loadModel(`${name}-${m}.onnx`)));
  const members = await load(stem, about.members);
  const tuned = new Map<number, readonly Model[]>();
  for (const { speed, members: count } of about.tuned) {
    tuned.set(speed, await load(`${stem}-w${speed}`, count));
  }
  const { resolution, trainedOn, speeds, grid, maps, ranges } = about;
  const normalisation: Normalisation = {
    mean: Float64Array.from(about.normalisation.mean),
    sd: Float64Array.from(about.normalisation.sd),
  };
  const network = members[0]!.network;
  return {
    name: kind,
    network,
    normalisation,
    members,
    histories: [],
    ...{ kind, resolution, trainedOn, speeds, grid, maps, ranges, tuned },
  };
}

function stemOf(kind: InputKind): string {
  return `w-net-${kind.toLowerCase()}`;
}
