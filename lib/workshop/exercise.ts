/** The exercises of all lessons, and the one function that a lesson calls. */

import { ArgumentError } from "../core/index.js";
import { CLUSTER_EXERCISES } from "./clusters.js";
import { CORRELATION_EXERCISES } from "./correlation.js";
import { FIELD_EXERCISES } from "./fields.js";
import { FIRST_EXERCISES } from "./first.js";
import { FLUX_EXERCISES } from "./fluxes.js";
import type { Exercises } from "./judge.js";
import { MAP_EXERCISES } from "./maps.js";
import { NETWORK_EXERCISES } from "./network.js";
import { PARTICLE_EXERCISES } from "./particles.js";
import { makeVerdict, type Verdict } from "./verdict.js";

/** The exercises of each lesson, by the lesson's name. */
export const EXERCISES: Readonly<Record<string, Exercises>> = {
  "1-first-notebook": FIRST_EXERCISES,
  "2-fields-and-grids": FIELD_EXERCISES,
  "3-particles": PARTICLE_EXERCISES,
  "4-maps-and-scores": MAP_EXERCISES,
  "5-small-unet": NETWORK_EXERCISES,
  "6-correlation": CORRELATION_EXERCISES,
  "7-clusters": CLUSTER_EXERCISES,
  "8-two-constraints": FLUX_EXERCISES,
};

const ALL: Exercises = Object.assign({}, ...Object.values(EXERCISES));

/**
 * Judge an answer to an exercise, with a hint where it is not right yet. Nothing is thrown for a
 * wrong answer, so that the cells below still run; a line on stderr marks it for nbgrader, which
 * gives no points to a cell that wrote there.
 *
 * @param exercise name of the exercise, as the lesson has it
 * @param answer   whatever the student has
 * @throws {ArgumentError} if there is no such exercise
 */
export function check(exercise: string, answer: unknown): Verdict {
  const make = ALL[exercise];
  if (make === undefined) {
    const wanted = `one of ${Object.keys(ALL).join(", ")}`;
    throw new ArgumentError({ what: "exercise", wanted, got: `"${exercise}"` });
  }
  const verdict = makeVerdict(exercise, make()(answer));
  if (verdict.state !== "right") console.error(`${exercise}: not yet`);
  return verdict;
}
