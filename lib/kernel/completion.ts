/** What frontends ask while someone types: completion, inspection, whether a cell is whole. */
import { type Compiler, syntaxErrors } from "./compiler.js";

/** Answer a `complete_request`; the cursor counts Unicode code points, as the protocol does. */
export function completeAt(compiler: Compiler, code: string, cursor: number): object {
  const { matches, start, end } = compiler.complete(code, toOffset(code, cursor));
  return {
    status: "ok",
    matches,
    cursor_start: toPoints(code, start),
    cursor_end: toPoints(code, end),
    metadata: {},
  };
}

/** Answer an `inspect_request`. */
export function inspectAt(compiler: Compiler, code: string, cursor: number): object {
  const offset = toOffset(code, cursor);
  // a cursor right behind a name means that name
  const text = compiler.inspect(code, offset) ?? compiler.inspect(code, Math.max(0, offset - 1));
  const data = text === undefined ? {} : { "text/plain": text };
  return { status: "ok", found: text !== undefined, data, metadata: {} };
}

/** Answer an `is_complete_request`. */
export function isComplete(code: string): object {
  const errors = syntaxErrors(code);
  if (errors.length === 0) return { status: "complete" };
  const end = code.trimEnd();
  const lines = end.split("\n");
  const last = { line: lines.length - 1, column: lines.at(-1)!.length };
  const open = errors.some(
    ({ code, line, column, text }) =>
      OPEN_ENDED.has(code) ||
      ((line > last.line || (line === last.line && column >= last.column)) &&
        / expected\.$/.test(text)),
  );
  return open
    ? { status: "incomplete", indent: indentAfter(lines.at(-1)!) }
    : { status: "invalid" };
}

/** Codes of TypeScript: comment, template or regular expression without end. */
const OPEN_ENDED = new Set([1010, 1160]);

function indentAfter(line: string): string {
  const indent = /^\s*/.exec(line)![0];
  return /[{([]\s*(\/\/.*)?$|=>\s*$/.test(line) ? `${indent}  ` : indent;
}

function toOffset(code: string, points: number): number {
  return [...code].slice(0, points).join("").length;
}

function toPoints(code: string, offset: number): number {
  return [...code.slice(0, offset)].length;
}
