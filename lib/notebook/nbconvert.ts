/**
 * The nbconvert engine: `jupyter nbconvert --execute`, for those who have Jupyter. By itself it
 * writes nothing when a cell fails and nothing while it runs, so a configuration file, which is
 * Python, has it tell of each cell on a pipe; and a canary goes first here too.
 */

import { rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { EnvironmentError } from "../core/index.js";
import {
  type Engine,
  type EngineRequest,
  type Failure,
  type FailureKind,
  failureIn,
  isCleanExit,
  mayFail,
  type Outcome,
} from "./engine.js";
import { isHeapFull } from "./kernelprocess.js";
import { repositoryFolder } from "./kernelspec.js";
import { type Cell, type CodeCell, formatNotebook, parseNotebook } from "./nbformat.js";
import { makeTemporary } from "./temporary.js";

/** Name of the configuration file in its folder. */
const CONFIG = "carbonbook_config.py";

const HOOKS = `
import json, os
from queue import Empty
from time import monotonic
from nbclient import NotebookClient
from nbclient.util import ensure_async, run_sync

pipe = os.fdopen(3, "w")
run_cell = NotebookClient.async_execute_cell
keep_widgets = NotebookClient.set_widgets_metadata
proved = False

def tell(**event):
    print(json.dumps(event), file=pipe, flush=True)

# jupyter_client sends past the socket it waits on, which then may never hear of a reply that came
# at that moment; nbclient sends where Output widgets are. So each wait is one of several short ones.
def wait_in_pieces(channel):
    wait = channel.get_msg

    async def get_msg(timeout=None):
        end = float("inf") if timeout is None else monotonic() + timeout
        while True:
            try:
                return await ensure_async(wait(timeout=max(0, min(1, end - monotonic()))))
            except Empty:
                if monotonic() >= end:
                    raise

    channel.get_msg = get_msg

async def prove(client):
    wait_in_pieces(client.kc.shell_channel)
    request = client.kc.execute(")carbonbook canary(", store_history=False, stop_on_error=False)
    while True:
        reply = await ensure_async(client.kc.get_shell_msg(timeout=60))
        if reply["parent_header"].get("msg_id") == request:
            break
    while True:
        message = await ensure_async(client.kc.get_iopub_msg(timeout=60))
        if message["parent_header"].get("msg_id") == request:
            if message["content"].get("execution_state") == "idle":
                break
    tell(event="canary", status=reply["content"].get("status"))

async def execute_cell(self, cell, cell_index, *args, **kwargs):
    global proved
    if not proved:
        proved = True
        await prove(self)
        tell(event="language", cell=self.nb.metadata.get("language_info"))
    tell(event="start", index=cell_index)
    try:
        result = await run_cell(self, cell, cell_index, *args, **kwargs)
    except BaseException as error:
        self.set_widgets_metadata()
        tell(event="error", index=cell_index, name=type(error).__name__, text=str(error), cell=cell)
        raise
    tell(event="end", index=cell_index, cell=cell)
    return result

def tell_widgets(self):
    keep_widgets(self)
    tell(event="widgets", widgets=self.nb.metadata.get("widgets"))

NotebookClient.set_widgets_metadata = tell_widgets
NotebookClient.async_execute_cell = execute_cell
NotebookClient.execute_cell = run_sync(execute_cell)
`;

/** What the configuration file tells. */
type Told =
  | { readonly event: "canary"; readonly status: string }
  | { readonly event: "language"; readonly cell: unknown }
  | { readonly event: "widgets"; readonly widgets: unknown }
  | { readonly event: "start"; readonly index: number }
  | { readonly event: "end"; readonly index: number; readonly cell: unknown }
  | {
      readonly event: "error";
      readonly index: number;
      readonly name: string;
      readonly text: string;
      readonly cell: unknown;
    };

/** Python's names of ends that are no error of the cell. */
const ENDS: Readonly<Record<string, FailureKind>> = {
  CellTimeoutError: "timeout",
  DeadKernelError: "dead",
  KeyboardInterrupt: "interrupted",
  CancelledError: "interrupted",
};

/** How long nbconvert may take to end on Ctrl-C before it is killed; its kernel ends with it [ms]. */
const STOP_GRACE = 10_000;

/** Runs cells through Jupyter's own nbconvert. */
export const nbconvert: Engine = {
  name: "nbconvert",
  async run(request) {
    const { folder } = await makeTemporary("nbconvert", (made) =>
      writeFile(join(made, CONFIG), HOOKS),
    );
    try {
      return await execute(request, join(folder, CONFIG));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function execute(request: EngineRequest, config: string): Promise<Outcome> {
  const child = start(request, config);
  let insisting: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGINT");
    insisting = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE);
  };
  request.signal?.addEventListener("abort", stop);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-8000);
  });
  try {
    const ended = await follow(child.stdio[3] as Readable, request);
    const { exitCode, failed, message } = await child.catch((error) => error);
    if (ended !== undefined) return settle(ended, request, stderr);
    if (!failed && exitCode === 0) return { status: "completed" };
    if (request.signal?.aborted) return settle(interruptedAtStart, request, stderr);
    throw broken(stderr.trim().split("\n").slice(-3).join("\n") || String(message));
  } catch (error) {
    stop(); // where it still runs
    await child.catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(insisting);
    request.signal?.removeEventListener("abort", stop);
  }
}

const interruptedAtStart = {
  event: "error",
  index: 0,
  name: "KeyboardInterrupt",
  text: "",
} as const;

function start(request: EngineRequest, config: string) {
  const { notebook, kernel, cwd, env, cellTimeout, startTimeout } = request;
  const args = [
    "nbconvert",
    "--to=notebook",
    "--execute",
    "--stdin",
    "--stdout",
    "--log-level=ERROR",
    `--config=${config}`,
    `--ExecutePreprocessor.kernel_name=${kernel}`,
    `--ExecutePreprocessor.timeout=${cellTimeout === undefined ? -1 : Math.max(1, Math.round(cellTimeout))}`,
    `--ExecutePreprocessor.startup_timeout=${Math.max(1, Math.round(startTimeout))}`,
  ];
  const jupyterPath = [repositoryFolder(), process.env.JUPYTER_PATH]
    .filter(Boolean)
    .join(delimiter);
  return execa("jupyter", args, {
    cwd,
    env: { ...env, JUPYTER_PATH: jupyterPath },
    input: formatNotebook(notebook),
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    buffer: false,
    forceKillAfterDelay: 10_000,
  });
}

/** Take what is told into the notebook; the error that ended it, if one did. */
async function follow(
  pipe: Readable,
  { notebook, events, kernel }: EngineRequest,
): Promise<Extract<Told, { event: "error" }> | undefined> {
  let ended: Extract<Told, { event: "error" }> | undefined;
  for await (const line of createInterface({ input: pipe })) {
    const told = JSON.parse(line) as Told;
    if (told.event === "canary" && told.status !== "error") {
      throw broken(`kernel "${kernel}" reports ${told.status} for a cell that must fail`);
    }
    if (told.event === "language" && told.cell) notebook.metadata.language_info = told.cell;
    if (told.event === "widgets" && told.widgets) notebook.metadata.widgets = told.widgets;
    if (told.event === "start") await events.onCellStart(told.index);
    if (told.event === "error") ended = told;
    if (told.event === "end") {
      takeCell(notebook.cells[told.index]!, told.cell);
      await events.onCellEnd(told.index);
    }
  }
  return ended;
}

async function settle(
  ended: Omit<Extract<Told, { event: "error" }>, "cell"> & { readonly cell?: unknown },
  { notebook, events, signal }: EngineRequest,
  stderr: string,
): Promise<Outcome> {
  const { index } = ended;
  const cell = notebook.cells[index] as CodeCell;
  if (ended.cell !== undefined) takeCell(cell, ended.cell);
  const kind = signal?.aborted ? "interrupted" : ENDS[ended.name];
  const told = kind === undefined ? failureIn(cell, index) : undefined;
  const failure = told ?? endOf(ended, kind, stderr);
  if (told === undefined) {
    const { ename, evalue, traceback } = failure;
    cell.outputs.push({ output_type: "error", ename, evalue, traceback: [...traceback] });
  }
  if (isCleanExit(failure) || (told !== undefined && mayFail(cell))) {
    await events.onCellEnd(index);
    return { status: "stopped" };
  }
  await events.onCellEnd(index, failure);
  return { status: "failed", failure };
}

function endOf(
  ended: { readonly index: number; readonly name: string; readonly text: string },
  kind: FailureKind | undefined,
  stderr: string,
): Failure {
  const memory = kind === "dead" && isHeapFull(stderr);
  const [first = ""] = ended.text.trim().split("\n");
  return {
    kind: memory ? "memory" : (kind ?? "error"),
    cell: ended.index,
    ename: memory ? "OutOfMemoryError" : ended.name,
    evalue: memory ? "the kernel ran out of memory" : first,
    traceback: [],
  };
}

/** Take outputs, count and times over from the cell as nbclient left it. */
function takeCell(cell: Cell, told: unknown): void {
  if (cell.cell_type !== "code") return;
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [told] };
  const [parsed] = parseNotebook(JSON.stringify(notebook), "nbconvert").cells as [CodeCell];
  cell.outputs = parsed.outputs;
  cell.execution_count = parsed.execution_count;
  if (parsed.metadata.execution !== undefined) cell.metadata.execution = parsed.metadata.execution;
}

function broken(got: string): EnvironmentError {
  return new EnvironmentError({
    what: "jupyter nbconvert",
    wanted: "to execute the notebook",
    got,
    remedy: "install Jupyter and nbconvert, or use --engine embedded, which needs neither",
  });
}
