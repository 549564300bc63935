/**
 * Networks that predict source PDFs: members are trained on the same data with other first weights
 * and order, as the papers' "bootstrap" is; their median, renormalised, is the prediction.
 *
 * @see Picard et al. (2024), Ocean Science 20, 1149, section 3
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError, DataError } from "../core/index.js";
import {
  type CosineRate,
  type EpochRecord,
  loadModel,
  type Model,
  type Network,
  type OpenSource,
  saveModel,
  trainMember,
  unet,
} from "../learn/index.js";
import {
  channelsOf,
  type ImageLayout,
  type ImageSource,
  type Normalisation,
  normalisationOf,
} from "./images.js";
import { PAPER_LOSS } from "./lossmix.js";
import type { DisplacementGrid } from "./pdf.js";
import type { AnyPdfs } from "./targets.js";
import { trainingSource } from "./training-source.js";

/** A trained ensemble and how it was trained. */
export interface Forecaster {
  readonly name: string;
  readonly network: Network;
  readonly normalisation: Normalisation;
  readonly members: readonly Model[];
  /** one history per member */
  readonly histories: readonly (readonly EpochRecord[])[];
}

/** A forecaster that knows which images it was trained on. */
export interface CatchmentForecaster extends Forecaster {
  readonly layout: ImageLayout;
  /** side of images and maps, and width of a cell [m] */
  readonly grid: DisplacementGrid;
}

/** How to train one member. */
export interface ForecasterOptions {
  /** of its ensemble */
  readonly name: string;
  /** of first weights and order: another one for each member */
  readonly seed: number;
  readonly epochs: number;
  /** widths and kernel of the U-Net; 64/128/256 and 5 in the papers */
  readonly widths: readonly number[];
  readonly kernel: number;
  /** sample numbers */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** weights of the two targets; the code's 0.8/0.2 by default, PLAIN_LOSS is the text's */
  readonly loss?: Readonly<Record<string, number>>;
  /** the one level that the loss counts, from the deepest; the mean over all by default */
  readonly lossLevel?: number;
  /** another network than the U-Net, from channels and image side to maps */
  readonly network?: Network;
  /** 32 by default, as in the papers */
  readonly batchSize?: number;
  /** 10⁻³ all along by default, as in the papers */
  readonly learningRate?: number | CosineRate;
  /** file that a killed training goes on from, such as one in `checkpoints` of a task */
  readonly checkpoint?: string | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Train one member, in this thread and with one thread of the engine, so that the members of an
 * ensemble can be the rounds of a loop: `joinForecasters` puts them together. Adam with
 * β = (0.5, 0.999), best epoch by the loss at the last level against the filtered PDFs of the
 * validation part, as the papers' code has it.
 *
 * @throws {ArgumentError} if images and PDFs do not have the same samples or bins
 * @throws {DataError} if a PDF does not sum to one, less what left the box
 * @throws {NumericError} if a loss is not finite
 */
export async function trainForecaster(
  images: ImageSource,
  pdfs: AnyPdfs,
  options: ForecasterOptions,
): Promise<CatchmentForecaster> {
  checkFit(images, pdfs);
  const normalisation = normalisationOf(images, options.train);
  const source = (samples: Int32Array) => trainingSource(images, pdfs, normalisation, samples);
  const [train, validation] = [await source(options.train), await source(options.validation)];
  const about = { normalisation, layout: images.layout, grid: pdfs.grid };
  return trainOn({ ...about, train, validation }, options);
}

/** What a member is trained on, and what it knows of it. */
export interface TrainingData
  extends Pick<CatchmentForecaster, "normalisation" | "layout" | "grid"> {
  /** normalised images and PDFs: fields `x`, `filtered` and `raw` */
  readonly train: OpenSource;
  readonly validation: OpenSource;
}

/** Train one member on samples from anywhere; see `trainForecaster`. */
export async function trainOn(
  { train, validation, ...about }: TrainingData,
  options: Omit<ForecasterOptions, "train" | "validation">,
): Promise<CatchmentForecaster> {
  const { name, seed, epochs, widths, kernel, loss = PAPER_LOSS } = options;
  const channels = channelsOf(about.layout);
  const size = [about.grid.n, about.grid.n] as const;
  const maps = train.fields.filtered![0]!;
  const network = options.network ?? unet({ channels, size, widths, kernel, maps });
  const { signal, onProgress, checkpoint, lossLevel } = options;
  const task = {
    network,
    data: { train, validation },
    options: {
      loss: {
        kind: "bhattacharyya",
        targets: loss,
        ...(lossLevel === undefined ? {} : { map: lossLevel }),
      },
      validationLoss: { kind: "bhattacharyya", targets: { filtered: 1 }, map: maps - 1 },
      optimiser: { kind: "adam", betas: [0.5, 0.999] },
      learningRate: options.learningRate ?? 1e-3,
      batchSize: options.batchSize ?? 32,
      ...{ epochs, seed, threads: 1 },
    },
    ...(checkpoint !== undefined && { checkpoint }),
  } as const;
  const around = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const { model, history } = await trainMember(task, around);
  return { name, network, ...about, members: [model], histories: [history] };
}

/** Put members together: those of one name are an ensemble, in the order they come in. */
export function joinForecasters<F extends Forecaster>(trained: readonly F[]): F[] {
  const names = [...new Set(trained.map(({ name }) => name))];
  return names.map((name) => {
    const own = trained.filter((one) => one.name === name);
    const members = own.flatMap((one) => one.members);
    return { ...own[0]!, members, histories: own.flatMap((one) => one.histories) };
  });
}

/** File name of a forecaster without its ending. */
function stemOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

/**
 * Save a forecaster: every member as ONNX, `<folder>/<name>-<member>.onnx`, and what prediction needs
 * beside them, `<folder>/<name>.json`.
 *
 * @returns the files of the members
 */
export function saveForecaster(folder: string, forecaster: CatchmentForecaster): string[] {
  const { name, members, normalisation, layout, grid } = forecaster;
  const stem = stemOf(name);
  const files = members.map((model, m) => {
    const path = join(folder, `${stem}-${m}.onnx`);
    saveModel(path, model);
    return path;
  });
  const { mean, sd } = normalisation;
  const facts = { mean: Array.from(mean), sd: Array.from(sd) };
  const description = { name, members: members.length, normalisation: facts, layout, grid };
  writeFileSync(join(folder, `${stem}.json`), `${JSON.stringify(description, null, 2)}\n`);
  return files;
}

/**
 * Read a forecaster that `saveForecaster` wrote; its histories are not kept.
 *
 * @throws {DataError} if there is none of this name, or a member is missing
 */
export async function loadForecaster(folder: string, name: string): Promise<CatchmentForecaster> {
  const stem = join(folder, stemOf(name));
  if (!existsSync(`${stem}.json`)) {
    throw new DataError({
      where: folder,
      what: `forecaster "${name}"`,
      wanted: `${stemOf(name)}.json and its members`,
      got: "no such file",
      remedy: "run notebook 02-train-unet",
    });
  }
  const found = JSON.parse(readFileSync(`${stem}.json`, "utf8")) as SavedForecaster;
  const members: Model[] = [];
  for (let m = 0; m < found.members; m++) members.push(await loadModel(`${stem}-${m}.onnx`));
  const mean = Float64Array.from(found.normalisation.mean);
  const sd = Float64Array.from(found.normalisation.sd);
  const { layout, grid } = found;
  const network = members[0]!.network;
  return { name, network, normalisation: { mean, sd }, members, histories: [], layout, grid };
}

interface SavedForecaster {
  readonly members: number;
  readonly normalisation: { readonly mean: readonly number[]; readonly sd: readonly number[] };
  readonly layout: ImageLayout;
  readonly grid: DisplacementGrid;
}

function checkFit(images: ImageSource, { windows, traps, grid }: AnyPdfs): void {
  const samples = windows.length * traps.length;
  if (images.count === samples && images.n === grid.n) return;
  throw new ArgumentError({
    what: "images",
    wanted: `${samples} samples of ${grid.n} × ${grid.n}, as the PDFs have`,
    got: `${images.count} of ${images.n} × ${images.n}`,
  });
}
