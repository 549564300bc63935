/** One task of a big loop: a function of a module, called by its name with a number. Runs in a worker as well as in a job. */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError } from "../core/index.js";

/** What the function of a task is told. */
export interface TaskInput {
  /** which task this is, from 0 */
  readonly index: number;
  /** how many there are */
  readonly count: number;
  /** the parameters of the notebook, by name */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** absolute path of the run's folder, with the artifacts that other notebooks wrote */
  readonly runFolder: string;
}

/** A task and where its function is. */
export interface TaskCall extends TaskInput {
  /** a room of the library as `carbonbook/catchment`, or a file as `./members.mjs` */
  readonly module: string;
  /** name of the exported function, which takes a `TaskInput` */
  readonly run: string;
  /** absolute path of the folder that `./` means */
  readonly folder: string;
}

/**
 * Call the function of a task.
 *
 * @returns what it returns: anything that a structured clone copies
 * @throws {ArgumentError} if the module does not export such a function
 */
export async function callTask(call: TaskCall): Promise<unknown> {
  const { module, run, folder, ...rest } = call;
  const isFile = module.startsWith(".");
  const address = isFile ? pathToFileURL(resolve(folder, module)).href : module;
  const exported = (await import(address)) as Readonly<Record<string, unknown>>;
  const task = exported[run];
  if (typeof task !== "function") {
    const got = Object.keys(exported).join(", ") || "nothing";
    throw new ArgumentError({ what: module, wanted: `a function named ${run}`, got });
  }
  const { index, count, parameters, runFolder } = rest;
  return task({ index, count, parameters, runFolder } satisfies TaskInput);
}

/** Call the function of a task and say how long it took [s]. */
export async function timeTask(call: TaskCall): Promise<{ value: unknown; seconds: number }> {
  const start = performance.now();
  const value = await callTask(call);
  return { value, seconds: (performance.now() - start) / 1000 };
}
