/**
 * The errors of the library: one base, a stable `tag` each, and the same five facts in every
 * message: where, what, wanted, got, remedy. The command line turns tags into exit codes.
 */

/** What an error tells its reader. Only `what` is required. */
export interface Problem {
  /** the argument, variable or thing that is wrong */
  readonly what: string;
  /** what was wanted instead */
  readonly wanted?: string;
  /** what was found */
  readonly got?: string;
  /** the file, cell or row it was found in */
  readonly where?: string;
  /** what the reader can do about it */
  readonly remedy?: string;
  /** the error underneath, kept whole */
  readonly cause?: unknown;
}

/** The base of every error this library throws on purpose. */
export abstract class CarbonbookError extends Error {
  /** Stable name of the kind of error; does not change when code is minified or copied. */
  abstract readonly tag: string;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(sentence(problem), problem.cause === undefined ? undefined : { cause: problem.cause });
    this.problem = problem;
    this.name = new.target.name;
  }
}

/** An argument that is out of its range or of the wrong kind. */
export class ArgumentError extends CarbonbookError {
  readonly tag = "argument";
}

/** An array whose shape does not fit. */
export class ShapeError extends CarbonbookError {
  readonly tag = "shape";
}

/** A file that is missing, truncated, damaged or not of the format it should be. */
export class DataError extends CarbonbookError {
  readonly tag = "data";
}

/** A readable file that lacks a variable, dimension or attribute that is needed. */
export class MissingVariableError extends CarbonbookError {
  readonly tag = "missing-variable";
}

/** A point that lies on land or outside the grid. */
export class PositionError extends CarbonbookError {
  readonly tag = "position";
}

/** Numbers that went wrong: no convergence, a blow-up, NaN where a value is needed. */
export class NumericError extends CarbonbookError {
  readonly tag = "numeric";
}

/** A program, library or device that is needed and not here. */
export class EnvironmentError extends CarbonbookError {
  readonly tag = "environment";
}

/** A command line that cannot be understood. */
export class UsageError extends CarbonbookError {
  readonly tag = "usage";
}

/** A folder locked by another run, or a disk that is full. */
export class BusyError extends CarbonbookError {
  readonly tag = "busy";
}

/** Tags of errors that the data cause, and not the code that reads them (exit code 3). */
export const DATA_TAGS: ReadonlySet<string> = new Set(["data", "missing-variable", "position"]);

/** Whether `error` is one of ours, and of this tag where one is given. */
export function isCarbonbookError(error: unknown, tag?: string): error is CarbonbookError {
  if (!(error instanceof Error) || !("tag" in error) || !("problem" in error)) return false;
  return tag === undefined || error.tag === tag;
}

/** Write a shape as `(40, 61)`. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** Make a `ShapeError` from the wanted and the found shape. */
export function shapeError(
  what: string,
  wanted: readonly number[],
  got: readonly number[],
  remedy?: string,
): ShapeError {
  const shapes = { what, wanted: `shape ${formatShape(wanted)}`, got: formatShape(got) };
  return new ShapeError(remedy === undefined ? shapes : { ...shapes, remedy });
}

function sentence(problem: Problem): string {
  const { where, what, wanted, got, remedy } = problem;
  const head = where === undefined ? what : `${where}: ${what}`;
  const facts = [
    wanted === undefined ? "" : `expected ${wanted}`,
    got === undefined ? "" : `got ${got}`,
  ].filter((fact) => fact !== "");
  const body = facts.length === 0 ? head : `${head}: ${facts.join(", ")}`;
  return remedy === undefined ? body : `${body}; ${remedy}`;
}
