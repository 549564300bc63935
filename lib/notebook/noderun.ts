/** One notebook of a run: what it depends on, why it has to run, and running it. */

import { existsSync, realpathSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError } from "../core/index.js";
import { filesOf, type GraphNode } from "./declaration.js";
import { type Digester, type FileDigest, sha256 } from "./digest.js";
import type { Failure } from "./engine.js";
import { changesBetween, type Fingerprint, takeFingerprint } from "./fingerprint.js";
import { findKernel } from "./kernelspec.js";
import type { Loop } from "./loop.js";
import { readModule } from "./loopcode.js";
import type { CodeCell } from "./nbformat.js";
import { type Given, inspectParameters } from "./parameters.js";
import { findOrigin } from "./provenance.js";
import { type RunRecord, writeRecord } from "./record.js";
import type { NodeResult, ReproduceOptions } from "./reproduce.js";
import { kernelNameOf, runNotebook } from "./run.js";
import { toldParameters } from "./unit.js";
import type { Value } from "./value.js";

/** What all notebooks of one call share. */
export interface Context {
  readonly options: ReproduceOptions;
  readonly runFolder: string;
  readonly digester: Digester;
  readonly results: Map<string, NodeResult>;
}

/**
 * The profile's parameters and the run's folder, as far as the notebook declares them. The folder is
 * told from where the notebook really lies, which is where its kernel runs, also behind a link.
 */
export function parametersOf(node: GraphNode, { options }: Context): Record<string, Value> {
  const declared = new Set(inspectParameters(node.notebook).map((parameter) => parameter.name));
  const own = node.profiles[options.profile] ?? {};
  const runFolder = join(realpathSync(options.root), "runs", options.profile);
  const folder = relative(realpathSync(dirname(node.path)), runFolder);
  return {
    ...own,
    ...(declared.has("runFolder") && { runFolder: folder }),
    ...(declared.has("profile") && { profile: options.profile }),
  };
}

/** The fingerprint of a notebook as things are now. */
export async function fingerprintOf(
  node: GraphNode,
  parameters: Readonly<Record<string, Value>>,
  context: Context,
): Promise<Fingerprint> {
  const kernel = await findKernel(kernelNameOf(node.notebook));
  const around = { ...surroundings(context), kernelFolder: kernel.folder };
  const loops: Record<string, string> = {};
  for (const loop of node.tasks) {
    loops[`loop ${loop.name}`] = hashOf(await fingerprintLoop(node, loop, context));
  }
  return { ...(await takeFingerprint(node, parameters, around)), ...loops };
}

/** The fingerprint that all rounds of a loop share: its code, the notebook's parameters, inputs and data. */
export async function fingerprintLoop(
  node: GraphNode,
  loop: Loop,
  context: Context,
): Promise<Fingerprint> {
  const isFile = loop.module.startsWith(".");
  const code = isFile ? await readModule(join(dirname(node.path), loop.module)) : "";
  const source = `import "${loop.module}"; // ${loop.run}\n${code}`;
  const cell: CodeCell = {
    id: loop.name,
    cell_type: "code",
    source,
    metadata: {},
    execution_count: null,
    outputs: [],
  };
  const notebook = {
    ...node.notebook,
    metadata: { language_info: { name: "typescript" } },
    cells: [cell],
  };
  const parameters = toldParameters(node, context.options.profile);
  const loops = { run: loop.run, count: loop.count };
  const own = { ...parameters, ...loops };
  const earlier: Record<string, string> = {};
  for (const name of loop.after ?? []) {
    const other = node.tasks.find((one) => one.name === name)!;
    earlier[`loop ${name}`] = hashOf(await fingerprintLoop(node, other, context));
  }
  const all = await takeFingerprint({ ...node, notebook }, own, surroundings(context));
  return { ...all, ...earlier };
}

/** One hash of a whole fingerprint. */
export function hashOf(fingerprint: Fingerprint): string {
  return sha256(JSON.stringify(Object.entries(fingerprint).sort()));
}

function surroundings({ options, runFolder, digester }: Context) {
  return {
    library: libraryOf(options.root),
    ...(options.packed && { rooms: options.packed.rooms }),
    lockfile: join(options.root, "package-lock.json"),
    runFolder,
    digester,
    locate: options.locate ?? locateData,
  };
}

/** Where the rooms are built: in the project itself, or where this program is installed. */
function libraryOf(root: string): string {
  const own = join(root, "lib", "dist");
  return existsSync(own) ? own : fileURLToPath(new URL("..", import.meta.url));
}

async function locateData(id: string): Promise<string | undefined> {
  const { locate } = await import("../data/index.js");
  return locate(id);
}

/** The data folders of the environment as absolute paths: the kernel runs in another folder. */
export function dataFolders(): Record<string, string> {
  const names = ["CARBONBOOK_DATA", "CARBONBOOK_DATA_MIRROR"];
  const set = names.filter((name) => (process.env[name] ?? "") !== "");
  return Object.fromEntries(set.map((name) => [name, resolve(process.env[name]!)]));
}

/** Why a notebook has to run; empty if all is as its last run left it. */
export async function reasonsToRun(
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

/** Run a notebook and keep the record of it. */
export async function runNode(
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
  const checkpoints = await checkpointFolder(node, fingerprint, runFolder);
  const origin = await findOrigin(options.root);
  const start = new Date();
  const given = new Map(
    Object.entries(parameters).map(([k, value]): [string, Given] => [k, { value }]),
  );
  const { failure, notebook } = await runNotebook({
    input: node.path,
    output: executed,
    parameters: given,
    cwd: dirname(node.path),
    env: {
      ...dataFolders(),
      CARBONBOOK_CHECKPOINTS: checkpoints,
      ...(node.tasks.length > 0 && { CARBONBOOK_TASKS: node.name }),
    },
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
    version: 2,
    notebook: node.name,
    status: fault === undefined ? "completed" : "failed",
    fingerprint,
    parameters,
    origin,
    start: start.toISOString(),
    end: end.toISOString(),
    seconds: (end.getTime() - start.getTime()) / 1000,
    outputs,
    ...(fault && { failure: fault }),
  };
  await writeRecord(runFolder, record);
  if (fault === undefined) await rm(dirname(checkpoints), { recursive: true, force: true });
  return record;
}

/** A folder for what a killed run goes on from; another one as soon as anything has changed. */
async function checkpointFolder(
  node: GraphNode,
  fingerprint: Fingerprint,
  runFolder: string,
): Promise<string> {
  const all = join(runFolder, ".state", "checkpoints", node.name);
  const own = hashOf(fingerprint).slice(0, 16);
  await mkdir(join(all, own), { recursive: true });
  for (const name of await readdir(all)) {
    if (name !== own) await rm(join(all, name), { recursive: true });
  }
  return resolve(all, own);
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
