/** A pool of worker threads that share memory with the main one. */

import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { ArgumentError } from "../core/index.js";

/** Worker threads that run one function of one file. */
export interface Pool {
  readonly workers: number;
  /**
   * Run the function on a task in the next free worker. Typed arrays on a `SharedArrayBuffer` and
   * shared `WebAssembly.Memory` in the task are shared, all else is copied.
   */
  run<R>(task: unknown): Promise<R>;
  /** End the threads. A task that still runs is cut off: await those that call native code first. */
  close(): Promise<void>;
}

/**
 * Start a pool.
 *
 * @param file    compiled module whose named export `name` takes a task
 * @param workers how many threads, 1 or more
 * @throws {ArgumentError} if `workers` is no whole number above 0
 */
export function makePool(file: string, name: string, workers: number): Pool {
  checkWorkers(workers);
  const piscina = new Piscina({
    filename: file,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  return {
    workers,
    run: (task) => piscina.run(task, { name }),
    close: () => {
      piscina.on("error", ignoreLateAnswer);
      return piscina.destroy();
    },
  };
}

/** An answer that was on its way when the pool closed has nobody waiting for it; piscina calls that an error. */
function ignoreLateAnswer(): void {}

/** Check a number of workers. */
export function checkWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1) return;
  throw new ArgumentError({
    what: "workers",
    wanted: "a whole number above 0",
    got: `${workers}`,
  });
}

/** Threads that this machine can run at once. */
export function cores(): number {
  return availableParallelism();
}

/**
 * The compiled file of a worker module beside a module, which may itself run from source.
 *
 * @param url  `import.meta.url` of the module beside it
 * @param name file name without its ending
 */
export function workerFile(url: string, name: string): string {
  const file = fileURLToPath(new URL(`./${name}.js`, url));
  return url.endsWith(".ts")
    ? file.replace(/([\\/])lib([\\/])(?!.*[\\/]lib[\\/])/, "$1lib$2dist$2")
    : file;
}
