/**
 * What a command prints: results on stdout, progress and errors on stderr. Under `--json` one
 * document on stdout and nothing else there. Colours only on a terminal and without NO_COLOR.
 */

import { styleText } from "node:util";

/** Where a command prints to. */
export interface Console {
  /** A line of the result. */
  print(line: string): void;
  /** A line of progress or a warning. */
  note(line: string): void;
  /** An error. */
  fail(message: string): void;
  /** The result as a document; printed under `--json` only. */
  document(value: unknown): void;
  /** A bar that is redrawn on a terminal, and silent elsewhere. */
  bar(label: string, done: number, total: number): void;
  readonly json: boolean;
}

/** Signs in a bar. */
const WIDTH = 24;

/** Make the console of one command. */
export function makeConsole(options: { readonly json: boolean; readonly bar?: boolean }): Console {
  const { stdout, stderr } = process;
  const live = stderr.isTTY === true && options.bar !== false && !options.json;
  const colours = stderr.isTTY === true && (process.env.NO_COLOR ?? "") === "";
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write("\r\u001b[2K");
    drawn = false;
  };
  return {
    json: options.json,
    print: (line) => {
      if (options.json) return;
      clear();
      stdout.write(`${line}\n`);
    },
    note: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    fail: (message) => {
      clear();
      const head = colours ? styleText("red", "error:") : "error:";
      stderr.write(`${head} ${message}\n`);
    },
    document: (value) => {
      if (options.json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    bar: (label, done, total) => {
      if (!live) return;
      clear();
      const share = total === 0 ? 1 : Math.min(1, Math.max(0, done / total));
      const full = Math.round(WIDTH * share);
      const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
      const room = Math.max(10, (stderr.columns || 80) - WIDTH - 14);
      const percent = Math.floor(100 * share);
      stderr.write(`${bar} ${String(percent).padStart(3)} % ${label.slice(0, room)}`);
      drawn = true;
    },
  };
}
