/** The ledger of a run on a cluster: which jobs were submitted for which tasks, so that it can be left and come back to. */

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { BusyError } from "../core/index.js";
import { writeWhole } from "./atomic.js";
import type { Demands } from "./slurm-profile.js";

/** A submitted job array. */
export interface LedgerJob {
  readonly id: string;
  readonly units: readonly string[];
  readonly elements: readonly (readonly string[])[];
}

/** What was tried for a task that did not end well. */
export interface Tries {
  /** how often it ended badly */
  readonly times: number;
  readonly demands: Demands;
  /** how it ended last */
  readonly last: string;
}

/** All that is known of a run on a cluster. */
export interface Ledger {
  readonly version: 1;
  /** beginning of the names of its jobs */
  readonly name: string;
  /** how many submissions there were */
  round: number;
  /** name of the jobs that are being submitted; a process that was killed then left them held */
  submitting?: string;
  jobs: LedgerJob[];
  tries: Record<string, Tries>;
}

/** Where the files of a run on a cluster are. */
export function slurmFolder(runFolder: string): string {
  return join(runFolder, ".slurm");
}

function ledgerPath(runFolder: string): string {
  return join(slurmFolder(runFolder), "ledger.json");
}

/** Read the ledger of a run; undefined if no jobs are known. */
export async function readLedger(runFolder: string): Promise<Ledger | undefined> {
  const text = await readFile(ledgerPath(runFolder), "utf8").catch(() => "");
  try {
    const ledger = JSON.parse(text) as Ledger;
    return ledger.version === 1 ? ledger : undefined;
  } catch {
    return undefined;
  }
}

/** Keep the ledger. */
export async function writeLedger(runFolder: string, ledger: Ledger): Promise<void> {
  await writeWhole(ledgerPath(runFolder), `${JSON.stringify(ledger)}\n`);
}

/** Forget it: no job is left. */
export async function dropLedger(runFolder: string): Promise<void> {
  await rm(ledgerPath(runFolder), { force: true });
}

/**
 * Refuse to run here what jobs of a cluster are running.
 *
 * @throws {BusyError} if jobs of this run are known
 */
export async function refuseBeside(runFolder: string): Promise<void> {
  const ledger = await readLedger(runFolder);
  if (ledger === undefined || ledger.jobs.length === 0) return;
  throw new BusyError({
    where: ledgerPath(runFolder),
    what: "run folder",
    wanted: "no jobs of a cluster in it",
    got: `jobs ${ledger.jobs.map(({ id }) => id).join(", ")}`,
    remedy: "come back to them with --executor slurm, or end them with --executor slurm --cancel",
  });
}
