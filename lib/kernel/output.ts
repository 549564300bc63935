/** What a cell sends to the notebook: text of stdout and stderr, displays, errors. */
import type { Message } from "../jupyter/index.js";
import { type Cell, cellOf } from "./cell.js";
import { type Bundle, toJson } from "./mime.js";
import { NOBODY, type ToWire } from "./port.js";

/** Most text of one cell that is sent [characters]; what goes beyond is counted. */
export const MAX_TEXT = 8_000_000;

/** The way out of the computing thread. */
export interface Output {
  /** Broadcast a message that `request` led to; of silent requests only errors. */
  publish(request: Message, type: string, content: object, extra?: Extra): void;
  /** Answer a request on shell, or ask its sender for input on stdin. */
  answer(channel: "shell" | "stdin", request: Message, type: string, content: object): void;
  /** Send text as stdout or stderr of the calling cell. */
  write(name: "stdout" | "stderr", text: string): void;
  /** Say what was cut of the text of a cell that ends. */
  endText(cell: Cell): void;
}

type Send = Extract<ToWire, { kind: "send" }>;
type Extra = Pick<Send, "metadata" | "buffers">;

/** Make the way out through `post`. */
export function makeOutput(post: (message: ToWire) => void): Output {
  const written = new WeakMap<Cell, number>();
  const stream = (cell: Cell | undefined, name: "stdout" | "stderr", text: string) =>
    post({ kind: "stream", name, text, parent: cell?.request ?? NOBODY });
  return {
    publish(parent, type, content, extra = {}) {
      if (parent.content.silent === true && type !== "error") return;
      post({ kind: "send", channel: "iopub", type, json: toJson(content), parent, ...extra });
    },
    answer(channel, parent, type, content) {
      post({ kind: "send", channel, type, json: toJson(content), parent });
    },
    write(name, text) {
      const cell = cellOf();
      const before = cell === undefined ? 0 : (written.get(cell) ?? 0);
      if (cell !== undefined) written.set(cell, before + text.length);
      const rest = MAX_TEXT - before;
      if (rest > 0) stream(cell, name, text.length <= rest ? text : text.slice(0, rest));
    },
    endText(cell) {
      const cut = (written.get(cell) ?? 0) - MAX_TEXT;
      if (cut <= 0) return;
      const note = `\n[output cut: ${cut} characters more than the ${MAX_TEXT} shown]\n`;
      stream(cell, "stderr", note);
    },
  };
}

/** The content of `display_data` and its like. */
export function displayContent(bundle: Bundle, id?: string): object {
  return { ...bundle, transient: id === undefined ? {} : { display_id: id } };
}

/** Send what is written to the process's stdout and stderr to the notebook. */
export function captureStreams(output: Output): void {
  for (const name of ["stdout", "stderr"] as const) {
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      output.write(name, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      const callback = rest.find((one) => typeof one === "function") as (() => void) | undefined;
      if (callback) process.nextTick(callback);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}
