/** The embedded engine: our own client runs any installed kernel, without Python. */

import { EnvironmentError } from "../core/index.js";
import {
  type Engine,
  type EngineRequest,
  type Failure,
  failureIn,
  isCleanExit,
  isRun,
  mayFail,
  type Outcome,
} from "./engine.js";
import { type Ending, type Kernel, startKernel } from "./kernelclient.js";
import { findKernel } from "./kernelspec.js";
import type { CodeCell, Metadata } from "./nbformat.js";
import { errorOutput, makeOutputBook, type OutputBook } from "./outputs.js";
import { makeWidgetBook, type WidgetBook } from "./widgetstate.js";

/** Cells that must fail, by language; the rest fail to parse in every other. */
const CANARIES: Readonly<Record<string, string>> = {
  typescript: 'throw new Error("carbonbook canary");',
  javascript: 'throw new Error("carbonbook canary");',
  python: 'raise RuntimeError("carbonbook canary")',
};
const PARSE_ERROR = ")carbonbook canary(";

/** What came of a canary, where it was not an error. */
const GOT: Readonly<Record<Ending["kind"], string>> = {
  reply: "success",
  stopped: "no answer",
  death: "the kernel's death",
};

/** Runs cells over ZeroMQ on any kernelspec. */
export const embedded: Engine = {
  name: "embedded",
  async run(request) {
    const spec = await findKernel(request.kernel);
    const { cwd, env, startTimeout } = request;
    const kernel = await startKernel(spec, { cwd, startTimeout, ...(env && { env }) });
    try {
      await provesItsErrors(kernel);
      request.notebook.metadata.language_info = languageInfo(kernel);
      return await runCells(kernel, request);
    } finally {
      await kernel.shutdown();
    }
  },
};

/**
 * Start a kernel by name, see that its errors are seen, and end it.
 *
 * @returns how long its start took [s]
 * @throws {EnvironmentError} if it is not installed, does not start or hides its errors
 */
export async function proveKernel(name: string): Promise<number> {
  const started = performance.now();
  const kernel = await startKernel(await findKernel(name), { cwd: ".", startTimeout: 60 });
  try {
    await provesItsErrors(kernel);
    return (performance.now() - started) / 1000;
  } finally {
    await kernel.shutdown();
  }
}

/** Run a cell that must fail and see that its failure is seen. */
async function provesItsErrors(kernel: Kernel): Promise<void> {
  let seen = false;
  const ending = await kernel.execute({
    code: CANARIES[kernel.spec.language.toLowerCase()] ?? PARSE_ERROR,
    history: "skip",
    timeout: 60,
    onMessage: ({ header }) => {
      if (header.msg_type === "error") seen = true;
    },
  });
  if (seen || (ending.kind === "reply" && ending.content.status === "error")) return;
  throw new EnvironmentError({
    what: `kernel "${kernel.spec.name}"`,
    wanted: "an error from a cell that must fail",
    got: GOT[ending.kind],
    remedy: "its failures cannot be trusted to be seen: choose another kernel or update it",
  });
}

async function runCells(kernel: Kernel, request: EngineRequest): Promise<Outcome> {
  const { notebook, events } = request;
  const book = makeOutputBook(events.onStream);
  const widgets = makeWidgetBook();
  for (const [index, cell] of notebook.cells.entries()) {
    await events.onCellStart(index);
    const task = { request, book, widgets, index };
    const failure = isRun(cell) ? await runCell(kernel, { ...task, cell }) : undefined;
    const ending = failure !== undefined && isCleanExit(failure) ? undefined : failure;
    await events.onCellEnd(index, ending);
    if (ending !== undefined) return { status: "failed", failure: ending };
    if (failure !== undefined) return { status: "stopped" };
  }
  return { status: "completed" };
}

interface CellTask {
  readonly request: EngineRequest;
  readonly book: OutputBook;
  readonly widgets: WidgetBook;
  readonly cell: CodeCell;
  readonly index: number;
}

async function runCell(kernel: Kernel, task: CellTask): Promise<Failure | undefined> {
  const { request, book, widgets, cell, index } = task;
  if (request.signal?.aborted) return interrupted(cell, index);
  const times: Record<string, string> = {};
  cell.metadata.execution = times;
  const ending = await kernel.execute({
    code: cell.source,
    ...(request.cellTimeout !== undefined && { timeout: request.cellTimeout }),
    ...(request.signal && { signal: request.signal }),
    onMessage: (message) => {
      const { msg_type, date } = message.header;
      const { execution_state: state, execution_count: count } = message.content;
      if (msg_type === "execute_input") {
        times["iopub.execute_input"] = date;
        cell.execution_count = count as number;
      }
      if (msg_type === "status") times[`iopub.status.${state}`] = date;
      book.take(widgets.take(message) ?? cell, message);
    },
  });
  const shown = widgets.metadata();
  if (shown !== undefined) request.notebook.metadata.widgets = shown;
  if (ending.kind === "reply") {
    times["shell.execute_reply"] = ending.date;
    takeReply(cell, ending.content);
    for (const content of widgets.news()) await kernel.tell("comm_msg", content);
  }
  return judge(cell, index, ending, request);
}

/** Keep what only the reply says: the count, pages, and an error that was not broadcast. */
function takeReply(cell: CodeCell, content: Metadata): void {
  if (typeof content.execution_count === "number") cell.execution_count = content.execution_count;
  for (const page of (content.payload as Metadata[] | undefined) ?? []) {
    if (page.source !== "page") continue;
    const data = page.data as Metadata;
    cell.outputs.push({ output_type: "display_data", data, metadata: {} });
  }
  const broadcast = cell.outputs.some((output) => output.output_type === "error");
  if (content.status === "ok" || broadcast) return;
  const stderr = cell.outputs.find((o) => o.output_type === "stream" && o.name === "stderr");
  const text = stderr?.output_type === "stream" ? stderr.text.trim() : "";
  const [first = ""] = text.split("\n");
  const guessed = { ename: "Error", evalue: first, traceback: text === "" ? [] : text.split("\n") };
  cell.outputs.push(errorOutput(content.ename === undefined ? guessed : content));
}

function judge(
  cell: CodeCell,
  index: number,
  ending: Ending,
  request: EngineRequest,
): Failure | undefined {
  if (ending.kind === "death") {
    const { code, signal, memory, stderr } = ending.death;
    const evalue = memory
      ? "the kernel ran out of memory"
      : `the kernel died (${signal ?? `exit code ${code}`})`;
    const traceback = stderr.trim() === "" ? [] : stderr.trim().split("\n").slice(-20);
    return endCell(cell, index, {
      kind: memory ? "memory" : "dead",
      ename: memory ? "OutOfMemoryError" : "DeadKernelError",
      evalue,
      traceback,
    });
  }
  if (request.signal?.aborted) return interrupted(cell, index);
  if (ending.kind === "stopped") {
    const evalue = `the cell took longer than ${request.cellTimeout} s`;
    return endCell(cell, index, {
      kind: "timeout",
      ename: "CellTimeoutError",
      evalue,
      traceback: [],
    });
  }
  return mayFail(cell) ? undefined : failureIn(cell, index);
}

function interrupted(cell: CodeCell, index: number): Failure {
  const evalue = "the run was interrupted in this cell";
  return endCell(cell, index, {
    kind: "interrupted",
    ename: "KeyboardInterrupt",
    evalue,
    traceback: [],
  });
}

/** Write a failure that the kernel did not tell of into the cell, after what it did put out. */
function endCell(cell: CodeCell, index: number, failure: Omit<Failure, "cell">): Failure {
  const { ename, evalue, traceback } = failure;
  const told = cell.outputs.some((o) => o.output_type === "error" && o.ename === ename);
  if (!told) cell.outputs.push({ output_type: "error", ename, evalue, traceback: [...traceback] });
  return { ...failure, cell: index };
}

function languageInfo(kernel: Kernel): unknown {
  return kernel.info.language_info ?? { name: kernel.spec.language };
}
