/**
 * The correlation twin: trap fluxes made of the chlorophyll over the *true* catchment at the *true*
 * lag, so that the analysis of lags has a right answer; and a null twin, whose fluxes come from
 * random catchments, in which no way to weigh the surface may win.
 */

import { ArgumentError, datePartsOf, makeRandom, secondsOf } from "../core/index.js";
import type { CatchmentRecord } from "./catchment.js";
import { bestLag, type CorrelationOptions, crossCorrelate } from "./crosscorrelation.js";
import { travelDays } from "./lag.js";
import { makeTrapRecord, type TrapRecord } from "./record.js";
import { deseasonalise } from "./season.js";
import type { WeighedChlorophyll } from "./weighting.js";
import { type ChlorophyllRecord, weighChlorophyll } from "./weighting.js";

/** What the twin's fluxes are made of. */
export interface FluxPhysics {
  /** sinking speed of all particles [m d⁻¹] */
  readonly speed: number;
  /** R² of the flux and the chlorophyll of the true catchment at the true lag */
  readonly explained: number;
  /** years in which the flux's pulse comes before the bloom, by how many days */
  readonly earlyYears: readonly number[];
  readonly earlyDays: number;
  /** mean of the flux, and standard deviation of its explained part [mg m⁻² d⁻¹] */
  readonly mean: number;
  readonly amplitude: number;
}

/** The committed physics; see docs/twins/fluxes.md. */
export const TWIN_FLUX: FluxPhysics = {
  speed: 100,
  explained: 0.35,
  earlyYears: [2011, 2013],
  earlyDays: 20,
  mean: 120,
  amplitude: 25,
};

const DAY = 86400;
/** Days that the cups of a year are open: two weeks from April on, longer in winter, then service. */
const CUPS = [...Array.from({ length: 13 }, () => 14), 28, 42, 28, 42];

/** When the twin's cups were open: 17 a year from April on, with six weeks of service between. */
export function twinIntervals(firstYear: number, lastYear: number): TrapRecord {
  const rows = [];
  for (let year = firstYear; year < lastYear; year++) {
    let open = secondsOf({ year, month: 4, day: 1 });
    for (const days of CUPS) {
      rows.push({ where: `year ${year}`, open, close: open + days * DAY, fluxes: {} });
      open += days * DAY;
    }
  }
  return makeTrapRecord("correlation twin", rows);
}

/** What falls into the cups without noise, by sample [mg m⁻³ of chlorophyll]. */
export interface TwinSignal {
  /** from the true catchments at the true lag, but for the early years */
  readonly signal: Float64Array;
  /** the same from random catchments, each of an assignment of its own: the null twin's */
  readonly random: readonly Float64Array[];
  /** samples outside the early years */
  readonly regular: readonly number[];
  /** the true lag [d] */
  readonly lag: number;
}

/**
 * Make the twin's signal from the true catchments.
 *
 * @param options.nulls signals of the null twin, 50 by default; in each, every sample's catchment is
 *                      drawn anew from all dates
 */
export function twinSignal(
  record: TrapRecord,
  chlorophyll: ChlorophyllRecord,
  truth: readonly CatchmentRecord[],
  options: { readonly seed: number; readonly physics?: FluxPhysics; readonly nulls?: number },
): TwinSignal {
  const { seed, physics = TWIN_FLUX, nulls = 50 } = options;
  const { speed, earlyDays, earlyYears } = physics;
  const lag = travelDays(speed);
  const random = makeRandom(seed, 3);
  const { curves, random: draws } = weighChlorophyll(
    record,
    chlorophyll,
    [{ name: "true", kind: "catchments", records: truth }],
    {
      lags: [lag, -earlyDays],
      lagSpeeds: [{ from: -earlyDays, speed }],
      randomDraws: nulls,
      randomInteger: (n) => random.integer(n),
    },
  );
  const weighed = curves.get("true")!;
  const samples = record.mid.length;
  const isEarly = (s: number) => earlyYears.includes(datePartsOf(record.close[s]!).year);
  const choose = (values: Float64Array) =>
    Float64Array.from({ length: samples }, (_, s) => values[isEarly(s) ? samples + s : s]!);
  const regular = Array.from({ length: samples }, (_, s) => s).filter((s) => !isEarly(s));
  return { signal: choose(weighed), random: draws.map(choose), regular, lag };
}

/**
 * Fluxes of one draw of noise [mg m⁻² d⁻¹]: the signal, scaled, and Gaussian noise such that the
 * signal explains the physics' share of the variance over the regular samples. What the noise would
 * bring below zero, two or three samples of a thousand, is zero.
 */
export function drawFluxes(
  signal: Float64Array,
  regular: readonly number[],
  { seed, physics = TWIN_FLUX }: { readonly seed: number; readonly physics?: FluxPhysics },
): Float64Array {
  const known = regular.map((s) => signal[s]!).filter(Number.isFinite);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  const noise = physics.amplitude * Math.sqrt(1 / physics.explained - 1);
  const random = makeRandom(seed, 4);
  const scale = physics.amplitude / Math.sqrt(variance);
  return signal.map((value) =>
    Math.max(0, physics.mean + scale * (value - mean) + noise * random.normal()),
  );
}

/** What many draws of noise say of the ways to weigh the surface. */
export interface TwinVerdict {
  /** mean over the draws of R² at the lag nearest to the true one, by curve */
  readonly meanAtTruth: ReadonlyMap<string, number>;
  /** R² at that lag, by curve, shape (draws) */
  readonly atTruth: ReadonlyMap<string, Float64Array>;
  /** best lag of each draw [d], by curve */
  readonly bestLags: ReadonlyMap<string, Float64Array>;
  /** the true lag [d] */
  readonly lag: number;
  /** share of the draws in which the first curve named is better than the second at that lag */
  readonly wins: (better: string, worse: string) => number;
}

/** What is judged: signals, each draw of noise around the next of them, and where they are regular. */
export interface JudgedSignals extends Pick<TwinSignal, "regular" | "lag"> {
  /** one, or as many as there are draws, such as a null twin's */
  readonly signals: readonly Float64Array[];
}

/**
 * Correlate many draws of noise around signals with weighed chlorophyll.
 *
 * With the season removed, each curve and each draw is stripped of its own season once, over all the
 * samples it has, where `crossCorrelate` does so at each lag over the samples that all curves have.
 */
export function judgeTwin(
  weighed: WeighedChlorophyll,
  { signals, regular, lag }: JudgedSignals,
  options: CorrelationOptions & { readonly draws: number; readonly seed: number },
): TwinVerdict {
  const names = [...weighed.curves.keys()];
  const make = () => new Map(names.map((name) => [name, new Float64Array(options.draws)]));
  const [atTruth, bestLags] = [make(), make()];
  const nearest = nearestLag(weighed.lags, lag);
  const strip = (values: Float64Array) =>
    options.season === "removed" ? stripSeason(values, options.times) : values;
  const bare = { ...mapCurves(weighed, strip), random: [] };
  for (let draw = 0; draw < options.draws; draw++) {
    const signal = signals[draw % signals.length]!;
    const flux = drawFluxes(signal, regular, { seed: options.seed * 1000 + draw });
    const result = crossCorrelate(bare, strip(flux));
    for (const name of names) {
      atTruth.get(name)![draw] = result.curves.get(name)!.rSquared[nearest]!;
      bestLags.get(name)![draw] = bestLag(result, name).lag;
    }
  }
  const meanAtTruth = new Map(names.map((name) => [name, meanOf(atTruth.get(name)!)]));
  const wins = (better: string, worse: string) =>
    meanOf(atTruth.get(better)!.map((r, draw) => (r > atTruth.get(worse)![draw]! ? 1 : 0)));
  return { meanAtTruth, atTruth, bestLags, lag, wins };
}

/** Every curve at every lag, changed by a function of its samples. */
function mapCurves(
  weighed: WeighedChlorophyll,
  change: (values: Float64Array) => Float64Array,
): WeighedChlorophyll {
  const { lags, samples, curves } = weighed;
  const changed = [...curves].map(([name, values]) => {
    const out = new Float64Array(values.length);
    for (let l = 0; l < lags.length; l++) {
      out.set(change(values.slice(l * samples, (l + 1) * samples)), l * samples);
    }
    return [name, out] as const;
  });
  return { ...weighed, curves: new Map(changed) };
}

/** Take the season out of the values that are known; the others stay NaN. */
function stripSeason(values: Float64Array, times: ArrayLike<number> | undefined): Float64Array {
  if (times === undefined) {
    throw new ArgumentError({ what: "times", wanted: "the middle of each sample", got: "none" });
  }
  const known = Array.from(values.keys()).filter((s) => Number.isFinite(values[s]!));
  const pick = (row: ArrayLike<number>) => known.map((s) => row[s]!);
  const stripped = deseasonalise(pick(times), pick(values));
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (const [k, s] of known.entries()) out[s] = stripped[k]!;
  return out;
}

/**
 * Keep only some curves, in the order given.
 *
 * @throws {ArgumentError} if one is not there
 */
export function pickCurves(
  weighed: WeighedChlorophyll,
  names: readonly string[],
): WeighedChlorophyll {
  const curves = names.map((name) => {
    const values = weighed.curves.get(name);
    if (values !== undefined) return [name, values] as const;
    const wanted = [...weighed.curves.keys()].join(", ");
    throw new ArgumentError({ what: "curve", wanted, got: name });
  });
  return { ...weighed, curves: new Map(curves) };
}

/** Keep only some samples of weighed chlorophyll, such as those outside the early years. */
export function pickWeighed(
  weighed: WeighedChlorophyll,
  kept: readonly number[],
): WeighedChlorophyll {
  const { lags, samples, curves, random } = weighed;
  const pick = (values: Float64Array) =>
    Float64Array.from({ length: lags.length * kept.length }, (_, at) => {
      const lag = Math.floor(at / kept.length);
      return values[lag * samples + kept[at % kept.length]!]!;
    });
  return {
    lags,
    samples: kept.length,
    curves: new Map([...curves].map(([name, values]) => [name, pick(values)])),
    random: random.map(pick),
  };
}

function nearestLag(lags: readonly number[], lag: number): number {
  return lags.reduce(
    (best, l, k) => (Math.abs(l - lag) < Math.abs(lags[best]! - lag) ? k : best),
    0,
  );
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
