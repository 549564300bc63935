/** Where long computations of a cell keep what they can go on from. */
import { join } from "node:path";

/**
 * The path of a file that outlives a run that is killed: the next run of the same notebook finds it
 * again, if its cells, parameters, data and library are the same, and a run that ends well removes
 * it.
 *
 * @param name a file name, as `unet.nc`
 * @returns undefined where no `carbonbook reproduce` runs the notebook: nothing is to be kept
 */
export function checkpointFile(name: string): string | undefined {
  const folder = process.env.CARBONBOOK_CHECKPOINTS;
  return folder === undefined ? undefined : join(folder, name);
}
