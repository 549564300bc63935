/**
 * The thread that hears SIGINT, whatever the computing thread does. Node tells of signals only where
 * an event loop turns; a script that may be broken off by SIGINT is the one thing that hears of it
 * anywhere, so this thread does nothing but wait in one.
 */
import vm from "node:vm";
import { parentPort } from "node:worker_threads";

const WAIT = Symbol.for("carbonbook.wait");
const never = new Int32Array(new SharedArrayBuffer(4));
const waiting = new vm.Script('globalThis[Symbol.for("carbonbook.wait")]()');

/** Call `work` until SIGINT breaks it off. */
function untilSigint(work: () => unknown): void {
  Reflect.set(globalThis, WAIT, work);
  try {
    waiting.runInThisContext({ breakOnSigint: true });
  } catch {
    parentPort!.postMessage("SIGINT");
  }
}

// one in another: where none waits, SIGINT ends the process
for (;;) {
  untilSigint(() => {
    for (;;) untilSigint(() => Atomics.wait(never, 0, 0));
  });
}
