/**
 * Run tasks by their ids, each only if it has to: what a job of a cluster and a rule of Snakemake
 * do. A task leaves its result whole or not at all, so it may be run twice, killed and run again.
 */

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../core/index.js";
import { readTask, type TaskResult, taskPath } from "../parallel/index.js";
import type { Failure } from "./engine.js";
import { takeLock } from "./lock.js";
import { keep, type LoopState, loopState, runRound, stamp } from "./looprun.js";
import { type Context, hashOf } from "./noderun.js";
import { openContext, openGraph, type ReproduceOptions, visit } from "./reproduce.js";
import { listUnits, type Unit } from "./unit.js";

/** Which tasks to run. */
export interface TaskRunOptions extends Omit<ReproduceOptions, "only" | "jobs" | "explain"> {
  /** `<notebook>`, `<notebook>/<loop>` for all its rounds, or `<notebook>/<loop>/<index>` */
  readonly ids: readonly string[];
  /** the exit code of an error that a round threw, and of a notebook's failure */
  readonly codeOf: (fault: { readonly error: unknown } | { readonly failure: Failure }) => number;
  readonly onTask?: (id: string, state: "start" | "current" | "completed" | "failed") => void;
}

/** What became of a task. */
export interface TaskOutcome {
  readonly status: "current" | "completed" | "failed";
  readonly result: TaskResult;
}

/**
 * Run tasks one after the other; one that fails does not keep the others from running.
 *
 * @throws {UsageError} if there is no task of that name
 * @throws {BusyError} if another process runs the same notebook, or the disk is full
 */
export async function runTaskIds(options: TaskRunOptions): Promise<TaskOutcome[]> {
  const units = listUnits(await openGraph(options.root), options.profile);
  const context = await openContext(options);
  const states = new Map<Unit, LoopState>();
  const outcomes: TaskOutcome[] = [];
  for (const [unit, id] of findTasks(units, options.ids)) {
    if (options.signal?.aborted) break;
    if (unit.loop === undefined) outcomes.push(await runNotebookTask(unit, context, options));
    else {
      const state = states.get(unit) ?? (await loopState(unit, context));
      states.set(unit, state);
      outcomes.push(await runRoundTask(unit, id, { state, context, options }));
    }
  }
  await context.digester.save();
  return outcomes;
}

/** The tasks that ids name, each with its unit. */
export function findTasks(units: readonly Unit[], ids: readonly string[]): [Unit, string][] {
  const byTask = new Map(units.flatMap((unit) => unit.tasks.map((id) => [id, unit] as const)));
  return ids.flatMap((id): [Unit, string][] => {
    const unit = byTask.get(id);
    if (unit !== undefined) return [[unit, id]];
    const whole = units.find(({ name }) => name === id);
    if (whole !== undefined) return whole.tasks.map((task) => [whole, task]);
    const known = units.map(({ name, loop, tasks }) =>
      loop === undefined ? name : `${name}/0 to ${tasks.length - 1}`,
    );
    throw new UsageError({ what: "task", wanted: `one of ${known.join(", ")}`, got: `"${id}"` });
  });
}

async function runRoundTask(
  unit: Unit,
  id: string,
  how: {
    readonly state: LoopState;
    readonly context: Context;
    readonly options: TaskRunOptions;
  },
): Promise<TaskOutcome> {
  const { state, context, options } = how;
  if (!state.stale.includes(id)) {
    options.onTask?.(id, "current");
    return { status: "current", result: (await readTask(context.runFolder, id))!.result };
  }
  options.onTask?.(id, "start");
  const missing = await missingInputs(unit, context);
  const result =
    missing.length > 0
      ? await refuse(id, missing, context)
      : await runRound(unit, id, {
          hash: state.hash,
          context,
          codeOf: (error) => options.codeOf({ error }),
        });
  const status = result.exitCode === 0 ? "completed" : "failed";
  options.onTask?.(id, status);
  return { status, result };
}

async function runNotebookTask(
  unit: Unit,
  context: Context,
  options: TaskRunOptions,
): Promise<TaskOutcome> {
  const id = unit.name;
  const missing = await missingInputs(unit, context);
  if (missing.length > 0) {
    options.onTask?.(id, "failed");
    return { status: "failed", result: await refuse(id, missing, context) };
  }
  const start = new Date();
  const inJob = process.env.SLURM_JOB_ID !== undefined; // Slurm starts no job twice at once
  const release = inJob ? undefined : await takeLock(`${taskPath(context.runFolder, id)}.lock`);
  try {
    const told: Context = {
      ...context,
      options: {
        ...options,
        onEvent: (event) => {
          if (event.kind === "start") options.onTask?.(id, "start");
          options.onEvent?.(event);
        },
      },
    };
    await visit(unit.node, [], told);
  } finally {
    await release?.();
  }
  const { status, record, failure } = context.results.get(id)!;
  const hash = record === undefined ? "" : hashOf(record.fingerprint);
  const old = await readTask(context.runFolder, id);
  if (status === "current" && old?.result.hash === hash && old.result.exitCode === 0) {
    options.onTask?.(id, "current");
    return { status, result: old.result };
  }
  const exitCode = failure === undefined ? 0 : options.codeOf({ failure });
  const message = failure && `cell ${failure.cell + 1}: ${failure.ename}: ${failure.evalue}`;
  const result = {
    ...stamp(id, hash, start),
    exitCode,
    ...(message !== undefined && { message }),
  };
  await keep(context, result);
  const ended = status === "current" ? status : exitCode === 0 ? "completed" : "failed";
  options.onTask?.(id, ended);
  return { status: ended, result };
}

/** Inputs of a unit's notebook that nobody has written yet. */
async function missingInputs({ node }: Unit, { runFolder }: Context): Promise<string[]> {
  const found = await Promise.all(
    node.inputs.map((input) => stat(join(runFolder, input)).catch(() => undefined)),
  );
  return node.inputs.filter((_, i) => found[i] === undefined);
}

async function refuse(
  id: string,
  missing: readonly string[],
  context: Context,
): Promise<TaskResult> {
  const message = `${missing.join(", ")} is not there: run first what writes it`;
  const result = { ...stamp(id, "", new Date()), exitCode: 3, message };
  await keep(context, result);
  return result;
}
