/** Saving a notebook while it runs: after each cell, and now and then within a long one. */

import { type Notebook, writeNotebook } from "./nbformat.js";

/** Save now and then while a cell runs; less often where saving takes a quarter of the time. */
export function startAutosave(saver: Saver, seconds: number) {
  let every = seconds * 1000;
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    if (every > 0) timer = setTimeout(once, every);
  };
  const once = async () => {
    const start = performance.now();
    await saver.settle().catch(() => undefined); // the save after the cell will say it
    if (performance.now() - start > every / 4) every *= 2;
    next();
  };
  next();
  return {
    stop() {
      every = 0;
      clearTimeout(timer);
    },
  };
}

/** Writes the notebook in the background, one write at a time. */
export interface Saver {
  /** Ask for a save; throws what an earlier one failed with. */
  request(): void;
  /** Save and wait until it is done. */
  settle(): Promise<void>;
}

/** Make the saver of a run; it does nothing where no file is written. */
export function makeSaver(notebook: Notebook, output: string | undefined): Saver {
  if (output === undefined || output === "-") return { request: () => {}, settle: async () => {} };
  let running: Promise<void> | undefined;
  let again = false;
  let fault: unknown;
  const write = async () => {
    do {
      again = false;
      await writeNotebook(output, notebook);
    } while (again);
  };
  function request(): void {
    if (fault !== undefined) throw fault;
    again = true;
    running ??= write()
      .catch((error: unknown) => {
        fault = error;
      })
      .finally(() => {
        running = undefined;
      });
  }
  async function settle(): Promise<void> {
    request();
    await running;
    if (fault !== undefined) throw fault;
  }
  return { request, settle };
}
