/** What a task of a unit asks for and how long it takes, as far as it is known before it runs. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type TaskResult, taskPath } from "../parallel/index.js";
import { type RunRecord, recordPath } from "./record.js";
import type { ClusterProfile, Demands } from "./slurm-profile.js";
import type { Unit } from "./unit.js";

/** What a notebook takes that never ran [s]. */
const NOTEBOOK_SECONDS = 600;
/** What a round takes that never ran and says nothing of it [s]. */
const ROUND_SECONDS = 60;

/** What the cluster file lets a unit ask for. */
export function demandsOf({ name }: Unit, cluster: ClusterProfile): Demands {
  const { cpus, memory, minutes, gpus } = { ...cluster, ...cluster.units[name] };
  return { cpus, memory, minutes, gpus };
}

/** About how long a task of a unit takes [s]: as it took last, else as it is declared, else a guess. */
export function secondsOf(unit: Unit, runFolder: string): number {
  if (unit.loop === undefined) {
    const record = parse<RunRecord>(() => readFileSync(recordPath(runFolder, unit.name), "utf8"));
    return record?.status === "completed" ? record.seconds : NOTEBOOK_SECONDS;
  }
  const folder = dirname(taskPath(runFolder, unit.tasks[0]!));
  const last = parse<TaskResult>(() => {
    const name = readdirSync(folder).find((file) => file.endsWith(".task"));
    return readFileSync(`${folder}/${name}`, "latin1").split("\n", 1)[0]!;
  });
  const took = last?.exitCode === 0 ? last.seconds : undefined;
  return took ?? unit.loop.seconds ?? ROUND_SECONDS;
}

function parse<T>(read: () => string): T | undefined {
  try {
    return JSON.parse(read()) as T;
  } catch {
    return undefined; // it has not run yet
  }
}
