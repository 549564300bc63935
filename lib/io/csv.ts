/** Delimited text as rows of cells: RFC 4180 quoting, any line ends, any of four delimiters. */

import { DataError } from "../core/index.js";

/** A row and the line of the file it begins on, counted from 1. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const DELIMITERS = ["\t", ",", ";", "|"];

/**
 * Split text into rows; lines that hold nothing are left out.
 *
 * @throws {DataError} if a quoted cell is never closed
 */
export function splitRows(text: string, delimiter: string, where: string): Row[] {
  const rows: Row[] = [];
  const next = new RegExp(`[${delimiter === "|" ? "\\|" : delimiter}\r\n]`, "g");
  let cells: string[] = [];
  let line = 1;
  let begun = 1;
  for (let at = 0; at < text.length; ) {
    const quoted = text[at] === '"' ? readQuoted(text, at, `${where}:${line}`) : undefined;
    next.lastIndex = quoted?.end ?? at;
    const stop = next.exec(text)?.index ?? text.length;
    if (quoted === undefined) cells.push(text.slice(at, stop));
    else cells.push(quoted.cell + text.slice(quoted.end, stop));
    line += quoted === undefined ? 0 : countLines(text, at, quoted.end);
    at = stop + 1;
    if (stop < text.length && text[stop] === delimiter) {
      if (at === text.length) cells.push("");
      else continue;
    }
    if (text[stop] === "\r" && text[at] === "\n") at++;
    if (cells.length > 1 || cells[0] !== "") rows.push({ line: begun, cells });
    cells = [];
    begun = ++line;
  }
  return rows;
}

/** The delimiter that the first line with anything in it has most of; a comma if it has none. */
export function guessDelimiter(text: string): string {
  const first = (/[^\r\n]+/.exec(text)?.[0] ?? "").replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((d) => first.split(d).length - 1);
  const most = Math.max(...counts);
  return most === 0 ? "," : DELIMITERS[counts.indexOf(most)]!;
}

/** Write cells as one line, quoted where they must be. */
export function joinCells(cells: readonly string[]): string {
  return cells
    .map((c) => (/[",\r\n]|^\s|\s$/.test(c) ? `"${c.replaceAll('"', '""')}"` : c))
    .join(",");
}

function readQuoted(text: string, start: number, where: string): { cell: string; end: number } {
  let cell = "";
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) {
      throw new DataError({
        where,
        what: "quoted cell",
        wanted: "a closing quote",
        got: "the end of the file",
        remedy: "the file is truncated or has a stray quote",
      });
    }
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { cell, end: quote + 1 };
    cell += '"';
    at = quote + 2;
  }
}

function countLines(text: string, from: number, to: number): number {
  return text.slice(from, to).split(/\r\n|\r|\n/).length - 1;
}
