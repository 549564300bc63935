/** Runs of the twin ocean as rounds of a loop: each made in the thread, or on the node, that needs it. */

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskInput } from "../parallel/index.js";
import { twinPath, twinSize } from "./twin-ocean.js";
import type { TwinProfile } from "./twin-profile.js";
import { profilePath, runTwin } from "./twin-run.js";
import type { TwinSize } from "./twin-size.js";

/**
 * Round i of a loop over runs: make the twin of seed i + 1 in the run's `cache/ocean`, where
 * `makeTwinOcean` and `twinOfTask` find it.
 *
 * @param input with the parameter `size`
 * @returns the run's profile
 * @throws {NumericError} if the flow blows up
 */
export async function makeTwin(input: TaskInput): Promise<TwinProfile> {
  const path = await twinOfTask(input, input.index + 1);
  return JSON.parse(readFileSync(profilePath(path), "utf8")) as TwinProfile;
}

/**
 * The file of a twin for a round that needs it; made in this thread if it is not there.
 *
 * @param input with the parameter `size`
 * @throws {NumericError} if the flow blows up
 */
export async function twinOfTask(
  { parameters, runFolder, report, signal }: TaskInput,
  seed: number,
): Promise<string> {
  const size = twinSize(parameters.size as TwinSize);
  const folder = join(runFolder, "cache", "ocean");
  const path = twinPath(folder, seed, size);
  if (existsSync(path) && existsSync(profilePath(path))) return path;
  mkdirSync(folder, { recursive: true });
  try {
    await runTwin(
      { seed, size, path },
      { onProgress: (done, total) => report(done / total), isCancelled: () => signal.aborted },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return path;
}
