/** `carbonbook export`: hand a run to other tools. */

import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import type { Provenance } from "../notebook/index.js";
import { addRunOptions, type Finish, type RunOptions } from "./command.js";
import { EXIT } from "./exit.js";
import { notRun } from "./figurescommand.js";
import { findRoot } from "./root.js";

interface Options extends RunOptions {
  readonly out?: string;
}

interface CodecheckOptions extends Options {
  readonly study: string;
  readonly certificate?: string;
  readonly report?: string;
  readonly codechecker?: string;
  readonly orcid?: string;
}

interface SnakefileOptions extends Options {
  readonly only: readonly string[];
  readonly cluster?: string;
  readonly program: string;
}

/** Add the command to the program. */
export function addExport(program: Command, finish: Finish): void {
  const command = program.command("export").description("hand a run to other tools");
  addRunOptions(command.command("ro-crate"))
    .description("the run as RO-Crate 1.1 (Process Run Crate)")
    .option("--out <file>", "file to write (stdout)")
    .action(async (options: Options) => finish(await crate(options)));
  addRunOptions(command.command("snakefile"))
    .description("the graph as rules of Snakemake 7.21 to 9, each calling run-task")
    .option("--only <name...>", "only these notebooks, studies or figures, and what they need", [])
    .option("--cluster <file>", "yaml file that says what tasks ask for")
    .option("--program <command>", "how the rules start carbonbook", "node lib/bin/carbonbook.js")
    .option("--out <file>", "file to write (stdout)")
    .action(async (options: SnakefileOptions) => finish(await snakefile(options)));
  addRunOptions(command.command("codecheck"))
    .description("codecheck.yml of one study's figures")
    .requiredOption("--study <id>", "the study")
    .option("--certificate <id>", "identifier in the CODECHECK register")
    .option("--report <doi>", "DOI of the published report")
    .option("--codechecker <name>", "who checks")
    .option("--orcid <id>", "the codechecker's ORCID")
    .option("--out <file>", "file to write (stdout)")
    .action(async (options: CodecheckOptions) => finish(await codecheck(options)));
}

async function snakefile(options: SnakefileOptions): Promise<number> {
  const { CLUSTER_DEFAULTS, readClusterProfile, writeSnakefile } = await import(
    "../notebook/index.js"
  );
  const cluster =
    options.cluster === undefined ? CLUSTER_DEFAULTS : await readClusterProfile(options.cluster);
  const { profile, only, program } = options;
  const root = findRoot(options.root);
  return write(await writeSnakefile({ root, profile, only, cluster, program }), options.out);
}

async function crate(options: Options): Promise<number> {
  const { describeCrate } = await import("../notebook/index.js");
  const path = join(findRoot(options.root), "runs", options.profile, "run.json");
  const text = await readFile(path, "utf8").catch(() => {
    throw notRun(path, options.profile);
  });
  const document = describeCrate(JSON.parse(text) as Provenance);
  return write(`${JSON.stringify(document, null, 2)}\n`, options.out);
}

async function codecheck(options: CodecheckOptions): Promise<number> {
  const { describeCodecheck, readFigureManifest } = await import("../notebook/index.js");
  const root = findRoot(options.root);
  const runFolder = join(root, "runs", options.profile);
  const from = options.out === undefined ? root : dirname(resolve(options.out));
  const { certificate, report, codechecker, orcid } = options;
  const document = describeCodecheck(await readFigureManifest(root), options.study, {
    runFolder: relative(from, runFolder),
    facts: {
      ...(certificate !== undefined && { certificate }),
      ...(report !== undefined && { report }),
      ...(codechecker !== undefined && {
        codechecker: { name: codechecker, ...(orcid !== undefined && { orcid }) },
      }),
    },
  });
  return write(`---\n${stringify(document)}`, options.out);
}

async function write(text: string, out: string | undefined): Promise<number> {
  const { writeWhole } = await import("../notebook/index.js");
  if (out === undefined) process.stdout.write(text);
  else await writeWhole(resolve(out), text);
  return EXIT.done;
}
