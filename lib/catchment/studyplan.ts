/**
 * The experiments of the two papers in a study's two oceans, as the notebooks size them: which
 * traps, which collections. Here and not in a cell, since each shard of them is a task that has to
 * know them before the notebook runs.
 */

import type { Trap } from "../lagrangian/index.js";
import type { Ocean } from "../ocean/index.js";
import type { TaskInput } from "../parallel/index.js";
import { PICARD_2024, QUICK_2024, WORKSHOP_2024 } from "./experiment.js";
import { followShard, openPlanned, type PlannedExperiment, type ShardResult } from "./shard.js";
import { PICARD_2025, QUICK_2025, SPEEDS_2025, WORKSHOP_2025 } from "./speeds.js";
import { type StudySize, sizeOfTwin, studyLattice } from "./studyoceans.js";

const DAY = 86400;

/** The experiments by size. */
const EXPERIMENTS_2024 = {
  quick: QUICK_2024,
  workshop: WORKSHOP_2024,
  paper: PICARD_2024,
} as const;
const EXPERIMENTS_2025 = {
  quick: QUICK_2025,
  workshop: WORKSHOP_2025,
  paper: PICARD_2025,
} as const;

/** Distance of the papers' traps [m]. */
const APART = 36e3;

/** Days between the collections to train on and those to choose the best epoch by. */
const GAP = 100;

/** What both plans ask of the first ocean. */
type FirstOcean = Pick<Ocean, "kind" | "grid" | "times">;

interface Plan {
  readonly size: StudySize;
  /** files of model output of both runs, in place of the twins; none by default, needed at the papers' size */
  readonly oceanFiles?: readonly (readonly string[])[];
  /** middle of the traps: longitude and latitude, or metres east and north; that of the grid by default */
  readonly trapCentre?: readonly number[];
}

/** How the experiments of Picard et al. (2024) are sized; parameters of notebook 01. */
export interface Plan2024 extends Plan {
  readonly trainingWindows: number;
  readonly validationWindows: number;
  /** between training windows [d] */
  readonly windowSpacing: number;
  readonly testWindows: number;
  /** traps along each side of the square of test traps */
  readonly testAcross: number;
  /** traps 36 km apart that are trained on as well, along each side of their square; 0 by default */
  readonly nearAcross?: number;
}

/**
 * The experiments of Picard et al. (2024): to train on in the first ocean, to judge by in the second,
 * and at traps 36 km apart in the first.
 *
 * Collections begin once particles and images have time before them; the papers' follow each other
 * without a break, in both oceans.
 *
 * @param ocean the first, for its first instant and where its traps stand
 * @throws {ArgumentError} at the papers' size without files of model output
 */
export function plan2024(sizes: Plan2024, ocean: FirstOcean): PlannedExperiment[] {
  const { size, trainingWindows, validationWindows, windowSpacing, nearAcross = 0 } = sizes;
  const experiment = EXPERIMENTS_2024[size];
  const days = daysFrom(ocean);
  const begin = size === "paper" ? 72 : 42;
  const last = begin + windowSpacing * (trainingWindows - 1);
  const train = [
    ...days(trainingWindows, begin, windowSpacing),
    ...days(validationWindows, last + windowSpacing + GAP, windowSpacing),
  ];
  const lattice = (across: number, spacing?: number) =>
    studyLattice(ocean, {
      ...{ across, depth: 1000, centre: sizes.trapCentre },
      ...(spacing === undefined ? {} : { spacing }),
    });
  const [first, second] = whereOf(sizes);
  const isTwin = ocean.kind === "twin"; // in model output all traps stand 36 km apart
  const traps = [...lattice(6), ...(isTwin && nearAcross > 0 ? lattice(nearAcross, APART) : [])];
  const windows = (ends: readonly number[]) => Float64Array.from(ends);
  const [testBegin, testSpacing] = size === "paper" ? [72, 10] : [50, 30];
  const test = {
    traps: lattice(sizes.testAcross),
    windows: windows(days(sizes.testWindows, testBegin, testSpacing)),
  };
  return [
    { ...first, experiment, traps, windows: windows(train) },
    { ...second, experiment, ...test },
    { ...first, experiment, traps: lattice(6, APART), windows: windows(days(2, begin + 18, 60)) },
  ];
}

/** Which ocean an experiment of the first and of the second run is in. */
function whereOf({ size, oceanFiles = [] }: Plan): [Where, Where] {
  if (oceanFiles.length === 0) sizeOfTwin(size);
  const run = (k: number): Where =>
    oceanFiles.length === 0 ? { seed: k + 1 } : { seed: k + 1, files: oceanFiles[k]! };
  return [run(0), run(1)];
}

type Where = Pick<PlannedExperiment, "seed" | "files">;

/** How the experiments of Picard et al. (2025) are sized; parameters of notebook 01. */
export interface Plan2025 extends Plan {
  readonly deepWindows: number;
  /** between windows to train on [d] */
  readonly deepSpacing: number;
  /** traps along each side of their square */
  readonly deepAcross: number;
  readonly deepTestWindows: number;
  /** between windows to judge by [d] */
  readonly deepTestSpacing: number;
  /** traps to judge by along each side of their square */
  readonly deepTestAcross: number;
}

/**
 * The experiments of Picard et al. (2025) with traps at 3000 m and five speeds at once: to train on
 * in the first ocean and to judge by in the second. Traps repeat for each speed.
 *
 * @param ocean the first, for its first instant and where its traps stand
 * @throws {ArgumentError} at the papers' size without files of model output
 */
export function plan2025(sizes: Plan2025, ocean: FirstOcean): PlannedExperiment[] {
  const { size, deepWindows, deepSpacing, deepTestWindows, deepTestSpacing } = sizes;
  const days = daysFrom(ocean);
  const begin = size === "paper" ? 82 : 60;
  const last = begin + deepSpacing * (deepWindows - 1);
  const train = [
    ...days(deepWindows, begin, deepSpacing),
    ...days(Math.ceil(deepWindows / 8), last + GAP, 10),
  ];
  const places = (across: number) =>
    deepTraps(studyLattice(ocean, { across, depth: 3000, centre: sizes.trapCentre }), size);
  const [first, second] = whereOf(sizes);
  const test = Float64Array.from(days(deepTestWindows, 110, deepTestSpacing));
  return [
    { ...first, ...places(sizes.deepAcross), windows: Float64Array.from(train) },
    { ...second, ...places(sizes.deepTestAcross), windows: test },
  ];
}

/** Places with particles of the five speeds, as an experiment has them. */
export function deepTraps(
  places: readonly Trap[],
  size: StudySize,
): Pick<PlannedExperiment, "experiment" | "traps" | "speeds"> {
  return {
    experiment: EXPERIMENTS_2025[size],
    traps: SPEEDS_2025.flatMap(() => [...places]),
    speeds: SPEEDS_2025.flatMap((speed) => places.map(() => speed / DAY)),
  };
}

/** Round of a loop: a shard of the experiments of Picard et al. (2024); parameters as `Plan2024`. */
export async function follow2024(input: TaskInput): Promise<ShardResult[]> {
  const sizes = input.parameters as unknown as Plan2024;
  return followShard(plan2024(sizes, await firstOcean(sizes, input)), input);
}

/** Round of a loop: a shard of the experiments of Picard et al. (2025); parameters as `Plan2025`. */
export async function follow2025(input: TaskInput): Promise<ShardResult[]> {
  const sizes = input.parameters as unknown as Plan2025;
  return followShard(plan2025(sizes, await firstOcean(sizes, input)), input);
}

/** Grid and times of the first ocean. */
async function firstOcean(sizes: Plan, input: TaskInput): Promise<FirstOcean> {
  const ocean = await openPlanned(whereOf(sizes)[0], input);
  ocean.close();
  return ocean;
}

function daysFrom({ times }: FirstOcean) {
  return (count: number, first: number, spacing: number) =>
    Array.from({ length: count }, (_, k) => times[0]! + (first + spacing * k) * DAY);
}
