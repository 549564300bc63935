/** Big loops as tasks: computed before the notebook by whoever runs it, or here and now in worker threads. */

import { resolve } from "node:path";
import { cores, makePool, workerFile } from "./pool.js";
import type { TaskCall, Watch } from "./taskcall.js";
import { readValues } from "./taskfile.js";

/** A loop whose rounds do not need each other. */
export interface TaskLoop {
  /** name of the loop, as the notebook's `metadata.carbonbook.tasks` has it */
  readonly name: string;
  /** a room of the library as `carbonbook/catchment`, or a file beside the notebook as `./members.mjs` */
  readonly module: string;
  /** name of its exported function, which takes a `TaskInput` and returns the value of one round */
  readonly run: string;
  /** how many rounds */
  readonly count: number;
  /** what the function needs of the notebook's parameters, by name */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** the run's folder */
  readonly runFolder: string;
  /** by hand: the values of the loops it comes after, by their names */
  readonly earlier?: Readonly<Record<string, readonly unknown[]>>;
}

/** How the rounds are run where nobody ran them before. */
export interface TaskOptions {
  /** threads; as many as there are cores by default */
  readonly workers?: number;
  /** told how many rounds are done, with the shares of those that run */
  readonly onProgress?: (done: number, total: number) => void;
  /** rounds that run stop when they next report, no other starts */
  readonly signal?: AbortSignal;
}

/** How often progress and the wish to stop are looked at [ms]. */
const GLANCE = 300;

/**
 * The values of all rounds of a loop, in their order.
 *
 * Within a run of the graph (environment variable `CARBONBOOK_TASKS`: the notebook's name) the
 * rounds ran before the notebook, in worker threads or as jobs of a cluster, and are read. By
 * hand they are computed now, in worker threads.
 *
 * @throws {DataError} if a round that ran before is not there, or was told other parameters
 * @throws {ArgumentError} if the module has no such function
 */
export async function runTasks<R>(loop: TaskLoop, options: TaskOptions = {}): Promise<R[]> {
  const notebook = process.env.CARBONBOOK_TASKS ?? "";
  return notebook === "" ? computeAll(loop, options) : collect(loop, notebook);
}

/** What the rounds that ran before came to, if they were told what the notebook says now. */
function collect<R>(loop: TaskLoop, notebook: string): Promise<R[]> {
  const { name, count, parameters, runFolder } = loop;
  const ids = Array.from({ length: count }, (_, index) => `${notebook}/${name}/${index}`);
  return readValues<R>(runFolder, ids, (told) => {
    const other = Object.keys(parameters).find((key) => text(parameters[key]) !== text(told[key]));
    if (other === undefined) return undefined;
    const [wanted, got] = [parameters, told].map((set) => `${other} = ${text(set[other])}`);
    return { wanted: wanted!, got: got! };
  });
}

async function computeAll<R>(loop: TaskLoop, options: TaskOptions): Promise<R[]> {
  const { module, run, count, parameters } = loop;
  const runFolder = resolve(loop.runFolder);
  const earlier = Object.fromEntries(
    Object.entries(loop.earlier ?? {}).map(([name, values]) => [name, { values }]),
  );
  const call = { module, run, count, parameters, runFolder, earlier, folder: process.cwd() };
  const calls = Array.from({ length: count }, (_, index) => ({ ...call, index }));
  const values = new Array<R>(count);
  await poolTasks(calls, {
    ...options,
    onEnd: async ({ index }, ended) => {
      options.signal?.throwIfAborted();
      if ("error" in ended) throw ended.error;
      values[index] = ended.value as R;
    },
  });
  return values;
}

/** The value of a task and how long it took [s], or why it has none. */
export type Ended =
  | { readonly value: unknown; readonly seconds: number }
  | { readonly error: unknown };

/**
 * Run tasks in a pool of worker threads, to the end of the last one.
 *
 * Threads are never cut off in the middle of a task: native code in them would take the process along.
 *
 * @param options.onEnd is told each value, or else the error, as tasks end; if it throws, those that
 *                      run are awaited and no other is started
 */
export async function poolTasks(
  calls: readonly TaskCall[],
  options: TaskOptions & { readonly onEnd: (call: TaskCall, ended: Ended) => Promise<void> },
): Promise<void> {
  if (calls.length === 0) return;
  const { signal, onEnd, onProgress } = options;
  const workers = Math.max(1, Math.min(options.workers ?? cores(), calls.length));
  const pool = makePool(workerFile(import.meta.url, "taskcall"), "timeTask", workers);
  const watches = calls.map((): Watch => new Int32Array(new SharedArrayBuffer(8)));
  let [next, ended] = [0, 0];
  const glance = setInterval(() => {
    if (signal?.aborted) for (const watch of watches) Atomics.store(watch, 1, 1);
    const shares = watches.reduce((sum, watch) => sum + Atomics.load(watch, 0) / 1000, 0);
    if (ended < calls.length) onProgress?.(shares, calls.length);
  }, GLANCE);
  const serve = async () => {
    while (next < calls.length) {
      const at = next++;
      const call = calls[at]!;
      const watch = watches[at]!;
      const end: Ended = signal?.aborted
        ? { error: signal.reason }
        : await pool.run<Ended>({ call, watch }).catch((error: unknown) => ({ error }));
      await onEnd(call, end).catch((error: unknown) => {
        next = calls.length;
        throw error;
      });
      ended++;
      Atomics.store(watch, 0, 1000);
    }
  };
  try {
    const served = await Promise.allSettled(Array.from({ length: workers }, serve));
    const failed = served.find((server) => server.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    onProgress?.(calls.length, calls.length);
  } finally {
    clearInterval(glance);
    await pool.close();
  }
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
