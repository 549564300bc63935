/** Training that goes on where a run that was killed had stopped. */

import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import type { Network } from "./layer.js";
import { saveModel } from "./model-file.js";
import { parametersOf } from "./network.js";
import type { TrainingOptions } from "./training.js";
import type { TrainingState } from "./training-state.js";
import { unpackWeights } from "./weights.js";

/**
 * Options for `train` that write a checkpoint after each epoch, with the folder it is in, and go on
 * from the one that is there.
 * The network is written beside it as ONNX, so that it can be tried while training goes on: `run.nc`
 * holds the whole state, `run.onnx` the best weights so far (the latest where nothing is validated).
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
    onEpoch: async (record, state) => {
      mkdirSync(dirname(path), { recursive: true });
      await writeCheckpoint(path, network, state);
      if (state.bestEpoch !== 0 && state.bestEpoch !== record.epoch) return;
      saveModel(path.replace(/(\.nc)?$/, ".onnx"), {
        network,
        weights: latestWeights(network, state),
      });
    },
  };
}

/** The weights after the latest epoch; numbers trained beside the network come after its own. */
function latestWeights(network: Network, { weights, moments }: TrainingState) {
  const all = parametersOf(network);
  const isMoment = ({ role }: (typeof all)[number]) => role === "moment";
  const trained = all.filter((parameter) => !isMoment(parameter));
  return new Map([
    ...unpackWeights(trained, weights),
    ...unpackWeights(all.filter(isMoment), moments),
  ]);
}
