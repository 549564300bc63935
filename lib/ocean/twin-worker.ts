/** The thread of one run: takes a task, reports progress, answers with the profile. */

import { parentPort, workerData } from "node:worker_threads";
import { isCarbonbookError, type Problem } from "../core/index.js";
import type { TwinProfile } from "./twin-profile.js";
import { runTwin, type TwinTask } from "./twin-run.js";

/** What the thread is started with; `cancel[0]` turns to 1 when it should stop. */
export interface TwinWorkerData {
  readonly task: TwinTask;
  readonly cancel: Int32Array;
}

/** What the thread says. */
export type TwinMessage =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "done"; readonly profile: TwinProfile }
  | { readonly kind: "failed"; readonly tag: string; readonly problem: Problem };

if (parentPort !== null) {
  const port = parentPort;
  const { task, cancel } = workerData as TwinWorkerData;
  const say = (message: TwinMessage) => port.postMessage(message);
  try {
    const profile = await runTwin(task, {
      onProgress: (done, total) => say({ kind: "progress", done, total }),
      isCancelled: () => Atomics.load(cancel, 0) === 1,
    });
    say({ kind: "done", profile });
  } catch (error) {
    if (!isCarbonbookError(error)) throw error;
    const { cause, ...problem } = error.problem;
    say({ kind: "failed", tag: error.tag, problem: { ...problem, cause: String(cause ?? "") } });
  }
}
