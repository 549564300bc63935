/**
 * Training of the pair: EC on towers alone, EC-ATM on towers and inversions, from the same start
 * weights and with the same tower batches, so that the constraint is all they differ in.
 */

import { ArgumentError, makeRandom, shapeError, shuffle } from "../core/index.js";
import {
  cosineDecay,
  type Engine,
  type EpochRecord,
  initialise,
  type Model,
  mlp,
  type Network,
  type Source,
  type TrainingOptions,
  type TrainingResult,
  type TrainingState,
  train,
} from "../learn/index.js";
import {
  type ConstraintLayout,
  dualLoss,
  LOG_VARIANCES,
  type NormOrder,
  towerLoss,
} from "./dual-loss.js";
import { type Constraint, towerSlices, windowSource } from "./dual-source.js";
import { foldsBySite, rowsOf, type TowerTable } from "./tower.js";

/** How a pair is trained. Units, rate, optimiser and epochs are not stated in the paper: assumed. */
export interface PairOptions {
  readonly seed: number;
  /** which of the folds of sites is held out */
  readonly fold: number;
  /** 10 by default */
  readonly folds?: number;
  /** hidden units, (32, 32) by default */
  readonly hidden?: readonly number[];
  readonly epochs: number;
  /** 3e-3 by default, falling along a cosine to a tenth of it */
  readonly learningRate?: number;
  /** each window is met this often in an epoch, each time with other towers; 4 by default */
  readonly repeats?: number;
  /** months of a window, 12 by default as in the paper */
  readonly monthsPerStep?: 1 | 3 | 6 | 12;
  /** regions of a step, drawn anew for each window; all by default */
  readonly regionsPerStep?: number;
  /** order of the norm over inversions, 3 by default */
  readonly norm?: NormOrder;
  /** years held out, 2 by default */
  readonly heldOutYears?: number;
  readonly engine?: Engine;
  readonly onEpoch?: (record: EpochRecord, state: TrainingState) => void | Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What is learnt from. Features are scaled already. */
export interface PairData {
  readonly towers: TowerTable;
  readonly sites: number;
  readonly constraint: Constraint;
}

/** A model of a pair. */
export interface PairMember {
  readonly model: Model;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  /** learned σ² of both losses; empty for EC */
  readonly variances: Readonly<Record<string, number>>;
}

/** Which sites and years a pair did not see. */
export interface HeldOut {
  readonly sites: readonly number[];
  /** numbers of years from the first */
  readonly years: readonly number[];
}

/** The network: three fully connected layers with ReLU between, one flux out. */
export function neeNetwork(features: number, hidden: readonly number[] = [32, 32]): Network {
  return mlp({ features, hidden, outputs: 1 });
}

/** Sites and years that the pair of a fold and seed holds out. */
export function heldOutOf(data: PairData, options: PairOptions): HeldOut {
  const { seed, fold, folds = 10, heldOutYears = 2 } = options;
  const deal = foldsBySite(data.sites, folds, seed);
  if (!(fold >= 0 && fold < folds)) {
    throw new ArgumentError({ what: "fold", wanted: `0 to ${folds - 1}`, got: String(fold) });
  }
  const { years } = data.constraint.steps;
  const order = shuffle(
    Array.from({ length: years }, (_, y) => y),
    makeRandom(seed, 500 + fold),
  );
  return {
    sites: Array.from(deal.keys()).filter((site) => deal[site] === fold),
    years: order.slice(0, heldOutYears).sort((a, b) => a - b),
  };
}

/** Train EC of a fold. */
export async function trainEc(data: PairData, options: PairOptions): Promise<PairMember> {
  const sources = pairSources(data, options);
  return member(await run(data, options, { ...sources, loss: towerLoss }));
}

/** The learned log variances of both losses, as trained numbers beside the network. */
export const VARIANCE_PARAMETERS = Object.fromEntries(
  Object.values(LOG_VARIANCES).map((name) => [name, { shape: [1], initial: 0 }] as const),
);

/** Train EC-ATM of a fold. */
export async function trainEcAtm(data: PairData, options: PairOptions): Promise<PairMember> {
  const { constraint } = data;
  const sources = pairSources(data, options);
  const layout: ConstraintLayout = {
    operator: constraint.operator,
    monthOfSlot: sources.monthOfSlot,
    months: options.monthsPerStep ?? 12,
    inversions: constraint.inversions,
    features: data.towers.features,
    norm: options.norm ?? 3,
  };
  const extra = VARIANCE_PARAMETERS;
  return member(await run(data, options, { ...sources, loss: dualLoss(layout), extra }));
}

function member({ model, history, bestEpoch, extra }: TrainingResult): PairMember {
  const variances = Object.fromEntries(
    Array.from(extra, ([name, { data }]) => [name, Math.exp(data[0]!)]),
  );
  return { model, history, bestEpoch, variances };
}

/** The windows of the years that are learnt from and of those held out, with their towers. */
function pairSources(data: PairData, options: PairOptions) {
  const { towers, constraint } = data;
  if (constraint.features !== towers.features) {
    throw shapeError("pixels", [towers.features], [constraint.features]);
  }
  const out = heldOutOf(data, options);
  const outSites = new Set(out.sites);
  const monthsPerStep = options.monthsPerStep ?? 12;
  const years = Array.from({ length: constraint.steps.years }, (_, y) => y);
  const seen = years.filter((y) => !out.years.includes(y));
  const windows = (list: readonly number[]) => (list.length * 12) / monthsPerStep;
  const repeats = options.repeats ?? 4;
  const random = makeRandom(options.seed, 600 + options.fold);
  const inside = shuffle(
    rowsOf(towers, (site) => !outSites.has(site)),
    random,
  );
  const outside = rowsOf(towers, (site) => outSites.has(site));
  const { regionsPerStep, seed } = options;
  const how = {
    monthsPerStep,
    seed,
    ...(regionsPerStep === undefined ? {} : { regionsPerStep }),
  };
  const slices = towerSlices(towers, inside, windows(seen) * repeats);
  const trained = windowSource(constraint, seen, slices, how);
  const checked = towerSlices(towers, outside, windows(out.years));
  const validation = windowSource(constraint, out.years, checked, { monthsPerStep, seed });
  return { train: trained.source, validation: validation.source, monthOfSlot: trained.monthOfSlot };
}

function run(
  data: PairData,
  options: PairOptions,
  parts: {
    readonly train: Source;
    readonly validation: Source;
    readonly loss: TrainingOptions["loss"];
    readonly extra?: NonNullable<TrainingOptions["extra"]>;
  },
): Promise<TrainingResult> {
  const { seed, fold, hidden, epochs, learningRate = 3e-3 } = options;
  const { engine, onEpoch, onProgress, signal } = options;
  const network = neeNetwork(data.towers.features, hidden);
  return train(
    network,
    { train: parts.train, validation: parts.validation },
    {
      loss: parts.loss,
      batchSize: 1,
      epochs,
      seed: seed + fold,
      weights: initialise(network, seed + fold),
      learningRate: cosineDecay(learningRate, epochs, learningRate / 10),
      ...(parts.extra === undefined ? {} : { extra: parts.extra }),
      ...(engine === undefined ? {} : { engine }),
      ...(onEpoch === undefined ? {} : { onEpoch }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(signal === undefined ? {} : { signal }),
    },
  );
}
