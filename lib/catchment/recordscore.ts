/**
 * The record of the satellites against the truth, which only a twin has: how good its maps are, what
 * the satellites' errors cost, and whether its catchments have the shape of those that the same
 * network makes of the model's own fields (figure A2).
 */

import { DataError } from "../core/index.js";
import type { Finding } from "../figures/index.js";
import {
  type Maps,
  mapOf,
  mapsOfLevel,
  meanPrediction,
  pickMaps,
  repeatMap,
  scorePredictions,
} from "./evaluation.js";
import type { SourcePdfs } from "./experiment.js";
import { usableSamples } from "./mass.js";
import { boxPdf, type DisplacementGrid } from "./pdf.js";
import { standinSamples } from "./record.js";
import type { RecordPart, RecordPlan } from "./recordplan.js";
import { entropy, massCentre } from "./score.js";
import { type SpeedScores, validShare } from "./speedfigures.js";
import type { StudySize } from "./studyoceans.js";

/** Names of what is compared, as figures show them. */
export const RECORD_CURVES = {
  satellites: "from satellites",
  fields: "from the model's own fields",
  mean: "mean true catchment",
  box: "box 192 km",
  truth: "true",
} as const;

/** A property of many maps, one row of values a speed. */
export interface ShapeGroup {
  readonly name: string;
  readonly values: readonly { readonly speed: number; readonly values: Float64Array }[];
}

/** A record against the truth, on the same dates for all. */
export interface RecordComparison {
  /** satellites, fields, mean and box, by speed */
  readonly models: readonly SpeedScores[];
  /** distance of the mass centre from the trap [km]: satellites, fields and truth */
  readonly centres: readonly ShapeGroup[];
  /** likewise [nat] */
  readonly entropies: readonly ShapeGroup[];
  /** place that stands for each date: dates of one place share a sea */
  readonly block: Int32Array;
  /** dates left out, since most of the particles of some speed left the box */
  readonly masked: number;
}

/**
 * Compare a record with the truth at the dates of `RecordPlan.compared`, less those of which more than
 * half of the particles of some speed left the box: the same dates for all maps and speeds.
 *
 * @param record of all dates of the plan, by speed
 * @param truth  of `RecordPlan.truth`
 * @throws {DataError} if no date is left
 */
export function compareRecord(
  plan: Pick<RecordPlan, "later" | "compared" | "trueStandins">,
  record: readonly RecordPart[],
  truth: SourcePdfs,
  grid: DisplacementGrid,
): RecordComparison {
  const speeds = record.map(({ speed }) => speed);
  const kept = datesKept(plan, speeds, truth);
  const each = record.map((part) => mapsOfSpeed(plan, part, { truth, speeds, kept }));
  const score = (model: string, mapsOf: (maps: SpeedMaps) => Maps): SpeedScores => ({
    model,
    speeds,
    scores: each.map((maps) => scorePredictions(model, mapsOf(maps), maps.truth)),
  });
  const shape = (value: (map: Float32Array) => number) =>
    (["satellites", "fields", "truth"] as const).map((key) => ({
      name: RECORD_CURVES[key],
      values: each.map((maps, k) => ({ speed: speeds[k]!, values: valuesOf(maps[key], value) })),
    }));
  const box = boxPdf(192e3, grid);
  return {
    models: [
      score(RECORD_CURVES.satellites, ({ satellites }) => satellites),
      score(RECORD_CURVES.fields, ({ fields }) => fields),
      score(RECORD_CURVES.mean, (maps) => meanPrediction(maps.truth, countOf(maps.truth))),
      score(RECORD_CURVES.box, (maps) => repeatMap(box, countOf(maps.truth))),
    ],
    centres: shape((map) => massCentre(map, grid) / 1000),
    entropies: shape(entropy),
    block: Int32Array.from(kept, (k) => plan.trueStandins[plan.compared[k]!]!.place),
    masked: plan.compared.length - kept.length,
  };
}

/** The true catchments at 200 m of all dates that have one, by speed, as the record's files hold them. */
export function trueRecord(
  { trueStandins }: Pick<RecordPlan, "trueStandins">,
  truth: SourcePdfs,
  speeds: readonly number[],
): { readonly speed: number; readonly maps: Maps }[] {
  const places = truth.traps.length / speeds.length;
  const all = uppermost(truth);
  return speeds.map((speed) => {
    const samples = standinSamples(trueStandins, speed, { speeds, places });
    return { speed, maps: pickMaps(all, samples) };
  });
}

function uppermost({ filtered, levels, grid }: SourcePdfs): Maps {
  return mapsOfLevel(filtered, levels.length, levels.length - 1, grid.n ** 2);
}

/** Maps of one speed, the same dates in each. */
type SpeedMaps = Readonly<Record<"satellites" | "fields" | "truth", Maps>>;

type Compared = Pick<RecordPlan, "compared" | "trueStandins">;

/** Samples of the truth for the dates compared, at one speed. */
function samplesOf({ compared, trueStandins }: Compared, speed: number, about: TruthOfSpeeds) {
  const { truth, speeds } = about;
  const standins = compared.map((k) => trueStandins[k]!);
  return standinSamples(standins, speed, { speeds, places: truth.traps.length / speeds.length });
}

interface TruthOfSpeeds {
  readonly truth: SourcePdfs;
  readonly speeds: readonly number[];
}

/** Which of the dates compared are usable at every speed. */
function datesKept(plan: Compared, speeds: readonly number[], truth: SourcePdfs): number[] {
  const usable = speeds.map((speed) => {
    const samples = samplesOf(plan, speed, { truth, speeds });
    const good = new Set(usableSamples(truth, samples).samples);
    return Array.from(samples, (sample) => good.has(sample));
  });
  const kept = [...plan.compared.keys()].filter((k) => usable.every((good) => good[k]!));
  if (kept.length > 0) return kept;
  const wanted = "one whose particles stay in the box at every speed";
  throw new DataError({ what: "dates compared", wanted, got: `none of ${plan.compared.length}` });
}

function mapsOfSpeed(
  plan: Pick<RecordPlan, "later"> & Compared,
  { speed, median, undisturbed }: RecordPart,
  about: TruthOfSpeeds & { readonly kept: readonly number[] },
): SpeedMaps {
  const samples = samplesOf(plan, speed, about);
  const at = about.kept.map((k) => plan.later[plan.compared[k]!]!);
  const own = about.kept.map((k) => samples[k]!);
  return {
    satellites: pickMaps(median, at),
    fields: pickMaps(undisturbed, about.kept),
    truth: pickMaps(uppermost(about.truth), own),
  };
}

const countOf = ({ data, bins }: Maps) => data.length / bins;

function valuesOf(maps: Maps, value: (map: Float32Array) => number): Float64Array {
  return Float64Array.from({ length: countOf(maps) }, (_, k) => value(mapOf(maps, k)));
}

/** Largest difference of the medians that still is the same shape: a share of the distance, and [nat]. */
const SAME_CENTRE = 0.1;
const SAME_ENTROPY = 0.1;

/** What the comparison says of the record; the rules were written before any score. */
export function judgeRecord(
  { models, centres, entropies, block, masked }: RecordComparison,
  size: StudySize,
): Finding[] {
  const [satellites, fields, mean] = models as [SpeedScores, SpeedScores, SpeedScores];
  const judge = (id: string, ours: string, holds: boolean): Finding => {
    const note = "quick size: small networks, few epochs; stated, judged at workshop size only";
    if (size === "quick") return { id, ours, verdict: "not judged", note };
    return { id, ours, verdict: holds ? "holds" : "differs" };
  };
  const beats = satellites.scores.every((s, k) => s.meanLoss < mean.scores[k]!.meanLoss);
  const cost = costOf(satellites, fields);
  const out = `${block.length} dates, ${masked} more left out`;
  const far = centres.map(mediansOf);
  const wide = entropies.map(mediansOf);
  const near = far[0]!.every((km, k) => Math.abs(km / far[1]![k]! - 1) <= SAME_CENTRE);
  const alike = wide[0]!.every((nat, k) => Math.abs(nat - wide[1]![k]!) <= SAME_ENTROPY);
  const rows = (medians: number[][], digits: number) =>
    medians.map((row) => row.map((value) => value.toFixed(digits)).join("/")).join(", ");
  return [
    judge(
      "p2-record-truth",
      `BL, valid and F at ${satellites.speeds.join(" ")} m/d (${out}): ${models.map(inNumbers).join("; ")}; ` +
        `the satellites' errors cost ${cost.map((value) => value.toFixed(3)).join(" ")} of BL`,
      beats,
    ),
    judge(
      "p2-shape",
      `medians from satellites, model fields and true: mass centre ${rows(far, 0)} km, ` +
        `entropy ${rows(wide, 1)} nat`,
      near && alike,
    ),
  ];
}

/** What the satellites' errors do to the scores, in a sentence: the speed at which they cost most. */
export function describeCost({ models }: RecordComparison): string {
  const [satellites, fields] = models as [SpeedScores, SpeedScores];
  const most = Math.max(...costOf(satellites, fields));
  const cost = most < 0.0005 ? "nothing" : `at most ${most.toFixed(3)} of Bhattacharyya loss`;
  return `The satellites' errors cost the record's maps ${cost}`;
}

function costOf(satellites: SpeedScores, fields: SpeedScores): number[] {
  return satellites.scores.map((s, k) => s.meanLoss - fields.scores[k]!.meanLoss);
}

/** What figure A2 shows, in a sentence: which way predicted catchments differ from true ones. */
export function describeShape({ centres, entropies }: RecordComparison): string {
  const less = (groups: readonly ShapeGroup[]) => {
    const [predicted, , truth] = groups.map((group) => sumOf(mediansOf(group)));
    return predicted! < truth!;
  };
  const distance = less(centres) ? "nearer" : "farther away";
  const width = less(entropies) ? "narrower" : "wider";
  return `Predicted catchments are ${distance} and ${width} than true ones`;
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function mediansOf({ values }: ShapeGroup): number[] {
  return values.map((group) => {
    const sorted = Float64Array.from(group.values).sort();
    const middle = (sorted.length - 1) / 2;
    return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  });
}

/** Mean losses, valid predictions and F by speed. */
function inNumbers({ model, scores }: SpeedScores): string {
  const mean = ({ overlaps }: SpeedScores["scores"][number]) =>
    overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length;
  const percent = (share: number) => (100 * share).toFixed(0);
  return (
    `${model} ${scores.map((s) => s.meanLoss.toFixed(3)).join(" ")}, ` +
    `${scores.map((s) => percent(validShare(s))).join(" ")} %, ` +
    `${scores.map((s) => percent(mean(s))).join(" ")} %`
  );
}
