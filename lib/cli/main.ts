/**
 * The command line. Reads arguments, calls the rooms and turns what they say into exit codes and
 * text. Heavy rooms are loaded by the command that needs them, so that each starts fast.
 */

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addClean } from "./cleancommand.js";
import { makeConsole } from "./console.js";
import { addData } from "./datacommand.js";
import { addDoctor } from "./doctorcommand.js";
import { codeOfError, EXIT, messageOf } from "./exit.js";
import { addExport } from "./exportcommand.js";
import { addFigures } from "./figurescommand.js";
import { addKernel } from "./kernelcommand.js";
import { addLab } from "./labcommand.js";
import { joinPairs } from "./pairs.js";
import { addReproduce } from "./reproducecommand.js";
import { addRun } from "./runcommand.js";
import { addRunTask } from "./runtaskcommand.js";
import { addShow } from "./showcommand.js";
import { addWorkshop } from "./workshopcommand.js";

const EPILOG = `
Exit codes: 0 done; 1 a cell or check failed; 2 wrong usage; 3 data missing or corrupt;
4 locked by another run, or disk full; 124 timeout; 130 Ctrl-C; 137 out of memory;
138 the kernel died.`;

/**
 * Run the command line.
 *
 * @param args what follows `carbonbook`
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  process.stdout.on("error", endQuietly);
  let code: number = EXIT.done;
  const finish = (value: number) => {
    code = value;
  };
  const program = new Command("carbonbook")
    .description("Reproducible notebooks for the ocean and land carbon cycle")
    .version(version(), "--version", "print the version")
    .addHelpText("after", EPILOG)
    .showHelpAfterError("(carbonbook --help lists the commands)")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  const groups = [
    addReproduce,
    addRun,
    addRunTask,
    addKernel,
    addLab,
    addData,
    addFigures,
    addShow,
    addExport,
    addDoctor,
    addClean,
    addWorkshop,
  ];
  for (const add of groups) add(program, finish);
  try {
    await program.parseAsync(joinPairs(args), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const json = args.includes("--json");
    const failure = codeOfError(error);
    const console = makeConsole({ json });
    console.fail(messageOf(error));
    console.document({ error: messageOf(error), exitCode: failure });
    return failure;
  }
}

/** A reader that closed the pipe, as `head` does, has read enough. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.done);
}

function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
