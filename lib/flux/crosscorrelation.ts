/**
 * How well chlorophyll of the catchment explains the flux, for every lag.
 *
 * @see Picard et al. (2025), section 4.3; its "CC" is the R² of a linear fit
 */

import { ArgumentError, shapeError } from "../core/index.js";
import { deseasonalise } from "./season.js";
import { correlate, squaredCorrelation } from "./significance.js";
import type { WeighedChlorophyll } from "./weighting.js";

/** How to correlate. */
export interface CorrelationOptions {
  /** as measured (default), or with the mean annual cycle taken out of both */
  readonly season?: "kept" | "removed";
  /** middle of each sample [s]; needed to remove the season */
  readonly times?: ArrayLike<number>;
}

/** One curve over the lags; shape (lags) each. */
export interface LagCurve {
  readonly rSquared: Float64Array;
  readonly r: Float64Array;
  readonly pValue: Float64Array;
  readonly effective: Float64Array;
}

/** Curves over the lags, all from the same samples. */
export interface CrossCorrelation {
  readonly lags: readonly number[];
  readonly curves: ReadonlyMap<string, LagCurve>;
  /** 10th and 90th percentile of R² of random catchments; empty without draws */
  readonly band: { readonly low: Float64Array; readonly high: Float64Array };
  /** samples that every curve has at a lag, shape (lags) */
  readonly used: Int32Array;
  readonly samples: number;
}

/**
 * Correlate a flux with weighed chlorophyll. A sample that one curve or the flux lacks at a lag is
 * dropped there for every curve.
 *
 * @param flux [mg m⁻² d⁻¹], shape (samples), NaN where missing
 * @throws {ShapeError} if flux and chlorophyll have not the same samples
 * @throws {ArgumentError} if a lag is left with fewer than 10 samples
 */
export function crossCorrelate(
  weighed: WeighedChlorophyll,
  flux: Float64Array,
  { season = "kept", times }: CorrelationOptions = {},
): CrossCorrelation {
  const { lags, samples, curves, random } = weighed;
  if (flux.length !== samples) throw shapeError("flux", [samples], [flux.length]);
  const found = new Map([...curves.keys()].map((name) => [name, emptyCurve(lags.length)]));
  const used = new Int32Array(lags.length);
  const low = new Float64Array(random.length === 0 ? 0 : lags.length);
  const high = new Float64Array(low.length);
  for (const l of lags.keys()) {
    const kept = samplesKept(weighed, flux, l);
    used[l] = kept.length;
    const series = (values: Float64Array, start: number) => {
      const picked = Float64Array.from(kept, (s) => values[start + s]!);
      if (season === "kept") return picked;
      return deseasonalise(
        Float64Array.from(kept, (s) => timesOf(times)[s]!),
        picked,
      );
    };
    const y = series(flux, 0);
    for (const [name, values] of curves) {
      const result = correlate(series(values, l * samples), y);
      for (const key of ["r", "rSquared", "effective", "pValue"] as const) {
        found.get(name)![key][l] = result[key];
      }
    }
    if (random.length === 0) continue;
    const scores = Float64Array.from(random, (draw) =>
      squaredCorrelation(series(draw, l * samples), y),
    ).sort();
    low[l] = scores[Math.round(0.1 * (scores.length - 1))]!;
    high[l] = scores[Math.round(0.9 * (scores.length - 1))]!;
  }
  return { lags, curves: found, band: { low, high }, used, samples };
}

/** The lag with the largest R² of a curve [d], and that R². */
export function bestLag(
  { lags, curves }: CrossCorrelation,
  name: string,
): { readonly lag: number; readonly rSquared: number } {
  const curve = curves.get(name);
  if (curve === undefined) {
    const wanted = [...curves.keys()].join(", ");
    throw new ArgumentError({ what: "curve", wanted, got: name });
  }
  let best = 0;
  for (let l = 1; l < lags.length; l++) if (curve.rSquared[l]! > curve.rSquared[best]!) best = l;
  return { lag: lags[best]!, rSquared: curve.rSquared[best]! };
}

/**
 * The samples that have a flux, and chlorophyll by every curve, at a lag.
 *
 * @param lag number of the lag among `weighed.lags`
 * @throws {ArgumentError} if there are fewer than 10
 */
export function samplesKept(
  { samples, curves, random }: WeighedChlorophyll,
  flux: Float64Array,
  lag: number,
): number[] {
  const rows = [...curves.values(), ...random];
  const kept: number[] = [];
  for (let s = 0; s < samples; s++) {
    if (!Number.isFinite(flux[s]!)) continue;
    if (rows.every((row) => Number.isFinite(row[lag * samples + s]!))) kept.push(s);
  }
  if (kept.length >= 10) return kept;
  throw new ArgumentError({
    what: `samples at lag number ${lag}`,
    wanted: "at least 10 with flux, chlorophyll and catchment",
    got: `${kept.length} of ${samples}`,
    remedy: "take shorter lags, or catchments and chlorophyll that cover the record's dates",
  });
}

function emptyCurve(lags: number): LagCurve {
  const make = () => new Float64Array(lags);
  return { rSquared: make(), r: make(), pValue: make(), effective: make() };
}

function timesOf(times: ArrayLike<number> | undefined): ArrayLike<number> {
  if (times !== undefined) return times;
  throw new ArgumentError({ what: "times", wanted: "the middle of each sample", got: "none" });
}
