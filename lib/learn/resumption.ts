/** Training that goes on where a run that was killed had stopped. */

import { existsSync } from "node:fs";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import type { Network } from "./layer.js";
import type { TrainingOptions } from "./training.js";

/**
 * Options for `train` that write a checkpoint after each epoch, and go on from the one that is there.
 *
 * The rest of the options must be those the checkpoint was made with: keep it where a change of them
 * leads to another path, as `checkpointFile` of the kernel does.
 *
 * @param path where the checkpoint is; undefined: none is kept and training starts anew
 * @returns `resume` and `onEpoch`; the result has the bytes of a run that was never stopped
 * @throws {DataError} if the file is no checkpoint, or one of another network
 */
export async function resumable(
  path: string | undefined,
  network: Network,
): Promise<Pick<TrainingOptions, "resume" | "onEpoch">> {
  if (path === undefined) return {};
  return {
    ...(existsSync(path) && { resume: await readCheckpoint(path, network) }),
    onEpoch: (_record, state) => writeCheckpoint(path, network, state),
  };
}
