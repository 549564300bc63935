/** Handing planned arrays to Slurm, all or none: they are submitted held and let go together. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "./atomic.js";
import { repositoryFolder } from "./kernelspec.js";
import { dataFolders } from "./noderun.js";
import { cancel, proveScript, release, submitHeld } from "./slurm-command.js";
import type { Ledger, LedgerJob } from "./slurm-ledger.js";
import { type Batch, writeScript } from "./slurm-plan.js";
import type { ClusterProfile } from "./slurm-profile.js";

/** Where a run on a cluster is. */
export interface Place {
  readonly root: string;
  readonly profile: string;
  /** folder of the scripts, lists and logs */
  readonly folder: string;
  readonly cluster: ClusterProfile;
}

/** The scripts of a plan as text, each with what it waits for. */
export function describeSubmission(batches: readonly Batch[], place: Place): string {
  if (batches.length === 0) return "nothing to submit: all is up to date\n";
  const texts = batches.map((batch, i) => {
    const paths = pathsOf(place, 0, batch);
    const after = batches.slice(0, i).filter((other) => precedes(other, batch));
    const ids = after.map((other) => `<${other.name}>`);
    const dependency = ids.length === 0 ? "" : `--dependency=afterok:${ids.join(":")} `;
    const program = join(place.folder, "bundle", "lib", "dist", "cli", "carbonbook.mjs");
    const script = writeScript(batch, place.cluster, {
      ...paths,
      ...placeOf(place, program),
      jobName: "carbonbook",
    });
    const tasks = batch.elements.reduce((sum, element) => sum + element.length, 0);
    return `# ${batch.name}: ${tasks} tasks in ${batch.elements.length} jobs\n# sbatch --parsable --hold ${dependency}${paths.script}\n${script}`;
  });
  return texts.join("\n");
}

/**
 * Submit the arrays of a plan.
 *
 * @returns the jobs' ids
 * @throws {BusyError} if the queue takes no more; nothing is left in it
 * @throws {UsageError} if the cluster cannot give what is asked for
 * @throws {EnvironmentError} if Slurm refuses for another reason
 */
export async function submitBatches(
  batches: readonly Batch[],
  place: Place & { readonly program: string },
  book: { readonly ledger: Ledger; keep(): Promise<void> },
): Promise<string[]> {
  const { ledger, keep } = book;
  ledger.round++;
  const jobName = `${ledger.name}-${ledger.round}`;
  ledger.submitting = jobName;
  await keep();
  const jobs: LedgerJob[] = [];
  try {
    for (const batch of batches) await prepare(batch, { ...place, round: ledger.round, jobName });
    for (const batch of batches) {
      const paths = pathsOf(place, ledger.round, batch);
      const after = [...ledger.jobs, ...jobs].filter((job) => precedes(job, batch));
      const id = await submitHeld(
        paths.script,
        after.map((job) => job.id),
      );
      jobs.push({ id, units: batch.units, elements: batch.elements });
    }
    await release(jobs.map(({ id }) => id));
  } catch (error) {
    await cancel(jobs.map(({ id }) => id));
    delete ledger.submitting;
    await keep();
    throw error;
  }
  delete ledger.submitting;
  ledger.jobs.push(...jobs);
  await keep();
  return jobs.map(({ id }) => id);
}

/** Write the files of an array and see that the cluster could run it. */
async function prepare(
  batch: Batch,
  place: Place & { readonly program: string; readonly round: number; readonly jobName: string },
): Promise<void> {
  const { jobName, program, round, cluster } = place;
  const paths = pathsOf(place, round, batch);
  await mkdir(paths.logs, { recursive: true });
  await writeWhole(paths.list, `${batch.elements.flat().join("\n")}\n`);
  const where = { ...paths, ...placeOf(place, program), jobName };
  await writeWhole(paths.script, writeScript(batch, cluster, where));
  await proveScript(paths.script);
}

function precedes(job: { readonly units: readonly string[] }, batch: Batch): boolean {
  return job.units.some((unit) => batch.needs.includes(unit));
}

function pathsOf({ folder }: Place, round: number, batch: Batch) {
  const base = join(folder, `round${round}`, batch.name);
  return { script: `${base}.sh`, list: `${base}.tasks`, logs: join(folder, "logs") };
}

function placeOf({ root, profile }: Place, program: string) {
  const provider = process.env.CARBONBOOK_PROVIDER;
  const env = {
    ...dataFolders(),
    JUPYTER_PATH: jupyterPath(),
    ...(provider !== undefined && { CARBONBOOK_PROVIDER: provider }),
  };
  return { root, profile, program, env };
}

/** Where the bundled program, which lies elsewhere, finds our kernel. */
function jupyterPath(): string {
  return [process.env.JUPYTER_PATH ?? "", repositoryFolder()].filter((p) => p !== "").join(":");
}
