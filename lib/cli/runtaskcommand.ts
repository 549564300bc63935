/** `carbonbook run-task`: single tasks of the graph, as jobs of a cluster and rules of Snakemake run them. */

import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { UsageError } from "../core/index.js";
import type { Packed, TaskOutcome } from "../notebook/index.js";
import { addRunOptions, type Finish, type RunOptions } from "./command.js";
import { makeConsole } from "./console.js";
import { codeOfError, codeOfFailure, EXIT } from "./exit.js";
import { catchInterrupts } from "./interrupt.js";
import { findRoot } from "./root.js";

interface Options extends RunOptions {
  readonly from?: string;
  readonly lines?: readonly [first: number, count: number];
  readonly force: boolean;
}

/** Add the command to the program, where it is bundled with what is packed there. */
export function addRunTask(program: Command, finish: Finish, packed?: Packed): void {
  addRunOptions(program.command("run-task"))
    .description(
      "run single tasks if they have to: NOTEBOOK, NOTEBOOK/LOOP for all its rounds, NOTEBOOK/LOOP/INDEX",
    )
    .argument("[id...]", "tasks")
    .option("--from <file>", "take the tasks from a file, one a line")
    .option("--lines <first:count>", "of that file only these lines, counted from 0", lines)
    .option("--force", "run also what is up to date", false)
    .action(async (ids: string[], options: Options) => finish(await runTask(ids, options, packed)));
}

async function runTask(
  given: readonly string[],
  options: Options,
  packed: Packed | undefined,
): Promise<number> {
  const { runTaskIds } = await import("../notebook/index.js");
  const console = makeConsole({ json: options.json });
  const ids = [...given, ...(await listed(options))];
  if (ids.length === 0) {
    throw new UsageError({ what: "run-task", wanted: "at least one task", got: "none" });
  }
  const interruption = catchInterrupts(() => console.note("stopping: what is finished is kept"));
  const outcomes = await runTaskIds({
    root: findRoot(options.root),
    profile: options.profile,
    ids,
    force: options.force,
    ...(packed && { packed }),
    signal: interruption.signal,
    codeOf: (fault) =>
      "failure" in fault ? codeOfFailure(fault.failure.kind) : codeOfError(fault.error),
    onTask: (id, state) => {
      if (state === "current") console.note(`${id}: up to date, nothing to do`);
      else if (state !== "failed") console.note(`${id}: ${state}`);
    },
  });
  const failed = outcomes.filter(({ status }) => status === "failed");
  for (const { result } of failed) console.fail(`${result.id}: ${result.message}`);
  console.document(outcomes);
  return interruption.code() ?? codeOf(failed);
}

function codeOf(failed: readonly TaskOutcome[]): number {
  return failed[0]?.result.exitCode ?? EXIT.done;
}

async function listed({ from, lines: span }: Options): Promise<string[]> {
  if (from === undefined) return [];
  const text = await readFile(from, "utf8").catch((cause: unknown) => {
    throw new UsageError({ what: "--from", wanted: "a file of tasks", got: from, cause });
  });
  const ids = text.split("\n").filter((line) => line !== "");
  return span === undefined ? ids : ids.slice(span[0], span[0] + span[1]);
}

function lines(text: string): readonly [number, number] {
  const match = /^(\d+):(\d+)$/.exec(text);
  if (match === null) {
    throw new UsageError({ what: "--lines", wanted: "FIRST:COUNT, as 20:10", got: `"${text}"` });
  }
  return [Number(match[1]), Number(match[2])];
}
