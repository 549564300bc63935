/** Runs cells: loads what they import, calls their code, keeps what they declare. */
import { promisify } from "node:util";
import vm from "node:vm";
import { type Cell, call, cellOf, checkStopped, each, runningCell, wait } from "./cell.js";
import type { CheckedCell } from "./compiler.js";
import { type LineMap, type Lowered, lower, type Timer } from "./lowering.js";
import type { Modules } from "./modules.js";
import { makeVariables } from "./variables.js";

/** The values that cells declare, and the code that was run. */
export interface Executor {
  /**
   * Run a checked cell and give the value of its last expression.
   * @throws whatever the cell throws
   */
  run(cell: Cell, checked: CheckedCell): Promise<unknown>;
  /** How lines of the code in a stack frame's file map to lines of its cell. */
  lineMapOf(filename: string): LineMap | undefined;
}

/** The name of a cell's code in stack traces. */
export function fileNameOf(cell: Cell): string {
  return `cell-${cell.id}.ts`;
}

type CellFunction = (
  kernel: object,
  out: { value?: unknown },
  require: NodeJS.Require,
  ...timers: unknown[]
) => unknown;

/** Make the executor of a session. */
export function makeExecutor(modules: Modules, folder: string): Executor {
  const variables = makeVariables();
  const maps = new Map<string, LineMap>();
  const meta = { url: `file://${folder}/notebook.ts`, dirname: folder };
  const { pick, load } = modules;
  const kernel = { wait, each, hold: variables.hold, meta, pick, load };

  return {
    lineMapOf: (filename) => maps.get(filename) ?? modules.lineMapOf(filename),
    async run(cell, checked) {
      await modules.update(checked.modules);
      const lowered = lower(checked.js, checked.lastExpression, variables);
      maps.set(fileNameOf(cell), lowered.lineOf);
      for (const specifier of lowered.imports) await modules.load(specifier);
      checkStopped();
      const memory = variables.remember(lowered.names);
      const out: { value?: unknown } = {};
      const code = compile(cell, lowered);
      const timers = lowered.timers.map((name) => TIMERS[name]);
      // not in a `catch`: code that is stopped by force does not come back here
      cell.keep = () => {
        if (memory.settle(cell.count)) checked.commit();
      };
      const result = call(cell, () => code(kernel, out, modules.require, ...timers));
      if (lowered.isAsync) await result;
      if (runningCell() === cell) checked.commit(); // else it has failed, and others came after it
      return out.value;
    },
  };
}

function compile(cell: Cell, lowered: Lowered): CellFunction {
  const options = { filename: fileNameOf(cell), lineOffset: -1 };
  return new vm.Script(lowered.source, options).runInThisContext();
}

/** Timers as cell code sees them: they no longer fire once their cell is stopped. */
const TIMERS: Readonly<Record<Timer, unknown>> = {
  setTimeout: timerLike(setTimeout),
  setInterval: timerLike(setInterval),
  setImmediate: timerLike(setImmediate),
  queueMicrotask: (callback: () => void) => queueMicrotask(whileNotStopped(callback)),
};

type Callback = (...args: unknown[]) => unknown;

function timerLike(timer: (callback: Callback, ...rest: never[]) => unknown): unknown {
  const start = (callback: Callback, ...rest: never[]) =>
    timer(typeof callback === "function" ? whileNotStopped(callback) : callback, ...rest);
  const promisified = Object.getOwnPropertyDescriptor(timer, promisify.custom);
  return promisified ? Object.defineProperty(start, promisify.custom, promisified) : start;
}

function whileNotStopped(callback: Callback): Callback {
  const cell = cellOf();
  return function (this: unknown, ...args) {
    if (cell?.stopped === undefined) return callback.apply(this, args);
    clearInterval(this as NodeJS.Timeout);
  };
}
