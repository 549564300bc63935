/** Jobs that are gone: what became of their tasks, and which are tried again. */

import { join } from "node:path";
import { readTask } from "../parallel/index.js";
import { readState } from "./slurm-command.js";
import { writeLedger } from "./slurm-ledger.js";
import {
  describeEnding,
  type Ending,
  type Evidence,
  kindOfEnding,
  nextTry,
  readLog,
  tellEnding,
} from "./slurm-verdict.js";
import type { Watch } from "./slurm-watch.js";
import type { Unit } from "./unit.js";
import { demandsOf } from "./unitcost.js";

/** Look at the elements that are no longer in the queue; each once, and not before the second look. */
export async function settleAll(watch: Watch, queue: ReadonlySet<string>): Promise<void> {
  const { ledger, settled, leaving, context } = watch;
  for (const job of ledger.jobs) {
    for (const [i, tasks] of job.elements.entries()) {
      const element = `${job.id}_${i}`;
      if (queue.has(element) || settled.has(element)) continue;
      const isDone = tasks.every((task) => watch.progress.done.has(task));
      if (!isDone && !leaving.has(element)) {
        leaving.add(element); // a file of a node may need a moment to be seen here
        continue;
      }
      settled.add(element);
      if (!isDone) await settle(watch, element, tasks);
    }
  }
  const open = ledger.jobs.filter(({ id, elements }) =>
    elements.some((_, i) => !settled.has(`${id}_${i}`)),
  );
  if (open.length < ledger.jobs.length) {
    ledger.jobs = open;
    await writeLedger(context.runFolder, ledger);
  }
}

/**
 * Judge the tasks of an element that ended early: those that left word, and the first that did
 * not, or all where none began.
 */
async function settle(watch: Watch, element: string, tasks: readonly string[]): Promise<void> {
  const { progress, unitOf, units, context, place } = watch;
  const unready = (unit: Unit) =>
    units.some((other) => unit.needs.includes(other.name) && !progress.isDone(other));
  const log = await readLog(join(place.folder, "logs", `${element}.log`));
  const state = await readState(element);
  for (const task of tasks) {
    if (progress.done.has(task) || unready(unitOf.get(task)!)) continue;
    const result = (await readTask(context.runFolder, task))?.result;
    const word = result?.exitCode === 0 ? undefined : result;
    await conclude(watch, task, { result: word, state, log });
    if (word === undefined && /: start$/m.test(log)) break; // those after it did not begin
  }
}

async function conclude(watch: Watch, task: string, evidence: Evidence): Promise<void> {
  const { ledger, options, context, failed } = watch;
  const demands =
    ledger.tries[task]?.demands ?? demandsOf(watch.unitOf.get(task)!, options.cluster);
  const ending: Ending = tellEnding(evidence);
  const tries = { times: (ledger.tries[task]?.times ?? 0) + 1, demands, last: ending };
  const why = describeEnding(ending, tries, evidence);
  const next = nextTry(ending, tries, options.cluster);
  ledger.tries[task] = { ...tries, demands: next ?? demands };
  await writeLedger(context.runFolder, ledger);
  if (next === undefined) {
    const times = tries.times === 1 ? "" : ` (tried ${tries.times} times)`;
    failed.set(task, { kind: kindOfEnding(ending, evidence.result), message: `${why}${times}` });
    options.onSlurm?.({ kind: "failed", task, why: `${why}${times}` });
  } else {
    const how = `${next.memory} MB, ${next.minutes} minutes`;
    options.onSlurm?.({ kind: "again", task, why, how });
  }
}
