/**
 * The graph on a cluster under Slurm: job arrays by level, watched by the task files and squeue.
 * All state is in files, so the watching process may end at any time and another go on.
 */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../core/index.js";
import { readTask, taskPath } from "../parallel/index.js";
import { makeBundle } from "./bundle.js";
import { takeLock } from "./lock.js";
import type { ReproduceResult } from "./reproduce.js";
import { cancel, cancelNamed, checkSlurm, readArrayLimit, readQueue } from "./slurm-command.js";
import { dropLedger, readLedger, writeLedger } from "./slurm-ledger.js";
import { planBatches } from "./slurm-plan.js";
import { probeNodes } from "./slurm-probe.js";
import { resultOf } from "./slurm-result.js";
import { settleAll } from "./slurm-settle.js";
import { describeSubmission, submitBatches } from "./slurm-submission.js";
import { liveTasks, openWatch, pendingOf, type SlurmOptions, type Watch } from "./slurm-watch.js";
import { demandsOf, secondsOf } from "./unitcost.js";

/** How a run on a cluster ended, or that it was left with jobs going on. */
export type SlurmResult =
  | { readonly left: readonly string[] }
  | { readonly left: null; readonly result: ReproduceResult };

/**
 * Run the graph on a cluster, or go on with a run that was left.
 *
 * @returns what became of it; where `signal` aborts, jobs go on and their ids are returned
 * @throws {EnvironmentError} if Slurm is absent or refuses, or the folder is not shared
 * @throws {BusyError} if the queue is full or another process watches this run
 * @throws {UsageError} if the cluster cannot give what is asked for
 */
export async function reproduceOnSlurm(options: SlurmOptions): Promise<SlurmResult> {
  await checkSlurm(options.cluster.partition);
  const watch = await openWatch(await fitToSite(options));
  const release = await takeLock(join(watch.context.runFolder, ".lock"));
  const start = new Set<string>();
  try {
    await clearHalfSubmitted(watch);
    await watch.progress.refresh();
    for (const id of watch.progress.done) start.add(id);
    if (watch.ledger.jobs.length > 0) {
      options.onSlurm?.({ kind: "back", jobs: watch.ledger.jobs.map(({ id }) => id) });
    }
    const ended = await follow(watch);
    await watch.context.digester.save();
    if (!ended) return { left: watch.ledger.jobs.map(({ id }) => id) };
    await dropLedger(watch.context.runFolder);
    return { left: null, result: await resultOf(watch, start) };
  } finally {
    await release();
  }
}

/** The batch scripts of a run as they would be submitted now; nothing is. */
export async function planOnSlurm(options: SlurmOptions): Promise<string> {
  const watch = await openWatch(await fitToSite(options));
  await watch.progress.refresh();
  const pending = pendingOf(watch, new Set());
  return describeSubmission(plan(watch, pending), watch.place);
}

/**
 * End all jobs of a run.
 *
 * @returns their ids
 * @throws {EnvironmentError} if Slurm is absent
 */
export async function cancelOnSlurm(runFolder: string): Promise<string[]> {
  const ledger = await readLedger(runFolder);
  if (ledger === undefined) return [];
  await checkSlurm("");
  const ids = ledger.jobs.map(({ id }) => id);
  if (ledger.submitting !== undefined) await cancelNamed(ledger.submitting);
  await cancel(ids);
  await dropLedger(runFolder);
  return ids;
}

/** The options with arrays no longer than the site takes, where Slurm is here to say so. */
async function fitToSite(options: SlurmOptions): Promise<SlurmOptions> {
  const { cluster } = options;
  const arraySize = Math.min(cluster.arraySize, (await readArrayLimit()) ?? cluster.arraySize);
  if (arraySize < 1) {
    throw new EnvironmentError({
      what: "Slurm",
      wanted: "a site that takes job arrays",
      got: `MaxArraySize ${arraySize}`,
      remedy: "run here with --executor local, or carry the graph over with export snakefile",
    });
  }
  return { ...options, cluster: { ...cluster, arraySize } };
}

/** End what a process left held that was killed while it submitted. */
async function clearHalfSubmitted({ ledger, context }: Watch): Promise<void> {
  if (ledger.submitting === undefined) return;
  await cancelNamed(ledger.submitting);
  delete ledger.submitting;
  await writeLedger(context.runFolder, ledger);
}

/** Submit, look, settle, until nothing is left to do; false if it was told to stop looking. */
async function follow(watch: Watch): Promise<boolean> {
  const { options, progress, units } = watch;
  const total = units.reduce((sum, unit) => sum + unit.tasks.length, 0);
  let silent = 0;
  for (;;) {
    if (options.signal?.aborted) return false;
    const queue = watch.ledger.jobs.length === 0 ? new Set<string>() : await readQueue();
    if (queue === undefined) {
      silent += options.cluster.pollSeconds;
      options.onSlurm?.({ kind: "silent", seconds: silent });
    } else {
      silent = 0;
      await progress.refresh();
      options.onSlurm?.({ kind: "progress", done: progress.done.size, total });
      await settleAll(watch, queue);
      const live = liveTasks(watch);
      const pending = pendingOf(watch, live);
      if (pending.size > 0) await submit(watch, pending);
      else if (live.size === 0) return true;
    }
    await sleep(1000 * options.cluster.pollSeconds, undefined, {
      ...(options.signal && { signal: options.signal }),
    }).catch(() => undefined);
  }
}

function plan(watch: Watch, pending: ReadonlySet<string>) {
  const { units, options, ledger, context } = watch;
  const seconds = new Map(units.map((unit) => [unit.name, secondsOf(unit, context.runFolder)]));
  return planBatches({
    units,
    pending,
    cluster: options.cluster,
    demandsOf: (unit, task) => ledger.tries[task]?.demands ?? demandsOf(unit, options.cluster),
    secondsOf: (unit) => seconds.get(unit.name)!,
  });
}

async function submit(watch: Watch, pending: ReadonlySet<string>): Promise<void> {
  const { options, context, ledger, place, units } = watch;
  if (!watch.proved) await probeNodes(place.folder, options.cluster);
  watch.proved = true;
  const program = await makeBundle({ entry: options.entry, units }, place.folder);
  for (const task of pending) {
    const old = await readTask(context.runFolder, task);
    if (old !== undefined && old.result.exitCode !== 0) await rm(taskPath(context.runFolder, task));
  }
  const jobs = await submitBatches(
    plan(watch, pending),
    { ...place, program },
    {
      ledger,
      keep: () => writeLedger(context.runFolder, ledger),
    },
  );
  options.onSlurm?.({ kind: "submitted", tasks: pending.size, jobs });
}
