/**
 * Two epochs of one ocean, far apart: what moves between them depends on how slopes are scaled. Rising
 * CO2 changes every slope (∂fCO2/∂x is about proportional to fCO2), which is no movement of biomes.
 */

import { adjustedRand } from "../stats/index.js";
import { type Detection, type DetectionOptions, detectBiomes } from "./detect.js";
import { type OceanMonth, screenMonth } from "./month.js";
import { fitRelations, keptSlopes } from "./relation.js";
import { spreadOver, type TiledCells } from "./tile.js";
import { classify, type TrackerOptions, trainTracker } from "./track.js";

/** One way of comparing the epochs. */
export interface EpochComparison {
  readonly way: "fixed scaler" | "scaler per epoch" | "relative slopes";
  /** labels of all tiles, −1 where there is none */
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** share of the earlier epoch's tiles that are in its largest class [%] */
  readonly largest: number;
  /** share of the tiles known in both epochs that keep their class [%] */
  readonly unmoved: number;
  /** adjusted Rand index of the two maps */
  readonly adjustedRand: number;
}

/** Options of `compareEpochs`. */
export interface EpochOptions extends DetectionOptions, Omit<TrackerOptions, "classes"> {}

/**
 * Detect biomes in the later epoch, learn them, and name the earlier epoch in three ways.
 *
 * @returns the detection in raw slopes, and the three comparisons
 */
export async function compareEpochs(
  before: OceanMonth,
  after: OceanMonth,
  tiles: TiledCells,
  options: EpochOptions,
): Promise<{ detection: Detection; comparisons: readonly EpochComparison[] }> {
  const detection = detectBiomes(after, tiles, options);
  const raw = await trainTracker(detection.slopes, detection.labels, {
    ...options,
    classes: detection.classes,
  });
  const epochs = [before, after];
  const comparisons: EpochComparison[] = [];
  for (const scaling of ["fixed", "each"] as const) {
    const [b, a] = await nameEpochs(epochs, tiles, { tracker: raw, scaling, options });
    comparisons.push(compare(scaling === "fixed" ? "fixed scaler" : "scaler per epoch", b!, a!));
  }
  const relative = { ...options, target: "ln" } as const;
  const found = detectBiomes(after, tiles, relative);
  const tracker = await trainTracker(found.slopes, found.labels, {
    ...options,
    classes: found.classes,
  });
  const [b, a] = await nameEpochs(epochs, tiles, { tracker, scaling: "fixed", options: relative });
  return { detection, comparisons: [...comparisons, compare("relative slopes", b!, a!)] };
}

type Tracker = Awaited<ReturnType<typeof trainTracker>>;

async function nameEpochs(
  epochs: readonly OceanMonth[],
  tiles: TiledCells,
  how: { tracker: Tracker; scaling: "fixed" | "each"; options: EpochOptions },
): Promise<Float64Array[]> {
  const maps: Float64Array[] = [];
  for (const epoch of epochs) {
    const { month } = screenMonth(epoch, how.options.limits);
    const relations = fitRelations(tiles, month, how.options);
    const { labels } = await classify(how.tracker, keptSlopes(relations), how.scaling);
    maps.push(spreadOver(tiles.grid, relations.kept, labels, -1));
  }
  return maps;
}

function compare(
  way: EpochComparison["way"],
  before: Float64Array,
  after: Float64Array,
): EpochComparison {
  const known = [...before.keys()].filter((tile) => before[tile]! >= 0);
  const both = known.filter((tile) => after[tile]! >= 0);
  const sizes = new Map<number, number>();
  for (const tile of known) sizes.set(before[tile]!, (sizes.get(before[tile]!) ?? 0) + 1);
  const kept = both.filter((tile) => before[tile] === after[tile]).length;
  return {
    way,
    before,
    after,
    largest: (100 * Math.max(...sizes.values())) / known.length,
    unmoved: (100 * kept) / both.length,
    adjustedRand: adjustedRand(before, after),
  };
}
