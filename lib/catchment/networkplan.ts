/**
 * The trainings of notebook 02 as rounds of loops, one member each, so that the members of all
 * ensembles are trained side by side wherever there is a core. Here and not in a cell, since each
 * round has to know its network and its samples before the notebook runs.
 *
 * @see Picard et al. (2024, 2025)
 */

import { join } from "node:path";
import type { TaskInput } from "../parallel/index.js";
import type { SatelliteResolution, SstStatement } from "./degrade.js";
import { type CatchmentForecaster, trainForecaster } from "./forecaster.js";
import {
  channelsOf,
  FOUR_LEVELS,
  type ImageLayout,
  makeAlbum,
  makeImages,
  SURFACE,
} from "./images.js";
import { mixedLoss } from "./lossmix.js";
import { usableSamples } from "./mass.js";
import { basicCnn } from "./network.js";
import { openPdfs } from "./pdffile.js";
import { albumDates, DEPTHS_2025, type InputKind, makeSpeedImages } from "./satelliteimages.js";
import type { SpeedForecaster } from "./speedforecaster.js";
import { COARSE_SURFACE } from "./speedjudgement.js";
import { type AnySpeedPdfs, openSpeedPdfs, placesOf, samplesOfSpeeds } from "./speeds.js";
import { trainSpeedForecaster } from "./speedtraining.js";
import { samplesOfWindows, splitByTime } from "./split.js";
import { openTrainingOcean } from "./studyoceans.js";
import { type AnyPdfs, loadPdfs } from "./targets.js";
import type { TransferSource } from "./transfer.js";

/** Least time between training and validation [s]. */
const GAP = 100 * 86400;

/** What both trainings ask of the notebook's parameters. */
interface Training {
  /** samples a step */
  readonly batchSize: number;
  /** of the first epoch; it falls to 0 along half a cosine */
  readonly learningRate: number;
  readonly seed: number;
}

/** How the networks of Picard et al. (2024) are trained; parameters of notebook 02. */
export interface Training2024 extends Training {
  readonly epochs: number;
  readonly surfaceMembers: number;
  readonly levelMembers: number;
  readonly levelEpochs: number;
  readonly widths: readonly number[];
  readonly kernel: number;
  /** weight of the filtered PDFs in the loss; 0.8 by default, as in the papers' code */
  readonly lossMix?: number;
}

/** Windows and usable samples of two parts. */
export interface TrainingParts {
  readonly windows: { readonly train: readonly number[]; readonly validation: readonly number[] };
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** samples left out of the training part: most of their particles left the box */
  readonly masked: number;
}

/** The papers' windows to train on and to validate by, of those that their files hold without a break. */
const WINDOWS_2024 = { train: 239, validation: 34, all: 283 } as const;

/**
 * Parts of the PDFs at 1000 m: before and after the gap of a hundred days between the collections. Where
 * they follow each other without a gap, as in the published file, windows are left out to make one.
 */
export function parts2024(pdfs: AnyPdfs): TrainingParts {
  const { windows, traps } = pdfs;
  const samplesOf = (numbers: readonly number[]) => samplesOfWindows(numbers, traps.length);
  const gap = gapOf(windows);
  if (gap > 0)
    return partsOf(pdfs, splitByTime(windows, (gap + 0.5) / windows.length, GAP), samplesOf);
  const { train, validation, all } = WINDOWS_2024;
  const count = Math.min(train, Math.round((train / all) * windows.length));
  const split = splitByTime(windows, (count + 0.5) / windows.length, GAP);
  return partsOf(pdfs, { ...split, validation: split.validation.slice(0, validation) }, samplesOf);
}

/** The window that follows the gap of a hundred days or more, or 0 where windows follow each other evenly. */
function gapOf(windows: Float64Array): number {
  const intervals = windows.subarray(1).map((end, k) => end - windows[k]!);
  const widest = intervals.reduce((a, b) => Math.max(a, b), 0);
  const isEven = intervals.length > 1 && intervals.every((interval) => interval === widest);
  return isEven || widest < GAP ? 0 : intervals.indexOf(widest) + 1;
}

/** Parts of the PDFs at 3000 m: the last ninth of the collections is validated by. */
export function parts2025(pdfs: AnySpeedPdfs): TrainingParts {
  const all = Array.from(pdfs.windows.keys());
  const last = Math.ceil((all.length - 1) / 9);
  const split = { train: all.slice(0, -last), validation: all.slice(-last) };
  return partsOf(pdfs, split, (numbers) => samplesOfSpeeds(pdfs, numbers));
}

function partsOf(
  pdfs: AnyPdfs,
  windows: TrainingParts["windows"],
  samplesOf: (windows: readonly number[]) => Int32Array,
): TrainingParts {
  const usable = (numbers: readonly number[]) => usableSamples(pdfs, samplesOf(numbers));
  const { samples: train, masked } = usable(windows.train);
  return { windows, train, validation: usable(windows.validation).samples, masked };
}

/** A member to train for Picard et al. (2024). */
export interface Job2024 {
  /** of its ensemble */
  readonly name: string;
  readonly layout: ImageLayout;
  readonly epochs: number;
  readonly seed: number;
  readonly network: "U-Net" | "basic";
  /** whether the loss counts all levels or the uppermost alone */
  readonly loss: "all levels" | "uppermost";
}

/** The members to train for Picard et al. (2024), those that take longest first. */
export function jobs2024(training: Training2024): Job2024[] {
  const { epochs, levelEpochs, surfaceMembers, levelMembers, seed } = training;
  const plain = { layout: SURFACE, epochs, seed, network: "U-Net", loss: "all levels" } as const;
  const members = (count: number, job: Job2024) =>
    Array.from({ length: count }, (_, m) => ({ ...job, seed: job.seed + m }));
  const levels = { layout: FOUR_LEVELS, epochs: levelEpochs, seed: seed + 100 };
  return [
    ...members(levelMembers, { ...plain, name: FOUR_LEVELS.name, ...levels }),
    ...members(surfaceMembers, { ...plain, name: SURFACE.name }),
    { ...plain, name: "U-Net, loss at 200 m", loss: "uppermost" },
    { ...plain, name: "basic CNN", network: "basic" },
  ];
}

/** Round of a loop: a member of `jobs2024`; parameters as `Training2024`, with `size` and `oceanFiles`. */
export async function train2024(input: TaskInput): Promise<CatchmentForecaster> {
  const training = input.parameters as unknown as Training2024;
  const { layout, epochs, network, loss, ...job } = jobs2024(training)[input.index]!;
  const pdfs = await loadPdfs(await openPdfs(trainingFile(input, "pdfs")));
  const { n, dx } = pdfs.grid;
  const ocean = await openTrainingOcean(input);
  const album = await makeAlbum(ocean, pdfs.traps, pdfs.windows, { ...layout, cell: dx });
  ocean.close();
  const maps = pdfs.levels.length;
  const shape = { channels: channelsOf(layout), size: [n, n] as const, maps };
  const { widths, kernel, batchSize, learningRate: rate, lossMix } = training;
  return trainForecaster(makeImages(album, pdfs.windows, layout, n), pdfs, {
    ...{ ...job, ...parts2024(pdfs), ...around(input), widths, kernel, batchSize, epochs },
    learningRate: { kind: "cosine", rate, epochs },
    ...(network === "basic" && { network: basicCnn({ ...shape, width: widths[0]! }) }),
    ...(lossMix !== undefined && { loss: mixedLoss(lossMix) }),
    ...(loss === "uppermost" && { lossLevel: maps - 1 }),
    ...(input.checkpoints !== undefined && { checkpoint: join(input.checkpoints, "net.nc") }),
  });
}

/** How the networks of Picard et al. (2025) are trained; parameters of notebook 02. */
export interface Training2025 extends Training {
  readonly deepEpochs: number;
  /** from the surface networks of 1000 m, or from random weights */
  readonly deepStart: "surface" | "chance";
  readonly deepTuneEpochs: number;
  /** the paper's statement of SST's resolution that the satellite networks go by */
  readonly deepSst: SstStatement;
  /** resolutions of SSH for which the satellite network is trained anew [km] */
  readonly deepResolutions: readonly number[];
  /** members that see what satellites see; one for each other input */
  readonly deepMembers: number;
  readonly deepWidths: readonly number[];
  readonly deepKernel: number;
  /** members that also see a current meter at 2250 m over the trap, and that see the surface as coarsely
   * as satellites: 0 or 1 */
  readonly deepMooring: number;
  readonly deepCoarse: number;
}

/** A member to train for Picard et al. (2025). */
export interface Job2025 {
  /** of its ensemble */
  readonly name: string;
  readonly kind: InputKind;
  readonly resolution?: SatelliteResolution;
  /** number in its ensemble, from 0 */
  readonly member: number;
}

/** Name of the satellite network that is trained with SSH at a resolution [km]. */
export function coarserName(km: number): string {
  return `sst-ssh, SSH at ${km} km`;
}

/** The members to train for Picard et al. (2025), an ensemble after the other. */
export function jobs2025(training: Training2025): Job2025[] {
  const { deepSst: sst, deepMembers, deepMooring, deepCoarse, deepResolutions } = training;
  const members = (count: number, job: Omit<Job2025, "member">) =>
    Array.from({ length: count }, (_, member) => ({ ...job, member }));
  const kind = "sst-ssh";
  const resolution = { sst };
  return [
    ...members(1, { name: "5V-4L", kind: "5V-4L" }),
    ...members(1, { name: "5V-1L", kind: "5V-1L" }),
    ...members(deepMembers, { name: kind, kind, resolution }),
    ...members(deepMooring, { name: "sst-ssh-mooring", kind: "sst-ssh-mooring", resolution }),
    ...members(deepCoarse, { name: COARSE_SURFACE, kind: "5V-1L", resolution }),
    ...deepResolutions.flatMap((km) =>
      members(deepMembers, { name: coarserName(km), kind, resolution: { ssh: 1000 * km, sst } }),
    ),
  ];
}

/**
 * Round of a loop: a member of `jobs2025`; parameters as `Training2025`, with `size` and `oceanFiles`.
 * Comes after the loop `networks`, whose rounds are those of `train2024`.
 */
export async function train2025(input: TaskInput): Promise<SpeedForecaster> {
  const training = input.parameters as unknown as Training2025;
  const { name, kind, member, resolution } = jobs2025(training)[input.index]!;
  const pdfs = await openSpeedPdfs(trainingFile(input, "deep"));
  const { speeds, levels } = pdfs;
  const { n, dx } = pdfs.grid;
  const ocean = await openTrainingOcean(input);
  const depths = kind === "5V-4L" || kind === "sst-ssh-mooring" ? DEPTHS_2025 : [0];
  const needs = { depths, dates: albumDates(speeds), cell: dx };
  const album = await makeAlbum(ocean, placesOf(pdfs), pdfs.windows, needs);
  ocean.close();
  const cut = { kind, n, dx, maps: levels.length, speeds, resolution };
  const { deepEpochs, deepTuneEpochs, deepStart, batchSize, learningRate: rate } = training;
  return trainSpeedForecaster(makeSpeedImages(album, pdfs.windows, cut), pdfs, {
    ...{ name, kind, resolution, ...parts2025(pdfs), ...around(input), batchSize, rate },
    ...{ epochs: deepEpochs, tune: { epochs: deepTuneEpochs, rate: rate / 4 } },
    ...{ widths: training.deepWidths, kernel: training.deepKernel, seed: training.seed + member },
    ...(deepStart === "surface" && { from: await surfaceStart(input, member) }),
    ...(input.checkpoints !== undefined && { checkpoint: join(input.checkpoints, "net") }),
  });
}

/** The surface network that a member starts from: they take turns. */
async function surfaceStart(input: TaskInput, member: number): Promise<TransferSource> {
  const trained = input.earlier.networks as readonly CatchmentForecaster[];
  const surface = trained.filter(({ name }) => name === SURFACE.name);
  const { members, layout } = surface[member % surface.length]!;
  const { levels } = await openPdfs(trainingFile(input, "pdfs"));
  return { model: members[0]!, layout, levels };
}

function trainingFile({ runFolder }: TaskInput, name: "pdfs" | "deep"): string {
  return join(runFolder, "artifacts", `01-${name}-train.nc`);
}

/** How a training is watched and stopped. */
function around({ report, signal }: TaskInput) {
  return { signal, onProgress: (done: number, total: number) => report(done / total) };
}
