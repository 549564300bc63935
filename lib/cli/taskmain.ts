/** The command line of a job: it only runs tasks, and is bundled into one file. */

import type { Packed } from "../notebook/index.js";
import { runProgram } from "./program.js";
import { addRunTask } from "./runtaskcommand.js";

/**
 * Run it.
 *
 * @param args   what follows the program: `run-task …`
 * @param packed what is bundled with it
 * @returns the exit code
 */
export async function main(args: readonly string[], packed: Packed): Promise<number> {
  return runProgram(args, [(program, finish) => addRunTask(program, finish, packed)]);
}
