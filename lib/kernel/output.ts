/** What a cell sends to the notebook: text of stdout and stderr, displays, errors. */
import { setImmediate } from "node:timers"; // cells replace the global ones
import type { Message } from "../jupyter/index.js";
import { type Cell, cellOf } from "./cell.js";
import { type Bundle, toJson } from "./mime.js";
import { NOBODY, type ToWire } from "./port.js";

/** Most text of one cell that is sent [characters]; what goes beyond is counted. */
export const MAX_TEXT = 8_000_000;

/** The way out of the computing thread. */
export interface Output {
  /** Broadcast what `request` led to; of silent requests only errors that nobody else is told. */
  publish(request: Message, type: string, content: object, extra?: Extra): void;
  /** Answer a request on shell, or ask its sender for input on stdin. */
  answer(channel: "shell" | "stdin", request: Message, type: string, content: object): void;
  /** Send text as stdout or stderr of the calling cell, unless that is silent. */
  write(name: "stdout" | "stderr", text: string): void;
  /** Say what was cut of the text of a cell that ends. */
  endText(cell: Cell): void;
}

type Send = Extract<ToWire, { kind: "send" }>;
/** What a message may carry beside its content. */
export type Extra = Pick<Send, "metadata" | "buffers">;

/** So many texts of a cell are sent one by one; what follows is gathered for a millisecond. */
const AT_ONCE = 100;
const GATHERING = 1;

/** Make the way out through `post`. */
export function makeOutput(post: (message: ToWire) => void): Output {
  const written = new WeakMap<Message, { size: number; texts: number }>();
  let stream: { name?: string; parent?: Message } = {};
  let gathered = "";
  let lastPost = 0;

  function flush(): void {
    if (gathered !== "") post(gathered);
    gathered = "";
    lastPost = performance.now();
  }

  function add(parent: Message, name: "stdout" | "stderr", text: string, isRush: boolean): void {
    if (stream.name !== name || stream.parent !== parent) {
      flush();
      stream = { name, parent };
      post({ kind: "stream", name, parent });
    }
    if (gathered === "" && isRush) setImmediate(flush);
    gathered += text;
    if (!isRush || performance.now() - lastPost > GATHERING) flush();
  }

  return {
    publish(parent, type, content, extra = {}) {
      if (parent.content.silent === true && type !== "error") return;
      flush();
      post({ kind: "send", channel: "iopub", type, json: toJson(content), parent, ...extra });
    },
    answer(channel, parent, type, content) {
      flush();
      post({ kind: "send", channel, type, json: toJson(content), parent });
    },
    write(name, text) {
      const parent = cellOf()?.request ?? NOBODY;
      if (parent.content.silent === true) return;
      const count = written.get(parent) ?? { size: 0, texts: 0 };
      written.set(parent, count);
      const rest = MAX_TEXT - count.size;
      count.size += text.length;
      count.texts += 1;
      if (rest > 0) add(parent, name, text.slice(0, rest), count.texts > AT_ONCE);
    },
    endText({ request }) {
      const cut = (written.get(request)?.size ?? 0) - MAX_TEXT;
      const note = `\n[output cut: ${cut} characters more than the ${MAX_TEXT} shown]\n`;
      if (cut > 0) add(request, "stderr", note, false);
      flush();
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
  globalThis.console = makeConsole();
}

/**
 * A console that is made for many lines: Node's own tells the inspector of each, with a stack, which
 * takes most of its time, and plain text outside of groups needs no formatting.
 */
function makeConsole(): Console {
  const { stdout, stderr } = process;
  const made = new console.Console({ stdout, stderr, colorMode: false });
  let depth = 0;
  for (const [name, stream] of [
    ["log", stdout],
    ["info", stdout],
    ["debug", stdout],
    ["error", stderr],
    ["warn", stderr],
  ] as const) {
    const format = made[name];
    made[name] = (...values: unknown[]) => {
      const [only] = values;
      const isPlain = typeof only === "string" || (typeof only === "number" && only !== 0); // -0
      if (isPlain && values.length === 1 && depth === 0) stream.write(`${only}\n`);
      else format(...values);
    };
  }
  for (const name of ["group", "groupCollapsed"] as const) {
    const open = made[name];
    made[name] = (...label) => {
      depth += 1;
      open(...label);
    };
  }
  const close = made.groupEnd;
  made.groupEnd = () => {
    depth = Math.max(0, depth - 1);
    close();
  };
  return made;
}
