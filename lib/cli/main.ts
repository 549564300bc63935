/**
 * The command line. Reads arguments, calls the rooms and turns what they say into exit codes and
 * text. Heavy rooms are loaded by the command that needs them, so that each starts fast.
 */

import { addAsk } from "./askcommand.js";
import { addClean } from "./cleancommand.js";
import { addData } from "./datacommand.js";
import { addDoctor } from "./doctorcommand.js";
import { addExport } from "./exportcommand.js";
import { addFigures } from "./figurescommand.js";
import { addKernel } from "./kernelcommand.js";
import { addLab } from "./labcommand.js";
import { runProgram } from "./program.js";
import { addReproduce } from "./reproducecommand.js";
import { addRun } from "./runcommand.js";
import { addRunTask } from "./runtaskcommand.js";
import { addShow } from "./showcommand.js";
import { addWorkshop } from "./workshopcommand.js";

/** All commands: each adds itself to a program. */
export const COMMANDS = [
  addReproduce,
  addRun,
  addRunTask,
  addKernel,
  addLab,
  addData,
  addFigures,
  addAsk,
  addShow,
  addExport,
  addDoctor,
  addClean,
  addWorkshop,
];

/**
 * Run the command line.
 *
 * @param args what follows `carbonbook`
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  return runProgram(args, COMMANDS);
}
