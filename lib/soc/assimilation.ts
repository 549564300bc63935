/**
 * Data assimilation: parameters of each profile by itself (site by site), or one set for all (one
 * batch). Profiles go over worker threads; what is done is kept in a folder, where one is given, so
 * that a run that was stopped goes on. Results do not depend on the number of workers.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError } from "../core/index.js";
import { makePool, type Pool, workerFile } from "../parallel/index.js";
import type { CostOptions } from "./cost.js";
import { makeBatchCost, makeSiteCost } from "./cost.js";
import { type ForcedProfile2023, makeBatchCost2023, makeSiteCost2023 } from "./cost2023.js";
import type { ForcedProfile } from "./observation.js";
import { PARAMETERS_2023 } from "./parameters.js";
import { type Posterior, runChains, type SamplingOptions, summariseChains } from "./sampling.js";

/** How to assimilate. */
export interface AssimilationOptions extends SamplingOptions, CostOptions {
  /** worker threads, 1 by default */
  readonly workers?: number;
  /** folder that keeps what is done, to go on from there */
  readonly folder?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What is known of one profile's parameters, or why nothing is. */
export type SiteEstimate =
  | ({ readonly id: string } & Posterior)
  | { readonly id: string; readonly failure: string };

/** Whether a chain gave an estimate. */
export function isEstimate(
  site: SiteEstimate | undefined,
): site is Extract<SiteEstimate, { readonly mean: Float64Array }> {
  return site !== undefined && "mean" in site;
}

/** Profiles with their estimates, in their order, without those whose chain failed. */
export function withEstimates<P extends { readonly id: string }>(
  profiles: readonly P[],
  estimates: readonly SiteEstimate[],
): (P & { readonly estimate: { readonly id: string } & Posterior })[] {
  return profiles.flatMap((profile, i) => {
    const estimate = estimates[i];
    return isEstimate(estimate) ? [{ ...profile, estimate }] : [];
  });
}

/** A profile with the forcing of either form of the model. */
export type AnyProfile = ForcedProfile | ForcedProfile2023;

/** A piece of work for a worker thread. */
export interface SiteTask {
  readonly profiles: readonly AnyProfile[];
  /** number of the first profile, which its random numbers follow from */
  readonly first: number;
  readonly sampling: SamplingOptions;
  readonly cost: CostOptions;
}

/** Profiles in one task: few enough that threads end together, and worth a message all the same. */
const CHUNK = 2;

/**
 * Estimate the parameters of each profile by itself, with the form of the model that its forcing is
 * of. Weighting is that of the 2020 form; the 2023 form weighs layers by rank.
 *
 * @returns one estimate a profile, in their order; a profile whose chain fails says why. A signal
 *          that is given rejects with its reason
 * @throws {ArgumentError} if there is no profile or a number of steps makes no sense
 */
export async function assimilateSites(
  profiles: readonly AnyProfile[],
  options: AssimilationOptions,
): Promise<SiteEstimate[]> {
  checkOptions(profiles, options);
  const tasks = tasksOf(profiles, options);
  const results = new Array<SiteEstimate[]>(tasks.length);
  let done = 0;
  const pool = makePool(
    workerFile(import.meta.url, "assimilation-worker"),
    "runSites",
    options.workers ?? 1,
  );
  try {
    let next = 0;
    const serve = async () => {
      while (next < tasks.length) {
        options.signal?.throwIfAborted();
        const number = next++;
        results[number] = await runTask(tasks[number]!, pool, options.folder);
        done += results[number].length;
        options.onProgress?.(done, profiles.length);
      }
    };
    await Promise.all(Array.from({ length: pool.workers }, serve));
  } finally {
    await pool.close();
  }
  return results.flat();
}

/** Estimates of a task, one after the other; what worker threads run. */
export function estimateSites({ profiles, first, sampling, cost }: SiteTask): SiteEstimate[] {
  return profiles.map((profile, i) => {
    const seed = sampling.seed * 100_003 + first + i;
    try {
      const chains = is2023(profile)
        ? runChains(makeSiteCost2023(profile), { ...sampling, seed }, middle(PARAMETERS_2023))
        : runChains(makeSiteCost(profile, cost), { ...sampling, seed });
      return { id: profile.id, ...summariseChains(chains) };
    } catch (error) {
      return { id: profile.id, failure: error instanceof Error ? error.message : String(error) };
    }
  });
}

function is2023(profile: AnyProfile): profile is ForcedProfile2023 {
  return "oxygen" in profile.forcing;
}

function middle(parameters: readonly string[]): Float64Array {
  return new Float64Array(parameters.length).fill(0.5);
}

/** A batch for a worker thread: one chain. */
export interface BatchTask {
  readonly profiles: readonly AnyProfile[];
  readonly sampling: SamplingOptions;
  readonly cost: CostOptions;
}

/**
 * Estimate one set of parameters for all profiles, from layers of all of them in one batch, with the
 * form of the model that their forcing is of. Chains run beside each other on worker threads.
 *
 * @throws {ArgumentError} if there is no profile, forcing is of both forms, or a number of steps makes
 *         no sense
 */
export async function assimilateBatch(
  profiles: readonly AnyProfile[],
  options: AssimilationOptions,
): Promise<Posterior> {
  checkOptions(profiles, options);
  const { chains = 1, workers = 1, seed, sampler, steps } = options;
  const file = workerFile(import.meta.url, "assimilation-worker");
  const pool = makePool(file, "runBatch", Math.min(workers, chains));
  try {
    const runs = Array.from({ length: chains }, (_, chain) => {
      const sampling = { sampler, steps, seed: seed * 64 + chain };
      return pool.run<ReturnType<typeof runChains>>({ profiles, sampling, cost: costOf(options) });
    });
    return summariseChains((await Promise.all(runs)).flat());
  } finally {
    await pool.close();
  }
}

/** The chain of a batch; what worker threads run. */
export function sampleBatch({ profiles, sampling, cost }: BatchTask) {
  const later = profiles.filter(is2023);
  if (later.length === 0) {
    return runChains(makeBatchCost(profiles as readonly ForcedProfile[], cost), sampling);
  }
  if (later.length < profiles.length) {
    const got = `${later.length} of ${profiles.length} with the forcing of 2023`;
    throw new ArgumentError({ what: "profiles", wanted: "one form of the model", got });
  }
  return runChains(makeBatchCost2023(later), sampling, middle(PARAMETERS_2023));
}

function tasksOf(profiles: readonly AnyProfile[], options: AssimilationOptions): SiteTask[] {
  const { sampler, steps, chains = 1, seed } = options;
  const sampling = { sampler, steps, chains, seed };
  const tasks: SiteTask[] = [];
  for (let first = 0; first < profiles.length; first += CHUNK) {
    const some = profiles.slice(first, first + CHUNK).map(bare);
    tasks.push({ profiles: some, first, sampling, cost: costOf(options) });
  }
  return tasks;
}

/** A profile without what a caller may have added, so that it is cheap to send. */
function bare<P extends AnyProfile>({ id, longitude, latitude, depth, carbon, forcing }: P) {
  return { id, longitude, latitude, depth, carbon, forcing } as AnyProfile;
}

function costOf({ weighting }: CostOptions): CostOptions {
  return weighting === undefined ? {} : { weighting };
}

async function runTask(task: SiteTask, pool: Pool, folder?: string): Promise<SiteEstimate[]> {
  if (folder === undefined) return pool.run<SiteEstimate[]>(task);
  const digest = createHash("sha256").update(JSON.stringify(task, plainArrays)).digest("hex");
  const path = join(folder, `sites-${task.first}-${digest.slice(0, 16)}.json`);
  const kept = readKept(path);
  if (kept !== undefined) return kept;
  const made = await pool.run<SiteEstimate[]>(task);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.part`, JSON.stringify(made, plainArrays));
  renameSync(`${path}.part`, path);
  return made;
}

/** Estimates kept in a file; undefined where there is none. */
function readKept(path: string): SiteEstimate[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  return JSON.parse(text, (_, value) =>
    Array.isArray(value) && value.every((v) => v === null || typeof v === "number")
      ? Float64Array.from(value, (v) => v ?? Number.NaN)
      : value,
  ) as SiteEstimate[];
}

function plainArrays(_: string, value: unknown): unknown {
  return value instanceof Float64Array ? Array.from(value) : value;
}

function checkOptions(profiles: readonly unknown[], { steps, chains = 1 }: AssimilationOptions) {
  if (profiles.length === 0) {
    throw new ArgumentError({ what: "profiles", wanted: "at least one", got: "none" });
  }
  for (const [what, value, least] of [
    ["steps", steps, 1000],
    ["chains", chains, 1],
  ] as const) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new ArgumentError({ what, wanted: `a whole number from ${least}`, got: `${value}` });
  }
}
