/**
 * Bridges: sparse linear models that give the flux of a whole region from a few of its pixels, so
 * that a network can be held against inversions without computing every pixel at every step.
 * Pixels are clustered by the warped distance of their seasons, candidates drawn from each cluster,
 * and a Lasso path followed down until it explains enough (Upton et al. 2024, equations 1–3).
 */

import { ArgumentError, makeRandom, NumericError, type Random, shuffle } from "../core/index.js";
import {
  gaussianAffinity,
  type LassoFit,
  lassoPenalties,
  makeLasso,
  predictLasso,
  spectralClusters,
  type WarpingOptions,
  warpingMatrix,
} from "../stats/index.js";
import { columnOf, type LandGrid, regionSums } from "./grid.js";
import { makeOperator, type Operator } from "./operator.js";
import { REGIONS } from "./region.js";
import { deseasonalise, deviationOf, meanOf, nashSutcliffe, seasonalCycleOf } from "./score.js";

/** How bridges are built; the paper does not state clusters, candidates, series or folds. */
export interface BridgeOptions {
  readonly seed: number;
  /** clusters of a region, 8 by default; fewer where it has fewer than three pixels each */
  readonly clusters?: number;
  /** candidate pixels of a region, 60 by default */
  readonly candidates?: number;
  /** the path is followed until the fit explains this share, 0.95 by default */
  readonly r2?: number;
  /**
   * "free" fits an intercept, as the paper's prose has it; "none" leaves it out, so that a bridge
   * follows a change of the mean as far as its pixels do. "free" by default.
   */
  readonly intercept?: "free" | "none";
  /** what is warped: the mean seasonal cycle (default) or all months */
  readonly series?: "cycle" | "all";
  readonly warping?: WarpingOptions;
  /** folds of whole years that check the fit, 5 by default */
  readonly folds?: number;
  /** most pixels that are clustered; a region with more is thinned by chance; 1000 by default */
  readonly most?: number;
  /** clusters found before by `clusterPixels` with the same options; of all regions by default */
  readonly strata?: readonly Strata[];
}

/** A monthly field that bridges are fitted to. It must be an upscaling, never the truth. */
export interface Upscaling {
  /** shape (months, cells) [gC m⁻² d⁻¹] */
  readonly field: Float32Array;
  /** days of each month, shape (months) */
  readonly days: Float64Array;
}

/** The bridge of one region. */
export interface Bridge {
  readonly region: number;
  /** contributing pixels and their coefficients [PgC per gC m⁻²] */
  readonly cells: Int32Array;
  readonly weights: Float64Array;
  /** [PgC per month] */
  readonly intercept: number;
  readonly alpha: number;
  /** of the months it was fitted to */
  readonly r2: number;
  /** of months in folds of whole years that were left out */
  readonly crossValidatedR2: number;
  /** of the months less their mean season, where variation between years lives */
  readonly anomalyR2: number;
  readonly candidates: number;
}

/** The strata of a region: clusters of its pixels. */
export interface Strata {
  readonly region: number;
  readonly cells: Int32Array;
  /** the cluster of each cell, from 0 */
  readonly labels: Int32Array;
  readonly clusters: number;
}

/**
 * Fit a bridge for every region that has land, or for those whose strata are given.
 *
 * @throws {NumericError} naming the region, if no penalty on the path explains enough
 */
export function fitBridges(grid: LandGrid, upscaling: Upscaling, options: BridgeOptions): Bridge[] {
  const sums = regionSums(grid, upscaling.field, upscaling.days);
  const { strata: all = clusterPixels(grid, upscaling, options) } = options;
  return all.map((strata) => {
    const random = makeRandom(options.seed, strata.region);
    const cells = drawCandidates(strata, options.candidates ?? 60, random);
    return fitBridge(grid, upscaling, { strata, cells, sums, options });
  });
}

/** All bridges as one operator on the cells of the grid. */
export function bridgeOperator(bridges: readonly Bridge[], cells: number): Operator {
  return makeOperator(
    bridges.map(({ region, cells: own, weights, intercept }) => {
      return { name: REGIONS[region]!.code, cells: own, weights, offset: intercept };
    }),
    cells,
  );
}

/**
 * How often each pixel contributes when candidates are drawn again and again.
 *
 * @param options.draws 1000 in the paper
 * @returns counts, shape (cells)
 */
export function bridgeStability(
  grid: LandGrid,
  upscaling: Upscaling,
  options: BridgeOptions & {
    readonly draws: number;
    readonly onProgress?: (done: number, total: number) => void;
  },
): Int32Array {
  const counts = new Int32Array(grid.area.length);
  const sums = regionSums(grid, upscaling.field, upscaling.days);
  const { strata: all = clusterPixels(grid, upscaling, options) } = options;
  for (const [i, strata] of all.entries()) {
    for (let draw = 0; draw < options.draws; draw++) {
      const random = makeRandom(options.seed, 1000 + draw * REGIONS.length + strata.region);
      const cells = drawCandidates(strata, options.candidates ?? 60, random);
      const y = columnOf(sums, REGIONS.length, strata.region);
      const fit = reduceUntil(upscaling, cells, y, { strata, options });
      for (const j of fit.support) counts[cells[j]!] = counts[cells[j]!]! + 1;
    }
    options.onProgress?.(i + 1, all.length);
  }
  return counts;
}

/**
 * Cluster the pixels of regions by the warped distance of their standardised series.
 *
 * @param regions numbers of the regions; all by default, those without land are left out
 */
export function clusterPixels(
  grid: LandGrid,
  upscaling: Upscaling,
  options: Omit<BridgeOptions, "strata">,
  regions: readonly number[] = [...REGIONS.keys()],
): Strata[] {
  const { seed, clusters = 8, series = "cycle", warping = {}, most = 1000 } = options;
  return regions.flatMap((region) => {
    const all = Int32Array.from(grid.region.keys()).filter((c) => grid.region[c] === region);
    if (all.length === 0) return [];
    const cells = shuffle(all, makeRandom(seed, 100 + region))
      .slice(0, most)
      .sort();
    const n = cells.length;
    const k = Math.min(clusters, Math.floor(n / 3));
    if (k < 2) return [{ region, cells, labels: new Int32Array(n), clusters: 1 }];
    const rows = Array.from(cells, (c) => standardised(upscaling, c, grid.area.length, series));
    const length = rows[0]!.length;
    const flat = new Float64Array(n * length);
    for (const [i, row] of rows.entries()) flat.set(row, i * length);
    const affinity = gaussianAffinity(warpingMatrix(flat, length, warping), n);
    const labels = spectralClusters(affinity, n, k, { seed, starts: 4 });
    return [{ region, cells, labels, clusters: k }];
  });
}

function standardised(
  { field, days }: Upscaling,
  cell: number,
  cells: number,
  series: "cycle" | "all",
): Float64Array {
  const monthly = Float64Array.from({ length: days.length }, (_, m) => field[m * cells + cell]!);
  const row = series === "cycle" ? seasonalCycleOf(monthly) : monthly;
  const mean = meanOf(row);
  const spread = deviationOf(row) || 1;
  return row.map((v) => (v - mean) / spread);
}

/** Candidates from every cluster in proportion to its size, at least one of each. */
function drawCandidates(
  { cells, labels, clusters }: Strata,
  wanted: number,
  random: Random,
): Int32Array {
  const picked: number[] = [];
  for (let k = 0; k < clusters; k++) {
    const own = cells.filter((_, i) => labels[i] === k);
    const share = Math.max(1, Math.round((wanted * own.length) / cells.length));
    picked.push(...shuffle(own, random).slice(0, share));
  }
  return Int32Array.from(picked).sort();
}

interface Target {
  readonly strata: Pick<Strata, "region">;
  readonly cells: Int32Array;
  readonly sums: Float64Array;
  readonly options: BridgeOptions;
}

function fitBridge(grid: LandGrid, upscaling: Upscaling, target: Target): Bridge {
  const { strata, cells, sums, options } = target;
  const y = columnOf(sums, REGIONS.length, strata.region);
  const fit = reduceUntil(upscaling, cells, y, { strata, options });
  const x = totalsOf(upscaling, cells, grid.area.length);
  const fitted = predictLasso(fit, x);
  return {
    region: strata.region,
    cells: Int32Array.from(fit.support, (j) => cells[j]!),
    weights: Float64Array.from(fit.support, (j) => fit.coefficients[j]!),
    intercept: fit.intercept,
    alpha: fit.alpha,
    r2: nashSutcliffe(fitted, y),
    crossValidatedR2: leaveYearsOut(x, y, fit.alpha, options),
    anomalyR2: nashSutcliffe(deseasonalise(fitted), deseasonalise(y)),
    candidates: cells.length,
  };
}

/** Follow the path of falling penalties until the fit explains the wanted share. */
function reduceUntil(
  upscaling: Upscaling,
  cells: Int32Array,
  y: Float64Array,
  { strata, options }: Pick<Target, "strata" | "options">,
): LassoFit {
  const wanted = options.r2 ?? 0.95;
  const x = totalsOf(upscaling, cells, upscaling.field.length / upscaling.days.length);
  const solver = makeLasso({ x, y, intercept: options.intercept ?? "free" }, { tolerance: 1e-5 });
  let best = 0;
  for (const alpha of lassoPenalties(solver.alphaMax, 100, 1e-6)) {
    const fit = solver.fit(alpha);
    best = nashSutcliffe(predictLasso(fit, x), y);
    if (best >= wanted) return fit;
  }
  throw new NumericError({
    what: `bridge of ${REGIONS[strata.region]!.name}`,
    wanted: `R² of at least ${wanted}`,
    got: `${best.toFixed(3)} with ${cells.length} candidates`,
    remedy: "give it more candidates",
  });
}

/** Monthly totals of some cells [gC m⁻²], shape (months, cells). */
function totalsOf({ field, days }: Upscaling, cells: Int32Array, all: number): Float64Array {
  const x = new Float64Array(days.length * cells.length);
  for (let m = 0; m < days.length; m++) {
    for (let j = 0; j < cells.length; j++) {
      x[m * cells.length + j] = field[m * all + cells[j]!]! * days[m]!;
    }
  }
  return x;
}

/** R² over folds of whole years, each predicted by a fit to the others at the same penalty. */
function leaveYearsOut(
  x: Float64Array,
  y: Float64Array,
  alpha: number,
  { folds = 5, intercept = "free" }: BridgeOptions,
): number {
  const years = Math.floor(y.length / 12);
  if (folds > years) {
    throw new ArgumentError({ what: "folds", wanted: `at most ${years}`, got: String(folds) });
  }
  const p = x.length / y.length;
  const predicted = new Float64Array(y.length);
  for (let fold = 0; fold < folds; fold++) {
    const out = (i: number) => Math.floor(i / 12) % folds === fold;
    const rowsOfX = (keep: (i: number) => boolean) => x.filter((_, at) => keep(Math.floor(at / p)));
    const inside = (i: number) => !out(i);
    const yIn = y.filter((_, i) => inside(i));
    const problem = { x: rowsOfX(inside), y: yIn, intercept };
    const fit = makeLasso(problem, { tolerance: 1e-5 }).fit(alpha);
    const guessed = predictLasso(fit, rowsOfX(out));
    let next = 0;
    for (let i = 0; i < y.length; i++) if (out(i)) predicted[i] = guessed[next++]!;
  }
  return nashSutcliffe(predicted, y);
}
