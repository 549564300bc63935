/** Run one notebook by papermill's contract: inject, execute, save after each cell, say how it ended. */

import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError } from "../core/index.js";
import { embedded } from "./embedded.js";
import type { Engine, EngineEvents, Failure, Outcome } from "./engine.js";
import { findLanguage, languageNameOf } from "./language.js";
import { formatNotebook, type Notebook, readNotebook } from "./nbformat.js";
import {
  addBanners,
  cellStatus,
  clearRun,
  hideInputs,
  injectCell,
  NOT_RUN,
  pendingStatus,
  prepareRunMetadata,
  type RunMetadata,
} from "./papermill.js";
import { type Given, inspectParameters, settleParameters, writeParameters } from "./parameters.js";
import { makeSaver, type Saver, startAutosave } from "./saver.js";
import { jsonOf, type Value } from "./value.js";

/** What to run, and how. */
export interface RunOptions {
  /** path of the notebook, or `-` for standard input */
  readonly input: string;
  /** path of the executed copy, `-` for standard output; none is written where it is left out */
  readonly output?: string;
  readonly parameters?: ReadonlyMap<string, Given>;
  /** refuse names that the notebook does not declare, or only warn of them; refuse by default */
  readonly unknown?: "refuse" | "allow";
  /** name of the kernelspec; the notebook's own by default */
  readonly kernel?: string;
  /** language of the parameters; the notebook's own by default */
  readonly language?: string;
  /** folder the kernel runs in; the present one by default */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly engine?: Engine;
  /** only inject, do not execute */
  readonly prepareOnly?: boolean;
  /** hide the source of code cells */
  readonly reportMode?: boolean;
  /** seconds until the kernel must answer, 60 by default */
  readonly startTimeout?: number;
  /** seconds a cell may take, no limit by default */
  readonly cellTimeout?: number;
  /** whether the copy is written after each cell (the default) and within long ones, or once */
  readonly saves?: "each-cell" | "at-end";
  /** seconds between saves while a cell runs, 30 by default; 0 for none */
  readonly autosaveEvery?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onStream?: (name: string, text: string) => void;
  readonly onWarning?: (text: string) => void;
}

/** How a run ended. */
export interface RunResult {
  readonly notebook: Notebook;
  readonly parameters: ReadonlyMap<string, Value>;
  /** what stopped it; its `cell` counts cells without the banners */
  readonly failure?: Failure;
}

/**
 * Run a notebook. A failing cell is no exception but a result with its `failure`; the executed
 * copy is kept with every output up to it.
 *
 * @throws {DataError} if the notebook is missing or not valid
 * @throws {ArgumentError} if a parameter is unknown or does not fit
 * @throws {EnvironmentError} if the kernel is missing or does not start
 * @throws {BusyError} if the disk is full
 */
export async function runNotebook(options: RunOptions): Promise<RunResult> {
  const notebook = await readNotebook(options.input);
  if (options.output !== undefined) await checkFolder(options.output);
  const parameters = inject(notebook, options);
  const block = prepareRunMetadata(notebook, {
    ...(parameters.size > 0 && {
      parameters: Object.fromEntries([...parameters].map(([k, v]) => [k, jsonOf(v)])),
    }),
    input_path: options.input,
    output_path: options.output ?? null,
  });
  if (!options.prepareOnly) Object.assign(block, NOT_RUN);
  const cwd = resolve(options.cwd ?? ".");
  notebook.metadata["carbonbook-run"] = { cwd, engine: (options.engine ?? embedded).name };
  const saver = makeSaver(notebook, options.output);
  if (options.saves !== "at-end" || options.prepareOnly) await saver.settle();
  if (options.prepareOnly) {
    await print(notebook, options.output);
    return { notebook, parameters };
  }
  const outcome = await execute(notebook, block, { ...options, cwd, saver });
  await saver.settle();
  await print(notebook, options.output);
  const failure = outcome.status === "failed" ? outcome.failure : undefined;
  return { notebook, parameters, ...(failure && { failure }) };
}

/** Clear the notebook of its last run and put the parameters in. */
function inject(notebook: Notebook, options: RunOptions): Map<string, Value> {
  const language = options.language ?? languageNameOf(notebook);
  const declared = inspectParameters(notebook, language);
  const given = options.parameters ?? new Map<string, Given>();
  for (const name of given.keys()) {
    const isKnown = declared.some((parameter) => parameter.name === name);
    if (!isKnown && options.unknown === "allow")
      options.onWarning?.(`Passed unknown parameter: ${name}`);
  }
  const where = options.input;
  const settled = settleParameters(given, declared, {
    unknown: options.unknown ?? "refuse",
    where,
  });
  clearRun(notebook, options.prepareOnly ? "banners" : "outputs");
  if (settled.size > 0) {
    const kernel = options.kernel ?? kernelNameOf(notebook);
    if (declared.length === 0 && !notebook.cells.some(isParametersCell)) {
      options.onWarning?.("Input notebook does not contain a cell with tag 'parameters'");
    }
    findLanguage(language, kernel);
    const source = writeParameters(settled, declared, { language, kernel });
    injectCell(notebook, source, options.prepareOnly ? undefined : pendingStatus());
  }
  if (options.reportMode) hideInputs(notebook);
  return settled;
}

async function execute(
  notebook: Notebook,
  block: RunMetadata,
  options: RunOptions & { readonly cwd: string; readonly saver: Saver },
): Promise<Outcome> {
  const engine = options.engine ?? embedded;
  const started = begin(block);
  const between = options.saves === "at-end" ? 0 : (options.autosaveEvery ?? 30);
  const autosave = startAutosave(options.saver, between);
  let outcome: Outcome;
  try {
    outcome = await engine.run({
      notebook,
      kernel: options.kernel ?? kernelNameOf(notebook),
      cwd: options.cwd,
      startTimeout: options.startTimeout ?? 60,
      ...(options.env && { env: options.env }),
      ...(options.cellTimeout !== undefined && { cellTimeout: options.cellTimeout }),
      ...(options.signal && { signal: options.signal }),
      events: makeEvents(notebook, options),
    });
  } catch (error) {
    block.exception = true;
    finish(block, started);
    await options.saver.settle();
    throw error;
  } finally {
    autosave.stop();
  }
  finish(block, started);
  if (outcome.status === "failed") {
    block.exception = true;
    addBanners(notebook, outcome.failure);
  }
  return outcome;
}

function makeEvents(
  notebook: Notebook,
  options: RunOptions & { readonly saver: Saver },
): EngineEvents {
  const total = notebook.cells.length;
  const starts = new Map<number, number>();
  return {
    ...(options.onStream && { onStream: options.onStream }),
    onCellStart(index) {
      const status = cellStatus(notebook.cells[index]!);
      starts.set(index, begin(status));
      status.status = "running";
    },
    onCellEnd(index, failure) {
      const status = cellStatus(notebook.cells[index]!);
      finish(status, starts.get(index)!);
      status.exception = failure !== undefined;
      status.status = failure === undefined ? "completed" : "failed";
      options.onProgress?.(index + 1, total);
      if (options.saves !== "at-end") options.saver.request();
    },
  };
}

/** The engine of a name; nbconvert's is loaded when it is asked for. */
export async function findEngine(name: Engine["name"]): Promise<Engine> {
  return name === "embedded" ? embedded : (await import("./nbconvert.js")).nbconvert;
}

/** The kernel a notebook asks for. */
export function kernelNameOf(notebook: Notebook): string {
  const spec = notebook.metadata.kernelspec as { name?: string } | undefined;
  if (spec?.name !== undefined) return spec.name;
  const language = languageNameOf(notebook);
  if (language === "typescript") return "carbonbook";
  return "python3";
}

function isParametersCell(cell: Notebook["cells"][number]): boolean {
  return (cell.metadata.tags as string[]).includes("parameters");
}

async function checkFolder(output: string): Promise<void> {
  if (output === "-") return;
  const folder = dirname(resolve(output));
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new UsageError({
    what: "folder of the output notebook",
    wanted: "one that exists",
    got: folder,
    remedy: `make it first: mkdir -p ${folder}`,
  });
}

async function print(notebook: Notebook, output: string | undefined): Promise<void> {
  if (output !== "-") return;
  await new Promise((done) => process.stdout.write(formatNotebook(notebook), done));
}

interface Timed {
  start_time: string | null;
  end_time: string | null;
  duration: number | null;
}

function begin(timed: Timed): number {
  timed.start_time = timestamp();
  return performance.now();
}

function finish(timed: Timed, started: number): void {
  timed.end_time = timestamp();
  timed.duration = Math.round((performance.now() - started) * 1000) / 1e6;
}

/** ISO with the offset of UTC, as papermill writes it. */
function timestamp(): string {
  return new Date().toISOString().replace("Z", "+00:00");
}
