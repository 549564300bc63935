/** Lesson 1: a current meter at a trap, and what a particle does on its way down. */

import { makeRandom } from "../core/index.js";
import { type Exercises, functionJudge } from "./judge.js";
import { numberJudge } from "./number.js";

/** A current meter's record; NaN where it did not measure. */
export interface CurrentRecord {
  /** days since the mooring was laid, shape (180,), two a day */
  readonly day: Float64Array;
  /** current to the east [m s⁻¹], shape (180,) */
  readonly east: Float64Array;
}

const DAY = 86400;
const SEED = 11;

/**
 * Make the record of a current meter: ninety days, two values a day, a mean current to the east,
 * eddies that are remembered for about four days (an autoregressive process), and three gaps.
 */
export function currentMeter(): CurrentRecord {
  const random = makeRandom(SEED);
  const gaps = [
    [31, 38],
    [90, 93],
    [140, 152],
  ];
  let eddy = 0;
  const day = Float64Array.from({ length: 180 }, (_, i) => i / 2);
  const east = day.map((_, i) => {
    eddy = 0.88 * eddy + 0.02 * random.normal();
    return gaps.some(([from, to]) => i >= from! && i < to!) ? Number.NaN : 0.06 + eddy;
  });
  return { day, east };
}

/** What the lesson asks. */
export const FIRST_EXERCISES: Exercises = {
  "fall-time": () => {
    const days = 3000 / 80;
    return numberJudge({
      expected: days * DAY,
      units: "s",
      slips: [
        { value: days, hint: "these are days, and a well-made number. In seconds?" },
        { value: 3000 * 80 * DAY, hint: "distance times speed is no time: divide." },
        { value: 80 / 3000 / DAY, hint: "that is one over the answer." },
      ],
      hint: "Time is distance over speed; write the speed in m/s first.",
    });
  },
  "missing-days": () => {
    const missing = currentMeter().east.filter(Number.isNaN).length;
    return numberJudge({
      expected: missing / 2,
      units: "d",
      slips: [{ value: missing, hint: "so many values are missing. How many make a day?" }],
      hint: "Count the values that are NaN; two values make a day.",
    });
  },
  "mean-current": () => {
    const { east } = currentMeter();
    const measured = east.filter((u) => !Number.isNaN(u));
    const sum = measured.reduce((a, b) => a + b, 0);
    return numberJudge({
      expected: (100 * sum) / measured.length,
      units: "cm/s",
      tolerance: 0.005,
      slips: [
        { value: (100 * sum) / east.length, hint: "close. Divide by how many values?" },
        { value: 100 * sum, hint: "this is the sum; a mean is divided by a count." },
      ],
      hint: "Leave out the values that are NaN, then sum and divide by how many are left.",
    });
  },
  drift: () => {
    const drift = (depth: number, speed: number, u: number) => ((depth / speed) * DAY * u) / 1000;
    const cases = [
      { args: [2000, 40, 0], says: "in still water nothing drifts: the drift must be 0 there." },
      { args: [1000, 50, 0.1], says: "a trial gave a wrong number. Days to seconds, m to km?" },
      { args: [1000, 50, -0.1], says: "a current to the west must give a negative drift." },
      { args: [3000, 50, 0.1], says: "three times as deep must drift three times as far." },
      { args: [1000, 100, 0.1], says: "what sinks twice as fast must drift half as far." },
    ];
    return functionJudge(
      "drift(depth in m, sinking speed in m/d, current in m/s) in km",
      cases.map(({ args, says }) => {
        const [depth, speed, u] = args as [number, number, number];
        const expected = drift(depth, speed, u);
        return { args, expected, tolerance: 1e-6 + 1e-3 * Math.abs(expected), says };
      }),
    );
  },
};
