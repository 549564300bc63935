import type { Notebook } from "carbonbook/notebook";
import { buildLesson, EXERCISES, gradeOf, LESSONS, readLesson, STUB } from "carbonbook/workshop";
import { describe, expect, test } from "vitest";

/** A lesson of one code cell. */
function lessonOf(source: string, solution = true): Notebook {
  const nbgrader = { grade_id: "a", grade: false, solution, locked: false, task: false };
  const cell = {
    cell_type: "code",
    id: "c0",
    metadata: { nbgrader },
    source,
    outputs: [],
  } as const;
  const cells = [{ ...cell, outputs: [], execution_count: null }];
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

const BEGIN = "// ### BEGIN SOLUTION";
const END = "// ### END SOLUTION";

describe("one source", () => {
  test("gives the student a stub and the instructor the solution", () => {
    const source = lessonOf(`let a = NaN;\nif (a) {\n  ${BEGIN}\n  a = 6 * 7;\n  ${END}\n}`);
    const student = buildLesson(source, "x", "student").cells[0]!;
    expect(student.source).toBe(`let a = NaN;\nif (a) {\n  ${STUB}\n}`);
    expect(buildLesson(source, "x", "instructor").cells[0]!.source).toContain("6 * 7");
  });

  test.each([
    [`${BEGIN}\na`, true, "no end"],
    [`a\n${END}`, true, "an end without a beginning"],
    [`${BEGIN}\n${BEGIN}\na\n${END}`, true, "nests"],
    [`${BEGIN}\na\n${END}`, false, "does not call a solution"],
  ])("is refused where a solution is not well marked: %j", (source, solution, says) => {
    expect(() => buildLesson(lessonOf(source, solution), "x", "student")).toThrow(says);
  });
});

describe.each(LESSONS)("%s", (lesson) => {
  const names = Object.keys(EXERCISES[lesson]!);

  test("has an answer and a check for each of its three to five exercises", async () => {
    const { cells } = await readLesson(lesson);
    const grades = cells.flatMap((cell) => gradeOf(cell) ?? []);
    expect(names.length).toBeGreaterThanOrEqual(3);
    expect(names.length).toBeLessThanOrEqual(5);
    expect(grades.map(({ grade_id }) => grade_id)).toEqual(
      names.flatMap((name) => [name, `check-${name}`]),
    );
    for (const [i, grade] of grades.entries()) {
      const answer = i % 2 === 0;
      expect(grade).toEqual({
        grade_id: grade.grade_id,
        grade: !answer,
        solution: answer,
        locked: !answer,
        task: false,
        schema_version: 3,
        ...(answer ? {} : { points: 1 }),
      });
    }
  });

  test("says what is learnt and how long it takes, and has notes and nothing put out", async () => {
    const { cells } = await readLesson(lesson);
    expect(cells[0]!.source).toMatch(
      /^# Lesson \d · .*\n\n\*.*(hour|minutes).*\*\s+When you are done you can\n\n- /,
    );
    expect(cells.at(-1)!.source).toContain("## What to take along");
    expect(cells.some(({ metadata }) => String(metadata.tags).includes("instructor"))).toBe(true);
    expect(cells.every((cell) => cell.cell_type !== "code" || cell.outputs.length === 0)).toBe(
      true,
    );
  });

  test("hides solutions and notes from the student", async () => {
    const source = await readLesson(lesson);
    const text = buildLesson(source, lesson, "student")
      .cells.map((cell) => cell.source)
      .join("\n");
    expect(text).not.toMatch(/SOLUTION|\*\*Notes\.\*\*/);
    expect(text.split(STUB).length - 1).toBe(names.length);
  });
});
