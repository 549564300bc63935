/** Running lessons in both editions; in two files of tests, so that two workers share them. */

import type { Notebook } from "carbonbook/notebook";
import {
  buildLesson,
  EXERCISES,
  exercisesIn,
  LESSONS,
  readLesson,
  runLesson,
} from "carbonbook/workshop";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../notebook/samples.js";

const EDITIONS = [
  { edition: "instructor", state: "right" },
  { edition: "student", state: "open" },
] as const;

/** Test lessons, by their numbers from 1: solutions pass, stubs fail kindly, no cell fails. */
export function testLessons(...numbers: readonly number[]): void {
  describe.each(numbers.map((n) => LESSONS[n - 1]!))("%s", (lesson) => {
    test.each(EDITIONS)(
      "runs as the $edition has it: each exercise is $state, and no cell fails",
      async ({ edition, state }) => {
        const notebook = buildLesson(await readLesson(lesson), lesson, edition);
        await runLesson(notebook, makeFolder());
        expect(errorsIn(notebook)).toEqual([]);
        expect(exercisesIn(notebook, lesson).map((e) => [e.exercise, e.state])).toEqual(
          Object.keys(EXERCISES[lesson]!).map((name) => [name, state]),
        );
      },
      300_000,
    );
  });
}

function errorsIn(notebook: Notebook): string[] {
  return notebook.cells.flatMap((cell) =>
    cell.cell_type !== "code"
      ? []
      : cell.outputs.flatMap((o) => (o.output_type === "error" ? [`${cell.id}: ${o.evalue}`] : [])),
  );
}
