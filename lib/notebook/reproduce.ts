/** Run the graph of notebooks of a profile, each only if something it depends on changed. */

import { mkdir, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { DataError } from "../core/index.js";
import { filesOf, type GraphNode, readGraph } from "./declaration.js";
import { type Digester, type FileDigest, makeDigester } from "./digest.js";
import type { Failure } from "./engine.js";
import { changesBetween, type Fingerprint, takeFingerprint } from "./fingerprint.js";
import { makeGraph, selectNodes } from "./graph.js";
import { findKernel } from "./kernelspec.js";
import { takeLock } from "./lock.js";
import { expectFigures, readFigureManifest } from "./manifest.js";
import { type Given, inspectParameters } from "./parameters.js";
import { type RunRecord, readRecord, writeRecord } from "./record.js";
import { kernelNameOf, runNotebook } from "./run.js";
import { schedule } from "./schedule.js";
import type { Value } from "./value.js";

/** What of the graph to run, and how. */
export interface ReproduceOptions {
  /** the project's root, with notebooks/ */
  readonly root: string;
  readonly profile: string;
  /** names of notebooks, studies or figures; all by default */
  readonly only?: readonly string[];
  /** notebooks at once, 1 by default */
  readonly jobs?: number;
  /** run also what is up to date */
  readonly force?: boolean;
  /** say what would run and why, and run nothing */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
  /** where a file of the data manifest is */
  readonly locate?: (id: string) => Promise<string | undefined>;
  readonly onEvent?: (event: ReproduceEvent) => void;
}

/** What happens while the graph runs. */
export type ReproduceEvent =
  | { readonly kind: "plan"; readonly notebooks: readonly string[] }
  | { readonly kind: "current"; readonly notebook: string }
  | { readonly kind: "start"; readonly notebook: string; readonly reasons: readonly string[] }
  | {
      readonly kind: "cell";
      readonly notebook: string;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly kind: "end";
      readonly notebook: string;
      readonly seconds: number;
      readonly failure?: Failure;
    }
  | { readonly kind: "blocked"; readonly notebook: string; readonly by: string };

/** What became of one notebook. */
export interface NodeResult {
  readonly notebook: string;
  readonly status: "current" | "would-run" | "completed" | "failed" | "blocked";
  /** why it ran or would run */
  readonly reasons: readonly string[];
  /** absolute path of the executed copy */
  readonly executed: string;
  readonly record?: RunRecord;
  readonly failure?: Failure;
}

/** What became of the graph. */
export interface ReproduceResult {
  readonly runFolder: string;
  readonly nodes: readonly GraphNode[];
  readonly results: readonly NodeResult[];
}

/** What all notebooks of one call share. */
interface Context {
  readonly options: ReproduceOptions;
  readonly runFolder: string;
  readonly digester: Digester;
  readonly results: Map<string, NodeResult>;
}

/**
 * Run the notebooks of `<root>/notebooks` into `<root>/runs/<profile>`.
 *
 * @throws {DataError} if the graph is not sound
 * @throws {UsageError} if `only` names nothing
 * @throws {BusyError} if another run holds the folder, or the disk is full
 */
export async function reproduce(options: ReproduceOptions): Promise<ReproduceResult> {
  const folder = join(options.root, "notebooks");
  const manifest = await readFigureManifest(options.root);
  const declared = expectFigures(await readGraph(folder), manifest, join(folder, "figures.json"));
  const graph = makeGraph(declared);
  const nodes = selectNodes(graph, options.only ?? []);
  const runFolder = join(options.root, "runs", options.profile);
  const release = options.explain ? undefined : await takeLock(join(runFolder, ".lock"));
  const digester = await makeDigester(join(runFolder, ".state", "digests.json"));
  const context: Context = { options, runFolder, digester, results: new Map() };
  try {
    options.onEvent?.({ kind: "plan", notebooks: nodes.map((node) => node.name) });
    await schedule(nodes, graph.needs, {
      jobs: options.explain ? 1 : (options.jobs ?? 1),
      run: (node) => visit(node, graph.needs.get(node.name) ?? [], context),
    });
    if (!options.explain) await digester.save();
    const results = nodes.map((node) => context.results.get(node.name)!);
    return { runFolder, nodes, results };
  } finally {
    await release?.();
  }
}

/** Bring one notebook up to date, once those it needs are. */
async function visit(node: GraphNode, needs: readonly string[], context: Context): Promise<void> {
  const { options, runFolder, results } = context;
  const executed = join(runFolder, "notebooks", `${node.name}.ipynb`);
  const put = (result: Omit<NodeResult, "notebook" | "executed">) => {
    results.set(node.name, { notebook: node.name, executed, ...result });
  };
  const broken = needs.find((need) =>
    ["failed", "blocked"].includes(results.get(need)?.status ?? ""),
  );
  if (broken !== undefined || options.signal?.aborted) {
    const by = broken ?? "the interruption";
    options.onEvent?.({ kind: "blocked", notebook: node.name, by });
    return put({ status: "blocked", reasons: [`${by} came first`] });
  }
  const parameters = parametersOf(node, context);
  const fingerprint = await fingerprintOf(node, parameters, context);
  const record = await readRecord(runFolder, node.name);
  const upstream = needs.filter((need) => results.get(need)?.status === "would-run");
  const reasons = [
    ...(options.force ? ["--force"] : []),
    ...(await reasonsToRun(node, { fingerprint, record, executed, context })),
    ...upstream.map((need) => `${need} runs first`),
  ];
  if (reasons.length === 0) {
    options.onEvent?.({ kind: "current", notebook: node.name });
    return put({ status: "current", reasons, record: record! });
  }
  if (options.explain) return put({ status: "would-run", reasons });
  options.onEvent?.({ kind: "start", notebook: node.name, reasons });
  const done = await runNode(node, { parameters, fingerprint, executed, context });
  const { seconds, failure } = done;
  options.onEvent?.({ kind: "end", notebook: node.name, seconds, ...(failure && { failure }) });
  put({ status: done.status, reasons, record: done, ...(failure && { failure }) });
}

/** The profile's parameters and the run's folder, as far as the notebook declares them. */
function parametersOf(node: GraphNode, { options, runFolder }: Context): Record<string, Value> {
  const declared = new Set(inspectParameters(node.notebook).map((parameter) => parameter.name));
  const own = node.profiles[options.profile] ?? {};
  const folder = relative(dirname(node.path), runFolder);
  return {
    ...own,
    ...(declared.has("runFolder") && { runFolder: folder }),
    ...(declared.has("profile") && { profile: options.profile }),
  };
}

async function fingerprintOf(
  node: GraphNode,
  parameters: Readonly<Record<string, Value>>,
  { options, runFolder, digester }: Context,
): Promise<Fingerprint> {
  const kernel = await findKernel(kernelNameOf(node.notebook));
  return takeFingerprint(node, parameters, {
    library: join(options.root, "lib", "dist"),
    lockfile: join(options.root, "package-lock.json"),
    kernelFolder: kernel.folder,
    runFolder,
    digester,
    locate: options.locate ?? locateData,
  });
}

async function locateData(id: string): Promise<string | undefined> {
  const { locate } = await import("../data/index.js");
  return locate(id);
}

/** The data folders of the environment as absolute paths: the kernel runs in another folder. */
function dataFolders(): Record<string, string> {
  const names = ["CARBONBOOK_DATA", "CARBONBOOK_DATA_MIRROR"];
  const set = names.filter((name) => (process.env[name] ?? "") !== "");
  return Object.fromEntries(set.map((name) => [name, resolve(process.env[name]!)]));
}

async function reasonsToRun(
  node: GraphNode,
  state: {
    readonly fingerprint: Fingerprint;
    readonly record: RunRecord | undefined;
    readonly executed: string;
    readonly context: Context;
  },
): Promise<string[]> {
  const { fingerprint, record, executed, context } = state;
  if (record === undefined) return ["it has not run yet"];
  if (record.status === "failed") return ["it failed last time"];
  const changes = changesBetween(record.fingerprint, fingerprint);
  const paths = [...filesOf(node).map((file) => join(context.runFolder, file)), executed];
  for (const path of paths) {
    const name = relative(context.runFolder, path);
    const now = await context.digester.file(path);
    if (now === undefined) changes.push(`${name} is gone`);
    else if (now.sha256 !== record.outputs[name]?.sha256)
      changes.push(`${name} was changed by hand`);
  }
  return changes;
}

async function runNode(
  node: GraphNode,
  task: {
    readonly parameters: Readonly<Record<string, Value>>;
    readonly fingerprint: Fingerprint;
    readonly executed: string;
    readonly context: Context;
  },
): Promise<RunRecord> {
  const { parameters, fingerprint, executed, context } = task;
  const { options, runFolder } = context;
  await mkdir(dirname(executed), { recursive: true });
  await mkdir(join(runFolder, "artifacts"), { recursive: true });
  for (const file of filesOf(node)) await rm(join(runFolder, file), { force: true });
  const start = new Date();
  const given = new Map(
    Object.entries(parameters).map(([k, value]): [string, Given] => [k, { value }]),
  );
  const { failure, notebook } = await runNotebook({
    input: node.path,
    output: executed,
    parameters: given,
    cwd: dirname(node.path),
    env: dataFolders(),
    ...(options.signal && { signal: options.signal }),
    onProgress: (done, total) =>
      options.onEvent?.({ kind: "cell", notebook: node.name, done, total }),
  });
  const outputs = await digestOutputs(node, executed, context);
  const missing =
    failure === undefined ? filesOf(node).filter((file) => outputs[file] === undefined) : [];
  const fault = failure ?? missingOutputs(node, missing, notebook.cells.length - 1);
  const end = new Date();
  const record: RunRecord = {
    version: 1,
    notebook: node.name,
    status: fault === undefined ? "completed" : "failed",
    fingerprint,
    parameters,
    start: start.toISOString(),
    end: end.toISOString(),
    seconds: (end.getTime() - start.getTime()) / 1000,
    outputs,
    ...(fault && { failure: fault }),
  };
  await writeRecord(runFolder, record);
  return record;
}

async function digestOutputs(
  node: GraphNode,
  executed: string,
  { runFolder, digester }: Context,
): Promise<Record<string, FileDigest>> {
  const outputs: Record<string, FileDigest> = {};
  for (const file of [...filesOf(node), relative(runFolder, executed)]) {
    const digest = await digester.file(join(runFolder, file));
    if (digest !== undefined) outputs[file] = digest;
  }
  return outputs;
}

function missingOutputs(
  node: GraphNode,
  missing: readonly string[],
  cell: number,
): Failure | undefined {
  if (missing.length === 0) return undefined;
  const { message } = new DataError({
    where: node.path,
    what: "declared outputs",
    wanted: "each to be written",
    got: `none of ${missing.join(", ")}`,
    remedy: "write them, or take them out of metadata.carbonbook",
  });
  return { kind: "error", cell, ename: "MissingOutputError", evalue: message, traceback: [] };
}
