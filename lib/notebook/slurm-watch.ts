/** What the watch over a run on a cluster works on, and what is left to do in it. */

import { randomBytes } from "node:crypto";
import { UsageError } from "../core/index.js";
import type { FailureKind } from "./engine.js";
import type { Graph } from "./graph.js";
import type { Context } from "./noderun.js";
import { openContext, openGraph, type ReproduceOptions } from "./reproduce.js";
import { type Ledger, readLedger, slurmFolder } from "./slurm-ledger.js";
import type { ClusterProfile } from "./slurm-profile.js";
import { makeProgress, type Progress } from "./slurm-progress.js";
import type { Place } from "./slurm-submission.js";
import { listUnits, type Unit } from "./unit.js";

/** What to run on a cluster. */
export interface SlurmOptions extends Omit<ReproduceOptions, "jobs" | "explain" | "onEvent"> {
  readonly cluster: ClusterProfile;
  /** the compiled command line, bundled before jobs are submitted */
  readonly entry: string;
  readonly onSlurm?: (event: SlurmEvent) => void;
}

/** What happens on the cluster. */
export type SlurmEvent =
  | { readonly kind: "submitted"; readonly tasks: number; readonly jobs: readonly string[] }
  | { readonly kind: "back"; readonly jobs: readonly string[] }
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "again"; readonly task: string; readonly why: string; readonly how: string }
  | { readonly kind: "failed"; readonly task: string; readonly why: string }
  | { readonly kind: "silent"; readonly seconds: number };

/** All that one watch works on. */
export interface Watch {
  readonly options: SlurmOptions;
  readonly context: Context;
  readonly units: readonly Unit[];
  readonly unitOf: ReadonlyMap<string, Unit>;
  readonly progress: Progress;
  readonly ledger: Ledger;
  readonly place: Place;
  /** tasks given up, and why */
  readonly failed: Map<string, { readonly kind: FailureKind; readonly message: string }>;
  /** whether the nodes have proved that they see the folder, or run jobs already */
  proved: boolean;
  /** elements that have left the queue and were seen to */
  readonly settled: Set<string>;
  /** elements that were not in the queue at the last look */
  readonly leaving: Set<string>;
}

/** Start to watch a run, or go on. */
export async function openWatch(options: SlurmOptions): Promise<Watch> {
  const graph = await openGraph(options.root);
  const units = listUnits(graph, options.profile, options.only);
  for (const name of Object.keys(options.cluster.units)) checkUnit(name, graph, options.profile);
  const context = await openContext(options);
  const folder = slurmFolder(context.runFolder);
  const ledger = await readLedger(context.runFolder);
  const fresh: Ledger = {
    version: 1,
    name: `carbonbook-${randomBytes(4).toString("hex")}`,
    round: 0,
    jobs: [],
    tries: {},
  };
  return {
    options,
    context,
    units,
    unitOf: new Map(units.flatMap((unit) => unit.tasks.map((task) => [task, unit] as const))),
    progress: makeProgress(units, context),
    ledger: ledger ?? fresh,
    proved: (ledger?.jobs.length ?? 0) > 0,
    place: { root: options.root, profile: options.profile, folder, cluster: options.cluster },
    failed: new Map(),
    settled: new Set(),
    leaving: new Set(),
  };
}

function checkUnit(name: string, graph: Graph, profile: string) {
  const known = listUnits(graph, profile).map((unit) => unit.name);
  if (known.includes(name)) return;
  const wanted = `one of ${known.join(", ")}`;
  throw new UsageError({ what: "units of the cluster file", wanted, got: `"${name}"` });
}

/** Tasks that are not done and in a job of the queue, as far as it is known. */
export function liveTasks({ ledger, settled, progress }: Watch): Set<string> {
  const live = new Set<string>();
  for (const job of ledger.jobs) {
    for (const [i, tasks] of job.elements.entries()) {
      if (settled.has(`${job.id}_${i}`)) continue;
      for (const task of tasks) if (!progress.done.has(task)) live.add(task);
    }
  }
  return live;
}

/** Tasks to submit: not done, not in a job, not given up, and nothing they need is given up. */
export function pendingOf(watch: Watch, live: ReadonlySet<string>): Set<string> {
  const { units, progress, failed } = watch;
  const stopped = new Set<string>();
  const pending = new Set<string>();
  for (const unit of units) {
    const given = unit.tasks.some((task) => failed.has(task));
    const blocked = unit.needs.some((need) => stopped.has(need));
    if (given || blocked) stopped.add(unit.name);
    if (blocked) continue;
    for (const task of unit.tasks) {
      if (!progress.done.has(task) && !live.has(task) && !failed.has(task)) pending.add(task);
    }
  }
  return pending;
}
