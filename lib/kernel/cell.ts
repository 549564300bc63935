/**
 * One running cell: who asked for it, and how it is stopped. Which cell a piece of code belongs to
 * follows the code through awaits, timers and callbacks (`cellOf`), so that late output and late
 * errors find their cell.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Message } from "../jupyter/index.js";
import { INTERRUPTED, RUNNING } from "./port.js";

/** A cell from its start on; it may have code that goes on after its end. */
export interface Cell {
  /** counts the cells of the session, silent ones too, from 1 */
  readonly id: number;
  /** the number in `[3]` */
  readonly count: number;
  readonly request: Message;
  /** aborted when the cell is interrupted */
  readonly controller: AbortController;
  /** rejecters of the awaits that code of this cell is in */
  readonly pending: Set<(reason: unknown) => void>;
  /** displays on their way, which the cell waits for */
  readonly unfinished: Set<Promise<void>>;
  /** `payload` of its reply */
  readonly payload: object[];
  /** why its code must stop; undefined while it may go on */
  stopped: Error | undefined;
  /** whether its own code runs, past the compiler */
  runs: boolean;
  /** set when its code was cut off in the midst: where it was */
  killed: Error | undefined;
  /** keep what its code has set so far, once it has failed */
  keep: () => void;
  /** end the cell with this error; without effect once it has ended */
  fail: (error: unknown) => void;
}

/** What stops a cell that is interrupted. */
export class KeyboardInterrupt extends Error {
  override readonly name = "KeyboardInterrupt";
}

const storage = new AsyncLocalStorage<Cell>();
let flags: Int32Array = new Int32Array(2);
let running: Cell | undefined;
/** The cell whose code has been called and has not yet come back or awaited anything. */
let called: Cell | undefined;

/** Use the memory that the wire's thread sees too. */
export function shareFlags(shared: Int32Array): void {
  flags = shared;
}

/** Make a cell for an `execute_request`. */
export function makeCell(id: number, count: number, request: Message): Cell {
  return {
    id,
    count,
    request,
    controller: new AbortController(),
    pending: new Set(),
    unfinished: new Set(),
    payload: [],
    stopped: undefined,
    runs: false,
    killed: undefined,
    keep: () => undefined,
    fail: () => undefined,
  };
}

/** The cell that the calling code belongs to; the running one where that is not known. */
export function cellOf(): Cell | undefined {
  return called ?? storage.getStore() ?? running;
}

/** The cell whose end is awaited. */
export function runningCell(): Cell | undefined {
  return running;
}

/** Call `work` as code of `cell`. */
export function within<T>(cell: Cell, work: () => T): T {
  return storage.run(cell, work);
}

/** Call the code of `cell`: until it awaits something, all that happens is its doing. */
export function call<T>(cell: Cell, code: () => T): T {
  called = cell;
  try {
    return code();
  } finally {
    called = undefined;
  }
}

/** Say which cell runs; from then on it can be interrupted. */
export function setRunning(cell: Cell | undefined): void {
  running = cell;
  called = undefined; // code that is stopped by force does not come back
  Atomics.store(flags, RUNNING, cell?.id ?? 0);
}

/**
 * Stop the code of a cell: its awaits reject, its signal aborts, its timers no longer fire.
 * Without effect on a cell that was stopped before.
 */
export function stopCell(cell: Cell, error: Error): void {
  if (cell.stopped !== undefined) return;
  cell.stopped = error;
  for (const reject of cell.pending) reject(error);
  cell.pending.clear();
  cell.controller.abort(error);
}

/** Throw if the cell that the calling code belongs to has been stopped. */
export function checkStopped(): void {
  if (flags[INTERRUPTED] === 0 && storage.getStore()?.stopped === undefined) return;
  const cell = storage.getStore();
  if (cell === undefined) return;
  if (Atomics.load(flags, INTERRUPTED) === cell.id) stopCell(cell, interruption());
  if (cell.stopped !== undefined) throw cell.stopped;
}

/** The error of an interrupted cell. */
export function interruption(): KeyboardInterrupt {
  return new KeyboardInterrupt("interrupted");
}

/**
 * What cell code awaits: `value`, or a rejection once the cell is stopped.
 *
 * Nothing is kept for a wait that has ended, so endless loops of awaits do not grow memory.
 */
export function wait(value: unknown): unknown {
  checkStopped();
  if (!isThenable(value)) return value;
  const cell = storage.getStore();
  if (cell === undefined) return value;
  return new Promise((resolve, reject) => {
    cell.pending.add(reject);
    const forget = () => cell.pending.delete(reject);
    value.then(
      (result) => {
        forget();
        resolve(result);
      },
      (error) => {
        forget();
        reject(error);
      },
    );
  });
}

/** What cell code iterates over with `for await`. */
export function each(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const iterator =
        Symbol.asyncIterator in source
          ? source[Symbol.asyncIterator]()
          : valuesOf(source as Iterable<unknown>);
      return {
        next: async () => (await wait(iterator.next())) as IteratorResult<unknown>,
        return: async (value?: unknown) =>
          (await iterator.return?.(value)) ?? { done: true, value },
      };
    },
  };
}

async function* valuesOf(source: Iterable<unknown>): AsyncGenerator<unknown> {
  yield* source;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
