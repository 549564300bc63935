/** What runs on the worker thread of one ensemble member. Started by `ensemble-training.ts`. */

import { parentPort, workerData } from "node:worker_threads";
import { isCarbonbookError, type Problem } from "../core/index.js";
import type { MemberMessage } from "./ensemble-training.js";
import { type MemberTask, trainMember } from "./member.js";

const port = parentPort!;
const say = (message: MemberMessage) => port.postMessage(message);
const stop = new AbortController();
port.on("message", () => stop.abort());

async function run(task: MemberTask): Promise<void> {
  const member = await trainMember(task, {
    signal: stop.signal,
    onEpoch: (record) => say({ kind: "epoch", record }),
    onProgress: (done, total) => say({ kind: "progress", done, total }),
  });
  say({ kind: "done", member });
}

run(workerData as MemberTask)
  .catch((error: unknown) => {
    const tag = isCarbonbookError(error) ? error.tag : undefined;
    const problem = isCarbonbookError(error) ? withoutCause(error.problem) : { what: "member" };
    const message = error instanceof Error ? error.message : String(error);
    say({ kind: "failed", tag, problem, message });
  })
  .finally(() => port.close());

/** A cause may hold what cannot be sent to another thread. */
function withoutCause({ cause: _cause, ...problem }: Problem): Problem {
  return problem;
}
