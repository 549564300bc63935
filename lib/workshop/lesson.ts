/**
 * A student's and an instructor's notebook from one source. The source holds everything: cells
 * tagged `instructor` are notes for who teaches, and lines between `### BEGIN SOLUTION` and
 * `### END SOLUTION` in a cell that nbgrader calls a solution are the answer.
 */

import { DataError } from "../core/index.js";
import type { Cell, Notebook } from "../notebook/index.js";

/** For whom a lesson is built. */
export type Edition = "student" | "instructor";

/** What stands where a solution was. */
export const STUB = "// YOUR CODE HERE";

const BEGIN = "### BEGIN SOLUTION";
const END = "### END SOLUTION";
const NOTES = "instructor";

/** What nbgrader keeps in a cell's metadata (its schema, version 3). */
export interface GradeMetadata {
  readonly grade_id: string;
  readonly grade: boolean;
  readonly solution: boolean;
  readonly locked: boolean;
  readonly task: boolean;
  readonly schema_version: 3;
  /** of cells that are graded */
  readonly points?: number;
}

/**
 * Build a lesson for a reader. Outputs are left out of both; the instructor's keeps notes and
 * solutions, the student's has a stub where each solution was.
 *
 * @param source the lesson as it is kept
 * @param lesson its name, for messages and for the notebook's own metadata
 * @throws {DataError} if a solution does not end, or stands in a cell that is no solution
 */
export function buildLesson(source: Notebook, lesson: string, edition: Edition): Notebook {
  const cells = source.cells
    .filter((cell) => edition === "instructor" || !tagsOf(cell).includes(NOTES))
    .map((cell): Cell => {
      const text = edition === "student" ? withStub(cell, lesson) : cell.source;
      const fresh = { ...cell, source: text };
      return fresh.cell_type === "code" ? { ...fresh, outputs: [], execution_count: null } : fresh;
    });
  const metadata = { ...source.metadata, carbonbook: { lesson, edition } };
  return structuredClone({ ...source, metadata, cells });
}

/** What nbgrader knows of a cell; nothing for most. */
export function gradeOf(cell: Cell): GradeMetadata | undefined {
  return cell.metadata.nbgrader as GradeMetadata | undefined;
}

function withStub(cell: Cell, lesson: string): string {
  const kept: string[] = [];
  let inside = false;
  for (const line of cell.source.split("\n")) {
    const begins = line.includes(BEGIN);
    const ends = line.includes(END);
    if (begins && inside) throw broken(cell, lesson, "a region that nests");
    if (ends && !inside) throw broken(cell, lesson, "an end without a beginning");
    if (begins) kept.push(line.replace(/\S.*/, STUB));
    if (begins || ends) inside = begins;
    else if (!inside) kept.push(line);
  }
  if (inside) throw broken(cell, lesson, "no end");
  const changed = kept.length !== cell.source.split("\n").length;
  if (changed && gradeOf(cell)?.solution !== true) {
    throw broken(cell, lesson, "one in a cell that nbgrader does not call a solution");
  }
  return kept.join("\n");
}

function broken(cell: Cell, lesson: string, got: string): DataError {
  const wanted = `${BEGIN} and ${END} in turn, in a solution cell`;
  return new DataError({ where: `${lesson}, cell ${cell.id}`, what: "solution", wanted, got });
}

function tagsOf(cell: Cell): readonly string[] {
  return (cell.metadata.tags as readonly string[] | undefined) ?? [];
}
