/** `carbonbook figures` and `carbonbook claims`: what the notebooks draw, and what comes of it. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { DataError } from "../core/index.js";
import { addRunOptions, columns, type Finish, type RunOptions } from "./command.js";
import { makeConsole } from "./console.js";
import { EXIT } from "./exit.js";
import { findRoot } from "./root.js";

interface CheckOptions extends RunOptions {
  readonly against: string;
  readonly report?: string;
}

/** Add both commands to the program. */
export function addFigures(program: Command, finish: Finish): void {
  const figures = program.command("figures").description("the manifest of figures and tables");
  addRunOptions(figures.command("list"))
    .description("list the figures and tables, and whether they are drawn")
    .action(async (options: RunOptions) => finish(await list(options)));
  addRunOptions(figures.command("check"))
    .description("compare the figures of a run with those of another: numbers, then pixels")
    .requiredOption("--against <folder>", "a run's folder, or its folder of figures")
    .option("--report <file>", "HTML report with expected, actual and difference")
    .action(async (options: CheckOptions) => finish(await check(options)));
  addRunOptions(program.command("claims"))
    .description("each published claim: paper says, we get, verdict")
    .action(async (options: RunOptions) => finish(await claims(options)));
}

async function list(options: RunOptions): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { nameOf, readFigureManifest } = await import("../notebook/index.js");
  const root = findRoot(options.root);
  const { figures } = await readFigureManifest(root);
  const folder = join(root, "runs", options.profile, "figures");
  const all = figures.map((figure) => {
    const drawn = existsSync(join(folder, `${nameOf(figure)}.json`));
    return { ...figure, drawn };
  });
  const rows = all.map((f) => [
    nameOf(f),
    `${f.kind} ${f.number}`,
    f.drawn ? "drawn" : "-",
    f.notebook,
    f.shows,
  ]);
  for (const line of columns(rows)) console.print(line);
  console.document(all);
  return EXIT.done;
}

async function check(options: CheckOptions): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { readFigureManifest } = await import("../notebook/index.js");
  const { compareFigures, isSame } = await import("../figures/index.js");
  const root = findRoot(options.root);
  const { figures } = await readFigureManifest(root);
  const checks = await compareFigures({
    expected: figureFolder(resolve(options.against)),
    actual: join(root, "runs", options.profile, "figures"),
    toleranceOf: (study, id) => figures.find((f) => f.study === study && f.id === id)?.tolerance,
    ...(options.report !== undefined && { report: resolve(options.report) }),
  });
  const odd = checks.filter(({ outcome }) => outcome !== "same");
  for (const { study, id, outcome } of odd) console.print(`${outcome}  ${study}/${id}`);
  console.print(`${checks.length - odd.length} of ${checks.length} figures are the same`);
  if (options.report !== undefined) console.note(`see ${options.report}`);
  console.document(checks);
  return isSame(checks) ? EXIT.done : EXIT.failed;
}

async function claims(options: RunOptions): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { gatherClaims, readFigureManifest } = await import("../notebook/index.js");
  const root = findRoot(options.root);
  const runFolder = join(root, "runs", options.profile);
  if (!existsSync(runFolder)) throw notRun(runFolder, options.profile);
  const found = await gatherClaims(runFolder, await readFigureManifest(root));
  const rows = [
    ["claim", "paper says", "we get", "verdict"],
    ...found.map((c) => [`${c.study}: ${c.claim}`, c.paper, c.ours || "-", c.verdict]),
  ];
  for (const line of columns(rows)) console.print(line);
  console.document(found);
  return EXIT.done;
}

function figureFolder(folder: string): string {
  const inside = join(folder, "figures");
  return existsSync(inside) ? inside : folder;
}

/** The error of a run that is not there. */
export function notRun(where: string, profile: string): DataError {
  const remedy = `npx carbonbook reproduce --profile ${profile}`;
  return new DataError({ where, what: "run", wanted: "one that ended", got: "none", remedy });
}
