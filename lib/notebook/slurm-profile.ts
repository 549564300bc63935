/**
 * What a cluster is like and what tasks ask of it, from one yaml file; `environment/slurm/` has
 * examples with a line on each option.
 */

import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { UsageError } from "../core/index.js";

/** What a task asks for. */
export interface Demands {
  readonly cpus: number;
  /** [MB] */
  readonly memory: number;
  /** longest run time of a job */
  readonly minutes: number;
  readonly gpus: number;
}

/** A cluster as its yaml file describes it. */
export interface ClusterProfile extends Demands {
  readonly partition: string;
  readonly account: string;
  readonly qos: string;
  readonly constraint: string;
  /** elements of an array that may run at once, 0 for no limit (`%K`) */
  readonly concurrent: number;
  /** elements an array may have at most; the site's MaxArraySize holds all the same */
  readonly arraySize: number;
  /** short tasks share a job until it takes about this long */
  readonly packMinutes: number;
  /** how often a task that ran out of memory or time, or was lost, is tried again */
  readonly retries: number;
  /** by which factor memory or time grow then */
  readonly growth: number;
  /** as far as they may grow */
  readonly maxMemory: number;
  readonly maxMinutes: number;
  /** how long to wait for a node that proves the folder is shared, 0 for no proof [s] */
  readonly probeSeconds: number;
  /** how far a node's clock may be off [s] */
  readonly skewSeconds: number;
  /** how often the queue is looked at [s] */
  readonly pollSeconds: number;
  /** fetch data sets that notebooks declare before anything is submitted, or take what is here */
  readonly data: "fetch" | "here";
  /** lines of shell before each job, as `module load nodejs` */
  readonly setup: readonly string[];
  /** what single units ask for, by notebook or `<notebook>/<loop>` */
  readonly units: Readonly<Record<string, Partial<Demands>>>;
}

/** What holds where the yaml file says nothing. */
export const CLUSTER_DEFAULTS: ClusterProfile = {
  partition: "",
  account: "",
  qos: "",
  constraint: "",
  cpus: 1,
  memory: 4000,
  minutes: 60,
  gpus: 0,
  concurrent: 0,
  arraySize: 1000,
  packMinutes: 10,
  retries: 2,
  growth: 2,
  maxMemory: 64000,
  maxMinutes: 1440,
  probeSeconds: 60,
  skewSeconds: 60,
  pollSeconds: 10,
  data: "here",
  setup: [],
  units: {},
};

const DEMANDS = ["cpus", "memory", "minutes", "gpus"];

/** Numbers that may be zero; all others are above it. */
const MAY_BE_ZERO = new Set(["gpus", "concurrent", "retries", "probeSeconds", "packMinutes"]);

/**
 * Read a cluster's yaml file.
 *
 * @throws {UsageError} if it is not there, no yaml, or has something unknown or out of range
 */
export async function readClusterProfile(path: string): Promise<ClusterProfile> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UsageError({ what: "cluster file", wanted: "a yaml file", got: path, cause });
  });
  return parseClusterProfile(text, path);
}

/** As `readClusterProfile`, from its text. */
export function parseClusterProfile(text: string, where: string): ClusterProfile {
  let given: unknown;
  try {
    given = parse(text) ?? {};
  } catch (cause) {
    throw fault(where, "yaml", (cause as Error).message);
  }
  if (typeof given !== "object" || Array.isArray(given)) throw fault(where, "options", text);
  for (const [key, value] of Object.entries(given as object)) checkOption(key, value, where);
  return { ...CLUSTER_DEFAULTS, ...(given as Partial<ClusterProfile>) };
}

function checkOption(key: string, value: unknown, where: string): void {
  const standard = (CLUSTER_DEFAULTS as unknown as Record<string, unknown>)[key];
  if (standard === undefined) {
    throw fault(where, `only ${Object.keys(CLUSTER_DEFAULTS).join(", ")}`, key);
  }
  if (typeof standard === "number") checkNumber(key, value, where);
  if (key === "data" && value !== "fetch" && value !== "here") {
    throw fault(where, "data: fetch or here", String(value));
  }
  if (key === "setup" && !(Array.isArray(value) && value.every((l) => typeof l === "string"))) {
    throw fault(where, "setup: a list of lines", JSON.stringify(value));
  }
  if (key === "units") checkUnits(value, where);
  if (typeof standard === "string" && !/^[\w.:&|,[\]*-]*$/.test(String(value))) {
    throw fault(where, `${key}: a name`, JSON.stringify(value));
  }
}

function checkUnits(value: unknown, where: string): void {
  for (const [unit, demands] of Object.entries(Object(value) as object)) {
    for (const [key, number] of Object.entries(Object(demands) as object)) {
      if (!DEMANDS.includes(key)) throw fault(where, `${unit}: ${DEMANDS.join(", ")}`, key);
      checkNumber(key, number, where);
    }
  }
}

function checkNumber(key: string, value: unknown, where: string): void {
  const least = MAY_BE_ZERO.has(key) ? 0 : Number.MIN_VALUE;
  if (typeof value === "number" && Number.isFinite(value) && value >= least) return;
  throw fault(where, `${key}: a number ${least === 0 ? "≥ 0" : "> 0"}`, JSON.stringify(value));
}

function fault(where: string, wanted: string, got: string): UsageError {
  return new UsageError({ where, what: "cluster file", wanted, got });
}
