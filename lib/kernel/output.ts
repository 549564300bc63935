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

/** What a request has led to in text so far. */
interface Written {
  readonly parent: Message;
  readonly silent: boolean;
  size: number;
  texts: number;
}

const { now } = Date; // of all clocks the cheapest to read; cells may replace the global one

/** Make the way out through `post`. */
export function makeOutput(post: (message: ToWire) => void): Output {
  const requests = new WeakMap<Message, Written>();
  let current = makeWritten(NOBODY);
  let streamed: { name?: string; parent?: Message } = {};
  let gathered = "";
  let lastPost = 0;

  function flush(): void {
    if (gathered !== "") post(gathered);
    gathered = "";
    lastPost = now();
  }

  function add(parent: Message, name: "stdout" | "stderr", text: string, isRush: boolean): void {
    if (streamed.name !== name || streamed.parent !== parent) {
      flush();
      streamed = { name, parent };
      post({ kind: "stream", name, parent });
    }
    if (gathered === "" && isRush) setImmediate(flush);
    gathered += text;
    if (!isRush || now() !== lastPost) flush();
  }

  function writtenOf(parent: Message): Written {
    const written = requests.get(parent) ?? makeWritten(parent);
    requests.set(parent, written);
    return written;
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
      if (current.parent !== parent) current = writtenOf(parent);
      if (current.silent) return;
      const rest = MAX_TEXT - current.size;
      current.size += text.length;
      current.texts += 1;
      const shown = text.length <= rest ? text : text.slice(0, Math.max(0, rest));
      if (shown !== "") add(parent, name, shown, current.texts > AT_ONCE);
    },
    endText({ request }) {
      const cut = (requests.get(request)?.size ?? 0) - MAX_TEXT;
      const note = `\n[output cut: ${cut} characters more than the ${MAX_TEXT} shown]\n`;
      if (cut > 0) add(request, "stderr", note, false);
      flush();
    },
  };
}

function makeWritten(parent: Message): Written {
  return { parent, silent: parent.content.silent === true, size: 0, texts: 0 };
}

/** The content of `display_data` and its like. */
export function displayContent(bundle: Bundle, id?: string): object {
  return { ...bundle, transient: id === undefined ? {} : { display_id: id } };
}

/** Send what is written to the process's stdout and stderr to the notebook. */
export function captureStreams(output: Output): void {
  const writers = { stdout: captured("stdout", output), stderr: captured("stderr", output) };
  process.stdout.write = writers.stdout;
  process.stderr.write = writers.stderr;
  globalThis.console = makeConsole(output, writers);
}

type Write = typeof process.stdout.write;

function captured(name: "stdout" | "stderr", output: Output): Write {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    output.write(name, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    const callback = rest.find((one) => typeof one === "function") as (() => void) | undefined;
    if (callback) process.nextTick(callback);
    return true;
  };
  return write as Write;
}

/**
 * A console that is made for many lines: Node's own tells the inspector of each, with a stack, which
 * takes most of its time; plain text outside of groups needs no formatting, and no way through the
 * stream unless a cell has put its own there.
 */
function makeConsole(output: Output, writers: Record<"stdout" | "stderr", Write>): Console {
  const { stdout, stderr } = process;
  const made = new console.Console({ stdout, stderr, colorMode: false });
  let depth = 0;
  for (const [method, name] of [
    ["log", "stdout"],
    ["info", "stdout"],
    ["debug", "stdout"],
    ["error", "stderr"],
    ["warn", "stderr"],
  ] as const) {
    const format = made[method];
    const stream = process[name];
    const write = writers[name];
    made[method] = (...values: unknown[]) => {
      const [only] = values;
      const isPlain = typeof only === "string" || (typeof only === "number" && only !== 0); // -0
      if (!isPlain || values.length !== 1 || depth !== 0) format(...values);
      else if (stream.write === write) output.write(name, `${only}\n`);
      else stream.write(`${only}\n`);
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
