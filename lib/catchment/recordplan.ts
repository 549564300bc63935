/**
 * The record of twenty years as the twin has it: its dates, and the places and windows that stand for
 * them.
 *
 * @see Picard et al. (2025), section 4.1
 */

import { ArgumentError, secondsOf } from "../core/index.js";
import type { Trap } from "../lagrangian/index.js";
import { makeTwin, type Ocean, type TwinProfile } from "../ocean/index.js";
import type { TaskInput } from "../parallel/index.js";
import type { Maps } from "./evaluation.js";
import { recordDates, type Standin, standinsOf } from "./record.js";
import type { RecordFiles } from "./satelliterecord.js";
import type { PlannedExperiment } from "./shard.js";
import { type StudySize, studyLattice } from "./studyoceans.js";
import { deepTraps } from "./studyplan.js";

const DAY = 86400;

/** Of the run that stands for the ocean which satellites see; networks were trained in another. */
export const RECORD_SEED = 2;

/** True catchments are followed from here on. */
const TRUE_FROM = { year: 2008, month: 11 };

/** Every how many dates the networks are asked about the model's own fields too. */
const COMPARED_EVERY = 3;

/** How the record is sized; parameters of notebook 03. */
export interface RecordSizes extends Partial<RecordFiles> {
  /** of the twin; the papers' is refused by `twinOfRecord` */
  readonly size: StudySize;
  readonly mapCount: number;
  /** places of the twin that stand for its years */
  readonly places: number;
  /** of the satellites' errors */
  readonly seed: number;
}

/** A record in the twin. */
export interface RecordPlan {
  /** ends of the collections of the record [s since 1970-01-01] */
  readonly ends: Float64Array;
  /** the place and window of the twin that stands for each */
  readonly standins: readonly Standin[];
  readonly traps: readonly Trap[];
  /** ends of the twin's collections [s] */
  readonly windows: Float64Array;
  /** which of `ends` have a true catchment, and what stands for them in `truth` */
  readonly later: readonly number[];
  readonly trueStandins: readonly Standin[];
  /** the experiment that gives the true catchments at 200 m, at the places that are used */
  readonly truth: PlannedExperiment;
  /** which of `later` are predicted from the model's own fields too: every third */
  readonly compared: readonly number[];
}

/**
 * Plan a record.
 *
 * @param ocean the twin, for its first instant and where its traps stand
 */
export function planRecord(
  { size, mapCount, places }: RecordSizes,
  ocean: Pick<Ocean, "kind" | "grid" | "times">,
): RecordPlan {
  const days = Array.from({ length: 37 }, (_, k) => 80 + 10 * k);
  const ends = recordDates(mapCount);
  const standins = standinsOf(ends, days, places);
  const traps = studyLattice(ocean, { across: 6, depth: 3000 }).slice(0, places);
  const windows = Float64Array.from(days, (day) => ocean.times[0]! + day * DAY);
  const later = [...ends.keys()].filter((k) => ends[k]! >= secondsOf(TRUE_FROM));
  const used = [...new Set(later.map((k) => standins[k]!.place))].sort((a, b) => a - b);
  const deep = deepTraps(
    used.map((place) => traps[place]!),
    size,
  );
  return {
    ...{ ends, standins, traps, windows, later },
    trueStandins: later.map((k) => ({ ...standins[k]!, place: used.indexOf(standins[k]!.place) })),
    compared: [...later.keys()].filter((k) => k % COMPARED_EVERY === 0),
    truth: {
      seed: RECORD_SEED,
      ...deep,
      experiment: { ...deep.experiment, levels: [200] },
      windows,
    },
  };
}

/**
 * The size of the twin that a record is made in.
 *
 * @throws {ArgumentError} at the papers' size
 */
export function twinOfRecord(size: StudySize): Exclude<StudySize, "paper"> {
  if (size !== "paper") return size;
  throw new ArgumentError({
    what: "size",
    wanted: "quick or workshop: no twin is as large as the ocean that the papers' networks look at",
    got: "paper",
    remedy:
      "make the record from files of real maps: predictRecord, in docs/howto/published-catchments.md",
  });
}

/** Round i of a loop: make the twin of seed i + 1; throws as `twinOfRecord`. */
export async function makeRecordOcean(input: TaskInput): Promise<TwinProfile> {
  twinOfRecord((input.parameters as unknown as RecordSizes).size);
  return makeTwin(input);
}

/** Predicted maps of some dates in a row, of one sinking speed. */
export interface RecordPart {
  /** [m d⁻¹] */
  readonly speed: number;
  /** ends of their collections [s]; of real maps, those that the files cover */
  readonly ends: Float64Array;
  /** median of the members and their standard deviation */
  readonly median: Maps;
  readonly spread: Maps;
  /** median for `RecordPlan.compared`, from the model's fields at the satellites' resolution */
  readonly undisturbed: Maps;
  /** of real maps, what there is to warn of */
  readonly warnings: readonly string[];
}

/** Put the shares of a record together, by speed. */
export function joinRecord(shares: readonly (readonly RecordPart[])[]): RecordPart[] {
  return shares[0]!.map(({ speed }, k) => {
    const parts = shares.map((share) => share[k]!);
    const join = (name: "median" | "spread" | "undisturbed"): Maps => {
      const pieces = parts.map((part) => part[name].data);
      const data = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      let at = 0;
      for (const piece of pieces) {
        data.set(piece, at);
        at += piece.length;
      }
      return { data, bins: parts[0]![name].bins };
    };
    return {
      speed,
      ends: Float64Array.from(parts.flatMap(({ ends }) => Array.from(ends))),
      median: join("median"),
      spread: join("spread"),
      undisturbed: join("undisturbed"),
      warnings: [...new Set(parts.flatMap(({ warnings }) => warnings))],
    };
  });
}
