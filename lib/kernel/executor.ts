/** Runs cells: loads what they import, calls their code, keeps what they declare. */
import { promisify } from "node:util";
import vm from "node:vm";
import { type Cell, cellOf, checkStopped, each, interruption, wait } from "./cell.js";
import type { CheckedCell } from "./compiler.js";
import { type LineMap, type Lowered, lower, type Timer } from "./lowering.js";
import type { Modules } from "./modules.js";

/** The values that cells declare, and the code that was run. */
export interface Executor {
  /**
   * Run a checked cell and give the value of its last expression.
   * @throws whatever the cell throws
   */
  run(cell: Cell, checked: CheckedCell): Promise<unknown>;
  /** the values of all cells by name */
  readonly values: Record<string, unknown>;
  /** How lines of the code in a stack frame's file map to lines of its cell. */
  lineMapOf(filename: string): LineMap | undefined;
}

/** The name of a cell's code in stack traces. */
export function fileNameOf(cell: Cell): string {
  return `cell-${cell.id}.ts`;
}

type CellFunction = (
  exports: Record<string, unknown>,
  kernel: object,
  out: { value?: unknown },
  require: NodeJS.Require,
  ...timers: unknown[]
) => unknown;

/** Make the executor of a session. */
export function makeExecutor(modules: Modules, folder: string): Executor {
  const values: Record<string, unknown> = {};
  const maps = new Map<string, LineMap>();
  const meta = { url: `file://${folder}/notebook.ts`, dirname: folder };
  const share = (name: string, get: () => unknown, set: (value: unknown) => void) => {
    Object.defineProperty(values, name, { get, set, enumerable: true, configurable: true });
  };
  const kernel = { wait, each, share, meta, pick: modules.pick, load: modules.load };

  return {
    values,
    lineMapOf: (filename) => maps.get(filename) ?? modules.lineMapOf(filename),
    async run(cell, checked) {
      await modules.update(checked.modules);
      const lowered = lower(checked.js, checked.lastExpression, {
        has: (name) => Object.hasOwn(values, name),
      });
      maps.set(fileNameOf(cell), lowered.lineOf);
      for (const specifier of lowered.imports) await modules.load(specifier);
      checkStopped();
      const before = prepare(values, lowered.names);
      const out: { value?: unknown } = {};
      const call = compile(cell, lowered);
      const timers = lowered.timers.map((name) => TIMERS[name]);
      try {
        const result = interruptible(() => call(values, kernel, out, modules.require, ...timers));
        if (lowered.isAsync) await result;
        checked.commit();
        return out.value;
      } catch (error) {
        if (keepWhatWasSet(values, before, cell)) checked.commit();
        throw error;
      }
    },
  };
}

function compile(cell: Cell, lowered: Lowered): CellFunction {
  const options = { filename: fileNameOf(cell), lineOffset: -1 };
  return new vm.Script(lowered.source, options).runInThisContext();
}

const CALL = Symbol.for("carbonbook.call");
const CALLER = new vm.Script('globalThis[Symbol.for("carbonbook.call")]()');

/** Call `work` so that SIGINT stops it even in an endless loop. */
function interruptible<T>(work: () => T): T {
  (globalThis as { [CALL]?: () => T })[CALL] = work;
  try {
    return CALLER.runInThisContext({ breakOnSigint: true });
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ? interruption() : error;
  }
}

type Before = ReadonlyMap<string, PropertyDescriptor | undefined>;

/** Give each name that a cell declares a plain property, and remember what it was. */
function prepare(values: Record<string, unknown>, names: readonly string[]): Before {
  const before = new Map<string, PropertyDescriptor | undefined>();
  for (const name of names) {
    const old = Object.getOwnPropertyDescriptor(values, name);
    before.set(name, old);
    if (old?.get !== undefined) define(values, name, { value: read(old), writable: true });
  }
  return before;
}

/**
 * After a cell that failed: what it had set stays, what it had not keeps its earlier value.
 *
 * @returns whether it had set anything
 */
function keepWhatWasSet(values: Record<string, unknown>, before: Before, cell: Cell): boolean {
  const unset = [...before].filter(([name, old]) => {
    const now = Object.getOwnPropertyDescriptor(values, name);
    if (now?.get !== undefined) return read(now) === UNSET;
    return now === undefined || (old !== undefined && now.value === read(old));
  });
  for (const [name, old] of unset) {
    if (old !== undefined) define(values, name, old);
    else define(values, name, missing(name, cell));
  }
  return unset.length < before.size;
}

const UNSET = Symbol("unset");

function read(descriptor: PropertyDescriptor): unknown {
  if (descriptor.get === undefined) return descriptor.value;
  try {
    return descriptor.get();
  } catch {
    return UNSET; // a variable before its declaration
  }
}

function missing(name: string, cell: Cell): PropertyDescriptor {
  const get = () => {
    throw new ReferenceError(
      `${name} has no value: cell [${cell.count}] stopped before it got one`,
    );
  };
  return { get };
}

function define(values: object, name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(values, name, { ...descriptor, enumerable: true, configurable: true });
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
