/** Detecting biomes in one month: from fields to labels. */

import { type Linkage, labelsOfNodes, ward } from "../stats/index.js";
import { adaptiveCut, type CutThresholds, nodeVariances, scaledDistance } from "./cut.js";
import { applyScaler, fitScaler, type Scaler, winsorise } from "./feature.js";
import { type Limits, type OceanMonth, type Screened, screenMonth } from "./month.js";
import { fitRelations, keptSlopes, type LocalRelations, type RelationOptions } from "./relation.js";
import { type TiledCells, type TileGrid, tileCenter } from "./tile.js";

/** Options of `detectBiomes`. */
export interface DetectionOptions extends RelationOptions {
  /** of the cut; δ_dist 25 √(n / 10725) and δ_var 0.1 by default */
  readonly thresholds?: Partial<CutThresholds>;
  /** share of each slope's values drawn in at both ends, 0 by default */
  readonly winsorised?: number;
  readonly limits?: Limits;
}

/** Biomes of a month, with all that led to them. */
export interface Detection {
  readonly screened: Screened;
  readonly relations: LocalRelations;
  /** raw slopes of the kept tiles, shape (n, 3) */
  readonly slopes: Float64Array;
  readonly scaler: Scaler;
  /** z-scores that were clustered, shape (n, 3) */
  readonly features: Float64Array;
  readonly linkage: Linkage;
  readonly variances: Float64Array;
  readonly thresholds: CutThresholds;
  /** nodes of the clusters */
  readonly nodes: readonly number[];
  /** 0…k−1 of the kept tiles, shape (n,) */
  readonly labels: Int32Array;
  readonly classes: number;
}

/**
 * Detect the biomes of a month as Mohanty et al. do: screen, fit, scale, link, cut.
 *
 * @throws {ArgumentError} if a field is in another unit, or no tile is kept
 */
export function detectBiomes(
  month: OceanMonth,
  tiles: TiledCells,
  options: DetectionOptions = {},
): Detection {
  const screened = screenMonth(month, options.limits);
  const relations = fitRelations(tiles, screened.month, options);
  const slopes = keptSlopes(relations);
  const d = relations.drivers.length;
  const limited = options.winsorised ? winsorise(slopes, d, options.winsorised) : slopes;
  const scaler = fitScaler(limited, d);
  const features = applyScaler(scaler, limited);
  const linkage = ward(features, d);
  const variances = nodeVariances(linkage, features);
  const thresholds = {
    distance: scaledDistance(relations.kept.length),
    variance: 0.1,
    ...options.thresholds,
  };
  const nodes = adaptiveCut(linkage, variances, thresholds);
  const labels = labelsOfNodes(linkage, nodes);
  return {
    screened,
    relations,
    slopes,
    scaler,
    features,
    linkage,
    variances,
    thresholds,
    nodes,
    labels,
    classes: nodes.length,
  };
}

/** What one biome is. */
export interface BiomeSummary {
  readonly biome: number;
  readonly tiles: number;
  /** mean z-score of each slope */
  readonly features: readonly number[];
  /** mean raw slope */
  readonly slopes: readonly number[];
  /** median distance of its tiles from the equator [°] */
  readonly latitude: number;
}

/** Tiles, mean slopes and latitude of each biome. */
export function summariseBiomes(detection: Detection): BiomeSummary[] {
  const { labels, classes, features, slopes, relations } = detection;
  const grid: TileGrid = relations.tiles.grid;
  const d = relations.drivers.length;
  return Array.from({ length: classes }, (_, biome) => {
    const rows = [...labels.keys()].filter((row) => labels[row] === biome);
    const mean = (values: Float64Array) =>
      Array.from({ length: d }, (__, k) => {
        return rows.reduce((sum, row) => sum + values[row * d + k]!, 0) / rows.length;
      });
    const away = rows
      .map((row) => Math.abs(tileCenter(grid, relations.kept[row]!).latitude))
      .sort((a, b) => a - b);
    return {
      biome,
      tiles: rows.length,
      features: mean(features),
      slopes: mean(slopes),
      latitude: away[away.length >> 1]!,
    };
  });
}

/** For each class the number of the true regime that most of its tiles have. */
export function matchRegimes(
  labels: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: number,
): Int32Array {
  const regimes = Math.max(...Array.from(truth)) + 1;
  const counts = new Float64Array(classes * regimes);
  for (let i = 0; i < labels.length; i++) {
    if (!(labels[i]! >= 0 && truth[i]! >= 0)) continue;
    const at = labels[i]! * regimes + truth[i]!;
    counts[at] = counts[at]! + 1;
  }
  return Int32Array.from({ length: classes }, (_, k) => {
    const row = counts.subarray(k * regimes, (k + 1) * regimes);
    return row.indexOf(Math.max(...row));
  });
}
