/** The lessons of a class in a folder: copied there, set back to the start, looked at. */

import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { DataError, UsageError } from "../core/index.js";
import {
  embedded,
  formatNotebook,
  type Notebook,
  readNotebook,
  repositoryFolder,
  writeWhole,
} from "../notebook/index.js";
import { EXERCISES } from "./exercise.js";
import { buildLesson, type Edition } from "./lesson.js";
import { type AnswerState, CHECK_MIME } from "./verdict.js";

/** How an exercise stands. */
export interface ExerciseStatus {
  readonly exercise: string;
  readonly state: AnswerState | "not run";
  /** what the check said; empty where it said nothing */
  readonly hint: string;
}

/** How a lesson stands. */
export interface LessonStatus {
  readonly lesson: string;
  /** path of the notebook; the lesson is not in the folder where there is none */
  readonly file?: string;
  readonly exercises: readonly ExerciseStatus[];
}

/** How to look at a class's lessons. */
export interface StatusOptions {
  /** "saved" (default) reads what the notebooks hold; "run" runs each anew and keeps nothing */
  readonly from?: "saved" | "run";
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The names of the lessons, in order. */
export const LESSONS: readonly string[] = Object.keys(EXERCISES);

/**
 * Read a lesson as it is kept, with notes and solutions.
 *
 * @throws {DataError} if the lesson is not where it should be
 */
export function readLesson(lesson: string): Promise<Notebook> {
  return readNotebook(join(repositoryFolder(), "notebooks", "workshop", `${lesson}.ipynb`));
}

/**
 * Copy all lessons into a folder, which is made where it is not there.
 *
 * @returns the paths written
 * @throws {UsageError} if the folder has a lesson already; nothing is written then
 */
export async function newWorkshop(folder: string, edition: Edition): Promise<string[]> {
  const files = LESSONS.map((lesson) => join(folder, `${lesson}.ipynb`));
  const taken = files.find((file) => existsSync(file));
  if (taken !== undefined) {
    throw new UsageError({
      what: "folder of a new workshop",
      wanted: "one without lessons",
      got: taken,
      remedy: "name another folder, or set one lesson back: carbonbook workshop reset LESSON",
    });
  }
  await mkdir(folder, { recursive: true });
  for (const [i, lesson] of LESSONS.entries()) await writeLesson(lesson, files[i]!, edition);
  return files;
}

/**
 * Set a lesson back to the start. What was there is kept beside it under another name.
 *
 * @param lesson its name, or its number
 * @returns where the lesson is, and where what was there is kept
 * @throws {UsageError} if there is no such lesson
 */
export async function resetLesson(
  folder: string,
  lesson: string,
): Promise<{ readonly file: string; readonly kept?: string }> {
  const name = LESSONS.find((known, i) => known === lesson || String(i + 1) === lesson);
  if (name === undefined) {
    throw new UsageError({ what: "lesson", wanted: `one of ${LESSONS.join(", ")}`, got: lesson });
  }
  const file = join(folder, `${name}.ipynb`);
  const there = existsSync(file);
  const edition = there ? editionOf(await readNotebook(file)) : "student";
  const kept = freeName(folder, name);
  if (there) await rename(file, kept);
  await mkdir(folder, { recursive: true });
  await writeLesson(name, file, edition);
  return { file, ...(there && { kept }) };
}

/**
 * Say which exercises of a class are right.
 *
 * @throws {DataError} if the folder holds no lesson
 * @throws {EnvironmentError} if the lessons are run and the kernel does not start
 */
export async function workshopStatus(
  folder: string,
  options: StatusOptions = {},
): Promise<LessonStatus[]> {
  const files = LESSONS.map((lesson) => join(folder, `${lesson}.ipynb`));
  if (!files.some((file) => existsSync(file))) {
    const remedy = `carbonbook workshop new ${folder}`;
    throw new DataError({
      where: folder,
      what: "lessons",
      wanted: "at least one",
      got: "none",
      remedy,
    });
  }
  const found: LessonStatus[] = [];
  for (const [i, lesson] of LESSONS.entries()) {
    options.onProgress?.(i, LESSONS.length);
    const file = files[i]!;
    if (!existsSync(file)) {
      found.push({ lesson, exercises: exercisesIn(undefined, lesson) });
      continue;
    }
    const notebook = await readNotebook(file);
    if (options.from === "run") await runLesson(notebook, folder, options.signal);
    found.push({ lesson, file, exercises: exercisesIn(notebook, lesson) });
  }
  options.onProgress?.(LESSONS.length, LESSONS.length);
  return found;
}

/**
 * Run a lesson in place, on through cells that fail.
 *
 * @param notebook its outputs are replaced
 * @param cwd      folder the kernel runs in
 * @throws {EnvironmentError} if the kernel does not start
 */
export async function runLesson(
  notebook: Notebook,
  cwd: string,
  signal?: AbortSignal,
): Promise<void> {
  const tags = notebook.cells.map((cell) => cell.metadata.tags);
  for (const cell of notebook.cells) {
    cell.metadata.tags = [
      ...((cell.metadata.tags as string[] | undefined) ?? []),
      "raises-exception",
    ];
    if (cell.cell_type === "code") cell.outputs = [];
  }
  await embedded.run({
    notebook,
    kernel: "carbonbook",
    cwd,
    startTimeout: 60,
    cellTimeout: 120,
    ...(signal && { signal }),
    events: { onCellStart: () => undefined, onCellEnd: () => undefined },
  });
  for (const [i, cell] of notebook.cells.entries()) cell.metadata.tags = tags[i];
}

/** The verdicts that a notebook holds, for every exercise of its lesson. */
export function exercisesIn(notebook: Notebook | undefined, lesson: string): ExerciseStatus[] {
  const said = new Map<string, ExerciseStatus>();
  for (const cell of notebook?.cells ?? []) {
    if (cell.cell_type !== "code") continue;
    for (const output of cell.outputs) {
      if (output.output_type !== "execute_result" && output.output_type !== "display_data")
        continue;
      const verdict = output.data[CHECK_MIME] as ExerciseStatus | undefined;
      if (verdict !== undefined) said.set(verdict.exercise, verdict);
    }
  }
  return Object.keys(EXERCISES[lesson] ?? {}).map(
    (exercise) => said.get(exercise) ?? { exercise, state: "not run", hint: "" },
  );
}

async function writeLesson(lesson: string, file: string, edition: Edition): Promise<void> {
  const built = buildLesson(await readLesson(lesson), lesson, edition);
  await writeWhole(file, formatNotebook(built));
}

function editionOf(notebook: Notebook): Edition {
  const own = notebook.metadata.carbonbook as { readonly edition?: Edition } | undefined;
  return own?.edition ?? "student";
}

function freeName(folder: string, lesson: string): string {
  for (let n = 1; ; n++) {
    const path = join(folder, `${lesson}.before-reset-${n}.ipynb`);
    if (!existsSync(path)) return path;
  }
}
