/**
 * Diagnostics: does what bridges say of a region still agree with the whole of it (decoupling), which
 * members are to be rejected, and how do towers, regions and pixels score.
 */

import { shapeError } from "../core/index.js";
import { type LandGrid, regionSums } from "./grid.js";
import { applyOperator, type Operator } from "./operator.js";
import { REGIONS } from "./region.js";
import { annualSums, meanOf, pearson, rmse } from "./score.js";
import type { TowerTable } from "./tower.js";

/** How far bridges and full integrals of one field are apart. */
export interface Decoupling {
  /** mean annual bridge less integral of each row [PgC a⁻¹] */
  readonly gaps: Float64Array;
  /** of the sum over all rows [PgC a⁻¹] */
  readonly globalGap: number;
  /** RMSE of the monthly sum over all rows [PgC per month] */
  readonly monthlyRmse: number;
}

/** A member is rejected if its bridges and its integral differ by more than this [PgC a⁻¹]. */
export const REJECTION_GAP = 1;

/**
 * Compare an operator of regions with the integrals of a field over the same regions.
 *
 * @param field shape (months, cells) [gC m⁻² d⁻¹]
 */
export function decoupling(
  operator: Operator,
  grid: LandGrid,
  field: Float32Array,
  days: Float64Array,
): Decoupling {
  const bridged = applyOperator(operator, field, days);
  const whole = regionSums(grid, field, days);
  const rows = operator.offset.length;
  const order = operator.names.map((name) => REGIONS.findIndex(({ code }) => code === name));
  if (order.includes(-1)) throw shapeError("rows named after regions", [rows], [REGIONS.length]);
  const months = days.length;
  const gaps = new Float64Array(rows);
  const [sumBridged, sumWhole] = [new Float64Array(months), new Float64Array(months)];
  for (let m = 0; m < months; m++) {
    for (const [row, region] of order.entries()) {
      const a = bridged[m * rows + row]!;
      const b = whole[m * REGIONS.length + region]!;
      gaps[row] = gaps[row]! + ((a - b) * 12) / months;
      sumBridged[m] = sumBridged[m]! + a;
      sumWhole[m] = sumWhole[m]! + b;
    }
  }
  const globalGap = meanOf(annualSums(sumBridged)) - meanOf(annualSums(sumWhole));
  return { gaps, globalGap, monthlyRmse: rmse(sumBridged, sumWhole) };
}

/** Whether a member passes: a finite field whose bridges still speak for it. */
export function isCoupled({ globalGap }: Decoupling, limit = REJECTION_GAP): boolean {
  return Math.abs(globalGap) <= limit;
}

/** Scores at towers, of all samples and of each class of plants. */
export interface TowerScores {
  readonly rmse: number;
  readonly samples: number;
  /** RMSE of each site, in the order of the sites; NaN where a site has no sample */
  readonly bySite: Float64Array;
  readonly byType: Readonly<Record<string, { rmse: number; sites: number; samples: number }>>;
}

/** Score predictions at towers. Rows that are NaN (of sites that were not held out) are left out. */
export function scoreTowers(
  table: TowerTable,
  predicted: Float32Array,
  sites: readonly { readonly type: string }[],
): TowerScores {
  const squares = new Float64Array(sites.length);
  const counts = new Int32Array(sites.length);
  for (const [row, site] of table.site.entries()) {
    const miss = predicted[row]! - table.y[row]!;
    if (!Number.isFinite(miss)) continue;
    squares[site] = squares[site]! + miss * miss;
    counts[site] = counts[site]! + 1;
  }
  const scoreOf = (keep: (site: number) => boolean) => {
    let [sum, samples, number] = [0, 0, 0];
    for (const site of sites.keys()) {
      if (!keep(site) || counts[site] === 0) continue;
      sum += squares[site]!;
      samples += counts[site]!;
      number++;
    }
    return { rmse: Math.sqrt(sum / samples), samples, sites: number };
  };
  const types = [...new Set(sites.map(({ type }) => type))].sort();
  const byType = types.map(
    (type) => [type, scoreOf((site) => sites[site]!.type === type)] as const,
  );
  const all = scoreOf(() => true);
  return {
    rmse: all.rmse,
    samples: all.samples,
    bySite: squares.map((sum, site) => Math.sqrt(sum / counts[site]!)),
    byType: Object.fromEntries(byType.filter(([, { samples }]) => samples > 0)),
  };
}

/** Error of a mean map against the truth, weighted by area, and its correlation. */
export interface PixelScores {
  /** of the mean annual flux [gC m⁻² a⁻¹] */
  readonly rmse: number;
  readonly bias: number;
  readonly correlation: number;
}

/** Mean annual flux of each cell [gC m⁻² a⁻¹]. */
export function meanAnnual(field: Float32Array, days: Float64Array, cells: number): Float64Array {
  const sums = new Float64Array(cells);
  const years = days.length / 12;
  for (let m = 0; m < days.length; m++) {
    for (let c = 0; c < cells; c++) {
      sums[c] = sums[c]! + (field[m * cells + c]! * days[m]!) / years;
    }
  }
  return sums;
}

/** Annual fluxes of each cell, shape (years, cells) [gC m⁻² a⁻¹]. */
export function annualFields(field: Float32Array, days: Float64Array, cells: number): Float64Array {
  const years = Math.floor(days.length / 12);
  const annual = new Float64Array(years * cells);
  for (let m = 0; m < 12 * years; m++) {
    const year = Math.floor(m / 12);
    for (let c = 0; c < cells; c++) {
      const at = year * cells + c;
      annual[at] = annual[at]! + field[m * cells + c]! * days[m]!;
    }
  }
  return annual;
}

/** Score a map of means against the truth. */
export function scorePixels(
  map: Float64Array,
  truth: Float64Array,
  area: Float64Array,
): PixelScores {
  let [total, squares, bias] = [0, 0, 0];
  for (const [c, a] of area.entries()) {
    const miss = map[c]! - truth[c]!;
    total += a;
    squares += a * miss * miss;
    bias += a * miss;
  }
  return {
    rmse: Math.sqrt(squares / total),
    bias: bias / total,
    correlation: pearson(map, truth),
  };
}

/** Correlation in time of two fields at each cell, both shape (months, cells). */
export function pixelCorrelation(
  a: Float32Array | Float64Array,
  b: Float32Array | Float64Array,
  cells: number,
): Float64Array {
  const times = a.length / cells;
  const column = (field: ArrayLike<number>, c: number) =>
    Float64Array.from({ length: times }, (_, t) => field[t * cells + c]!);
  return Float64Array.from({ length: cells }, (_, c) => pearson(column(a, c), column(b, c)));
}
