import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatNotebook, readNotebook } from "carbonbook/notebook";
import {
  CHECK_MIME,
  EXERCISES,
  LESSONS,
  newWorkshop,
  resetLesson,
  workshopStatus,
} from "carbonbook/workshop";
import { expect, test } from "vitest";
import { carbonbook } from "../cli/bin.js";
import { makeFolder } from "../notebook/samples.js";

/** Put a verdict into the first check of a lesson, as if a student had run and saved it. */
async function answer(file: string, exercise: string, state: string): Promise<void> {
  const notebook = await readNotebook(file);
  const cell = notebook.cells.find(({ source }) => source.startsWith(`check("${exercise}"`))!;
  if (cell.cell_type !== "code") throw new Error("a check is code");
  const data = { "text/plain": "", [CHECK_MIME]: { exercise, state, hint: "" } };
  cell.outputs.push({ output_type: "execute_result", execution_count: 1, data, metadata: {} });
  writeFileSync(file, formatNotebook(notebook));
}

test("a class starts with nothing run, and status counts what was saved", async () => {
  const folder = join(makeFolder(), "class");
  const files = await newWorkshop(folder, "student");
  expect(readdirSync(folder)).toEqual(LESSONS.map((lesson) => `${lesson}.ipynb`));
  await answer(files[0]!, "fall-time", "right");
  await answer(files[0]!, "drift", "wrong");
  const [first, second] = await workshopStatus(folder);
  expect(first!.exercises.map(({ exercise, state }) => [exercise, state])).toEqual([
    ["fall-time", "right"],
    ["missing-days", "not run"],
    ["mean-current", "not run"],
    ["drift", "wrong"],
  ]);
  expect(second!.exercises.every(({ state }) => state === "not run")).toBe(true);
});

test("a folder that has lessons is not written over", async () => {
  const folder = makeFolder();
  await resetLesson(folder, "3");
  await expect(newWorkshop(folder, "student")).rejects.toThrow("one without lessons");
  expect(readdirSync(folder)).toEqual(["3-particles.ipynb"]);
});

test("reset brings the start back and keeps what was there", async () => {
  const folder = makeFolder();
  const [file] = await newWorkshop(folder, "instructor");
  const start = readFileSync(file!, "utf8");
  await answer(file!, "drift", "wrong");
  const edited = readFileSync(file!, "utf8");
  const { kept } = await resetLesson(folder, "1");
  expect(readFileSync(file!, "utf8")).toBe(start);
  expect(readFileSync(kept!, "utf8")).toBe(edited);
  expect((await resetLesson(folder, "1-first-notebook")).kept).not.toBe(kept);
});

test("a lesson that does not exist cannot be reset, an empty folder has no status", async () => {
  const folder = makeFolder();
  await expect(resetLesson(folder, "9")).rejects.toThrow("lesson: expected one of 1-first");
  await expect(workshopStatus(folder)).rejects.toThrow("lessons: expected at least one, got none");
});

test("the command line copies, tells and resets", async () => {
  const folder = join(makeFolder(), "class");
  const made = await carbonbook(["workshop", "new", folder]);
  expect([made.code, made.stdout]).toEqual([0, expect.stringContaining("8 lessons in")]);
  expect((await carbonbook(["workshop", "new", folder])).code).toBe(2);
  await answer(join(folder, "8-two-constraints.ipynb"), "bias", "right");
  const all = LESSONS.flatMap((lesson) => Object.keys(EXERCISES[lesson]!)).length;
  const table = await carbonbook(["workshop", "status", folder]);
  expect(table.stdout).toMatch(/bias +✓ right\n/);
  expect(table.stdout).toContain(`1 of ${all} exercises are right`);
  const { stdout } = await carbonbook(["workshop", "status", folder, "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ right: 1, exercises: all, lessons: { length: 8 } });
  const reset = await carbonbook(["workshop", "reset", "8", folder]);
  expect([reset.code, reset.stdout]).toEqual([0, expect.stringContaining("before-reset-1")]);
  expect(existsSync(join(folder, "8-two-constraints.before-reset-1.ipynb"))).toBe(true);
  expect((await carbonbook(["workshop", "status", makeFolder()])).code).toBe(3);
});
