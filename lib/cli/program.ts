/** The frame of the command line: arguments to the command they name, what it throws to an exit code and a message. */

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { isCarbonbookError } from "../core/index.js";
import type { Finish } from "./command.js";
import { makeConsole } from "./console.js";
import { codeOfError, EXIT, messageOf } from "./exit.js";
import { joinPairs } from "./pairs.js";

const EPILOG = `
Exit codes: 0 done; 1 a cell or check failed; 2 wrong usage; 3 data missing or corrupt;
4 locked by another run, or disk full; 124 timeout; 130 Ctrl-C; 137 out of memory;
138 the kernel died.`;

/**
 * Run a command line.
 *
 * @param args what follows `carbonbook`
 * @param commands add themselves to the program, each with the way to hand its exit code over
 * @returns the exit code
 */
export async function runProgram(
  args: readonly string[],
  commands: readonly ((program: Command, finish: Finish) => void)[],
): Promise<number> {
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
  for (const add of commands) add(program, finish);
  try {
    await program.parseAsync(joinPairs(args), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const json = args.includes("--json");
    // a command has its arguments from its user: a data set's name, a folder to write to
    const failure = isCarbonbookError(error, "argument") ? EXIT.usage : codeOfError(error);
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
