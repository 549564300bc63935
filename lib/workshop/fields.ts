/** Lesson 2: fields on a staggered grid, derivatives and what a coarse grid loses. */

import { EARTH_RADIUS, EARTH_ROTATION, RADIANS_PER_DEGREE } from "../core/index.js";
import { type Exercises, listJudge } from "./judge.js";
import { numberJudge } from "./number.js";

/** The disc of water turns clockwise once in so many seconds. */
const PERIOD = 10 * 86400;

/** Vorticity of the disc: −2 Ω for a clockwise turn [s⁻¹]. */
const VORTICITY = (-4 * Math.PI) / PERIOD;

/** What the lesson asks. */
export const FIELD_EXERCISES: Exercises = {
  faces: () => {
    const [ny, nx] = [30, 40];
    return listJudge([
      {
        name: "values of u",
        expected: ny * (nx - 1),
        units: "1",
        tolerance: 1e-9,
        slips: [
          { value: ny * nx, hint: "u does not sit at the centres." },
          { value: (ny - 1) * nx, hint: "those are the faces that v sits on." },
          { value: ny * (nx + 1), hint: "faces between two centres only, none on the rim." },
        ],
        hint: "Draw three cells in a row: how many faces have a centre on either side?",
      },
      {
        name: "values of v",
        expected: (ny - 1) * nx,
        units: "1",
        tolerance: 1e-9,
        slips: [{ value: ny * (nx - 1), hint: "those are the faces that u sits on." }],
        hint: "As for u, with rows and columns exchanged.",
      },
    ]);
  },
  vorticity: () =>
    numberJudge({
      expected: VORTICITY,
      units: "s⁻¹",
      slips: [
        { value: VORTICITY / 2, hint: "this is the rate of rotation. Vorticity has two terms." },
        {
          value: -VORTICITY / 2,
          hint: "this is the rate of rotation, and the disc turns clockwise.",
        },
      ],
      hint: "Look at one value in the middle of the map; NaN on the rim spoils a mean.",
    }),
  rossby: () => {
    const f = (latitude: number) => 2 * EARTH_ROTATION * Math.sin(latitude);
    const vorticity = Math.abs(VORTICITY);
    return numberJudge({
      expected: vorticity / f(49 * RADIANS_PER_DEGREE),
      units: "1",
      slips: [
        { value: vorticity / Math.abs(f(49)), hint: "is the sine given degrees or radians?" },
        { value: vorticity / f(49), hint: "is the sine given degrees or radians?" },
        { value: f(49 * RADIANS_PER_DEGREE) / vorticity, hint: "this is one over the answer." },
        {
          value: (2 * vorticity) / f(49 * RADIANS_PER_DEGREE),
          hint: "f is twice the Earth's rotation, times a sine.",
        },
      ],
      hint: "|ζ| / f, with f = 2 Ω sin φ and Ω = 7.292e-5 s⁻¹.",
    });
  },
  "quarter-degree": () => {
    const equator = (0.25 * RADIANS_PER_DEGREE * EARTH_RADIUS) / 1000;
    return numberJudge({
      expected: equator * Math.cos(60 * RADIANS_PER_DEGREE),
      units: "km",
      slips: [
        { value: equator, hint: "so it is at the equator. What happens to meridians polewards?" },
        { value: equator * Math.cos(60), hint: "is the cosine given degrees or radians?" },
        {
          value: equator * Math.sin(60 * RADIANS_PER_DEGREE),
          hint: "sine or cosine? Try the pole.",
        },
      ],
      hint: "A degree of latitude is 111.2 km; one of longitude shrinks with latitude.",
    });
  },
  order: () => {
    const k = (2 * Math.PI) / 400;
    const miss = (dx: number) => 1 - Math.sin(k * dx) / (k * dx);
    return numberJudge({
      expected: Math.log2(miss(20) / miss(10)),
      units: "1",
      tolerance: 0.02,
      slips: [
        {
          value: miss(20) / miss(10),
          hint: "this is the ratio of errors; the order is its log₂.",
        },
        { value: -Math.log2(miss(20) / miss(10)), hint: "coarse over fine, not fine over coarse." },
      ],
      hint: "The order is log₂ of (error at 20 km / error at 10 km).",
    });
  },
};
