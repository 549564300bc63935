/**
 * workshop: a day of eight lessons. `check` judges an exercise in a lesson and gives a hint; the
 * other functions make the lessons' small worlds, build a student's and an instructor's notebook
 * from one source, copy them for a class and say how far it has come.
 */

export {
  type ExerciseStatus,
  exercisesIn,
  LESSONS,
  type LessonStatus,
  newWorkshop,
  readLesson,
  resetLesson,
  runLesson,
  type StatusOptions,
  workshopStatus,
} from "./classroom.js";
export { fog, groupless, type Waters, waterSamples } from "./clusters.js";
export { type Pair, type TrapSeries, trapSeries, unrelatedPair } from "./correlation.js";
export { check, EXERCISES } from "./exercise.js";
export { type CurrentRecord, currentMeter } from "./first.js";
export { type FluxEstimates, fluxEstimates } from "./fluxes.js";
export type { Case, Exercises, Judge } from "./judge.js";
export { buildLesson, type Edition, type GradeMetadata, gradeOf, STUB } from "./lesson.js";
export { type Cloud, collections, drawAgain, MAP_GRID } from "./maps.js";
export { learningCurve, type TinyCatchments, tinyCatchments } from "./network.js";
export { type AnswerState, CHECK_MIME, type Judgement, type Verdict } from "./verdict.js";
