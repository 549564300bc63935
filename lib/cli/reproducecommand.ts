/** `carbonbook reproduce`: the graph of notebooks of a profile. */

import { relative } from "node:path";
import { type Command, Option } from "commander";
import type { NodeResult, ReproduceEvent, ReproduceResult } from "../notebook/index.js";
import { type Finish, PROFILES, wholeNumber } from "./command.js";
import { type Console, makeConsole } from "./console.js";
import { codeOfFailure, EXIT } from "./exit.js";
import { describeFailure } from "./failuretext.js";
import { catchInterrupts, type Interruption } from "./interrupt.js";
import { providerOption, useProvider } from "./provider.js";
import { findRoot } from "./root.js";
import { runOnSlurm, slurmOnly } from "./slurmrun.js";

interface Options {
  readonly profile: string;
  readonly only: readonly string[];
  readonly jobs: number;
  readonly force: boolean;
  readonly explain: boolean;
  readonly executor: "local" | "slurm";
  readonly cluster?: string;
  readonly dryRun: boolean;
  readonly cancel: boolean;
  readonly provider?: string;
  readonly root?: string;
  readonly json: boolean;
}

/** Add the command to the program. */
export function addReproduce(program: Command, finish: Finish): void {
  program
    .command("reproduce")
    .description(
      "run the notebooks, skip what is up to date, and build the gallery in runs/<profile>/",
    )
    .addOption(
      new Option("--profile <name>", "sizes to run with").choices([...PROFILES]).default("quick"),
    )
    .option(
      "--only <name...>",
      "only these notebooks, studies or figures (also a,b), and what they need",
      [],
    )
    .option("--jobs <n>", "notebooks to run at once", wholeNumber, 1)
    .option("--force", "run also what is up to date", false)
    .option("--explain", "say what would run and why; run nothing", false)
    .addOption(
      new Option("--executor <name>", "where to run").choices(["local", "slurm"]).default("local"),
    )
    .option("--cluster <file>", "yaml file of the cluster (environment/slurm/ has examples)")
    .option("--dry-run", "with --executor slurm: print the batch scripts, submit nothing", false)
    .option("--cancel", "with --executor slurm: end the jobs of this run", false)
    .addOption(providerOption())
    .option("--root <folder>", "root of the project (the present folder, or this package's)")
    .option("--json", "print one JSON document on stdout", false)
    .action(async (options: Options) => {
      finish(await run(options));
    });
}

async function run(options: Options): Promise<number> {
  const notebooks = await import("../notebook/index.js");
  const console = makeConsole({ json: options.json });
  const root = findRoot(options.root);
  await useProvider(options.provider, options.executor === "local");
  const interruption = catchInterrupts(() =>
    console.note(
      options.executor === "slurm"
        ? "leaving: the jobs go on"
        : "stopping: running cells are interrupted, nothing new starts (Ctrl-C again ends at once)",
    ),
  );
  const start = new Date();
  if (options.executor === "slurm") return runOnSlurm({ ...options, root }, console, interruption);
  const { cluster, dryRun, cancel } = options;
  if (cluster !== undefined || dryRun || cancel) throw slurmOnly();
  const result = await notebooks.reproduce({
    root,
    profile: options.profile,
    only: options.only,
    jobs: options.jobs,
    force: options.force,
    explain: options.explain,
    signal: interruption.signal,
    onEvent: makeReporter(console),
  });
  if (options.explain) return explain(result, options.profile, console);
  return conclude(result, { profile: options.profile, root, start, console, interruption });
}

/** Publish a run, say how it ended and give its exit code. */
export async function conclude(
  result: ReproduceResult,
  run: {
    readonly profile: string;
    readonly root: string;
    readonly start: Date;
    readonly console: Console;
    readonly interruption: Interruption;
  },
): Promise<number> {
  const { profile, root, start, console, interruption } = run;
  const { publish } = await import("../notebook/index.js");
  const page = await publish(result, { root, profile, start, end: new Date() });
  const seconds = (Date.now() - start.getTime()) / 1000;
  const code = interruption.code() ?? codeOf(result);
  for (const node of result.results) {
    if (node.failure !== undefined)
      console.fail(describeFailure(`${node.notebook}.ipynb`, node.failure, node.executed));
  }
  console.print(
    `${summary(result)} in ${seconds.toFixed(1)} s; see ${relative(process.cwd(), page)}`,
  );
  console.document({
    profile,
    runFolder: result.runFolder,
    gallery: page,
    seconds,
    exitCode: code,
    notebooks: result.results,
  });
  return code;
}

/** Lines where the output is kept, a bar where it is watched. */
function makeReporter(console: Console): (event: ReproduceEvent) => void {
  let planned = 0;
  let ended = 0;
  const cells = new Map<string, number>();
  const draw = (label: string) => {
    const running = [...cells.values()].reduce((sum, share) => sum + share, 0);
    console.bar(label, ended + running, planned);
  };
  return (event) => {
    switch (event.kind) {
      case "plan":
        planned = event.notebooks.length;
        return;
      case "current":
        ended++;
        return console.note(`${event.notebook}: up to date`);
      case "start":
        console.note(`${event.notebook}: running (${event.reasons.slice(0, 3).join("; ")})`);
        return draw(event.notebook);
      case "cell":
        cells.set(event.notebook, event.done / event.total);
        return draw(event.notebook);
      case "round":
        return console.bar(event.loop, event.done, event.total);
      case "end":
        cells.delete(event.notebook);
        ended++;
        return console.note(
          `${event.notebook}: ${event.failure === undefined ? "done" : "failed"} in ${event.seconds.toFixed(1)} s`,
        );
      case "blocked":
        ended++;
        return console.note(`${event.notebook}: not run, because of ${event.by}`);
    }
  };
}

function explain(result: ReproduceResult, profile: string, console: Console): number {
  const costs = new Map(result.nodes.map((node) => [node.name, node.costs[profile]]));
  for (const node of result.results) {
    const reasons = node.reasons.length === 0 ? "" : `: ${node.reasons.join("; ")}`;
    console.print(
      `${node.notebook}  ${node.status === "current" ? "up to date" : "would run"}${reasons}`,
    );
    const cost = costs.get(node.notebook);
    if (cost !== undefined) console.print(`  costs ${cost}`);
  }
  console.document({ runFolder: result.runFolder, notebooks: result.results });
  return EXIT.done;
}

function summary({ results }: ReproduceResult): string {
  const count = (status: NodeResult["status"]) =>
    results.filter((node) => node.status === status).length;
  const parts = [
    [count("completed"), "run"],
    [count("current"), "up to date"],
    [count("failed"), "failed"],
    [count("blocked"), "not run"],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`)
    .join(", ");
}

/** The exit code of the first failure. */
function codeOf({ results }: ReproduceResult): number {
  const failed = results.find((node) => node.failure !== undefined);
  return failed?.failure === undefined ? EXIT.done : codeOfFailure(failed.failure.kind);
}
