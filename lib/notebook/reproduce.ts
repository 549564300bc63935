/** Run the graph of notebooks of a profile, each only if something it depends on changed. */

import { join } from "node:path";
import type { Packed } from "./bundle.js";
import { type GraphNode, readGraph } from "./declaration.js";
import { makeDigester } from "./digest.js";
import { sweepDrafts } from "./drafts.js";
import type { Failure } from "./engine.js";
import { type Graph, makeGraph, selectNodes } from "./graph.js";
import { takeLock } from "./lock.js";
import { runLoops } from "./looprun.js";
import { expectFigures, readFigureManifest } from "./manifest.js";
import { type Context, fingerprintOf, parametersOf, reasonsToRun, runNode } from "./noderun.js";
import { type RunRecord, readRecord } from "./record.js";
import { schedule } from "./schedule.js";
import { refuseBeside } from "./slurm-ledger.js";

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
  /** what is bundled with the program */
  readonly packed?: Packed;
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
  | {
      readonly kind: "round";
      readonly loop: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: "blocked"; readonly notebook: string; readonly by: string };

/** What became of one notebook. */
export interface NodeResult {
  readonly notebook: string;
  readonly status:
    | "current"
    | "would-run"
    | "completed"
    | "failed"
    | "blocked"
    /** not asked for: as an earlier run left it, not looked into; only in what is published */
    | "earlier";
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

/**
 * Run the notebooks of `<root>/notebooks` into `<root>/runs/<profile>`.
 *
 * @throws {DataError} if the graph is not sound
 * @throws {UsageError} if `only` names nothing
 * @throws {BusyError} if another run holds the folder, or the disk is full
 */
export async function reproduce(options: ReproduceOptions): Promise<ReproduceResult> {
  const graph = await openGraph(options.root);
  const nodes = selectNodes(graph, options.only ?? []);
  const context = await openContext(options);
  const { runFolder, digester } = context;
  const release = options.explain ? undefined : await takeLock(join(runFolder, ".lock"));
  try {
    if (!options.explain) {
      await refuseBeside(runFolder);
      await sweepDrafts(runFolder);
    }
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

/**
 * Read the graph of a project.
 *
 * @throws {DataError} if it is not sound
 */
export async function openGraph(root: string): Promise<Graph> {
  const folder = join(root, "notebooks");
  const manifest = await readFigureManifest(root);
  return makeGraph(expectFigures(await readGraph(folder), manifest, join(folder, "figures.json")));
}

/**
 * Ids of the data sets that the selected notebooks of a project declare.
 *
 * @throws {DataError} if the graph is not sound
 * @throws {UsageError} if `only` names nothing
 */
export async function listDeclaredData(root: string, only: readonly string[]): Promise<string[]> {
  const nodes = selectNodes(await openGraph(root), only);
  return [...new Set(nodes.flatMap(({ data }) => data))].sort();
}

/** What the notebooks of a run share. */
export async function openContext(options: ReproduceOptions): Promise<Context> {
  const runFolder = join(options.root, "runs", options.profile);
  const digester = await makeDigester(join(runFolder, ".state", "digests.json"));
  return { options, runFolder, digester, results: new Map() };
}

/** Bring one notebook up to date, once those it needs are. */
export async function visit(
  node: GraphNode,
  needs: readonly string[],
  context: Context,
): Promise<void> {
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
  await runLoops(node, context);
  const done = await runNode(node, { parameters, fingerprint, executed, context });
  const { seconds, failure } = done;
  options.onEvent?.({ kind: "end", notebook: node.name, seconds, ...(failure && { failure }) });
  put({ status: done.status, reasons, record: done, ...(failure && { failure }) });
}
