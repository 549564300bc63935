/** Making twin oceans: one thread a run, one file a run, and a file that is there is not made again. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { ArgumentError, BusyError, EnvironmentError, NumericError } from "../core/index.js";
import { TWIN_PHYSICS } from "./twin-physics.js";
import type { TwinProfile } from "./twin-profile.js";
import { profilePath } from "./twin-run.js";
import { TWIN_SIZES, type TwinSize, twinSteps } from "./twin-size.js";
import type { TwinMessage, TwinWorkerData } from "./twin-worker.js";

/** What to make. */
export interface TwinOptions {
  /** a size by name, or its numbers; `quick` by default */
  readonly size?: keyof typeof TWIN_SIZES | TwinSize;
  /** one independent run for each seed */
  readonly seeds: readonly number[];
  /** folder of the files, made if it is not there */
  readonly folder: string;
  /** threads at a time; 2 by default */
  readonly threads?: number;
  /** told of days done, of all runs together */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A run that is made. */
export interface TwinRun {
  readonly seed: number;
  /** CROCO file: `openTwin` wraps it around, `openOcean` reads it as it is */
  readonly path: string;
  readonly profile: TwinProfile;
  /** whether it was there already */
  readonly cached: boolean;
}

/** Number of the files' layout and the scheme; a new one makes new files. */
const SCHEMA = 1;

/**
 * Make twin oceans, or find them made. The same seed, size and physics give the same values,
 * whatever the number of threads.
 *
 * @returns one run per seed, in their order
 * @throws {ArgumentError} if the size does not fit together or the step is too long, before
 *   anything is made
 * @throws {NumericError} if a flow blows up
 * @throws {BusyError} if the disk is full
 */
export async function makeTwinOcean(options: TwinOptions): Promise<TwinRun[]> {
  const size = twinSize(options.size ?? "quick");
  twinSteps(size);
  const { threads = 2, signal } = options;
  checkList(options.seeds, threads);
  signal?.throwIfAborted();
  mkdirSync(options.folder, { recursive: true });
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  const onAbort = () => Atomics.store(cancel, 0, 1);
  signal?.addEventListener("abort", onAbort, { once: true });
  const tell = makeTeller(options, size);
  const tasks = options.seeds.map((seed) => ({
    seed,
    size,
    path: twinPath(options.folder, seed, size),
  }));
  try {
    return await inTurns(tasks, threads, (task, index) =>
      makeOne({ task, cancel }, (day) => tell(index, day)),
    );
  } catch (error) {
    Atomics.store(cancel, 0, 1);
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The file of a run, whether it is there or not. */
export function twinPath(folder: string, seed: number, size: TwinOptions["size"]): string {
  const numbers = twinSize(size ?? "quick");
  const facts = JSON.stringify({ schema: SCHEMA, physics: TWIN_PHYSICS, size: numbers });
  const digest = createHash("sha256").update(facts).digest("hex").slice(0, 12);
  return join(folder, `twin-${digest}-seed${seed}.nc`);
}

/** The numbers of a size. */
export function twinSize(size: NonNullable<TwinOptions["size"]>): TwinSize {
  if (typeof size !== "string") return size;
  if (Object.hasOwn(TWIN_SIZES, size)) return TWIN_SIZES[size];
  const wanted = Object.keys(TWIN_SIZES).join(", ");
  throw new ArgumentError({
    what: "twin size",
    wanted,
    got: `"${size}"`,
    remedy: "larger oceans are model output: see docs/howto/own-model-output.md",
  });
}

function checkList(seeds: readonly number[], threads: number): void {
  if (!(threads >= 1)) {
    throw new ArgumentError({ what: "threads", wanted: "1 or more", got: `${threads}` });
  }
  if (!seeds.every(Number.isInteger) || new Set(seeds).size < seeds.length) {
    const got = seeds.join(", ");
    throw new ArgumentError({ what: "seeds", wanted: "different whole numbers", got });
  }
}

function makeTeller({ seeds, onProgress }: TwinOptions, size: TwinSize) {
  const days = seeds.map(() => 0);
  return (index: number, day: number) => {
    days[index] = day;
    const done = days.reduce((sum, value) => sum + value, 0);
    onProgress?.(done, seeds.length * (size.spinUpDays + size.days));
  };
}

/** Work on a list, `width` items at a time, and keep the results in order. */
async function inTurns<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}

async function makeOne(data: TwinWorkerData, onDay: (day: number) => void): Promise<TwinRun> {
  const { seed, path } = data.task;
  const cached = existsSync(path) && existsSync(profilePath(path));
  const profile = cached
    ? (JSON.parse(readFileSync(profilePath(path), "utf8")) as TwinProfile)
    : await inThread(data, onDay);
  return { seed, path, profile, cached };
}

/** Run a task in a thread of its own, from the built library. */
function inThread(data: TwinWorkerData, onDay: (day: number) => void): Promise<TwinProfile> {
  const here = fileURLToPath(import.meta.url);
  const file = here.endsWith(".ts")
    ? join(dirname(here), "../dist/ocean/twin-worker.js")
    : join(dirname(here), "twin-worker.js");
  if (!existsSync(file)) {
    throw new EnvironmentError({
      what: file,
      wanted: "the built library",
      remedy: "npm run build",
    });
  }
  return new Promise((resolve, reject) => {
    // options of a program that came by standard input are not for a file
    const worker = new Worker(file, { workerData: data, execArgv: [] });
    worker.on("message", (message: TwinMessage) => {
      if (message.kind === "progress") onDay(message.done);
      else if (message.kind === "done") resolve(message.profile);
      else reject(errorOf(message));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      reject(new EnvironmentError({ what: "thread of the twin ocean", got: `exit code ${code}` }));
    });
  });
}

/** An error that crossed a thread, made again. */
function errorOf({ tag, problem }: TwinMessage & { kind: "failed" }): Error {
  if (tag === "argument") return new ArgumentError(problem);
  if (tag === "numeric") return new NumericError(problem);
  if (tag === "busy") return new BusyError(problem);
  return new EnvironmentError(problem);
}
