/**
 * The graph as a Snakefile, for those who run their work by Snakemake: one rule a notebook and one
 * a loop, each calling `run-task`. Snakemake's cache looks at times, ours at content; they agree
 * because a rule that Snakemake starts in vain finds nothing to do, and because a result that is
 * deleted takes its stamp with it.
 */

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { filesOf } from "./declaration.js";
import { openGraph } from "./reproduce.js";
import type { ClusterProfile } from "./slurm-profile.js";
import { listUnits, type Unit } from "./unit.js";
import { demandsOf } from "./unitcost.js";

/** What the Snakefile is of. */
export interface SnakefileOptions {
  readonly root: string;
  readonly profile: string;
  readonly only?: readonly string[];
  /** what tasks ask for */
  readonly cluster: ClusterProfile;
  /** the command that runs the command line, as it stands in a shell */
  readonly program: string;
}

/**
 * Write the Snakefile of a project's graph. It works with Snakemake 7.21 to 9.
 *
 * @throws {DataError} if the graph is not sound
 * @throws {UsageError} if `only` names nothing
 */
export async function writeSnakefile(options: SnakefileOptions): Promise<string> {
  const units = listUnits(await openGraph(options.root), options.profile, options.only ?? []);
  const last = units.filter(({ loop }) => loop === undefined).map((unit) => stampOf(unit, options));
  const outputs = units
    .filter(({ loop }) => loop === undefined)
    .map((unit) => {
      const files = [...filesOf(unit.node), `notebooks/${unit.name}.ipynb`];
      return `    ${text(stampOf(unit, options))}: ${list(files.map((f) => `runs/${options.profile}/${f}`))},`;
    });
  return [
    `# The graph of notebooks for Snakemake 7.21 to 9, profile ${options.profile}. Written by`,
    "# `carbonbook export snakefile`; run it in the root of the project: snakemake -s Snakefile -j 2",
    "import os",
    "",
    "OUTPUTS = {",
    ...outputs,
    "}",
    "# a result that was deleted has to be made again",
    "for stamp, files in OUTPUTS.items():",
    "    if os.path.exists(stamp) and not all(map(os.path.exists, files)):",
    "        os.remove(stamp)",
    "",
    "rule all:",
    "    input:",
    `        ${list(last)}`,
    "",
    ...units.map((unit) => rule(unit, units, options)),
  ].join("\n");
}

function rule(unit: Unit, units: readonly Unit[], options: SnakefileOptions): string {
  const { node, loop } = unit;
  const { cpus, memory, minutes, gpus } = demandsOf(unit, options.cluster);
  const needed = unit.needs.flatMap((need) => {
    const other = units.find(({ name }) => name === need)!;
    return other.loop === undefined
      ? [text(stampOf(other, options))]
      : [`expand(${text(stampOf(other, options))}, index=range(${other.tasks.length}))`];
  });
  const id = loop === undefined ? node.name : `${unit.name}/{wildcards.index}`;
  const sources = [node.path, ...sourcesOf(unit, options.root)];
  const inputs = [...sources.map((path) => text(relative(options.root, path))), ...needed];
  return [
    `rule ${unit.name.replace(/\W/g, "_").replace(/^(?=\d)/, "notebook_")}:`,
    "    input:",
    ...inputs.map((input) => `        ${input},`),
    "    output:",
    `        touch(${text(stampOf(unit, options))})`,
    `    threads: ${cpus}`,
    "    resources:",
    `        mem_mb=${Math.ceil(memory)},`,
    `        runtime=${Math.ceil(minutes)},`,
    ...(gpus > 0 ? [`        gpus=${gpus},`] : []),
    ...(loop === undefined ? [] : [`    group: ${text(unit.name.replace(/\W/g, "_"))}`]),
    "    shell:",
    `        ${text(`${options.program} run-task --root . --profile ${options.profile} ${id}`)}`,
    "",
  ].join("\n");
}

/** Files that a unit depends on besides its notebook, as far as times tell. */
function sourcesOf({ node, loop }: Unit, root: string): string[] {
  const own = loop?.module.startsWith(".") ? [join(root, "notebooks", loop.module)] : [];
  const lockfile = join(root, "package-lock.json");
  const built = join(root, "lib", "dist", ".built");
  const beside = node.tasks
    .filter(({ module }) => module.startsWith("."))
    .map(({ module }) => join(root, "notebooks", module));
  return [...new Set([...own, ...beside, lockfile, built])].filter((path) => existsSync(path));
}

/** The file that says that a unit is done; of a loop a pattern with its `index`. */
function stampOf({ name, loop }: Unit, { profile }: SnakefileOptions): string {
  const file = loop === undefined ? name : `${name}/{index}`;
  return `runs/${profile}/.stamps/${file}.done`;
}

/** A text of Python. */
function text(value: string): string {
  return JSON.stringify(value);
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}
