/**
 * What to do about a task whose job is gone and that is not done. The rule: what ran out of memory
 * or time is tried again with `growth` times as much, as far as the limits go; what was lost with
 * its node or killed is tried again as it was; each at most `retries` times. A task that failed by
 * itself (a cell or round that threw, data that are missing) is not tried again: it would fail again.
 */

import { readFile } from "node:fs/promises";
import type { TaskResult } from "../parallel/index.js";
import type { FailureKind } from "./engine.js";
import type { Tries } from "./slurm-ledger.js";
import type { ClusterProfile, Demands } from "./slurm-profile.js";

/** How a task ended badly. */
export type Ending = "memory" | "time" | "lost" | "cancelled" | "failed";

/** What is known of the end of a task. */
export interface Evidence {
  /** what the task itself left */
  readonly result: TaskResult | undefined;
  /** what Slurm says of its job, as `OUT_OF_MEMORY` */
  readonly state: string | undefined;
  /** the job's log */
  readonly log: string;
}

/** Tell from the evidence how a task ended. */
export function tellEnding({ result, state, log }: Evidence): Ending {
  if (result !== undefined) {
    if (result.exitCode === 137) return "memory";
    return result.exitCode === 138 ? "lost" : "failed";
  }
  if (state === "OUT_OF_MEMORY" || /oom.kill|exceeded memory limit|heap out of memory/i.test(log)) {
    return "memory";
  }
  if (state === "TIMEOUT" || state === "DEADLINE" || /DUE TO TIME LIMIT/.test(log)) return "time";
  return state === "CANCELLED" ? "cancelled" : "lost";
}

/** The last run of a job in its log, which requeued runs append to; empty if there is none. */
export async function readLog(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.slice(-20_000);
}

/** What a task may ask for in its next try; undefined if there is none. */
export function nextTry(
  ending: Ending,
  tries: Tries,
  cluster: ClusterProfile,
): Demands | undefined {
  const { demands } = tries;
  if (ending === "failed" || ending === "cancelled" || tries.times > cluster.retries) {
    return undefined;
  }
  const memory = Math.min(cluster.maxMemory, demands.memory * cluster.growth);
  const minutes = Math.min(cluster.maxMinutes, demands.minutes * cluster.growth);
  if (ending === "memory") return memory > demands.memory ? { ...demands, memory } : undefined;
  if (ending === "time") return minutes > demands.minutes ? { ...demands, minutes } : undefined;
  return demands;
}

/** Say how a task ended, for its reader. */
export function describeEnding(
  ending: Ending,
  { demands }: Tries,
  { result, state, log }: Evidence,
): string {
  switch (ending) {
    case "memory":
      return `ran out of memory with ${demands.memory} MB`;
    case "time":
      return `took longer than ${demands.minutes} minutes`;
    case "cancelled":
      return "its job was cancelled";
    case "lost":
      return `was lost (${state ?? "its job left no trace"})${lastError(log)}`;
    case "failed":
      return result?.message ?? `failed with exit code ${result?.exitCode}`;
  }
}

/** The last line of a log that names an error. */
function lastError(log: string): string {
  const line = log.split("\n").findLast((text) => /error|fatal|not found/i.test(text));
  return line === undefined ? "" : `: ${line.trim()}`;
}

/** The kind of failure that an ending is. */
export function kindOfEnding(ending: Ending, result: TaskResult | undefined): FailureKind {
  if (ending === "memory") return "memory";
  if (ending === "time") return "timeout";
  if (ending === "lost") return "dead";
  if (ending === "cancelled") return "interrupted";
  return result?.exitCode === 3 ? "data" : result?.exitCode === 4 ? "busy" : "error";
}
