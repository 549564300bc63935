/** Errors as the notebook shows them: name, message, and lines that point at cell and line. */
import { inspect } from "node:util";
import type { Diagnostic } from "./compiler.js";
import type { LineMap } from "./lowering.js";

/** The content of an `error` message. */
export interface ErrorContent extends Readonly<Record<string, unknown>> {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** The code in which errors happen. */
export interface Sources {
  /** the cell behind a file name in a stack */
  cellOf(filename: string): { readonly count: number; readonly code: string } | undefined;
  lineMapOf(filename: string): LineMap | undefined;
}

const RED = "\u001b[31m";
const DIM = "\u001b[2m";
const PLAIN = "\u001b[0m";
/** Folder of the kernel's own code, whose frames tell the reader nothing. */
const OWN = /\/kernel\/[a-z-]+\.[jt]s:|\(?node:|evalmachine\.|^\s+at <anonymous>/;

/** So many causes of causes are told; an error may be its own. */
const MAX_CAUSES = 5;

/** Describe whatever was thrown. */
export function describeError(
  error: unknown,
  sources: Sources,
  causesLeft = MAX_CAUSES,
): ErrorContent {
  const isError = error instanceof Error || (isObject(error) && typeof error.stack === "string");
  if (!isError) {
    const ename = isObject(error) ? (error.constructor?.name ?? "Object") : typeof error;
    const evalue = typeof error === "string" ? error : inspect(error);
    return { ename, evalue, traceback: [headline(ename, evalue)] };
  }
  const { name, message, stack = "", cause } = error as Error;
  const frames = framesOf(String(stack), sources);
  const isTold = cause !== undefined && causesLeft > 0;
  const causes = isTold ? describeError(cause, sources, causesLeft - 1).traceback : [];
  return {
    ename: String(name),
    evalue: String(message),
    traceback: [
      headline(name, message),
      ...excerpt(frames, sources),
      ...frames.map(({ text }) => `${DIM}    at ${text}${PLAIN}`),
      ...(causes.length > 0 ? ["Caused by:", ...causes.map((line) => `  ${line}`)] : []),
    ],
  };
}

/** Describe what the type checker refused. */
export function describeDiagnostics(
  diagnostics: readonly Diagnostic[],
  cell: { readonly count: number; readonly code: string },
): ErrorContent {
  const ename = diagnostics.every(({ code }) => code < 2000) ? "SyntaxError" : "TypeScriptError";
  const lines = cell.code.split("\n");
  const sentence = ({ file, line, column, text, code }: Diagnostic) =>
    `${file ?? "line"}${file ? ":" : " "}${line + 1}:${column + 1} - ${text} (TS${code})`;
  return {
    ename,
    evalue: diagnostics.map(sentence).join("\n"),
    traceback: diagnostics.flatMap((one) => [
      headline(ename, `${one.text} (TS${one.code})`),
      ...(one.file === undefined
        ? pointAt(lines, Math.min(one.line, lines.length - 1), `Cell [${cell.count}]`, one)
        : [`${DIM}    at ${one.file}:${one.line + 1}:${one.column + 1}${PLAIN}`]),
    ]),
  };
}

interface Frame {
  readonly text: string;
  readonly filename: string;
  readonly line: number;
}

function framesOf(stack: string, sources: Sources): Frame[] {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !OWN.test(line))
    .map((line) => {
      const found = /^\s+at (?:(.*) \()?(.*?):(\d+):(\d+)\)?$/.exec(line);
      if (found === null) return { text: line.trim().slice(3), filename: "", line: 0 };
      const [, call = "", path, row, column] = found;
      const filename = path!.replace(/^file:\/\//, "");
      const at = sources.lineMapOf(filename)?.(Number(row), Number(column)) ?? Number(row);
      const cell = sources.cellOf(filename);
      const place = cell ? `cell [${cell.count}], line ${at}` : `${filename}:${at}:${column}`;
      const name = cell && /^(async )?(Object|eval)?\.?<anonymous>$/.test(call) ? "" : call;
      return { text: name === "" ? place : `${name} (${place})`, filename, line: at };
    });
}

/** The lines around the innermost place that is in a cell. */
function excerpt(frames: readonly Frame[], sources: Sources): string[] {
  for (const { filename, line } of frames) {
    const cell = sources.cellOf(filename);
    if (cell) return pointAt(cell.code.split("\n"), line - 1, `Cell [${cell.count}]`);
  }
  return [];
}

function pointAt(
  lines: readonly string[],
  at: number,
  where: string,
  span?: { readonly column: number; readonly length: number },
): string[] {
  const first = Math.max(0, at - 2);
  const width = String(at + 3).length;
  const shown = lines.slice(first, at + 3).flatMap((text, i) => {
    const number = String(first + i + 1).padStart(width);
    if (first + i !== at) return [`  ${number} | ${text}`];
    const marked = `${RED}>${PLAIN} ${number} | ${text}`;
    if (span === undefined) return [marked];
    const arrows = "^".repeat(Math.max(1, Math.min(span.length, text.length - span.column)));
    return [marked, `  ${" ".repeat(width)} | ${" ".repeat(span.column)}${RED}${arrows}${PLAIN}`];
  });
  return [`${where}, line ${at + 1}`, ...shown];
}

function headline(name: unknown, message: unknown): string {
  return `${RED}${String(name)}${PLAIN}: ${String(message)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
