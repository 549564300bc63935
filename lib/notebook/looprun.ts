/** The rounds of a loop: which of them have to run, and running them here. */

import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import {
  callTask,
  formatTask,
  poolTasks,
  readTask,
  type TaskCall,
  type TaskResult,
  taskPath,
} from "../parallel/index.js";
import { writeWhole } from "./atomic.js";
import type { GraphNode } from "./declaration.js";
import { type Context, fingerprintLoop, hashOf } from "./noderun.js";
import { listUnits, toldParameters, type Unit } from "./unit.js";

/** What the rounds of a loop share. */
export interface LoopState {
  /** hash of all that a round depends on */
  readonly hash: string;
  /** ids of the tasks that have no value of that hash */
  readonly stale: readonly string[];
}

/** Look which rounds of a loop have to run. */
export async function loopState(unit: Unit, context: Context): Promise<LoopState> {
  const hash = hashOf(await fingerprintLoop(unit.node, unit.loop!, context));
  const stale: string[] = [];
  for (const id of unit.tasks) {
    const found = context.options.force ? undefined : await readTask(context.runFolder, id);
    if (found?.result.hash !== hash || found.result.exitCode !== 0) stale.push(id);
  }
  return { hash, stale };
}

/**
 * Run the rounds of a notebook's loops that have to run, in worker threads: those of all loops that
 * wait for no other together. A round that fails leaves its message; the cell that asks for its value
 * then fails with it.
 */
export async function runLoops(node: GraphNode, context: Context): Promise<void> {
  const units = listUnits({ nodes: [node], needs: new Map() }, context.options.profile);
  let waiting = units.filter(({ loop }) => loop !== undefined);
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const ready = waiting.filter(({ needs }) => !needs.some((need) => names.has(need)));
    await runTogether(ready, context);
    waiting = waiting.filter((unit) => !ready.includes(unit));
  }
}

async function runTogether(units: readonly Unit[], context: Context): Promise<void> {
  const { signal, onEvent } = context.options;
  const tasks = new Map<TaskCall, { readonly id: string; readonly hash: string }>();
  for (const unit of units) {
    const { hash, stale } = await loopState(unit, context);
    for (const id of stale) tasks.set(callOf(unit, { id, hash }, context), { id, hash });
  }
  const loop = units.map(({ name }) => name).join(", ");
  await poolTasks([...tasks.keys()], {
    ...(signal && { signal }),
    onProgress: (done, total) => onEvent?.({ kind: "round", loop, done, total }),
    onEnd: async (call, ended) => {
      if (signal?.aborted) return;
      const { id, hash } = tasks.get(call)!;
      const seconds = "value" in ended ? ended.seconds : 0;
      const start = new Date(Date.now() - 1000 * seconds);
      const result = { ...stamp(id, hash, start), parameters: call.parameters };
      if ("value" in ended) await keep(context, { ...result, exitCode: 0 }, { value: ended.value });
      else await keep(context, { ...result, exitCode: 1, message: messageOf(ended.error) });
    },
  });
}

/** Run one round in this thread and keep its value, or why it has none. */
export async function runRound(
  unit: Unit,
  id: string,
  run: {
    readonly hash: string;
    readonly context: Context;
    readonly codeOf: (error: unknown) => number;
  },
): Promise<TaskResult> {
  const { hash, context, codeOf } = run;
  const call = callOf(unit, { id, hash }, context);
  const start = new Date();
  try {
    const { signal, packed } = context.options;
    const modules = packed?.modules;
    const value = await callTask(call, { ...(signal && { signal }), ...(modules && { modules }) });
    const result = { ...stamp(id, hash, start), exitCode: 0, parameters: call.parameters };
    await keep(context, result, { value });
    return result;
  } catch (error) {
    const result = {
      ...stamp(id, hash, start),
      exitCode: codeOf(error),
      message: messageOf(error),
    };
    await keep(context, result);
    return result;
  }
}

/** The facts of a task that ends now. */
export function stamp(id: string, hash: string, start: Date): Omit<TaskResult, "exitCode"> {
  const end = new Date();
  const { SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: element, SLURM_JOB_ID } = process.env;
  const job = array === undefined ? SLURM_JOB_ID : `${array}_${element}`;
  return {
    version: 1,
    id,
    hash,
    start: start.toISOString(),
    end: end.toISOString(),
    seconds: (end.getTime() - start.getTime()) / 1000,
    host: process.env.SLURMD_NODENAME ?? hostname(),
    ...(job !== undefined && { job }),
  };
}

/** Write the file of a task; one with a value needs its checkpoints no more. */
export async function keep(
  { runFolder }: Context,
  result: TaskResult,
  value?: { readonly value: unknown },
): Promise<void> {
  await writeWhole(taskPath(runFolder, result.id), formatTask(result, value));
  if (value !== undefined) {
    await rm(checkpointsOf(runFolder, result.id), { recursive: true, force: true });
  }
}

/** Where the checkpoints of a task are, those of each hash in a folder. */
function checkpointsOf(runFolder: string, id: string): string {
  return taskPath(runFolder, id).replace(/\.task$/, ".checkpoints");
}

function callOf(
  unit: Unit,
  { id, hash }: { readonly id: string; readonly hash: string },
  { options, runFolder }: Context,
): TaskCall {
  const { node, loop } = unit;
  const units = listUnits({ nodes: [node], needs: new Map() }, options.profile);
  const earlier = (loop!.after ?? []).map((name) => {
    const { tasks } = units.find((other) => other.name === `${node.name}/${name}`)!;
    return [name, { ids: tasks }];
  });
  return {
    earlier: Object.fromEntries(earlier),
    module: loop!.module,
    run: loop!.run,
    folder: dirname(node.path),
    index: unit.tasks.indexOf(id),
    count: unit.tasks.length,
    parameters: toldParameters(node, options.profile),
    runFolder,
    checkpoints: join(checkpointsOf(runFolder, id), hash.slice(0, 16)),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
