/** Exit codes, and how an error is told: one message on stderr, or one JSON document. */

import { DATA_TAGS, isCarbonbookError } from "../core/index.js";
import type { FailureKind } from "../notebook/index.js";

/** The exit codes of every command. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  data: 3,
  busy: 4,
  timeout: 124,
  interrupted: 130,
  memory: 137,
  dead: 138,
  terminated: 143,
} as const;

const OF_FAILURE: Readonly<Record<FailureKind, number>> = {
  error: EXIT.failed,
  data: EXIT.data,
  busy: EXIT.busy,
  timeout: EXIT.timeout,
  interrupted: EXIT.interrupted,
  memory: EXIT.memory,
  dead: EXIT.dead,
};

/** The exit code of a run that a failure ended. */
export function codeOfFailure(kind: FailureKind): number {
  return OF_FAILURE[kind];
}

/** The exit code of an error that a command threw. */
export function codeOfError(error: unknown): number {
  if (!isCarbonbookError(error)) return EXIT.failed;
  if (DATA_TAGS.has(error.tag)) return EXIT.data;
  if (error.tag === "usage") return EXIT.usage;
  return error.tag === "busy" ? EXIT.busy : EXIT.failed;
}

/** What an error tells its reader; a fault of ours also says where it came from. */
export function messageOf(error: unknown): string {
  if (isCarbonbookError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
