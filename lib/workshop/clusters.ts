/** Lesson 7: clusters of waters, clusters of units, and clusters in fog. */

import { makeRandom } from "../core/index.js";
import { adjustedRand, kMeans, silhouette } from "../stats/index.js";
import { type Exercises, isOpen, listJudge, numbersOf } from "./judge.js";
import { kindOf, numberJudge } from "./number.js";
import { type Judgement, RIGHT, unanswered, wrong } from "./verdict.js";

/** Points in two dimensions. */
export interface Waters {
  /** temperature [°C] and phosphate [µmol kg⁻¹], shape (n, 2), row-major */
  readonly points: Float64Array;
  /** the true water of each point, shape (n,) */
  readonly truth: Int32Array;
}

const SEED = 51;
const PER_WATER = 60;
const NULLS = 19;

/** Centres and spreads of three waters: temperature [°C] and phosphate [µmol kg⁻¹]. */
const KINDS = [
  { temperature: 15, phosphate: 0.3, warmth: 3.2, spread: 0.1 },
  { temperature: 12, phosphate: 1.15, warmth: 3.2, spread: 0.1 },
  { temperature: 16, phosphate: 2.0, warmth: 3.2, spread: 0.1 },
] as const;

/** Make sixty samples each of three waters that differ in phosphate and hardly in temperature. */
export function waterSamples(): Waters {
  const random = makeRandom(SEED);
  const points = new Float64Array(2 * KINDS.length * PER_WATER);
  const truth = Int32Array.from({ length: KINDS.length * PER_WATER }, (_, i) => i % KINDS.length);
  for (const [i, kind] of truth.entries()) {
    const { temperature, phosphate, warmth, spread } = KINDS[kind]!;
    points[2 * i] = temperature + warmth * random.normal();
    points[2 * i + 1] = phosphate + spread * random.normal();
  }
  return { points, truth };
}

/** Make a cloud of 180 points without any groups in it, shape (180, 2). */
export function fog(): Float64Array {
  const random = makeRandom(SEED, 1);
  const points = new Float64Array(360);
  for (let i = 0; i < 180; i++) {
    const common = random.normal();
    points[2 * i] = common;
    points[2 * i + 1] = 0.5 * common + 0.8 * random.normal();
  }
  return points;
}

/**
 * Draw a cloud without groups that has the means and the covariance of given points.
 *
 * @param points shape (n, 2)
 * @param seed   another seed, another cloud
 * @returns shape (n, 2)
 */
export function groupless(points: Float64Array, seed: number): Float64Array {
  const n = points.length / 2;
  const mean = [0, 0];
  for (let i = 0; i < points.length; i++) mean[i % 2]! += points[i]! / n;
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [points[2 * i]! - mean[0]!, points[2 * i + 1]! - mean[1]!];
    xx += (dx * dx) / n;
    xy += (dx * dy) / n;
    yy += (dy * dy) / n;
  }
  const random = makeRandom(seed, 52);
  const scale = Math.sqrt(xx);
  const [along, across] = [xy / scale, Math.sqrt(Math.max(yy - (xy / scale) ** 2, 0))];
  const drawn = new Float64Array(points.length);
  for (let i = 0; i < n; i++) {
    const [a, b] = [random.normal(), random.normal()];
    drawn[2 * i] = mean[0]! + scale * a;
    drawn[2 * i + 1] = mean[1]! + along * a + across * b;
  }
  return drawn;
}

/** Every column less its mean, over its standard deviation. */
function standardised(points: Float64Array): Float64Array {
  const n = points.length / 2;
  const out = Float64Array.from(points);
  for (const c of [0, 1]) {
    const column = Array.from({ length: n }, (_, i) => points[2 * i + c]!);
    const mean = column.reduce((a, b) => a + b, 0) / n;
    const sd = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / n);
    for (let i = 0; i < n; i++) out[2 * i + c] = (points[2 * i + c]! - mean) / sd;
  }
  return out;
}

/** The silhouette of k-means with k clusters, as the lesson has it. */
function score(points: Float64Array, k: number): number {
  return silhouette(points, kMeans(points, 2, k, { seed: 1, starts: 10 }).labels);
}

function judgeStandardised(answer: unknown): Judgement {
  if (isOpen(answer)) return unanswered("not answered yet. Wanted: all points, as they came.");
  const values = numbersOf(answer);
  if (values === undefined) return wrong(`this is ${kindOf(answer)}. Wanted: a list of numbers.`);
  const raw = waterSamples().points;
  if (values.length !== raw.length) {
    return wrong(`${values.length} numbers; there are ${raw.length / 2} points of two each.`);
  }
  if (values.some(Number.isNaN)) return wrong("some are NaN. A division by zero, or a stub left?");
  const wanted = standardised(raw);
  const off = [0, 1].map((c) => {
    const column = values.filter((_, i) => i % 2 === c);
    const mean = column.reduce((a, b) => a + b, 0) / column.length;
    const square = column.reduce((a, b) => a + (b - mean) ** 2, 0) / column.length;
    return { mean, square };
  });
  if (off.some(({ mean }) => Math.abs(mean) > 0.02)) return wrong("a column's mean is not 0.");
  if (off.some(({ square }) => Math.abs(square - 1) > 0.02)) {
    return wrong("a column's standard deviation is not 1. Was it divided by the variance?");
  }
  const same = values.every((v, i) => Math.abs(v - wanted[i]!) < 0.02);
  return same ? RIGHT : wrong("means and spreads are right, but the order of the points is not.");
}

/** What the lesson asks. */
export const CLUSTER_EXERCISES: Exercises = {
  standardise: () => judgeStandardised,
  recovery: () => {
    const { points, truth } = waterSamples();
    const recovered = (x: Float64Array) =>
      adjustedRand(kMeans(x, 2, 3, { seed: 1, starts: 10 }).labels, truth);
    const common = { units: "1", tolerance: 0.02 };
    const [raw, scaled] = [recovered(points), recovered(standardised(points))];
    return listJudge([
      {
        name: "raw",
        expected: raw,
        ...common,
        slips: [{ value: scaled, hint: "that is for the standardised points." }],
        hint: "adjustedRand of the labels of three clusters of the raw points and the truth.",
      },
      {
        name: "standardised",
        expected: scaled,
        ...common,
        slips: [{ value: raw, hint: "that is for the raw points." }],
        hint: "The same with the standardised points.",
      },
    ]);
  },
  "how-many": () => {
    const points = standardised(waterSamples().points);
    const counts = [2, 3, 4, 5, 6];
    const scores = counts.map((k) => score(points, k));
    return numberJudge({
      expected: counts[scores.indexOf(Math.max(...scores))]!,
      units: "1",
      tolerance: 1e-9,
      slips: [0, 1].map((value) => ({
        value,
        hint: "a position in the list, or a number of clusters?",
      })),
      hint: "The number of clusters with the highest mean silhouette.",
    });
  },
  "fog-rank": () => {
    const cloud = fog();
    const observed = score(cloud, 3);
    const nulls = Array.from({ length: NULLS }, (_, s) => score(groupless(cloud, s), 3));
    const higher = nulls.filter((value) => value >= observed).length;
    return numberJudge({
      expected: higher,
      units: "1",
      tolerance: 1e-9,
      slips: [
        { value: NULLS - higher, hint: "these are the clouds that score lower." },
        { value: higher / NULLS, hint: "a share; the count is wanted." },
        {
          value: (higher + 1) / (NULLS + 1),
          hint: "a p-value, and a good one; the count is wanted.",
        },
      ],
      hint: "How many of the 19 clouds have a silhouette at least as high as the fog's?",
    });
  },
};
