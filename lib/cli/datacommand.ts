/** `carbonbook data`: the manifest of outside data. */

import type { Command } from "commander";
import { DataError } from "../core/index.js";
import type { FetchPlan } from "../data/index.js";
import { addJson, columns, type Finish, formatBytes, wholeNumber } from "./command.js";
import { makeConsole } from "./console.js";
import { EXIT, messageOf } from "./exit.js";
import { catchInterrupts } from "./interrupt.js";

interface FetchOptions {
  readonly dryRun: boolean;
  readonly jobs: number;
  readonly json: boolean;
}

/** Add the command to the program. */
export function addData(program: Command, finish: Finish): void {
  const data = program
    .command("data")
    .description("the data manifest: what there is and where it is");
  addJson(data.command("list"))
    .description("list the data sets: size, licence, here or not")
    .action(async (options: { json: boolean }) => finish(await list(options.json)));
  addJson(data.command("where"))
    .description("say where data sets are on this machine")
    .argument("<id...>", "data sets")
    .action(async (ids: string[], options: { json: boolean }) =>
      finish(await where(ids, options.json)),
    );
  addJson(data.command("verify"))
    .description("check the files that are here against the manifest")
    .argument("[id...]", "data sets; those that are here by default")
    .action(async (ids: string[], options: { json: boolean }) =>
      finish(await verify(ids, options.json)),
    );
  addJson(data.command("fetch"))
    .description("fetch data sets into the folder CARBONBOOK_DATA")
    .argument("[id...]", "data sets; all that can be fetched by default")
    .option("--dry-run", "say what would be fetched", false)
    .option("--jobs <n>", "files at a time", wholeNumber, 4)
    .action(async (ids: string[], options: FetchOptions) => finish(await fetch(ids, options)));
}

/** How a data set comes, in the table. */
const ACCESS = {
  fetched: "",
  none: "by hand",
  free: "account",
  "on request": "on request",
} as const;

function summaryOf({ files, bytes, unknown, folder }: FetchPlan): string {
  const more = unknown === 0 ? "" : ` and ${unknown} of unknown size`;
  return `${files.length} files, ${formatBytes(bytes)}${more}, to ${folder}`;
}

async function list(json: boolean): Promise<number> {
  const console = makeConsole({ json });
  const { listData } = await import("../data/index.js");
  const all = listData();
  const rows = all.map((d) => {
    const state =
      d.here > 0 && d.here === d.files ? "here" : d.here === 0 ? "-" : `${d.here} of ${d.files}`;
    return [d.id, formatBytes(d.bytes), state, ACCESS[d.account], d.licence, d.title];
  });
  const head = ["data set", "size", "here", "access", "licence", "title"];
  for (const line of columns([head, ...rows])) console.print(line);
  console.document(all);
  return EXIT.done;
}

async function where(ids: readonly string[], json: boolean): Promise<number> {
  const console = makeConsole({ json });
  const { locate } = await import("../data/index.js");
  const places = ids.map((id) => [id, locate(id)] as const);
  for (const [id, path] of places) {
    if (path !== undefined) console.print(ids.length === 1 ? path : `${id}  ${path}`);
    else {
      const remedy = `npx carbonbook data fetch ${id}, or name a folder in CARBONBOOK_DATA_MIRROR`;
      console.fail(
        new DataError({
          what: `data set ${id}`,
          wanted: "it on this machine",
          got: "nothing",
          remedy,
        }).message,
      );
    }
  }
  console.document(Object.fromEntries(places.map(([id, path]) => [id, path ?? null])));
  return places.some(([, path]) => path === undefined) ? EXIT.data : EXIT.done;
}

async function verify(ids: readonly string[], json: boolean): Promise<number> {
  const console = makeConsole({ json });
  const { verifyData } = await import("../data/index.js");
  const report = await verifyData(ids);
  const bad = report.files.filter(({ state }) => state === "missing" || state === "changed");
  for (const { id, path, state } of bad) console.print(`${state}  ${id}  ${path}`);
  for (const path of report.extra) console.note(`not in the manifest: ${path}`);
  console.print(
    `${report.files.length - bad.length} files right, ${bad.length} missing or changed`,
  );
  console.document(report);
  return bad.length > 0 ? EXIT.data : EXIT.done;
}

async function fetch(ids: readonly string[], options: FetchOptions): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { fetchData, planFetch } = await import("../data/index.js");
  if (options.dryRun) {
    const plan = await planFetch(ids);
    for (const { file, bytes } of plan.files)
      console.print(`${formatBytes(bytes).padStart(8)}  ${file.path}`);
    console.print(summaryOf(plan));
    console.document(plan);
    return EXIT.done;
  }
  const interruption = catchInterrupts(() =>
    console.note("stopping: what is fetched so far is kept"),
  );
  const report = await fetchData(ids, {
    jobs: options.jobs,
    signal: interruption.signal,
    onPlan: (plan) => console.note(summaryOf(plan)),
    onProgress: (done, total) =>
      console.bar(`${formatBytes(done)} of ${formatBytes(total)}`, done, total),
  });
  for (const { path, error } of report.failed) console.fail(`${path}: ${messageOf(error)}`);
  for (const { id, byHand } of report.byHand) console.note(`${id}: by hand: ${byHand?.how}`);
  console.print(
    `${report.fetched.length} fetched, ${report.kept.length} here already, ${report.failed.length} failed`,
  );
  const failed = report.failed.map(({ path, error }) => ({ path, error: messageOf(error) }));
  console.document({ ...report, failed });
  return interruption.code() ?? (report.failed.length > 0 ? EXIT.data : EXIT.done);
}
