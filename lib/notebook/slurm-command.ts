/** Slurm's own commands, asked for machines, and their errors told with what to do. */

import { execFile } from "node:child_process";
import { BusyError, EnvironmentError, UsageError } from "../core/index.js";

/** How long a command of Slurm may take before its controller counts as out of reach [ms]. */
const PATIENCE = 60_000;

/** How a command ended. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Run a command of Slurm.
 *
 * @throws {EnvironmentError} if it is not installed
 */
export function ask(program: string, args: readonly string[], patience = PATIENCE): Promise<Said> {
  const env = { ...process.env, LC_ALL: "C", SLURM_TIME_FORMAT: "standard" };
  const options = { timeout: patience, maxBuffer: 1 << 28, env };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error !== null && error.code === "ENOENT") return reject(absent(program));
      const slow = error?.killed === true ? `no answer in ${patience / 1000} s` : "";
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, stderr: stderr.trim() || slow });
    });
  });
}

/**
 * See that Slurm is here and knows the partition.
 *
 * @throws {EnvironmentError} if Slurm is absent or its controller does not answer
 * @throws {UsageError} if there is no such partition
 */
export async function checkSlurm(partition: string): Promise<void> {
  const { code, stdout, stderr } = await ask("sinfo", ["--noheader", "--format=%R"]);
  if (code !== 0) {
    throw new EnvironmentError({
      what: "Slurm",
      wanted: "an answer from its controller",
      got: stderr,
      remedy: "is slurmctld running, and SLURM_CONF right? scontrol ping tells",
    });
  }
  const known = [...new Set(stdout.split("\n").filter((line) => line !== ""))];
  if (partition === "" || partition.split(",").every((one) => known.includes(one))) return;
  throw new UsageError({
    what: "partition of the cluster file",
    wanted: `one of ${known.join(", ")}`,
    got: `"${partition}"`,
  });
}

/** How many elements the site lets an array have; undefined where Slurm does not say. */
export async function readArrayLimit(): Promise<number | undefined> {
  const config = await ask("scontrol", ["show", "config"], 5000).catch(() => undefined);
  const limit = /^MaxArraySize\s*=\s*(\d+)/m.exec(config?.stdout ?? "")?.[1];
  return limit === undefined ? undefined : Number(limit);
}

/** The elements of arrays in the queue, as `12_3`; undefined if the controller does not answer. */
export async function readQueue(): Promise<Set<string> | undefined> {
  const args = ["--noheader", "--array", "--format=%F_%K", `--user=${process.getuid?.() ?? ""}`];
  const { code, stdout } = await ask("squeue", args);
  return code === 0 ? new Set(stdout.split(/\s+/).filter((id) => id !== "")) : undefined;
}

/**
 * Ask whether the cluster could ever run a script; nothing is submitted.
 *
 * @throws {UsageError} if it cannot give what the script asks for
 * @throws {BusyError} if the queue takes no more jobs
 * @throws {EnvironmentError} if Slurm refuses it for another reason
 */
export async function proveScript(script: string): Promise<void> {
  const { code, stderr } = await ask("sbatch", ["--test-only", script]);
  if (code !== 0) throw refusal(script, stderr);
}

/**
 * Submit a script, held.
 *
 * @returns the job's id
 * @throws {BusyError} if the queue takes no more jobs
 * @throws {UsageError} if the cluster cannot give what the script asks for
 * @throws {EnvironmentError} if Slurm refuses it for another reason
 */
export async function submitHeld(script: string, after: readonly string[]): Promise<string> {
  const dependency = after.length === 0 ? [] : [`--dependency=afterok:${after.join(":")}`];
  const options = ["--parsable", "--hold", ...dependency, script];
  const { code, stdout, stderr } = await ask("sbatch", options);
  const id = /^\d+/.exec(stdout.trim())?.[0];
  if (code !== 0 || id === undefined) throw refusal(script, stderr);
  return id;
}

function refusal(script: string, stderr: string): Error {
  const problem = { where: script, what: "sbatch", wanted: "the job to be taken", got: stderr };
  if (
    /submit limit|SubmitJob|temporarily unable|temporarily unavailable|no answer|MaxJobCount|Job limit/i.test(
      stderr,
    )
  ) {
    const remedy = "the queue is full: nothing was submitted; try again when jobs have ended";
    return new BusyError({ ...problem, remedy });
  }
  if (
    /partition|account|QOS|Memory spec|node config|time limit|constraint|gres|job array/i.test(
      stderr,
    )
  ) {
    const remedy = "nothing was submitted; change that option of the cluster file";
    return new UsageError({ ...problem, remedy });
  }
  return new EnvironmentError({ ...problem, remedy: "nothing was submitted" });
}

/** Let held jobs go. */
export async function release(ids: readonly string[]): Promise<void> {
  const { code, stderr } = await ask("scontrol", ["release", ids.join(",")]);
  if (code === 0) return;
  await cancel(ids);
  const got = stderr === "" ? "a refusal" : stderr;
  throw new EnvironmentError({ what: "scontrol release", wanted: "the jobs to go", got });
}

/** End jobs; those that are gone do not matter. */
export async function cancel(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await ask("scancel", ids);
}

/** End all jobs of a name. */
export async function cancelNamed(name: string): Promise<void> {
  await ask("scancel", [`--name=${name}`]);
}

/** What Slurm still knows of an element that left the queue, as `TIMEOUT`; undefined if nothing. */
export async function readState(element: string): Promise<string | undefined> {
  const shown = await ask("scontrol", ["show", "job", "--oneliner", element]);
  const state = /\bJobState=(\w+)/.exec(shown.stdout)?.[1];
  if (state !== undefined) return state;
  const args = [
    "--noheader",
    "--parsable2",
    "--allocations",
    "--format=State",
    `--jobs=${element}`,
  ];
  const kept = await ask("sacct", args).catch(() => undefined); // only where there is accounting
  return kept?.code === 0 ? /^\w+/.exec(kept.stdout)?.[0] : undefined;
}

function absent(program: string): EnvironmentError {
  return new EnvironmentError({
    what: "Slurm",
    wanted: `the program ${program}`,
    got: "none on the PATH",
    remedy: "run on a login node of the cluster, or without --executor slurm",
  });
}
