/**
 * The file a finished task leaves: one line of JSON that says how it ended, then the bytes of its
 * value. One file and not two, since a file system of a cluster minds files more than bytes.
 */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { DataError } from "../core/index.js";

/** How a task ended. */
export interface TaskResult {
  readonly version: 1;
  /** `<notebook>` or `<notebook>/<loop>/<index>` */
  readonly id: string;
  /** hash of all that its value depends on */
  readonly hash: string;
  readonly exitCode: number;
  /** ISO 8601, UTC */
  readonly start: string;
  readonly end: string;
  /** [s] */
  readonly seconds: number;
  readonly host: string;
  /** the job it ran in, as `12_3` */
  readonly job?: string;
  /** why it failed */
  readonly message?: string;
  /** of the value's bytes; absent where there is no value */
  readonly value?: { readonly size: number; readonly sha256: string };
  /** the parameters it was told */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Where the file of a task is. */
export function taskPath(runFolder: string, id: string): string {
  return join(runFolder, ".tasks", `${id}.task`);
}

/**
 * The content of a task's file; `value` is put in where it is given. Equal values give equal bytes,
 * whether they came from a worker thread or were made here: V8 writes a number as it happens to hold
 * it, and what was read back is always held the same way.
 */
export function formatTask(result: TaskResult, value?: { readonly value: unknown }): Uint8Array {
  if (value === undefined) return Buffer.from(`${JSON.stringify(result)}\n`);
  const bytes = serialize(deserialize(serialize(value.value)));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const head = JSON.stringify({ ...result, value: { size: bytes.length, sha256 } });
  return Buffer.concat([Buffer.from(`${head}\n`), bytes]);
}

/** Read how a task ended; undefined if its file is not there or damaged. */
export async function readTask(
  runFolder: string,
  id: string,
): Promise<{ readonly result: TaskResult; readonly value: unknown } | undefined> {
  const bytes = await readFile(taskPath(runFolder, id)).catch(() => Buffer.alloc(0));
  const end = bytes.indexOf(10);
  if (end < 0) return undefined;
  try {
    const result = JSON.parse(bytes.toString("utf8", 0, end)) as TaskResult;
    const rest = bytes.subarray(end + 1);
    if (result.version !== 1 || rest.length !== (result.value?.size ?? 0)) return undefined;
    return { result, value: result.value === undefined ? undefined : deserialize(rest) };
  } catch {
    return undefined; // damaged: the task runs again
  }
}

/**
 * The values of tasks that ran.
 *
 * @param differs what a task was told otherwise than it should have been, if anything
 * @throws {DataError} if one of them has no value, or was told something else
 */
export async function readValues<R>(
  runFolder: string,
  ids: readonly string[],
  differs?: (
    told: Readonly<Record<string, unknown>>,
  ) => { wanted: string; got: string } | undefined,
): Promise<R[]> {
  const values: R[] = [];
  for (const id of ids) {
    const task = await readTask(runFolder, id); // one after the other: files are open only so many
    const problem = { where: taskPath(runFolder, id), what: `task ${id}` };
    if (task?.result.exitCode !== 0) {
      const got = task?.result.message ?? "none";
      const remedy = "declare the loop and its count in metadata.carbonbook.tasks of the notebook";
      throw new DataError({ ...problem, wanted: "its result", got, remedy });
    }
    const other = differs?.(task.result.parameters ?? {});
    if (other !== undefined) throw new DataError({ ...problem, ...other });
    values.push(task.value as R);
  }
  return values;
}
