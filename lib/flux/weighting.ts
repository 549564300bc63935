/**
 * What the surface water of a trap's catchment held: chlorophyll weighted by where the particles of
 * each sample were at the surface, for every lag.
 *
 * For a sample open from a to b and a lag δ (equations C1–C5 of the paper, and what its code does):
 * C1 the mean catchment D̄ of the maps whose dates lie in the sample, moved back by δ; C2 the mean
 * chlorophyll C̄ of the days around it; C3 Σ C̄ D̄ over the bins that were seen at all; C4 and C5
 * the plain mean of C̄ over boxes.
 *
 * @see Picard et al. (2025), appendix C
 */

import { ArgumentError, shapeError } from "../core/index.js";
import { type CatchmentRecord, checkCatchments } from "./catchment.js";
import { CODE_LAG_SPEEDS, type LagSpeed, PAPER_LAGS, speedOfLag } from "./lag.js";
import type { TrapRecord } from "./record.js";

/** Daily chlorophyll on the bins of the catchments. */
export interface ChlorophyllRecord {
  /** noon of each day, increasing [s] */
  readonly times: Float64Array;
  /** [mg m⁻³], shape (days, bins); NaN under clouds */
  readonly maps: Float32Array;
  readonly bins: number;
}

/** A way to weigh the surface: catchments by sinking speed, or one map for all. */
export type Weigher =
  | {
      readonly name: string;
      readonly kind: "catchments";
      readonly records: readonly CatchmentRecord[];
    }
  | { readonly name: string; readonly kind: "map"; readonly map: ArrayLike<number> };

/** How text and code differ, and what to do; the defaults are the code's. */
export interface WeighingOptions {
  /** [d]; 0 to 117 by 3 */
  readonly lags?: readonly number[];
  readonly lagSpeeds?: readonly LagSpeed[];
  /** C1: dates at least 5 d "inside" the sample (code), or anywhere in it ("whole", the text) */
  readonly dates?: "inside" | "whole";
  /** C2: days by which the chlorophyll's window is longer than the sample at each end; 5 */
  readonly margin?: number;
  /** C3: divide by the weight that was seen ("seen", code), or not ("none", the text) */
  readonly gaps?: "seen" | "none";
  /** draws of a random catchment for each sample, 0 by default; the code has 100 */
  readonly randomDraws?: number;
  /** random number in [0, n); needed for the draws */
  readonly randomInteger?: (n: number) => number;
}

/** Chlorophyll of every sample at every lag, by every way to weigh it. */
export interface WeighedChlorophyll {
  readonly lags: readonly number[];
  readonly samples: number;
  /** [mg m⁻³], by name, shape (lags, samples) each; NaN where nothing was seen */
  readonly curves: ReadonlyMap<string, Float64Array>;
  /** of random catchments, one array a draw */
  readonly random: readonly Float64Array[];
}

const DAY = 86400;
/** Beyond this share of unseen weight, a sample has no value. */
const UNSEEN = 0.99;
/** C1: how far inside the sample a map's date must be. */
const INSIDE = 5 * DAY;

/**
 * Weigh chlorophyll for every sample and lag.
 *
 * Random catchments are drawn from all dates of the first weigher's catchments of the lag's speed.
 *
 * @throws {ShapeError} if maps and chlorophyll do not have the same bins
 * @throws {ArgumentError} if there are no catchments of a speed that a lag asks for
 */
export function weighChlorophyll(
  record: Pick<TrapRecord, "open" | "close" | "mid">,
  chlorophyll: ChlorophyllRecord,
  weighers: readonly Weigher[],
  options: WeighingOptions = {},
): WeighedChlorophyll {
  const { lags = PAPER_LAGS, lagSpeeds = CODE_LAG_SPEEDS, margin = 5, randomDraws = 0 } = options;
  checkBins(chlorophyll, weighers);
  const samples = record.mid.length;
  const size = lags.length * samples;
  const curves = new Map(weighers.map(({ name }) => [name, new Float64Array(size)]));
  const random = Array.from({ length: randomDraws }, () => new Float64Array(size));
  const water = new Float64Array(chlorophyll.bins);
  const weights = new Float64Array(chlorophyll.bins);
  for (const [l, lag] of lags.entries()) {
    const speed = speedOfLag(lag, lagSpeeds);
    for (let s = 0; s < samples; s++) {
      const at = l * samples + s;
      const window = [record.open[s]! - lag * DAY, record.close[s]! - lag * DAY] as const;
      meanOfDays(chlorophyll, [window[0] - margin * DAY, window[1] + margin * DAY], water);
      for (const weigher of weighers) {
        const known = weightsOf(weigher, { speed, window, dates: options.dates }, weights);
        const value = known ? weigh(water, weights, options.gaps) : Number.NaN;
        curves.get(weigher.name)![at] = value;
      }
      drawRandom(weighers, { speed, at, water, random }, options);
    }
  }
  return { lags, samples, curves, random };
}

/** C2: mean of the days in a window, bin by bin; NaN where no day was seen. */
function meanOfDays(
  { times, maps, bins }: ChlorophyllRecord,
  [from, to]: readonly [number, number],
  out: Float64Array,
): void {
  out.fill(0);
  const counts = new Int32Array(bins);
  for (let d = firstAtLeast(times, from); d < times.length && times[d]! <= to; d++) {
    const start = d * bins;
    for (let b = 0; b < bins; b++) {
      const value = maps[start + b]!;
      if (Number.isNaN(value)) continue;
      out[b] = out[b]! + value;
      counts[b] = counts[b]! + 1;
    }
  }
  for (let b = 0; b < bins; b++) out[b] = counts[b] === 0 ? Number.NaN : out[b]! / counts[b]!;
}

interface Want {
  readonly speed: number;
  readonly window: readonly [number, number];
  readonly dates: WeighingOptions["dates"];
}

/** C1: the mean map of a window, or the only map there is. False where the record has none. */
function weightsOf(weigher: Weigher, want: Want, out: Float64Array): boolean {
  if (weigher.kind === "map") {
    for (let b = 0; b < out.length; b++) out[b] = weigher.map[b]!;
    return true;
  }
  const record = recordOf(weigher, want.speed);
  const [first, last] = datesIn(record.midDates, want);
  if (last < first) return false;
  out.fill(0);
  for (let d = first; d <= last; d++) addMap(record, d, 1 / (last - first + 1), out);
  return true;
}

function recordOf(weigher: Weigher & { kind: "catchments" }, speed: number): CatchmentRecord {
  const record = weigher.records.find((candidate) => candidate.speed === speed);
  if (record !== undefined) return record;
  throw new ArgumentError({
    what: `catchments of "${weigher.name}"`,
    wanted: `a record for ${speed} m/d, which the lags ask for`,
    got: weigher.records.map((candidate) => `${candidate.speed}`).join(", ") || "none",
  });
}

/** First and last map of a window; the nearest to its middle where none is inside; else none. */
function datesIn(
  dates: Float64Array,
  { window: [from, to], dates: rule = "inside" }: Want,
): readonly [number, number] {
  const inset = rule === "inside" ? INSIDE : 0;
  const first = firstAtLeast(dates, from + inset);
  const last = firstAtLeast(dates, to - inset + 1e-3) - 1;
  if (last >= first) return [first, last];
  const middle = (from + to) / 2;
  let nearest = -1;
  for (let d = firstAtLeast(dates, from); d < dates.length && dates[d]! <= to; d++) {
    const better = nearest < 0 || Math.abs(dates[d]! - middle) < Math.abs(dates[nearest]! - middle);
    if (better) nearest = d;
  }
  return nearest < 0 ? [0, -1] : [nearest, nearest];
}

function addMap({ maps, bins }: CatchmentRecord, date: number, share: number, out: Float64Array) {
  const start = date * bins;
  for (let b = 0; b < bins; b++) out[b] = out[b]! + share * maps[start + b]!;
}

/** C3: the weighted mean over the bins that were seen. */
function weigh(
  water: Float64Array,
  weights: ArrayLike<number>,
  gaps: WeighingOptions["gaps"] = "seen",
  start = 0,
): number {
  let [sum, total] = [0, 0];
  for (let b = 0; b < water.length; b++) {
    const weight = weights[start + b]!;
    total += weight;
    sum += weight * water[b]!;
  }
  if (!Number.isNaN(sum)) return gaps === "seen" ? sum / total : sum;
  return weighSeen(water, weights, gaps, start);
}

/** The same where some bins are hidden by clouds. */
function weighSeen(
  water: Float64Array,
  weights: ArrayLike<number>,
  gaps: WeighingOptions["gaps"],
  start: number,
): number {
  let [sum, seen, total] = [0, 0, 0];
  for (let b = 0; b < water.length; b++) {
    const weight = weights[start + b]!;
    total += weight;
    const value = water[b]!;
    if (Number.isNaN(value)) continue;
    sum += weight * value;
    seen += weight;
  }
  if (!(total > 0) || seen < (1 - UNSEEN) * total) return Number.NaN;
  return gaps === "seen" ? sum / seen : sum;
}

function drawRandom(
  weighers: readonly Weigher[],
  at: {
    readonly speed: number;
    readonly at: number;
    readonly water: Float64Array;
    readonly random: readonly Float64Array[];
  },
  { randomInteger, gaps }: WeighingOptions,
): void {
  if (at.random.length === 0) return;
  const weigher = weighers.find((w) => w.kind === "catchments");
  if (weigher === undefined || randomInteger === undefined) {
    throw new ArgumentError({
      what: "random catchments",
      wanted: "a weigher with catchments and a source of random numbers",
      got: weigher === undefined ? "no catchments" : "no randomInteger",
    });
  }
  const record = recordOf(weigher, at.speed);
  for (const draw of at.random) {
    const date = randomInteger(record.midDates.length);
    draw[at.at] = weigh(at.water, record.maps, gaps, date * record.bins);
  }
}

function checkBins({ bins, maps, times }: ChlorophyllRecord, weighers: readonly Weigher[]): void {
  if (maps.length !== times.length * bins) {
    throw shapeError("chlorophyll", [times.length, bins], [maps.length]);
  }
  for (const weigher of weighers) {
    if (weigher.kind === "map" && weigher.map.length !== bins) {
      throw shapeError(`map of "${weigher.name}"`, [bins], [weigher.map.length]);
    }
    if (weigher.kind === "map") continue;
    for (const record of weigher.records) {
      checkCatchments(record);
      if (record.bins !== bins) throw shapeError(weigher.name, [bins], [record.bins]);
    }
  }
}

/** Index of the first value at or above a bound. */
function firstAtLeast(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
