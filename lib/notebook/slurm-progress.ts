/** Which tasks are done, told from their files alone: it holds whoever ran them, and where. */

import { join } from "node:path";
import { readTask } from "../parallel/index.js";
import {
  type Context,
  fingerprintLoop,
  fingerprintOf,
  hashOf,
  parametersOf,
  reasonsToRun,
} from "./noderun.js";
import { readRecord } from "./record.js";
import type { Unit } from "./unit.js";

/** The state of all tasks. */
export interface Progress {
  /** ids of the tasks that are done */
  readonly done: ReadonlySet<string>;
  isDone(unit: Unit): boolean;
  /** Look again at all units whose needs are done. */
  refresh(): Promise<void>;
}

/** Start to follow the tasks of some units, which are in the order of their needs. */
export function makeProgress(units: readonly Unit[], context: Context): Progress {
  const done = new Set<string>();
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  const hashes = new Map<string, string>();
  const isDone = (unit: Unit) => unit.tasks.every((task) => done.has(task));
  const isReady = (unit: Unit) => unit.needs.every((need) => isDone(byName.get(need)!));
  const hashOfLoop = async (unit: Unit) => {
    const known = hashes.get(unit.name);
    if (known !== undefined) return known;
    const hash = hashOf(await fingerprintLoop(unit.node, unit.loop!, context));
    hashes.set(unit.name, hash);
    return hash;
  };
  return {
    done,
    isDone,
    async refresh() {
      for (const unit of units) {
        if (isDone(unit) || !isReady(unit)) continue;
        if (unit.loop === undefined) {
          if (await isCurrent(unit, context)) done.add(unit.name);
          continue;
        }
        const hash = await hashOfLoop(unit);
        for (const task of unit.tasks.filter((id) => !done.has(id))) {
          const found = await readTask(context.runFolder, task);
          if (found?.result.exitCode === 0 && found.result.hash === hash) done.add(task);
        }
      }
    },
  };
}

async function isCurrent({ node }: Unit, context: Context): Promise<boolean> {
  const record = await readRecord(context.runFolder, node.name);
  if (record === undefined || record.status === "failed") return false;
  const fingerprint = await fingerprintOf(node, parametersOf(node, context), context);
  const executed = join(context.runFolder, "notebooks", `${node.name}.ipynb`);
  return (await reasonsToRun(node, { fingerprint, record, executed, context })).length === 0;
}
