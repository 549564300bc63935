/** The kernel as a process: two threads, their parts put together, and its end. */
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { setImmediate, setTimeout } from "node:timers"; // cells replace the global ones
import { Worker } from "node:worker_threads";
import { cellOf, interruption, runningCell, shareFlags } from "./cell.js";
import { makeCompiler } from "./compiler.js";
import { takeInput, useOutput } from "./display.js";
import { makeExecutor } from "./executor.js";
import { kernelInfo } from "./information.js";
import { type Kernel, makeKernel } from "./kernel.js";
import { makeCleaner } from "./leftovers.js";
import { makeModules } from "./modules.js";
import { captureStreams, makeOutput } from "./output.js";
import { RUNNING, STOP, type ToKernel, type ToWire, type WireData } from "./port.js";
import { completeGlobals } from "./shelf.js";

/** How a kernel process is started. */
export interface KernelOptions {
  readonly connectionFile: string;
  /** check all cells strictly, as `// @strict` does for one */
  readonly strict: boolean;
}

/**
 * Turn this process into a kernel, which ends when it is told to shut down.
 *
 * Cells run in the process's working folder. Exits with 1 and one line on stderr when the
 * connection file is broken, a port is in use, or the process that started it is gone.
 */
export function runKernel({ connectionFile, strict }: KernelOptions): void {
  completeGlobals();
  const exit = process.exit.bind(process); // a cell may replace it
  process.execArgv = []; // what started this process is not for those that cells start
  const flags = new Int32Array(new SharedArrayBuffer(8));
  shareFlags(flags);
  const named = Number(process.env.JPY_PARENT_PID ?? 0); // set by whoever wants it so
  const parent = named > 0 ? { named, seen: process.ppid } : undefined;
  const workerData: WireData = { connectionFile, info: kernelInfo(), flags, parent };
  const wire = new Worker(new URL("./wire.js", import.meta.url), { workerData });
  const post = (message: ToWire) => wire.postMessage(message);
  wire.on("error", (error) => {
    writeSync(2, `carbonbook kernel: ${error.message}\n`);
    Atomics.store(flags, RUNNING, -1);
    process.exit(1);
  });

  const folder = process.cwd();
  const compiler = makeCompiler(folder);
  const output = makeOutput(post);
  const executor = makeExecutor(makeModules(folder), folder);
  const kernel = makeKernel({ compiler, executor, output, strict });
  useOutput(output);
  captureStreams(output);
  hushLoaderWarning();
  const inspector = allowStopping();
  process.once("exit", () => {
    inspector.disconnect();
    leaveTidily(post, flags);
  });

  const listen = makeListening(kernel);
  listen();

  const clean = makeCleaner();
  const idle = setTimeout(() => compiler.warm(), WARM_AFTER);
  wire.on("message", (message: ToKernel) => {
    clearTimeout(idle);
    listen();
    if (message.kind === "request") {
      void kernel.answer(message.message).then((abort) => {
        post({ kind: "done", abort });
        setImmediate(clean);
      });
    } else if (message.kind === "interrupt") kernel.interrupt(message.id);
    else if (message.kind === "input") takeInput(message.message);
    else if (message.kind === "exit") exit(message.code);
  });
}

/** A kernel that is asked for nothing yet makes ready for its first cell [ms]. */
const WARM_AFTER = 500;

/**
 * Hear of SIGINT, and of errors that nobody catches: they go to the notebook, and the kernel lives.
 *
 * @returns what to call before each request: code that is stopped by force takes listeners with it
 */
function makeListening(kernel: Kernel): () => void {
  const report = (error: unknown) => kernel.reportUncaught(error, cellOf());
  const listeners = {
    SIGINT: () => kernel.interrupt(runningCell()?.id ?? 0),
    uncaughtException: report,
    unhandledRejection: report,
  };
  return () => {
    for (const [event, listener] of Object.entries(listeners)) {
      if (!process.listeners(event as "SIGINT").includes(listener)) process.on(event, listener);
    }
  };
}

/** Node 20 warns of the loader that imports for cells. It is stable since Node 22. */
function hushLoaderWarning(): void {
  const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER")) emitWarning(warning, ...rest);
  };
}

/**
 * Let the wire's thread stop whatever JavaScript runs here: it evaluates the function set below
 * between two steps of that code, which then ends as if the process had, but for this thread.
 */
function allowStopping(): Session {
  const inspector = new Session();
  inspector.connect();
  const { _fatalException: clearAsyncStack } = process as unknown as {
    _fatalException(error: Error, fromPromise: boolean): boolean;
  };
  const stop = (id = runningCell()?.id): void => {
    const cell = runningCell();
    if (cell === undefined || cell.id !== id || !cell.runs || isIdle()) return;
    cell.killed = interruption();
    clearAsyncStack(cell.killed, false);
    inspector.post("Runtime.terminateExecution");
  };
  Object.defineProperty(globalThis, STOP, { value: stop });
  return inspector;
}

/** Whether nothing but the caller's caller runs: the event loop is waiting. */
function isIdle(): boolean {
  return (new Error().stack ?? "").split("\n").length <= 4;
}

/** ZeroMQ's sockets must be closed before the process ends, also when a cell ends it. */
function leaveTidily(post: (message: ToWire) => void, flags: Int32Array): void {
  post({ kind: "leave" });
  const until = performance.now() + 1500;
  for (let flag = 0; flag !== -1 && performance.now() < until; ) {
    flag = Atomics.load(flags, RUNNING);
    if (flag !== -1) Atomics.wait(flags, RUNNING, flag, 50);
  }
}
