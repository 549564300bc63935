/** Lesson 5: currents on a small map, catchments under them, and a network that learns the step. */

import { makeRandom, type NdArray, type Random } from "../core/index.js";
import { type Exercises, isOpen, listJudge, numbersOf } from "./judge.js";
import { kindOf, numberJudge } from "./number.js";
import { type Judgement, RIGHT, unanswered, wrong } from "./verdict.js";

/** Currents and catchments, sample by sample in order of time. */
export interface TinyCatchments {
  /** u and v [0.2 m s⁻¹], shape (samples, 2, 16, 16), rows from south to north */
  readonly currents: NdArray<Float32Array>;
  /** probability that a particle came from a cell, shape (samples, 1, 16, 16); each sums to 1 */
  readonly maps: NdArray<Float32Array>;
}

/** An eddy: a Gaussian streamfunction [km, km, km, m s⁻¹]. */
interface Eddy {
  east: number;
  north: number;
  readonly reach: number;
  readonly speed: number;
}

const N = 16;
const CELL = 20; // km
const SAMPLES = 480;
const TRAINING = 400;
const SEED = 31;
const DAYS = 6;
const KM_PER_DAY = 86.4; // 1 m/s
const PARTICLES = 160;

/**
 * Make 480 samples of a small twin: a wandering mean current and four drifting eddies on 16 × 16
 * cells of 20 km, and the map of where particles came from that were in the middle after six days
 * of that current held fast, with a random walk; the few from beyond the map count at its rim. Samples follow each other in time, six days
 * apart, so that neighbours are alike. The last eighty are for validation.
 */
export function tinyCatchments(): TinyCatchments {
  const random = makeRandom(SEED);
  const currents = new Float32Array(SAMPLES * 2 * N * N);
  const maps = new Float32Array(SAMPLES * N * N);
  const mean = { u: 0.05, v: 0 };
  const eddies = Array.from({ length: 4 }, () => makeEddy(random));
  for (let s = 0; s < SAMPLES; s++) {
    mean.u = 0.8 * mean.u + 0.034 * random.normal();
    mean.v = 0.8 * mean.v + 0.034 * random.normal();
    for (const eddy of eddies) moveEddy(eddy, random);
    const flow = (x: number, y: number) => velocity(x, y, mean, eddies);
    fillCurrents(currents.subarray(s * 2 * N * N, (s + 1) * 2 * N * N), flow);
    fillMap(maps.subarray(s * N * N, (s + 1) * N * N), flow, random);
  }
  return {
    currents: { data: currents, shape: [SAMPLES, 2, N, N] },
    maps: { data: maps, shape: [SAMPLES, 1, N, N] },
  };
}

/** Losses of a training that somebody else ran, epoch by epoch from 1; made up. */
export function learningCurve(): { readonly training: number[]; readonly validation: number[] } {
  const validation = [
    0.62, 0.51, 0.45, 0.41, 0.38, 0.365, 0.355, 0.35, 0.345, 0.352, 0.349, 0.351, 0.348, 0.347,
    0.343, 0.338, 0.336, 0.34, 0.346, 0.35, 0.357, 0.366, 0.37, 0.381,
  ];
  return { training: validation.map((_, e) => 0.2 + 0.42 * Math.exp(-e / 6)), validation };
}

type Flow = (x: number, y: number) => readonly [u: number, v: number];

function makeEddy(random: Random): Eddy {
  const place = () => 260 * (random.uniform() - 0.5);
  const turn = random.uniform() < 0.5 ? -1 : 1;
  return { east: place(), north: place(), reach: 45 + 25 * random.uniform(), speed: 0.11 * turn };
}

/** Eddies drift to the west and come back on the other side. */
function moveEddy(eddy: Eddy, random: Random): void {
  const wrap = (x: number) => ((((x + 160) % 320) + 320) % 320) - 160;
  eddy.east = wrap(eddy.east - 18 + 8 * random.normal());
  eddy.north = wrap(eddy.north + 12 * random.normal());
}

/** [m s⁻¹] at a place [km from the middle]. */
function velocity(
  x: number,
  y: number,
  mean: { readonly u: number; readonly v: number },
  eddies: readonly Eddy[],
): readonly [number, number] {
  let { u, v } = mean;
  for (const { east, north, reach, speed } of eddies) {
    const [dx, dy] = [(x - east) / reach, (y - north) / reach];
    const strength = speed * Math.exp(0.5 * (1 - dx * dx - dy * dy));
    u -= strength * dy;
    v += strength * dx;
  }
  return [u, v];
}

function fillCurrents(out: Float32Array, flow: Flow): void {
  for (let j = 0; j < N; j++) {
    for (let i = 0; i < N; i++) {
      const [u, v] = flow((i + 0.5 - N / 2) * CELL, (j + 0.5 - N / 2) * CELL);
      out[j * N + i] = u / 0.2;
      out[N * N + j * N + i] = v / 0.2;
    }
  }
}

/** Follow particles back with half-day steps, a random walk at each, and count where they were. */
function fillMap(out: Float32Array, flow: Flow, random: Random): void {
  const counts = new Float64Array(N * N);
  const cellOf = (km: number) => Math.min(Math.max(Math.floor(km / CELL + N / 2), 1), N - 2);
  for (let p = 0; p < PARTICLES; p++) {
    let [x, y] = [10 * random.normal(), 10 * random.normal()];
    for (let step = 0; step < 2 * DAYS; step++) {
      const [u, v] = flow(x, y);
      x += -u * KM_PER_DAY * 0.5 + 4 * random.normal();
      y += -v * KM_PER_DAY * 0.5 + 4 * random.normal();
    }
    const cell = cellOf(y) * N + cellOf(x);
    counts[cell] = counts[cell]! + 1;
  }
  spread(counts, out);
}

/** One binomial smoothing; no count lies on the rim, so the sum is kept. */
function spread(counts: Float64Array, out: Float32Array): void {
  for (let k = 0; k < N * N; k++) {
    for (let a = -1; counts[k]! > 0 && a <= 1; a++) {
      for (let b = -1; b <= 1; b++) {
        const weight = (2 - Math.abs(a)) * (2 - Math.abs(b));
        const at = k + a * N + b;
        out[at] = out[at]! + (weight * counts[k]!) / 16 / PARTICLES;
      }
    }
  }
}

/** Mean Bhattacharyya loss of guesses of the validation maps; `data` holds all maps. */
function validationLoss(
  data: Float32Array,
  guess: (sample: number, cell: number) => number,
): number {
  let sum = 0;
  for (let s = TRAINING; s < SAMPLES; s++) {
    for (let k = 0; k < N * N; k++) {
      sum += Math.sqrt(data[s * N * N + k]! * guess(s - TRAINING, k));
    }
  }
  return 1 - sum / (SAMPLES - TRAINING);
}

/** Loss of the mean of the training maps. */
function baselineLoss(data: Float32Array): number {
  const mean = new Float64Array(N * N);
  for (let s = 0; s < TRAINING; s++) {
    for (let k = 0; k < N * N; k++) mean[k] = mean[k]! + data[s * N * N + k]! / TRAINING;
  }
  return validationLoss(data, (_, k) => mean[k]!);
}

function judgePredictions(answer: unknown): Judgement {
  const given = (answer as { readonly data?: unknown } | undefined)?.data ?? answer;
  if (isOpen(given)) return unanswered("not answered yet. Wanted: the predicted maps.");
  const values = numbersOf(given);
  if (values === undefined) return wrong(`this is ${kindOf(given)}. Wanted: the predicted maps.`);
  const wanted = (SAMPLES - TRAINING) * N * N;
  if (values.length !== wanted) {
    return wrong(`${values.length} numbers; one map for each validation sample is wanted.`);
  }
  const sums = Array.from({ length: SAMPLES - TRAINING }, (_, s) =>
    values.slice(s * N * N, (s + 1) * N * N).reduce((a, b) => a + b, 0),
  );
  if (sums.some((sum) => !(Math.abs(sum - 1) < 0.01)) || values.some((p) => p < 0)) {
    return wrong("each map must be ≥ 0 and sum to 1. Are these predictions?");
  }
  const { data } = tinyCatchments().maps;
  const share = validationLoss(data, (s, k) => values[s * N * N + k]!) / baselineLoss(data);
  if (share < 1e-6) return wrong("a perfect score: these are the true maps, not predictions.");
  if (share >= 1) return wrong("no better than the mean map yet. Train longer, or faster?");
  return share <= 0.5 ? RIGHT : wrong("better than the mean map, but not yet half its loss.");
}

/** What the lesson asks. */
export const NETWORK_EXERCISES: Exercises = {
  "first-layer": () => {
    const [channels, filters, kernel] = [2, 8, 3];
    const weights = channels * filters * kernel ** 2;
    return numberJudge({
      expected: weights,
      units: "1",
      tolerance: 1e-9,
      slips: [
        { value: weights + filters, hint: "these convolutions have no bias (batch norm has one)." },
        { value: weights / channels, hint: "each filter looks at every channel of the input." },
        { value: weights / filters, hint: "that is one filter." },
        { value: weights / kernel, hint: "a kernel of 3 is 3 × 3." },
      ],
      hint: "Filters × channels × kernel height × kernel width.",
    });
  },
  baseline: () => {
    const loss = baselineLoss(tinyCatchments().maps.data);
    return numberJudge({
      expected: loss,
      units: "1",
      tolerance: 0.01,
      slips: [{ value: 1 - loss, hint: "this is the mean coefficient; the loss is 1 minus it." }],
      hint: "Mean map of the first 400; its loss against each of the last 80; their mean.",
    });
  },
  "beat-the-mean": () => judgePredictions,
  "early-stop": () => {
    const { validation } = learningCurve();
    const deepest = validation.indexOf(Math.min(...validation)) + 1;
    const kept = 9;
    const patience = 4;
    const slips = [
      { value: deepest, hint: "the deepest point; but would training have got there?" },
    ];
    const units = "1";
    return listJudge([
      {
        name: "epoch kept",
        expected: kept,
        units,
        tolerance: 1e-9,
        slips: [...slips, { value: kept - 1, hint: "epochs count from 1, lists from 0." }],
        hint: "The best so far at the moment when patience ends.",
      },
      {
        name: "last epoch run",
        expected: kept + patience,
        units,
        tolerance: 1e-9,
        slips: [{ value: validation.length, hint: "that is without early stopping." }, ...slips],
        hint: "Training stops when the best epoch is four epochs ago.",
      },
    ]);
  },
};
