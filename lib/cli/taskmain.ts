/** The command line of a job: it only runs tasks, and is bundled into one file. */

import { runProgram } from "./program.js";
import { addRunTask } from "./runtaskcommand.js";

/**
 * Run it.
 *
 * @param args what follows the program: `run-task …`
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  return runProgram(args, [addRunTask]);
}
