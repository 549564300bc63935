/**
 * The relations that Picard et al. (2024) claim, as numbers with bounds. The rules stand in
 * docs/benchmarks/catchment.md and were written before the scores they judge: a relation holds if its
 * number reaches the bound and the interval over dates lies above zero.
 */

import {
  type BlockOptions,
  blockStatistic,
  type Difference,
  describeDifference,
  inDigits,
  type Scores,
} from "./evaluation.js";
import { groupMeans, rankOf } from "./monthly.js";
import { spreadTrust } from "./relation.js";
import { CLASS_BOUNDS } from "./score.js";
import type { StudySize } from "./studyoceans.js";
import type { Surroundings } from "./surroundings.js";

/** What became of a relation in one ocean; too few samples or blocks say nothing. */
export type Outcome = "holds" | "differs" | "too few";

/** A claimed relation as it is in one ocean. */
export interface ClaimedRelation {
  /** id of the claim in the manifest of figures */
  readonly claim: string;
  /** what is measured; the larger, the more it is as claimed */
  readonly name: string;
  readonly value: Difference;
  /** what the value must reach */
  readonly bound: number;
  /** how many of all samples it is about, where not all */
  readonly group?: { readonly count: number; readonly all: number };
  /** how many blocks of thirty days were ranked, where they were */
  readonly blocks?: number;
  readonly outcome: Outcome;
}

/** Scores of the models, and what is known of each sample; rows of shape (samples). */
export interface CatchmentEvidence extends BlockOptions {
  readonly size: StudySize;
  /** the surface ensemble */
  readonly surface: Scores;
  readonly levels: Scores;
  /** members of the surface ensemble one by one, in the mean */
  readonly single: Scores;
  readonly cnn: Scores;
  readonly meanPdf: Scores;
  /** number of each sample's window */
  readonly block: ArrayLike<number>;
  /** of the true PDF [km] */
  readonly massCentre: ArrayLike<number>;
  /** of the true PDF, as on bins of 8 km [nat] */
  readonly entropy: ArrayLike<number>;
  /** of mean flow and eddies together [cm² s⁻²] */
  readonly kinetic: ArrayLike<number>;
  readonly around: Surroundings;
  /** of the surface ensemble */
  readonly sdIndex: Float64Array;
}

/** Gain over the mean PDF that the surface ensemble must have. */
const GAIN = { quick: 0.08, workshop: 0.15, paper: 0.15 } as const;

/** The paper's numbers, section 4. */
const PAPER = {
  /** share of the samples that the surface informs about */
  informative: 0.85,
  /** mass centre [km] beyond which predictions are poor, and beyond which hardly any is valid */
  far: 150,
  veryFar: 200,
  validVeryFar: 0.3,
  /** [nat] */
  entropy: 6.6,
  /** |ζ/f| of an eddy */
  vorticity: 0.05,
  /** share of the samples that are at one end of a property */
  tail: 0.1,
  /** the chaotic zone: kinetic energy [cm² s⁻²] and, over f², Okubo–Weiss of the text */
  kinetic: 160,
  okuboWeiss: -0.0075,
} as const;

/** Least r² of what is called a straight line. */
const STRAIGHT = 0.5;

/** Samples that a group and its rest must have, and blocks of thirty days that a correlation must. */
const LEAST = { samples: 10, blocks: 24 } as const;

/**
 * Measure the relations of the claims, but for those over the year (`relateMonths`).
 *
 * @throws {ArgumentError} if there is only one window
 */
export function relate2024(evidence: CatchmentEvidence): ClaimedRelation[] {
  return [
    ...relateModels(evidence),
    ...relateParticles(evidence),
    ...relateEddies(evidence),
    ...relateSpread(evidence),
  ];
}

/** Which model is better than which. */
function relateModels(evidence: CatchmentEvidence): ClaimedRelation[] {
  const { size, surface, levels, single, cnn, meanPdf } = evidence;
  const { mean } = relatorsOf(evidence);
  const less = (a: Scores, b: Scores) => (s: number) => a.losses[s]! - b.losses[s]!;
  const informed = shareBelow(surface, CLASS_BOUNDS.quasiValid);
  return [
    mean("p1-surface-beats-baseline", "mean PDF − surface ensemble", {
      number: less(meanPdf, surface),
      bound: GAIN[size],
    }),
    mean("p1-depth-helps", "surface − 4 levels", { number: less(surface, levels) }),
    mean("p1-ensemble-helps", "single members − ensemble", { number: less(single, surface) }),
    mean("p1-pooling-helps", "basic CNN − single U-Nets", { number: less(cnn, single) }),
    mean("p1-surface-informs", "share below a loss of 0.3 from the surface", {
      number: informed,
      bound: PAPER.informative,
    }),
  ];
}

/** Where the particles went: how far, how widely. */
function relateParticles(evidence: CatchmentEvidence): ClaimedRelation[] {
  const { surface, massCentre, entropy } = evidence;
  const { mean, contrast } = relatorsOf(evidence);
  const valid = shareBelow(surface, CLASS_BOUNDS.valid);
  return [
    contrast("p1-far-fails", `loss with the mass centre beyond ${PAPER.far} km − nearer`, (s) => {
      return massCentre[s]! > PAPER.far;
    }),
    mean("p1-far-fails", `${PAPER.validVeryFar} − share valid beyond ${PAPER.veryFar} km`, {
      number: (s) => PAPER.validVeryFar - valid(s),
      group: (s) => massCentre[s]! > PAPER.veryFar,
    }),
    contrast("p1-entropy-fails", `loss above ${PAPER.entropy} nat − below`, (s) => {
      return entropy[s]! > PAPER.entropy;
    }),
  ];
}

/** The eddy above the trap, and the energetic water outside of eddies. */
function relateEddies(evidence: CatchmentEvidence): ClaimedRelation[] {
  const { kinetic, around } = evidence;
  const { contrast } = relatorsOf(evidence);
  const { vorticity, okuboWeiss } = around;
  const height = around.seaLevel.map(Math.abs);
  const [lowest, highest] = [endOf(okuboWeiss, PAPER.tail), endOf(height, 1 - PAPER.tail)];
  const calm = (s: number) => Math.abs(vorticity[s]!) < PAPER.vorticity;
  const energetic = (s: number) => kinetic[s]! > PAPER.kinetic;
  const zone = `loss at KE > ${PAPER.kinetic} cm² s⁻² and`;
  return [
    contrast("p1-eddies-help", `loss at |ζ/f| < ${PAPER.vorticity} − above`, calm),
    contrast("p1-eddies-help", "loss of all but the tenth of least Okubo–Weiss − in it", (s) => {
      return okuboWeiss[s]! > lowest;
    }),
    contrast("p1-eddies-help", "loss of all but the tenth of most |sea level| − in it", (s) => {
      return height[s]! <= highest;
    }),
    contrast("p1-chaotic-zone", `${zone} |ζ/f| < ${PAPER.vorticity} − elsewhere`, (s) => {
      return energetic(s) && calm(s);
    }),
    contrast(
      "p1-chaotic-zone",
      `${zone} OW/f² > ${inDigits(PAPER.okuboWeiss, 4)} − elsewhere`,
      (s) => {
        return energetic(s) && okuboWeiss[s]! > PAPER.okuboWeiss;
      },
    ),
  ];
}

/** Whether the share of valid predictions falls with the SD index, and along a straight line. */
function relateSpread(evidence: CatchmentEvidence): ClaimedRelation[] {
  const { surface, sdIndex, block } = evidence;
  const claim = "p1-spread-trust";
  const lineOf = (samples: readonly number[]) => {
    const losses = Float64Array.from(samples, (s) => surface.losses[s]!);
    const index = Float64Array.from(samples, (s) => sdIndex[s]!);
    return spreadTrust({ losses }, index).line;
  };
  const apart = endOf(sdIndex, 1 - PAPER.tail) - endOf(sdIndex, PAPER.tail);
  const fall = (samples: readonly number[]) => -apart * (lineOf(samples)?.slope ?? 0);
  const straight = (samples: readonly number[]) => lineOf(samples)?.rSquared ?? 0;
  const of = (statistic: typeof fall) => blockStatistic(block, statistic, evidence);
  const name = "fall of the share valid from the tenth of least SD index to that of most";
  return [
    judge({ claim, name, value: of(fall), bound: 0 }),
    judge({ claim, name: "r² of its straight line", value: of(straight), bound: STRAIGHT }),
  ];
}

/** Failures and energies over the year, in blocks of thirty days; rows of shape (samples). */
export interface MonthlyEvidence extends BlockOptions {
  /** loss of the surface ensemble */
  readonly losses: Float64Array;
  /** number of each sample's block of thirty days */
  readonly block: ArrayLike<number>;
  /** of the mean flow and of the eddies, in the box of the monthly figure [cm² s⁻²] */
  readonly mean: ArrayLike<number>;
  readonly eddy: ArrayLike<number>;
}

/**
 * Measure how failures go with the energies of mean flow and eddies from block to block.
 *
 * @throws {ArgumentError} if there is only one block
 */
export function relateMonths(evidence: MonthlyEvidence): ClaimedRelation[] {
  const failing = evidence.losses.map((loss) => (loss > CLASS_BOUNDS.valid ? 1 : 0));
  const { groups, means } = groupMeans(evidence.block, [failing, evidence.mean, evidence.eddy]);
  const [failures, mean, eddy] = means as [Float64Array, Float64Array, Float64Array];
  const correlate = (energy: Float64Array) => (blocks: readonly number[]) =>
    rankOf(
      blocks.map((k) => energy[k]!),
      blocks.map((k) => failures[k]!),
    );
  const [withMean, withEddy] = [correlate(mean), correlate(eddy)];
  const more = (blocks: readonly number[]) => withMean(blocks) - withEddy(blocks);
  const of = (name: string, statistic: typeof more): ClaimedRelation => {
    const value = blockStatistic(Array.from(groups.keys()), statistic, evidence);
    const about = { claim: "p1-energy-months", name, value, bound: 0, blocks: groups.length };
    const judged = judge(about);
    return groups.length < LEAST.blocks ? { ...judged, outcome: "too few" } : judged;
  };
  return [
    of("rank correlation of failures with the mean flow's energy", withMean),
    of("that less the correlation with the eddies' energy", more),
  ];
}

/** A relation in words: its number with the interval, its group and its bound. */
export function describeRelation(relation: ClaimedRelation): string {
  const { name, value, bound, group, blocks } = relation;
  const facts = [
    `${name}: ${Number.isNaN(value.mean) ? "none" : describeDifference(value)}`,
    ...(group === undefined ? [] : [`${group.count} of ${group.all} samples`]),
    ...(blocks === undefined ? [] : [`${blocks} blocks`]),
    ...(bound === 0 ? [] : [`wanted ${bound}`]),
  ];
  return facts.join(", ");
}

function judge(relation: Omit<ClaimedRelation, "outcome">): ClaimedRelation {
  const { value, bound, group } = relation;
  const holds = value.mean >= bound && value.interval[0] > 0;
  const few = group !== undefined && Math.min(group.count, group.all - group.count) < LEAST.samples;
  return { ...relation, outcome: few ? "too few" : holds ? "holds" : "differs" };
}

/** How relations of samples are measured: means of a number, and losses of a group less the rest's. */
function relatorsOf(evidence: CatchmentEvidence) {
  const { surface, block } = evidence;
  const meanOf = (samples: readonly number[], number: (s: number) => number) =>
    samples.reduce((sum, s) => sum + number(s), 0) / samples.length;
  const all = block.length;
  const counted = (inside: (s: number) => boolean) => {
    return { count: Array.from({ length: all }, (_, s) => s).filter(inside).length, all };
  };
  const mean = (claim: string, name: string, { number, bound = 0, group }: MeanOptions) => {
    const inside = group ?? (() => true);
    const value = blockStatistic(block, (s) => meanOf(s.filter(inside), number), evidence);
    const counts = group === undefined ? {} : { group: { ...counted(group) } };
    return judge({ claim, name, value, bound, ...counts });
  };
  const contrast = (claim: string, name: string, inside: (s: number) => boolean) => {
    const loss = (s: number) => surface.losses[s]!;
    const outside = (s: number) => !inside(s);
    const value = blockStatistic(
      block,
      (s) => meanOf(s.filter(inside), loss) - meanOf(s.filter(outside), loss),
      evidence,
    );
    return judge({ claim, name, value, bound: 0, group: counted(inside) });
  };
  return { mean, contrast };
}

interface MeanOptions {
  readonly number: (sample: number) => number;
  /** 0 by default */
  readonly bound?: number;
  /** the samples it is about, all by default */
  readonly group?: (sample: number) => boolean;
}

/** 1 where a loss is below a bound. */
function shareBelow({ losses }: Scores, bound: number): (sample: number) => number {
  return (s) => (losses[s]! < bound ? 1 : 0);
}

/** The value that a share of all lies below. */
function endOf(values: ArrayLike<number>, share: number): number {
  return Float64Array.from(values).sort()[Math.floor(share * (values.length - 1))]!;
}
