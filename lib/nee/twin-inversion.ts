/**
 * Five inversions of the twin land. Each knows the globe well and its regions less well: a region's
 * error is made up for by the others. Pixels are a balanced prior moved by what its region needs.
 */

import { makeRandom, type Random } from "../core/index.js";
import { regionSums } from "./grid.js";
import { REGIONS } from "./region.js";
import { deviationOf } from "./score.js";
import { monthlyMeans } from "./steps.js";
import type { LandTwin } from "./twin.js";

/** An inversion with its pixels and the sums of its regions. */
export interface Inversion {
  readonly name: string;
  /** land flux less fire, shape (months, cells) [gC m⁻² d⁻¹] */
  readonly field: Float32Array;
  /** the same, shape (months, regions) [PgC per month] */
  readonly regions: Float64Array;
}

/** How the errors of inversions are sized; sources: docs/twins/land.md. */
export const INVERSION_ERRORS = {
  /** SD of a region's mean [PgC a⁻¹] outside and within the tropics */
  mean: [0.15, 0.3],
  /** SD of the globe's mean [PgC a⁻¹] */
  globe: 0.2,
  /** SD of the factor on the seasonal cycle */
  season: 0.15,
  /** SD of a month over that of the region's months */
  month: 0.12,
  /** SD of the factor on the fires that are taken off again */
  fire: 0.2,
  /** source that the last inversion adds to the tropics, and takes off elsewhere [PgC a⁻¹] */
  outlier: 1.2,
} as const;

/** Make the inversions of a twin; the last is the outlier over the tropics. */
export function makeInversions(twin: LandTwin, seed: number, count = 5): Inversion[] {
  const { grid, steps } = twin;
  const cells = grid.area.length;
  const nee = monthlyMeans(steps, twin.truth.nee, cells);
  const truth = regionSums(grid, nee, steps.daysOfMonth);
  const fires = regionSums(grid, twin.fire, steps.daysOfMonth);
  const prior = balanced(nee, cells);
  return Array.from({ length: count }, (_, i) => {
    const random = makeRandom(seed, 50 + i);
    const biases = drawBiases(random, i === count - 1 ? INVERSION_ERRORS.outlier : 0);
    const fireFactor = INVERSION_ERRORS.fire * random.normal();
    const target = new Float64Array(truth.length);
    for (const r of REGIONS.keys()) {
      const series = seen(truth, fires, { r, random, bias: biases[r]!, fireFactor });
      for (let m = 0; m < series.length; m++) target[m * REGIONS.length + r] = series[m]!;
    }
    const field = spread(twin, prior, target);
    return { name: `INV-${i + 1}`, field, regions: regionSums(grid, field, steps.daysOfMonth) };
  });
}

/** What an inversion sees of a region each month [PgC]. */
function seen(
  truth: Float64Array,
  fires: Float64Array,
  how: { r: number; random: Random; bias: number; fireFactor: number },
): Float64Array {
  const { r, random, bias, fireFactor } = how;
  const months = truth.length / REGIONS.length;
  const own = Float64Array.from({ length: months }, (_, m) => truth[m * REGIONS.length + r]!);
  const mean = own.reduce((sum, v) => sum + v, 0) / months;
  const spreadOfMonths = deviationOf(own);
  const season = 1 + INVERSION_ERRORS.season * random.normal();
  return own.map((value, m) => {
    const noise = INVERSION_ERRORS.month * spreadOfMonths * random.normal();
    const fire = fireFactor * fires[m * REGIONS.length + r]!;
    return mean + season * (value - mean) + bias / 12 + noise + fire;
  });
}

/** Mean errors of the regions, whose sum is the error of the globe [PgC a⁻¹]. */
function drawBiases(random: Random, outlier: number): Float64Array {
  const sizes = REGIONS.map(({ belt }) => INVERSION_ERRORS.mean[belt === "tropics" ? 1 : 0]);
  const biases = Float64Array.from(sizes, (size) => size * random.normal());
  const wanted = INVERSION_ERRORS.globe * random.normal();
  const miss = wanted - biases.reduce((sum, b) => sum + b, 0);
  const squares = sizes.reduce((sum, size) => sum + size * size, 0);
  const tropical = REGIONS.filter(({ belt }) => belt === "tropics").length;
  return biases.map((bias, r) => {
    const tropics = REGIONS[r]!.belt === "tropics";
    const push = tropics ? outlier / tropical : -outlier / (REGIONS.length - tropical);
    return bias + (miss * sizes[r]! ** 2) / squares + push;
  });
}

/** A prior whose pixels have the season of the truth, a tenth weaker, and no mean sink. */
function balanced(nee: Float32Array, cells: number): Float32Array {
  const months = nee.length / cells;
  const prior = new Float32Array(nee.length);
  for (let c = 0; c < cells; c++) {
    const cycle = new Float64Array(12);
    for (let m = 0; m < months; m++)
      cycle[m % 12] = cycle[m % 12]! + (nee[m * cells + c]! * 12) / months;
    const mean = cycle.reduce((sum, v) => sum + v, 0) / 12;
    for (let m = 0; m < months; m++) prior[m * cells + c] = 0.9 * (cycle[m % 12]! - mean);
  }
  return prior;
}

/** Move the prior of each region by a flux in proportion to its uptake, so that it sums to the target. */
function spread(twin: LandTwin, prior: Float32Array, target: Float64Array): Float32Array {
  const { grid, steps, truth } = twin;
  const cells = grid.area.length;
  const gpp = new Float64Array(cells);
  for (let p = 0; p < truth.gpp.length; p++) {
    gpp[p % cells] = gpp[p % cells]! + truth.gpp[p]! / steps.count;
  }
  const weight = gpp.map((g) => g + 0.1);
  const norm = new Float64Array(REGIONS.length);
  for (let c = 0; c < cells; c++) {
    const r = grid.region[c]!;
    norm[r] = norm[r]! + weight[c]! * grid.area[c]! * 1e-15;
  }
  const before = regionSums(grid, prior, steps.daysOfMonth);
  const field = prior.slice();
  for (let m = 0; m < steps.months; m++) {
    for (let c = 0; c < cells; c++) {
      const at = m * REGIONS.length + grid.region[c]!;
      const needed = (target[at]! - before[at]!) / steps.daysOfMonth[m]!;
      field[m * cells + c] = field[m * cells + c]! + (needed * weight[c]!) / norm[grid.region[c]!]!;
    }
  }
  return field;
}
