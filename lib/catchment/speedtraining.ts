/**
 * Training of the 2025 paper's networks: one for each kind of input that is told the speed and, if
 * asked, one for each speed that goes on from it.
 */

import {
  type CosineRate,
  type Member,
  type MemberOptions,
  type Model,
  trainMember,
  unet,
  type Weights,
} from "../learn/index.js";
import type { SatelliteResolution } from "./degrade.js";
import { channelsOf, normalisationOf } from "./images.js";
import { channelRanges } from "./inputrange.js";
import type { InputKind, SpeedImages } from "./satelliteimages.js";
import type { SpeedForecaster } from "./speedforecaster.js";
import type { AnySpeedPdfs } from "./speeds.js";
import { trainingSource } from "./training-source.js";
import { startFrom, type TransferSource } from "./transfer.js";

/** Passes over some samples at a rate that falls to 0 along half a cosine. */
export interface Passes {
  readonly epochs: number;
  /** of the first epoch */
  readonly rate: number;
}

/** How to train one member for one kind of input. */
export interface SpeedTrainingOptions extends Passes {
  readonly kind: InputKind;
  /** of its ensemble; the kind by default */
  readonly name?: string;
  /** that its images have, where they are what satellites see */
  readonly resolution?: SatelliteResolution | undefined;
  readonly widths: readonly number[];
  readonly kernel: number;
  /** of first weights and order: another one for each member */
  readonly seed: number;
  /** sample numbers, of any speeds */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** 8 by default */
  readonly batchSize?: number;
  /** a network of the surface to start from; chance by default */
  readonly from?: TransferSource | undefined;
  /** passes over the samples of each speed that follow, for a network of its own; none by default */
  readonly tune?: Passes;
  /** start of the files that a killed training goes on from, such as one in `checkpoints` of a task */
  readonly checkpoint?: string | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Train one member for one kind of input and, where asked, go on from it for each speed; in this
 * thread, loss and optimiser as in the papers' code. `joinSpeedForecasters` puts members together.
 *
 * @throws {DataError} if a PDF does not sum to one, less what left the box
 * @throws {NumericError} if a loss is not finite
 */
export async function trainSpeedForecaster(
  images: SpeedImages,
  pdfs: AnySpeedPdfs,
  options: SpeedTrainingOptions,
): Promise<SpeedForecaster> {
  const { kind, name = kind, widths, kernel, tune, from, checkpoint } = options;
  const size = [images.n, images.n] as const;
  const { speeds, grid, levels } = pdfs;
  const maps = levels.length;
  const network = unet({ channels: channelsOf(images.layout), size, widths, kernel, maps });
  const normalisation = normalisationOf(images, options.train);
  const tuned = new Map<number, readonly Model[]>();
  const tunings = tune?.epochs ?? 0;
  const total = options.epochs + tunings;
  const go = async (passes: Passes, { speed, weights }: Start): Promise<Member> => {
    const part = (samples: Int32Array) => {
      const own = samples.filter((s) => speed === undefined || images.speedOf(s) === speed);
      return trainingSource(images, pdfs, normalisation, own);
    };
    const { signal, onProgress } = options;
    const ending = speed === undefined ? "" : `-w${speed}`;
    const share = speed === undefined ? passes.epochs : passes.epochs / speeds.length;
    const before = speed === undefined ? 0 : options.epochs + share * tuned.size;
    const task = {
      network,
      data: { train: await part(options.train), validation: await part(options.validation) },
      options: { ...memberOptions(options, passes), ...(weights && { weights }) },
      ...(checkpoint !== undefined && { checkpoint: `${checkpoint}${ending}.nc` }),
    };
    return trainMember(task, {
      ...(signal && { signal }),
      onProgress: (done, all) => onProgress?.(before + (share * done) / all, total),
    });
  };
  const weights = from === undefined ? undefined : startFrom(from, { network, kind, levels });
  const { model, history } = await go(options, { weights });
  const told = new Set(Array.from(options.train, (sample) => images.speedOf(sample)));
  for (const speed of tune === undefined || tunings === 0 ? [] : told) {
    tuned.set(speed, [(await go(tune!, { speed, weights: model.weights })).model]);
  }
  const { resolution } = options;
  const ranges = channelRanges(images, options.train);
  const about = { name, network, normalisation, kind, resolution, speeds, grid, maps, ranges };
  return { ...about, members: [model], histories: [history], tuned };
}

/** Where a training starts, and of which speed alone its samples are. */
interface Start {
  readonly speed?: number;
  readonly weights: Weights | undefined;
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
