/** Following biomes from month to month with a trained tracker. */

import {
  type CoverageOptions,
  type CoverageTrend,
  coverage,
  coverageTrend,
  type LabelMap,
  type SeasonalCycle,
  seasonalCycle,
  tilesOfZone,
  type Zone,
} from "./coverage.js";
import { applyScaler, fitScaler } from "./feature.js";
import { type OceanMonth, screenMonth } from "./month.js";
import { fitRelations, keptSlopes, type RelationOptions } from "./relation.js";
import { spreadOver, type TiledCells, type TileGrid } from "./tile.js";
import { classifyFeatures, type Tracker } from "./track.js";

/** The slopes of a month's kept tiles. */
export interface MonthSlopes {
  /** numbers of the tiles */
  readonly kept: Int32Array;
  /** shape (kept, 3), row-major */
  readonly slopes: Float64Array;
}

/** Options of `slopesOfMonths`. */
export interface MonthOptions extends RelationOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Screen and fit months one after the other, so that only one is in memory.
 *
 * @param months what gives each month
 */
export function slopesOfMonths(
  tiles: TiledCells,
  months: readonly (() => OceanMonth)[],
  options: MonthOptions = {},
): MonthSlopes[] {
  return months.map((make, i) => {
    options.signal?.throwIfAborted();
    const relations = fitRelations(tiles, screenMonth(make()).month, options);
    options.onProgress?.(i + 1, months.length);
    return { kept: relations.kept, slopes: keptSlopes(relations) };
  });
}

/**
 * Name the tiles of months.
 *
 * @param scaling `fixed` (default): the scaler of the detection; `each`: one per month, as published
 * @returns for each month the label of every tile, −1 where it has none
 */
export async function nameMonths(
  tracker: Tracker,
  grid: TileGrid,
  months: readonly MonthSlopes[],
  scaling: "fixed" | "each" = "fixed",
): Promise<LabelMap[]> {
  const d = tracker.scaler.means.length;
  const features = months.map(({ slopes }) => {
    return applyScaler(scaling === "each" ? fitScaler(slopes, d) : tracker.scaler, slopes);
  });
  const all = new Float64Array(features.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of features) {
    all.set(part, at);
    at += part.length;
  }
  const { labels } = await classifyFeatures(tracker, all);
  let row = 0;
  return months.map(({ kept }) => {
    const own = labels.subarray(row, row + kept.length);
    row += kept.length;
    return spreadOver(grid, kept, own, -1);
  });
}

/** Labels renamed by a table, such as from classes to the regimes they stand for. */
export function renameLabels(maps: readonly LabelMap[], names: ArrayLike<number>): LabelMap[] {
  return maps.map((map) => Float64Array.from(map, (label) => (label >= 0 ? names[label]! : -1)));
}

/**
 * Coverage of a zone by a group of classes in each month [%].
 *
 * @param group classes whose shares are added
 */
export function coverageSeries(
  grid: TileGrid,
  maps: readonly LabelMap[],
  zone: Zone,
  { group, ...options }: CoverageOptions & { readonly group: readonly number[] },
): Float64Array {
  const tiles = tilesOfZone(grid, zone);
  return Float64Array.from(maps, (labels) => {
    const shares = coverage(grid, labels, tiles, options);
    return group.reduce((sum, label) => sum + shares[label]!, 0);
  });
}

/** Groups of classes by name, such as `{ subtropical: [0, 1] }`. */
export type Groups = Readonly<Record<string, readonly number[]>>;

/** The seasonal cycle of each group's coverage; maps are whole years of months from January. */
export function groupCycles(
  grid: TileGrid,
  maps: readonly LabelMap[],
  zone: Zone,
  { groups, ...options }: CoverageOptions & { readonly groups: Groups },
): Record<string, SeasonalCycle> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => {
      return [name, seasonalCycle(coverageSeries(grid, maps, zone, { ...options, group }))];
    }),
  );
}

/** Coverage of a group in several series of maps of the same years, and the trend of each. */
export function groupTrends(
  grid: TileGrid,
  series: Readonly<Record<string, readonly LabelMap[]>>,
  zone: Zone,
  options: CoverageOptions & {
    readonly group: readonly number[];
    readonly years: readonly number[];
  },
): Record<string, { values: Float64Array; trend: CoverageTrend }> {
  return Object.fromEntries(
    Object.entries(series).map(([name, maps]) => {
      const values = coverageSeries(grid, maps, zone, options);
      return [name, { values, trend: coverageTrend(options.years, values) }];
    }),
  );
}

/** A trend as text: change over the series with its 95 % interval [percentage points]. */
export function describeTrend(of: { readonly trend: CoverageTrend } | undefined): string {
  if (of === undefined) return "none";
  return `${of.trend.change.toFixed(1)} ± ${of.trend.changeHalfWidth.toFixed(1)}`;
}

/**
 * Means over the tiles of each class in each month, by the class's name.
 *
 * @param months fields of the months, of which `field` is taken
 */
export function monthlyMeans<F extends string>(
  tiles: TiledCells,
  maps: readonly LabelMap[],
  months: readonly Readonly<Record<F, ArrayLike<number>>>[],
  { field, names, latitude }: { field: F; names: readonly string[]; latitude: ArrayLike<number> },
): Record<string, Float64Array> {
  const means = months.map((month, i) =>
    meanByClass(tiles, maps[i]!, month[field], { latitude, classes: names.length }),
  );
  return Object.fromEntries(
    names.map((name, k) => [name, Float64Array.from(means, (row) => row[k]!)]),
  );
}

/** Mean of a field over the cells of a belt of latitude. */
export function beltMean(
  latitude: ArrayLike<number>,
  field: ArrayLike<number>,
  [south, north]: readonly [number, number],
): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < latitude.length; i++) {
    if (!(latitude[i]! >= south && latitude[i]! < north && Number.isFinite(field[i]))) continue;
    sum += field[i]!;
    count++;
  }
  return sum / count;
}

/** Mean of a field over the tiles of each class, weighted by the cells in each tile. */
export function meanByClass(
  tiles: TiledCells,
  labels: LabelMap,
  field: ArrayLike<number>,
  { latitude, classes }: { latitude: ArrayLike<number>; classes: number },
): Float64Array {
  const sums = new Float64Array(classes);
  const weights = new Float64Array(classes);
  for (let tile = 0; tile < tiles.starts.length - 1; tile++) {
    const label = labels[tile]!;
    if (!(label >= 0)) continue;
    for (let at = tiles.starts[tile]!; at < tiles.starts[tile + 1]!; at++) {
      const cell = tiles.cells[at]!;
      const area = Math.cos((latitude[cell]! * Math.PI) / 180);
      if (!Number.isFinite(field[cell])) continue;
      sums[label] = sums[label]! + area * field[cell]!;
      weights[label] = weights[label]! + area;
    }
  }
  return sums.map((sum, label) => sum / weights[label]!);
}
