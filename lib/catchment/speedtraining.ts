/**
 * Training of the 2025 paper's networks, each on a worker thread of its own: one for each kind of
 * input that is told the speed and, if asked, one for each speed that goes on from it.
 */

import type {
  CosineRate,
  MemberOptions,
  Model,
  Network,
  SourceDescription,
} from "../learn/index.js";
import { unet } from "../learn/index.js";
import { makeTurns, type Turns } from "../parallel/index.js";
import { channelsOf, normalisationOf } from "./images.js";
import { trainMembers } from "./members.js";
import type { InputKind, SpeedImages } from "./satelliteimages.js";
import type { SpeedForecaster } from "./speedforecaster.js";
import type { AnySpeedPdfs } from "./speeds.js";
import { describeSource } from "./training-source.js";
import { startFrom, type TransferSource, type TransferTarget } from "./transfer.js";

/** Passes over some samples at a rate that falls to 0 along half a cosine. */
export interface Passes {
  readonly epochs: number;
  /** of the first epoch */
  readonly rate: number;
}

/** How to train the networks of one kind of input. */
export interface SpeedTrainingOptions extends Passes {
  readonly kind: InputKind;
  readonly widths: readonly number[];
  readonly kernel: number;
  readonly seed: number;
  /** 1 by default */
  readonly members?: number;
  /** sample numbers, of any speeds */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** 8 by default */
  readonly batchSize?: number;
  /** members of a network of the surface to start from, in turn; chance by default */
  readonly from?: readonly TransferSource[];
  /** passes over the samples of each speed that follow, for a network of its own; none by default */
  readonly tune?: Passes;
  /** places for networks, with one thread each; 2 by default; the result does not depend on it */
  readonly turns?: Turns;
  /** start of the files that a killed training goes on from, as `checkpointFile` of the kernel gives it */
  readonly checkpoints?: string | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Train the networks of one kind of input, loss and optimiser as in the papers' code.
 *
 * @throws {DataError} if a PDF does not sum to one, less what left the box
 * @throws {NumericError} if a loss is not finite
 */
export async function trainSpeedForecaster(
  images: SpeedImages,
  pdfs: AnySpeedPdfs,
  options: SpeedTrainingOptions,
): Promise<SpeedForecaster> {
  const { kind, widths, kernel, tune } = options;
  const size = [images.n, images.n] as const;
  const maps = pdfs.levels.length;
  const network = unet({ channels: channelsOf(images.layout), size, widths, kernel, maps });
  const normalisation = normalisationOf(images, options.train);
  const part = (samples: Int32Array) => describeSource(images, pdfs, normalisation, samples);
  const { members: count = 1, turns = makeTurns(2), signal } = options;
  const [passes, tunings] = [options.train.length * options.epochs * count, tune?.epochs ?? 0];
  const total = passes + options.train.length * tunings * count;
  const trained = await trainMembers(
    network,
    { train: part(options.train), validation: part(options.validation) },
    memberOptions(options, options),
    {
      members: count,
      ...startsOf(options.from, { network, kind, levels: pdfs.levels }),
      turns,
      checkpoints: options.checkpoints,
      onProgress: (done) => options.onProgress?.((done / count) * passes, total),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  const members = trained.map(({ model }) => model);
  const tuned =
    tunings === 0 || tune === undefined
      ? new Map<number, readonly Model[]>()
      : await tuneSpeeds({ network, members, images, part, options, tune }, (share) =>
          options.onProgress?.(passes + share * (total - passes), total),
        );
  const { speeds, grid } = pdfs;
  const histories = trained.map(({ history }) => history);
  const about = { name: kind, network, normalisation, histories, kind, speeds, grid, maps };
  return { ...about, members, tuned };
}

/** Each member starts from the next source. */
function startsOf(from: readonly TransferSource[] | undefined, target: TransferTarget) {
  if (from === undefined) return {};
  return { weightsOf: (member: number) => startFrom(from[member % from.length]!, target) };
}

interface Tuning {
  readonly network: Network;
  readonly members: readonly Model[];
  readonly images: SpeedImages;
  readonly part: (samples: Int32Array) => SourceDescription;
  readonly options: SpeedTrainingOptions;
  readonly tune: Passes;
}

/** Go on with each member on the samples of one speed, for every speed. */
async function tuneSpeeds(
  { network, members, images, part, options, tune }: Tuning,
  onProgress: (share: number) => void,
): Promise<ReadonlyMap<number, readonly Model[]>> {
  const of = (samples: Int32Array, speed: number) =>
    part(samples.filter((sample) => images.speedOf(sample) === speed));
  const speeds = [...new Set(Array.from(options.train, (sample) => images.speedOf(sample)))];
  const jobs = speeds.flatMap((speed) => members.map((member, m) => ({ speed, member, m })));
  let done = 0;
  const { turns = makeTurns(2), checkpoints, signal } = options;
  const go = async ({ speed, member, m }: (typeof jobs)[number]) => {
    const data = { train: of(options.train, speed), validation: of(options.validation, speed) };
    const seed = options.seed + m;
    const [one] = await trainMembers(
      network,
      data,
      { ...memberOptions(options, tune), seed },
      {
        members: 1,
        weightsOf: () => member.weights,
        checkpoints: checkpoints === undefined ? undefined : `${checkpoints}-w${speed}-${m + 1}`,
        turns,
        ...(signal === undefined ? {} : { signal }),
      },
    );
    onProgress(++done / jobs.length);
    return { speed, model: one!.model };
  };
  const found = await Promise.all(jobs.map(go));
  return new Map(
    speeds.map((speed) => [
      speed,
      found.filter((one) => one.speed === speed).map(({ model }) => model),
    ]),
  );
}

function memberOptions(
  { seed, batchSize = 8 }: SpeedTrainingOptions,
  { epochs, rate }: Passes,
): MemberOptions {
  const learningRate: CosineRate = { kind: "cosine", rate, epochs };
  return {
    loss: { kind: "bhattacharyya", targets: { filtered: 0.8, raw: 0.2 } },
    validationLoss: { kind: "bhattacharyya", targets: { filtered: 1 } },
    optimiser: { kind: "adam", betas: [0.5, 0.999] },
    learningRate,
    batchSize,
    epochs,
    seed,
    threads: 1,
  };
}
