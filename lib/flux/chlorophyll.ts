/**
 * Chlorophyll of the correlation twin: a bloom every spring, mesoscale anomalies that drift through
 * it, and clouds. Sizes are those of the Porcupine Abyssal Plain; docs/twins/fluxes.md says where
 * each comes from.
 */

import { ArgumentError, datePartsOf, makeRandom, type Random, secondsOf } from "../core/index.js";
import type { ChlorophyllRecord } from "./weighting.js";

/** What the twin's chlorophyll is made of. */
export interface ChlorophyllPhysics {
  /** winter's chlorophyll [mg m⁻³] */
  readonly base: number;
  /** bloom over the base: height [mg m⁻³] with its spread from year to year as a share */
  readonly height: number;
  readonly heightSpread: number;
  /** day of the year of the peak, with its spread [d] */
  readonly peakDay: number;
  readonly peakSpread: number;
  /** standard deviation of the bloom's Gaussian in time [d] */
  readonly width: number;
  /** anomalies: standard deviation as a share of the bloom's height */
  readonly anomaly: number;
  /** distance at which their correlation is 1/e [m], and time likewise [d] */
  readonly anomalyLength: number;
  readonly anomalyDays: number;
  /** share of the bins under clouds, which are new every day, and their length [m] */
  readonly clouds: number;
  readonly cloudLength: number;
}

/** The committed physics; see docs/twins/fluxes.md. */
export const TWIN_CHLOROPHYLL: ChlorophyllPhysics = {
  base: 0.3,
  height: 1,
  heightSpread: 0.2,
  peakDay: 125,
  peakSpread: 12,
  width: 25,
  anomaly: 0.3,
  anomalyLength: 100e3,
  anomalyDays: 15,
  clouds: 0.65,
  cloudLength: 150e3,
};

/** Where and when. */
export interface ChlorophyllExtent {
  /** bins along a side, and their width [m] */
  readonly n: number;
  readonly dx: number;
  /** first day and one past the last [s since 1970-01-01] */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

const DAY = 86400;
/** The least chlorophyll that an anomaly leaves [mg m⁻³]. */
const LEAST = 0.02;

/**
 * Make daily chlorophyll on the bins of a trap's catchments, shape (days, n · n), east by north.
 *
 * @throws {ArgumentError} if there is no day
 */
export function twinChlorophyll(
  { n, dx, from, to, seed }: ChlorophyllExtent,
  physics: ChlorophyllPhysics = TWIN_CHLOROPHYLL,
): ChlorophyllRecord {
  const days = Math.floor((to - from) / DAY);
  if (!(days > 0)) throw new ArgumentError({ what: "days", wanted: "at least 1", got: `${days}` });
  const bins = n * n;
  const times = Float64Array.from({ length: days }, (_, d) => from + (d + 0.5) * DAY);
  const maps = new Float32Array(days * bins);
  const random = makeRandom(seed, 1);
  const clouds = makeRandom(seed, 2);
  const season = bloomOf(seed, physics);
  const memory = Math.exp(-1 / physics.anomalyDays);
  const cover = cloudBound(physics.clouds);
  let anomaly = smoothNoise(n, physics.anomalyLength / dx, random);
  for (let d = 0; d < days; d++) {
    const fresh = smoothNoise(n, physics.anomalyLength / dx, random);
    const weight = Math.sqrt(1 - memory ** 2);
    if (d > 0) anomaly = anomaly.map((a, b) => memory * a + weight * fresh[b]!);
    const cloud = smoothNoise(n, physics.cloudLength / dx, clouds);
    const mean = season(times[d]!);
    for (let b = 0; b < bins; b++) {
      const value = mean + physics.anomaly * physics.height * anomaly[b]!;
      maps[d * bins + b] = cloud[b]! > cover ? Number.NaN : Math.max(value, LEAST);
    }
  }
  return { times, maps, bins };
}

/** The mean over the region at a time: winter's level and the bloom of the year. */
function bloomOf(seed: number, physics: ChlorophyllPhysics): (time: number) => number {
  const years = new Map<number, { peak: number; height: number }>();
  const yearOf = (year: number) => {
    const known = years.get(year);
    if (known !== undefined) return known;
    const random = makeRandom(seed, 1000 + year);
    const made = {
      peak: physics.peakDay + physics.peakSpread * random.normal(),
      height: physics.height * Math.max(0.2, 1 + physics.heightSpread * random.normal()),
    };
    years.set(year, made);
    return made;
  };
  return (time) => {
    const { year } = datePartsOf(time);
    const day = (time - secondsOf({ year })) / DAY;
    const { peak, height } = yearOf(year);
    return physics.base + height * Math.exp(-((day - peak) ** 2) / (2 * physics.width ** 2));
  };
}

/**
 * Noise of variance 1 whose correlation falls as exp(−r²/L²): white noise under a Gaussian of
 * standard deviation L/2, row by row and column by column, on a square that wraps around.
 *
 * @param length L [bins]
 */
function smoothNoise(n: number, length: number, random: Random): Float64Array {
  const reach = Math.min(Math.ceil(1.5 * length), Math.floor(n / 2) - 1);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-2 * ((k - reach) / length) ** 2),
  );
  const norm = Math.sqrt(kernel.reduce((sum, weight) => sum + weight ** 2, 0));
  const pass = (from: Float64Array, step: number, stride: number) => {
    const to = new Float64Array(n * n);
    const line = new Float64Array(n + 2 * reach);
    for (let row = 0; row < n; row++) {
      for (let i = 0; i < line.length; i++) {
        line[i] = from[row * stride + ((i - reach + n) % n) * step]!;
      }
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * line[i + k]!;
        to[row * stride + i * step] = sum / norm;
      }
    }
    return to;
  };
  const white = Float64Array.from({ length: n * n }, () => random.normal());
  return pass(pass(white, 1, n), n, 1);
}

/** The normal deviate that a share of all exceeds, by bisection of the error function's series. */
function cloudBound(share: number): number {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (exceeding(middle) > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Share of normal deviates above x (Abramowitz & Stegun 7.1.26, error below 1.5e-7). */
function exceeding(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * Math.exp(-z * z);
  return x >= 0 ? tail : 1 - tail;
}
