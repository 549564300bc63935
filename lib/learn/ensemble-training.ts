/** Training the members of an ensemble, each on a worker thread. */

import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  ArgumentError,
  BusyError,
  type CarbonbookError,
  DataError,
  EnvironmentError,
  MissingVariableError,
  NumericError,
  type Problem,
  ShapeError,
} from "../core/index.js";
import type { Network } from "./layer.js";
import type { Member, MemberOptions, MemberTask } from "./member.js";
import type { SourceDescription } from "./source.js";
import type { EpochRecord } from "./training-state.js";

/** How to train an ensemble. Member i has the seed `seed` + i. */
export interface EnsembleTraining {
  readonly members: number;
  /** members trained at a time, 1 by default; the result does not depend on it */
  readonly workers?: number;
  /** keep each member's state after each epoch in a file that begins so, and go on from what is there */
  readonly checkpoints?: string | undefined;
  readonly onEpoch?: (member: number, record: EpochRecord) => void;
  readonly onProgress?: (done: number, total: number) => void;
  /** members under way finish their step, then stop */
  readonly signal?: AbortSignal;
}

/** What a worker says. */
export type MemberMessage =
  | { readonly kind: "epoch"; readonly record: EpochRecord }
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "done"; readonly member: Member }
  | {
      readonly kind: "failed";
      readonly tag: string | undefined;
      readonly problem: Problem;
      readonly message: string;
    };

/**
 * Train members that differ only in their seed. Workers are never ended from outside: asked to
 * stop, or after another's failure, each finishes its step and ends by itself.
 *
 * @throws what the first failing member threw, its number in front
 */
export async function trainEnsemble(
  network: Network,
  data: MemberTask["data"],
  options: MemberOptions,
  ensemble: EnsembleTraining,
): Promise<Member[]> {
  const { members, workers = 1, checkpoints, signal } = ensemble;
  checkMembers(members);
  const drain = new AbortController();
  const stop = signal === undefined ? drain.signal : AbortSignal.any([drain.signal, signal]);
  const shares = new Float64Array(members);
  const trained: Member[] = [];
  const failures: unknown[] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < members && !stop.aborted) {
      const member = next++;
      const seed = options.seed + member;
      const task = {
        network,
        data: shareData(data),
        options: { ...options, seed },
        ...(checkpoints !== undefined && { checkpoint: `${checkpoints}-${member + 1}.nc` }),
      };
      try {
        trained[member] = await trainInWorker(task, stop, (message) => {
          if (message.kind === "epoch") ensemble.onEpoch?.(member + 1, message.record);
          if (message.kind !== "progress") return;
          shares[member] = message.done / message.total;
          ensemble.onProgress?.(
            shares.reduce((total, share) => total + share, 0),
            members,
          );
        });
      } catch (error) {
        failures.push(inMember(error, member + 1));
        drain.abort();
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, members) }, work));
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return trained;
}

function checkMembers(members: number): void {
  if (Number.isInteger(members) && members >= 1) return;
  throw new ArgumentError({ what: "members", wanted: "an integer from 1", got: `${members}` });
}

async function trainInWorker(
  task: MemberTask,
  stop: AbortSignal,
  listen: (message: MemberMessage) => void,
): Promise<Member> {
  const worker = new Worker(workerFile(), { workerData: task });
  const ask = () => worker.postMessage("stop");
  stop.addEventListener("abort", ask, { once: true });
  try {
    const last = await lastMessage(worker, listen);
    if (last.kind === "failed") throw revive(last);
    if (last.kind !== "done") throw new Error("worker ended without a result");
    return last.member;
  } finally {
    stop.removeEventListener("abort", ask);
  }
}

/** The last thing a worker says before it ends by itself. */
function lastMessage(
  worker: Worker,
  listen: (message: MemberMessage) => void,
): Promise<MemberMessage> {
  return new Promise((resolve, reject) => {
    let last: MemberMessage | undefined;
    worker.on("message", (message: MemberMessage) => {
      last = message;
      listen(message);
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (last === undefined) reject(new Error(`worker ended with code ${code}`));
      else resolve(last);
    });
  });
}

/** Put arrays where all threads see them, so that they are not copied to each member. */
function shareData(data: MemberTask["data"]): MemberTask["data"] {
  const { train, validation } = data;
  const shared = { train: share(train) };
  return validation === undefined ? shared : { ...shared, validation: share(validation) };
}

function share(source: SourceDescription): SourceDescription {
  if (source.kind !== "arrays") return source;
  const arrays = Object.entries(source.arrays).map(([name, { data, shape }]) => {
    if (data.buffer instanceof SharedArrayBuffer) return [name, { data, shape }] as const;
    const copy = new Float32Array(new SharedArrayBuffer(4 * data.length));
    copy.set(data);
    return [name, { data: copy, shape }] as const;
  });
  return { kind: "arrays", arrays: Object.fromEntries(arrays) };
}

/** The worker's file in dist, also when this file runs from its source. */
function workerFile(): string {
  const here = import.meta.url;
  const built = here.endsWith(".ts")
    ? new URL("../dist/learn/ensemble-worker.js", here)
    : new URL("./ensemble-worker.js", here);
  return fileURLToPath(built);
}

const ERRORS = {
  argument: ArgumentError,
  busy: BusyError,
  data: DataError,
  environment: EnvironmentError,
  "missing-variable": MissingVariableError,
  numeric: NumericError,
  shape: ShapeError,
} as const;

function revive({ tag, problem, message }: Extract<MemberMessage, { kind: "failed" }>): Error {
  const known = ERRORS[tag as keyof typeof ERRORS] as
    | (typeof ERRORS)[keyof typeof ERRORS]
    | undefined;
  return known === undefined ? new Error(message) : new known(problem);
}

function inMember(error: unknown, member: number): unknown {
  const { tag, problem } = error as Partial<CarbonbookError>;
  const known = ERRORS[tag as keyof typeof ERRORS];
  if (known === undefined || problem === undefined) return error;
  const where = [`member ${member}`, problem.where].filter(Boolean).join(", ");
  return new known({ ...problem, where });
}
