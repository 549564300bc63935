/** What an engine is: something that runs the cells of a notebook and says how it ended. */

import { tellsOfFullDisk } from "./atomic.js";
import type { CodeCell, Notebook } from "./nbformat.js";

/** Why a run ended early. */
export type FailureKind =
  /** a cell raised an error */
  | "error"
  /** a cell raised an error of the data it read */
  | "data"
  /** the disk is full, or another run holds what the cell needs */
  | "busy"
  /** a cell took too long */
  | "timeout"
  /** somebody pressed Ctrl-C */
  | "interrupted"
  /** the kernel ran out of memory */
  | "memory"
  /** the kernel died */
  | "dead";

/** How and where a run ended early. */
export interface Failure {
  readonly kind: FailureKind;
  /** index among all cells of the notebook */
  readonly cell: number;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** How a run ended; `stopped` is an early end that is no error (SystemExit with 0). */
export type Outcome =
  | { readonly status: "completed" | "stopped" }
  | { readonly status: "failed"; readonly failure: Failure };

/** What an engine tells while it runs. */
export interface EngineEvents {
  onCellStart(index: number): void | Promise<void>;
  onCellEnd(index: number, failure?: Failure): void | Promise<void>;
  onStream?(name: string, text: string): void;
}

/** What an engine is asked to do. */
export interface EngineRequest {
  readonly notebook: Notebook;
  /** name of the kernelspec */
  readonly kernel: string;
  /** the folder the kernel runs in */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** seconds a cell may take; none by default */
  readonly cellTimeout?: number;
  /** seconds until the kernel must answer */
  readonly startTimeout: number;
  readonly signal?: AbortSignal;
  readonly events: EngineEvents;
}

/** A way to run notebooks; fills the cells of `request.notebook` in place. */
export interface Engine {
  readonly name: "embedded" | "nbconvert";
  run(request: EngineRequest): Promise<Outcome>;
}

/** Names of errors that the data cause; see `DATA_TAGS` in core. */
const DATA_ERRORS = new Set(["DataError", "MissingVariableError", "PositionError"]);

/** What kind of failure an error in a cell is. */
export function kindOfError(ename: string, evalue: string): FailureKind {
  if (DATA_ERRORS.has(ename)) return "data";
  if (ename === "BusyError" || tellsOfFullDisk(evalue)) return "busy";
  if (ename === "KeyboardInterrupt") return "interrupted";
  return "error";
}

/** Whether the cell is one to run: code, not empty, not tagged `skip-execution`. */
export function isRun(cell: Notebook["cells"][number]): cell is CodeCell {
  if (cell.cell_type !== "code" || cell.source.trim() === "") return false;
  return !(cell.metadata.tags as string[] | undefined)?.includes("skip-execution");
}

/** Whether an error in this cell is expected. */
export function mayFail(cell: CodeCell): boolean {
  return (cell.metadata.tags as string[] | undefined)?.includes("raises-exception") ?? false;
}

/** The failure in the outputs of a cell, if there is one that stops the run. */
export function failureIn(cell: CodeCell, index: number): Failure | undefined {
  const error = cell.outputs.find((output) => output.output_type === "error");
  if (error === undefined) return undefined;
  const { ename, evalue, traceback } = error;
  return { kind: kindOfError(ename, evalue), cell: index, ename, evalue, traceback };
}

/** Whether an error is Python's way to stop early without one: SystemExit with nothing or 0. */
export function isCleanExit(failure: Failure): boolean {
  return failure.ename === "SystemExit" && (failure.evalue === "" || failure.evalue === "0");
}
