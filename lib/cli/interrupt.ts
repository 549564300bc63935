/** Ctrl-C and SIGTERM: the first asks what runs to stop, the second ends at once. */

import { EXIT } from "./exit.js";

/** A signal that aborts on Ctrl-C or SIGTERM, and the exit code that then is due. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** the exit code where there was an interruption */
  code(): number | undefined;
}

/** Listen for Ctrl-C and SIGTERM until the process ends. */
export function catchInterrupts(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let code: number | undefined;
  for (const [name, value] of [
    ["SIGINT", EXIT.interrupted],
    ["SIGTERM", EXIT.terminated],
    ["SIGHUP", EXIT.terminated],
  ] as const) {
    process.on(name, () => {
      if (code !== undefined) process.exit(code);
      code = value;
      onFirst();
      controller.abort();
    });
  }
  return { signal: controller.signal, code: () => code };
}
