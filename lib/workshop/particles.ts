/** Lesson 3: particles in a turning disc, numerical error, and what can be undone. */

import { type Exercises, isOpen } from "./judge.js";
import { judgeNumber, numberJudge } from "./number.js";
import { RIGHT, wrong } from "./verdict.js";

const DAY = 86400;

/** The disc turns once in so many seconds; particles start so far from its centre [km]. */
const PERIOD = 10 * DAY;
const RADIUS = 30;

/** How far Euler's steps carry a particle outward in one turn [km]: |1 + iΩ dt| at each step. */
function eulerDrift(dt: number): number {
  const angle = (2 * Math.PI * dt) / PERIOD;
  return RADIUS * ((1 + angle ** 2) ** (PERIOD / dt / 2) - 1);
}

/** What the lesson asks. */
export const PARTICLE_EXERCISES: Exercises = {
  "catchment-side": () => {
    const days = (1000 - 200) / 100;
    const drift = (0.1 * days * DAY) / 1000;
    return numberJudge({
      expected: -drift,
      units: "km",
      slips: [
        {
          value: drift,
          hint: "the size is right. The water came from upstream; which side of the trap is that?",
        },
        { value: -(drift * 10) / 8, hint: "the particles are asked for where they cross 200 m." },
      ],
      hint: "Average the eastward displacements at the crossing of 200 m.",
    });
  },
  "euler-drift": () =>
    numberJudge({
      expected: eulerDrift(3600),
      units: "km",
      tolerance: 0.02,
      slips: [
        { value: RADIUS + eulerDrift(3600), hint: "this is the new radius. How much was gained?" },
        { value: -eulerDrift(3600), hint: "outward counts as positive." },
      ],
      hint: "Radius after one turn minus radius before, both from the centre of the disc.",
    }),
  "euler-order": () =>
    numberJudge({
      expected: Math.log2(eulerDrift(3600) / eulerDrift(1800)),
      units: "1",
      tolerance: 0.04,
      slips: [
        {
          value: eulerDrift(3600) / eulerDrift(1800),
          hint: "this is the ratio of errors; the order is its log₂.",
        },
        {
          value: -Math.log2(eulerDrift(3600) / eulerDrift(1800)),
          hint: "long step over short step, not the other way round.",
        },
      ],
      hint: "log₂ of (drift with the long steps / drift with the short ones).",
    }),
  "round-trip": () => (answer) => {
    const given = { expected: 1, units: "m", hint: "" };
    if (isOpen(answer) || typeof answer !== "number") return judgeNumber(answer, given);
    if (answer < 0) return wrong("a distance is not negative.");
    if (answer < 1) return RIGHT;
    return wrong(
      "too far: RK4 comes back to within a metre. Was the way back started where the way out ended, with the opposite direction?",
    );
  },
  "random-round-trip": () => {
    const diffusivity = 10;
    const oneWay = Math.sqrt(4 * diffusivity * 5 * DAY) / 1000;
    return numberJudge({
      expected: oneWay * Math.SQRT2,
      units: "km",
      tolerance: 0.12,
      slips: [
        { value: oneWay, hint: "one leg's worth. Does diffusion also act on the way back?" },
        { value: oneWay * 2, hint: "variances add, not distances." },
      ],
      hint: "Root of the mean of the squared distances; each leg needs its own seed.",
    });
  },
};
