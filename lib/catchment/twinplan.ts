/**
 * The experiments of the two papers in the twin's two oceans, as the notebooks size them: which
 * traps, which collections. Here and not in a cell, since each shard of them is a task that has to
 * know them before the notebook runs.
 */

import type { Trap } from "../lagrangian/index.js";
import { openTwin, twinOfTask } from "../ocean/index.js";
import type { TaskInput } from "../parallel/index.js";
import { QUICK_2024, trapLattice, WORKSHOP_2024 } from "./experiment.js";
import { followShard, type ShardResult, type TwinExperiment } from "./shard.js";
import { QUICK_2025, SPEEDS_2025, WORKSHOP_2025 } from "./speeds.js";

const DAY = 86400;

/** The middle of the twin's square, and its side [m]. */
const MIDDLE = { east: 512e3, north: 512e3 };
const SIDE = 1024e3;

/** Days between the collections to train on and those to choose the best epoch by. */
const GAP = 100;

/** How the experiments of Picard et al. (2024) are sized; parameters of notebook 01. */
export interface Plan2024 {
  readonly size: "quick" | "workshop";
  readonly trainingWindows: number;
  readonly validationWindows: number;
  /** between training windows [d] */
  readonly windowSpacing: number;
  readonly testWindows: number;
  /** traps along each side of the square of test traps */
  readonly testAcross: number;
}

/**
 * The experiments of Picard et al. (2024): to train on in the first ocean, to judge by in the second,
 * and at traps 36 km apart in the first.
 *
 * @param start first instant of the oceans [s]
 */
export function plan2024(sizes: Plan2024, start: number): TwinExperiment[] {
  const { size, trainingWindows, validationWindows, windowSpacing } = sizes;
  const experiment = size === "quick" ? QUICK_2024 : WORKSHOP_2024;
  const days = daysFrom(start);
  const last = 42 + windowSpacing * (trainingWindows - 1);
  const train = [
    ...days(trainingWindows, 42, windowSpacing),
    ...days(validationWindows, last + windowSpacing + GAP, windowSpacing),
  ];
  const near = trapLattice(MIDDLE, { across: 6, spacing: 36e3, depth: 1000 });
  const test = spreadTraps(sizes.testAcross, 1000);
  return [
    { seed: 1, experiment, traps: spreadTraps(6, 1000), windows: Float64Array.from(train) },
    {
      seed: 2,
      experiment,
      traps: test,
      windows: Float64Array.from(days(sizes.testWindows, 50, 30)),
    },
    { seed: 1, experiment, traps: near, windows: Float64Array.from(days(2, 60, 60)) },
  ];
}

/** How the experiments of Picard et al. (2025) are sized; parameters of notebook 01. */
export interface Plan2025 {
  readonly size: "quick" | "workshop";
  readonly deepWindows: number;
  /** between windows to train on [d] */
  readonly deepSpacing: number;
  /** traps along each side of their square */
  readonly deepAcross: number;
  readonly deepTestWindows: number;
}

/**
 * The experiments of Picard et al. (2025) with traps at 3000 m and five speeds at once: to train on
 * in the first ocean and to judge by in the second. Traps repeat for each speed.
 *
 * @param start first instant of the oceans [s]
 */
export function plan2025(sizes: Plan2025, start: number): TwinExperiment[] {
  const { size, deepWindows, deepSpacing, deepAcross } = sizes;
  const days = daysFrom(start);
  const last = 60 + deepSpacing * (deepWindows - 1);
  const train = [
    ...days(deepWindows, 60, deepSpacing),
    ...days(Math.ceil(deepWindows / 8), last + GAP, 25),
  ];
  const deep = deepTraps(spreadTraps(deepAcross, 3000), size);
  return [
    { seed: 1, ...deep, windows: Float64Array.from(train) },
    { seed: 2, ...deep, windows: Float64Array.from(days(sizes.deepTestWindows, 120, 70)) },
  ];
}

/** Places with particles of the five speeds, as an experiment has them. */
export function deepTraps(
  places: readonly Trap[],
  size: "quick" | "workshop",
): Pick<TwinExperiment, "experiment" | "traps" | "speeds"> {
  return {
    experiment: size === "quick" ? QUICK_2025 : WORKSHOP_2025,
    traps: SPEEDS_2025.flatMap(() => [...places]),
    speeds: SPEEDS_2025.flatMap((speed) => places.map(() => speed / DAY)),
  };
}

/** Traps spread over the twin's whole square. */
export function spreadTraps(across: number, depth: number): Trap[] {
  return trapLattice(MIDDLE, { across, spacing: SIDE / across, depth });
}

/** Round of a loop: a shard of the experiments of Picard et al. (2024); parameters as `Plan2024`. */
export async function follow2024(input: TaskInput): Promise<ShardResult[]> {
  const sizes = input.parameters as unknown as Plan2024;
  return followShard(plan2024(sizes, await startOf(input)), input);
}

/** Round of a loop: a shard of the experiments of Picard et al. (2025); parameters as `Plan2025`. */
export async function follow2025(input: TaskInput): Promise<ShardResult[]> {
  const sizes = input.parameters as unknown as Plan2025;
  return followShard(plan2025(sizes, await startOf(input)), input);
}

/** First instant of the first ocean [s]. */
async function startOf(input: TaskInput): Promise<number> {
  const ocean = await openTwin(await twinOfTask(input, 1));
  ocean.close();
  return ocean.times[0]!;
}

function daysFrom(start: number) {
  return (count: number, first: number, spacing: number) =>
    Array.from({ length: count }, (_, k) => start + (first + spacing * k) * DAY);
}
