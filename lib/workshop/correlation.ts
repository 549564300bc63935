/** Lesson 6: series that remember, and what a correlation of them is worth. */

import { makeRandom, type Random } from "../core/index.js";
import { correlate, deseasonalise } from "../flux/index.js";
import { twoSidedP } from "../stats/index.js";
import { type Exercises, functionJudge } from "./judge.js";
import { numberJudge } from "./number.js";

/** Two series of equal length. */
export interface Pair {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** What a satellite sees above a trap, and what the trap catches, week by week. */
export interface TrapSeries {
  /** middle of each week [s], shape (260,) */
  readonly times: Float64Array;
  /** chlorophyll at the surface [mg m⁻³] */
  readonly chlorophyll: Float64Array;
  /** particulate organic carbon at 3000 m [mg m⁻² d⁻¹] */
  readonly flux: Float64Array;
}

const LENGTH = 120;
const MEMORY = 0.9;
const PAIRS = 1000;
const WEEK = 7 * 86400;
const WEEKS = 260;
const LAG = 5;
const SEED = 41;

/** Make two series that have nothing to do with each other; each remembers 0.9 of its last value. */
export function unrelatedPair(number: number): Pair {
  const random = makeRandom(SEED, number);
  return { x: remembering(LENGTH, MEMORY, random), y: remembering(LENGTH, MEMORY, random) };
}

/**
 * Make five years of chlorophyll and of flux. Both have a season of their own; what is left of the
 * flux once its season is gone follows what is left of the chlorophyll, some weeks later, with noise.
 */
export function trapSeries(): TrapSeries {
  const random = makeRandom(SEED, PAIRS + 1);
  const cause = remembering(WEEKS + LAG, 0.6, random);
  const noise = remembering(WEEKS, 0.6, random);
  const season = (week: number, peak: number) => Math.cos((2 * Math.PI * (week - peak)) / 52.1775);
  const times = Float64Array.from({ length: WEEKS }, (_, i) => (i + 0.5) * WEEK);
  return {
    times,
    chlorophyll: times.map((_, i) => 0.9 + 0.45 * season(i, 20) + 0.12 * cause[i + LAG]!),
    flux: times.map((_, i) => 9 + 4 * season(i, 32) + 1.3 * (0.8 * cause[i]! + 0.6 * noise[i]!)),
  };
}

/** A stationary autoregressive series of variance 1. */
function remembering(length: number, memory: number, random: Random): Float64Array {
  const series = new Float64Array(length);
  let value = random.normal();
  const kick = Math.sqrt(1 - memory ** 2);
  for (let i = 0; i < length; i++) {
    series[i] = value;
    value = memory * value + kick * random.normal();
  }
  return series;
}

/** The lag at which flux follows chlorophyll best [weeks]. */
function bestLag(chlorophyll: Float64Array, flux: Float64Array): number {
  const scores = Array.from({ length: 27 }, (_, lag) => {
    return correlate(chlorophyll.slice(0, WEEKS - lag), flux.slice(lag)).r;
  });
  return scores.indexOf(Math.max(...scores));
}

function naiveAlarms(): number {
  let alarms = 0;
  for (let k = 0; k < PAIRS; k++) {
    const { x, y } = unrelatedPair(k);
    const { r } = correlate(x, y);
    const t = r * Math.sqrt((LENGTH - 2) / (1 - r * r));
    if (twoSidedP(t, LENGTH - 2) < 0.05) alarms++;
  }
  return alarms / PAIRS;
}

/** What the lesson asks. */
export const CORRELATION_EXERCISES: Exercises = {
  pearson: () => {
    const x = [1, 2, 3, 4, 6];
    const tolerance = 1e-9;
    const few = [3, 1, 2, 5, 4];
    return functionJudge("r(x, y), the correlation of two lists", [
      {
        args: [x, x.map((v) => 10 + 3 * v)],
        expected: 1,
        tolerance,
        says: "a straight line upward does not give the highest correlation. Are the means taken out?",
      },
      {
        args: [x, x.map((v) => 5 - 2 * v)],
        expected: -1,
        tolerance,
        says: "a straight line downward must give the opposite of one upward.",
      },
      {
        args: [x, few],
        expected: correlate(x, few).r,
        tolerance,
        says: "right for lines, wrong for scattered points. Divide by both standard deviations.",
      },
    ]);
  },
  "false-alarms": () => {
    const share = naiveAlarms();
    return numberJudge({
      expected: 100 * share,
      units: "%",
      slips: [
        { value: share, hint: "this is a share. In per cent?" },
        { value: 100 * (1 - share), hint: "these are the pairs that raise no alarm." },
        { value: share * PAIRS, hint: "this is a count. In per cent of all pairs?" },
      ],
      hint: "Count the pairs whose p, with 118 degrees of freedom, is below 0.05.",
    });
  },
  effective: () => {
    const product = MEMORY ** 2;
    return numberJudge({
      expected: (LENGTH * (1 - product)) / (1 + product),
      units: "1",
      slips: [
        {
          value: (LENGTH * (1 - MEMORY)) / (1 + MEMORY),
          hint: "that is for a mean. For a correlation the product of both memories counts.",
        },
        { value: (LENGTH * (1 + product)) / (1 - product), hint: "memory makes fewer, not more." },
      ],
      hint: "n (1 − ab) / (1 + ab), with a and b the correlations of neighbours.",
    });
  },
  "lag-days": () => {
    const { times, chlorophyll, flux } = trapSeries();
    const raw = bestLag(chlorophyll, flux);
    const anomalies = bestLag(deseasonalise(times, chlorophyll), deseasonalise(times, flux));
    return numberJudge({
      expected: 7 * anomalies,
      units: "d",
      tolerance: 1e-9,
      slips: [
        { value: 7 * raw, hint: "the two seasons lie so far apart. Take them out first." },
        { value: anomalies, hint: "weeks or days?" },
      ],
      hint: "The lag with the highest r once both seasons are taken out, chlorophyll first.",
    });
  },
  ceiling: () =>
    numberJudge({
      expected: Math.SQRT1_2,
      units: "1",
      slips: [
        { value: 0.5, hint: "this is r². And r?" },
        { value: 1, hint: "only without noise." },
      ],
      hint: "r² is the share of the flux's variance that the cause can explain.",
    }),
};
