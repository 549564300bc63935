/** What runs on the worker thread of one ensemble member. Started by `ensemble-training.ts`. */

import { parentPort, workerData } from "node:worker_threads";
import { isCarbonbookError, type Problem } from "../core/index.js";
import { openEngine } from "./engine.js";
import type { MemberMessage, MemberTask } from "./ensemble-training.js";
import { openSource } from "./source.js";
import { train } from "./training.js";

const port = parentPort!;
const say = (message: MemberMessage) => port.postMessage(message);
const stop = new AbortController();
port.on("message", () => stop.abort());

async function run({ network, data, options }: MemberTask): Promise<void> {
  const engine = await openEngine({ threads: options.threads ?? 2 });
  const trainSource = await openSource(data.train);
  const validation = data.validation === undefined ? undefined : await openSource(data.validation);
  try {
    const sources =
      validation === undefined ? { train: trainSource } : { train: trainSource, validation };
    const { model, history, bestEpoch, stopped } = await train(network, sources, {
      ...options,
      engine,
      signal: stop.signal,
      onEpoch: (record) => say({ kind: "epoch", record }),
      onProgress: (done, total) => say({ kind: "progress", done, total }),
    });
    say({ kind: "done", weights: model.weights, history, bestEpoch, stopped });
  } finally {
    trainSource.close();
    validation?.close();
  }
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
