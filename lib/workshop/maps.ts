/** Lesson 4: clouds of particles become probability maps, and maps get scores. */

import { makeRandom } from "../core/index.js";
import { type Exercises, functionJudge } from "./judge.js";
import { numberJudge } from "./number.js";

/** Where the particles of one collection came from, as displacements from the trap. */
export interface Cloud {
  /** [m], shape (particles,) */
  readonly east: Float64Array;
  readonly north: Float64Array;
}

/** Bins along a side of the lesson's maps, and their width [m]. */
export const MAP_GRID = { n: 40, dx: 16e3 } as const;

const COUNT = 30;
const PARTICLES = 400;
const SPREAD = 45e3;
const SEED = 21;

/**
 * Make thirty collections of four hundred particles: each cloud is a Gaussian 45 km wide about a
 * centre of its own, which lies some 90 km from the trap, more often to the west.
 *
 * @param particles particles in each cloud; the centres do not depend on it
 */
export function collections(particles: number = PARTICLES): Cloud[] {
  return Array.from({ length: COUNT }, (_, c) => {
    const place = makeRandom(SEED, c);
    const centre = { east: -50e3 + 60e3 * place.normal(), north: 60e3 * place.normal() };
    return cloudAround(centre, particles, 1000 + c);
  });
}

/**
 * Draw particles around the centre of the first collection.
 *
 * @param seed draws with other seeds are independent
 */
export function drawAgain(particles: number, seed: number): Cloud {
  const place = makeRandom(SEED, 0);
  const centre = { east: -50e3 + 60e3 * place.normal(), north: 60e3 * place.normal() };
  return cloudAround(centre, particles, 5000 + seed);
}

function cloudAround(
  centre: { readonly east: number; readonly north: number },
  particles: number,
  stream: number,
): Cloud {
  const random = makeRandom(SEED, stream);
  const east = new Float64Array(particles);
  const north = new Float64Array(particles);
  for (let p = 0; p < particles; p++) {
    east[p] = centre.east + SPREAD * random.normal();
    north[p] = centre.north + SPREAD * random.normal();
  }
  return { east, north };
}

/** Count a cloud into a map that sums to 1 where all particles are inside. */
function mapOf({ east, north }: Cloud): Float64Array {
  const { n, dx } = MAP_GRID;
  const map = new Float64Array(n * n);
  for (let p = 0; p < east.length; p++) {
    const i = Math.floor(east[p]! / dx + n / 2);
    const j = Math.floor(north[p]! / dx + n / 2);
    if (i < 0 || i >= n || j < 0 || j >= n) continue;
    map[i * n + j] = map[i * n + j]! + 1 / east.length;
  }
  return map;
}

function coefficient(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += Math.sqrt(p[k]! * q[k]!);
  return sum;
}

function meanMap(maps: readonly Float64Array[]): Float64Array {
  return maps[0]!.map((_, k) => maps.reduce((sum, map) => sum + map[k]!, 0) / maps.length);
}

function meanLoss(maps: readonly Float64Array[], guess: Float64Array): number {
  return maps.reduce((sum, map) => sum + 1 - coefficient(map, guess), 0) / maps.length;
}

/** A Gaussian of a width on a line of bins, to try a coefficient on a closed form. */
function bell(centre: number, width: number): Float64Array {
  const raw = Float64Array.from({ length: 400 }, (_, k) =>
    Math.exp(-0.5 * ((k - centre) / width) ** 2),
  );
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / sum);
}

/** What the lesson asks. */
export const MAP_EXERCISES: Exercises = {
  peak: () => {
    const peak = Math.max(...mapOf(collections()[0]!));
    return numberJudge({
      expected: 100 * peak,
      units: "%",
      slips: [
        { value: peak, hint: "this is a share. In per cent?" },
        { value: peak * PARTICLES, hint: "this is how many particles the bin holds." },
      ],
      hint: "The largest value of the map of the first collection, before the filter.",
    });
  },
  coefficient: () =>
    functionJudge("coefficient(p, q), the sum over bins of √(p·q)", [
      {
        args: [
          [0.5, 0.5, 0],
          [0.5, 0.5, 0],
        ],
        expected: 1,
        tolerance: 1e-9,
        says: "two equal maps must have the largest coefficient there is. Is the root taken?",
      },
      {
        args: [
          [1, 0],
          [0, 1],
        ],
        expected: 0,
        tolerance: 1e-9,
        says: "maps that do not overlap must have the smallest coefficient there is.",
      },
      {
        args: [bell(180, 12), bell(200, 12)],
        expected: Math.exp(-(20 ** 2) / 8 / 12 ** 2),
        tolerance: 1e-6,
        says: "two bells side by side do not come out as theory has them: exp(−d²/8σ²).",
      },
    ]),
  climatology: () => {
    const maps = collections().map(mapOf);
    const [past, later] = [maps.slice(0, 20), maps.slice(20)];
    const leaky = meanLoss(later, meanMap(maps));
    return numberJudge({
      expected: meanLoss(later, meanMap(past)),
      units: "1",
      tolerance: 0.01,
      slips: [
        { value: leaky, hint: "too good: the mean map has seen the collections it is judged on." },
        {
          value: 1 - meanLoss(later, meanMap(past)),
          hint: "this is the mean coefficient. The loss is 1 minus it.",
        },
        { value: meanLoss(past, meanMap(past)), hint: "judge it on the last ten, not the first." },
        {
          value: 1 - coefficient(meanMap(later), meanMap(past)),
          hint: "the loss of a mean is not the mean of losses: score each collection.",
        },
      ],
      hint: "Mean map of the first 20 collections; its loss against each of the last 10; their mean.",
    });
  },
  "enough-particles": () => {
    const loss = (count: number) =>
      1 - coefficient(mapOf(drawAgain(count, 1)), mapOf(drawAgain(count, 2)));
    const counts = [100, 300, 1000, 3000, 10000];
    const needed = counts.find((count) => loss(count) < 0.05)!;
    const slips = counts
      .filter((count) => count !== needed)
      .map((value) => ({
        value,
        hint:
          value < needed
            ? "two draws of so few particles still differ by more than that."
            : "enough, but fewer would do.",
      }));
    return numberJudge({
      expected: needed,
      units: "particles",
      tolerance: 1e-9,
      slips,
      hint: `It is one of ${counts.length} counts: the first with a loss below 0.05.`,
    });
  },
};
