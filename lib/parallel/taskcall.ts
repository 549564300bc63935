/** One task of a big loop: a function of a module, called by its name with a number. Runs in a worker as well as in a job. */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError } from "../core/index.js";
import { readValues } from "./taskfile.js";

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
  /** the values of all rounds of the loops it comes after, by the loops' names */
  readonly earlier: Readonly<Record<string, readonly unknown[]>>;
  /** Say what share is done, 0 to 1; a wish to stop is heard then. */
  report(share: number): void;
  /** aborted where somebody wishes it to stop */
  readonly signal: AbortSignal;
  /**
   * folder, made by whoever writes there first, of what a round that was killed goes on from: kept
   * until it ends well, another one as soon as it would come to something else. None by hand.
   */
  readonly checkpoints?: string | undefined;
}

/** A task and where its function is. */
export interface TaskCall
  extends Pick<TaskInput, "index" | "count" | "parameters" | "runFolder" | "checkpoints"> {
  /** a room of the library as `carbonbook/catchment`, or a file as `./members.mjs` */
  readonly module: string;
  /** name of the exported function, which takes a `TaskInput` */
  readonly run: string;
  /** absolute path of the folder that `./` means */
  readonly folder: string;
  /** of each loop it comes after: the values, or the ids of the tasks that have them */
  readonly earlier?: Readonly<
    Record<string, { readonly values: readonly unknown[] } | { readonly ids: readonly string[] }>
  >;
}

/** Where modules come from that are not looked for by their names, by these. */
export type Modules = Readonly<Record<string, () => Promise<unknown>>>;

/** How a task is called. */
export interface TaskHooks {
  readonly onReport?: (share: number) => void;
  readonly signal?: AbortSignal;
  readonly modules?: Modules;
}

/**
 * Call the function of a task.
 *
 * @returns what it returns: anything that a structured clone copies
 * @throws {ArgumentError} if the module does not export such a function
 * @throws {DataError} if a round it comes after has no value
 */
export async function callTask(call: TaskCall, hooks: TaskHooks = {}): Promise<unknown> {
  const { module, run, index, count, parameters, runFolder, checkpoints } = call;
  const { signal = new AbortController().signal, onReport } = hooks;
  const exported = await load(call, hooks.modules);
  const task = exported[run];
  if (typeof task !== "function") {
    const got = Object.keys(exported).join(", ") || "nothing";
    throw new ArgumentError({ what: module, wanted: `a function named ${run}`, got });
  }
  const earlier: Record<string, readonly unknown[]> = {};
  for (const [loop, from] of Object.entries(call.earlier ?? {})) {
    earlier[loop] = "values" in from ? from.values : await readValues(runFolder, from.ids);
  }
  const report = (share: number) => onReport?.(share);
  const told = { index, count, parameters, runFolder, checkpoints, earlier };
  return task({ ...told, report, signal } satisfies TaskInput);
}

function load({ module, folder }: TaskCall, modules: Modules = {}) {
  const known = modules[module];
  const isFile = module.startsWith(".");
  const address = isFile ? pathToFileURL(resolve(folder, module)).href : module;
  const loaded = known === undefined ? import(address) : known();
  return loaded as Promise<Readonly<Record<string, unknown>>>;
}

/** Memory that a task shares with whoever runs it: thousandths done, and a wish to stop. */
export type Watch = Int32Array;

/** Call the function of a task in a worker and say how long it took [s]. */
export async function timeTask({
  call,
  watch,
}: {
  readonly call: TaskCall;
  readonly watch: Watch;
}): Promise<{ value: unknown; seconds: number }> {
  const start = performance.now();
  const stop = new AbortController();
  const value = await callTask(call, {
    signal: stop.signal,
    onReport: (share) => {
      Atomics.store(watch, 0, Math.round(1000 * Math.min(1, Math.max(0, share))));
      if (Atomics.load(watch, 1) === 1) stop.abort();
    },
  });
  return { value, seconds: (performance.now() - start) / 1000 };
}
