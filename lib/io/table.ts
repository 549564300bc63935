/**
 * Tables in the wild: CSV and TSV with any line ends, byte-order marks, PANGAEA headers, units in
 * brackets or in a row of their own, quoted cells and many ways to say "missing".
 *
 * A cell is never guessed at: text in a column read as numbers, a row that is too long or too
 * short, a header with too few names are errors that name the line and the remedy.
 */

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import { ArgumentError, DataError, MissingVariableError, shapeError } from "../core/index.js";
import { guessDelimiter, joinCells, type Row, splitRows } from "./csv.js";
import { decodeAll } from "./text.js";

/** How to read a table. */
export interface TableOptions {
  /** by default the most frequent of tab, comma, semicolon and bar in the first line */
  readonly delimiter?: string;
  /** rows of names; cells of several are joined by " | "; 1 by default, 0 needs `names` */
  readonly headerRows?: number;
  /** names to use instead of the header's */
  readonly names?: readonly string[];
  /** where units stand: in the row below the header, or in brackets in the names (default) */
  readonly units?: "row" | "names";
  /** what a cell that means missing holds, besides nothing; numbers are compared as numbers */
  readonly missing?: readonly (string | number)[];
  /** what to do with rows that have too few cells: refuse them (default) or fill them up */
  readonly shortRows?: "refuse" | "fill";
}

/** A table in memory. */
export interface Table {
  readonly path: string;
  /** text of a header in comment signs, "" if there is none */
  readonly comment: string;
  readonly names: readonly string[];
  /** units of each column, "" where none are stated */
  readonly units: readonly string[];
  /** number of rows */
  readonly count: number;
  /**
   * A column as numbers, NaN where missing.
   *
   * @param column its name, or its place where names repeat
   * @throws {MissingVariableError} if there is no such column, or more than one
   * @throws {DataError} that names the line of a cell that is no number
   */
  numbers(column: string | number): Float64Array;
  /** A column as text, "" where missing. */
  texts(column: string | number): string[];
}

const MISSING: readonly (string | number)[] = ["NA", "N/A", "NaN", "nan", "null", "NULL", -9999];
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const COMMENT = /^\s*\/\*([\s\S]*?)\*\/[^\S\r\n]*(?:\r\n|\r|\n)?/;
const LARGEST = 512 * 2 ** 20;

/**
 * Read a delimited text file, plain or gzipped.
 *
 * @throws {DataError} if it is missing, no text, or its rows do not fit its header
 */
export function readTable(path: string, options: TableOptions = {}): Table {
  return parseTable(readText(path), path, options);
}

/** Read a table out of a text; `path` is for messages. */
export function parseTable(source: string, path: string, options: TableOptions = {}): Table {
  const { comment, body } = splitComment(source);
  const rows = splitRows(body, options.delimiter ?? guessDelimiter(body), path);
  const headerRows = options.headerRows ?? 1;
  const header = rows.slice(0, headerRows);
  const unitsRow = options.units === "row" ? rows[headerRows] : undefined;
  const first = headerRows + (unitsRow === undefined ? 0 : 1);
  const titles = options.names ?? joinHeader(header);
  const offset = lineOffset(source, body);
  const data = rows.slice(first);
  if (titles.length === 0) throw noHeader(path);
  checkWidths(data, titles.length, { path, offset, fill: options.shortRows === "fill" });
  const split = titles.map((t) => splitUnits(t.trim()));
  const names = split.map((s) => s.name);
  const units = unitsRow?.cells.map((c) => c.trim()) ?? split.map((s) => s.units);
  const missing = new Set(options.missing ?? MISSING);
  const isMissing = (cell: string) =>
    cell === "" || missing.has(cell) || (NUMBER.test(cell) && missing.has(Number(cell)));

  function texts(column: string | number): string[] {
    const index = findColumn(names, column, path);
    return data.map(({ cells }) => {
      const cell = (cells[index] ?? "").trim();
      return isMissing(cell) ? "" : cell;
    });
  }
  function numbers(column: string | number): Float64Array {
    const index = findColumn(names, column, path);
    return Float64Array.from(data, ({ cells, line }, row) => {
      const cell = (cells[index] ?? "").trim();
      if (isMissing(cell)) return Number.NaN;
      if (NUMBER.test(cell)) return Number(cell);
      throw notNumber(`${path}:${line + offset}`, names[index]!, cell, row);
    });
  }
  return { path, comment, names, units, count: data.length, numbers, texts };
}

/** A column to write: numbers (NaN becomes an empty cell) or texts. */
export type TableColumn = ArrayLike<number> | readonly string[];

/**
 * Write columns as CSV, atomically: UTF-8, LF, one header row, units in brackets.
 *
 * @throws {ShapeError} if columns differ in length
 */
export function writeTable(
  path: string,
  columns: Readonly<Record<string, TableColumn>>,
  units: Readonly<Record<string, string>> = {},
): void {
  const names = Object.keys(columns);
  const count = columns[names[0] ?? ""]?.length ?? 0;
  for (const name of names) {
    const { length } = columns[name]!;
    if (length !== count) throw shapeError(`column "${name}"`, [count], [length]);
  }
  for (const name of Object.keys(units)) {
    if (name in columns) continue;
    throw new ArgumentError({
      what: `units of "${name}"`,
      wanted: `a column of ${names.join(", ")}`,
    });
  }
  const header = names.map((n) => (units[n] === undefined ? n : `${n} [${units[n]}]`));
  const lines = [joinCells(header)];
  for (let i = 0; i < count; i++) lines.push(joinCells(names.map((n) => cellOf(columns[n]![i]!))));
  const temporary = `${path}.${process.pid}-${threadId}.part`;
  try {
    writeFileSync(temporary, `${lines.join("\n")}\n`, { flush: true });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function cellOf(value: string | number): string {
  if (typeof value === "string") return value;
  return Number.isNaN(value) ? "" : String(value);
}

function readText(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      bytes = gunzipSync(bytes, { maxOutputLength: LARGEST });
    }
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new DataError({ where: path, what: "table", wanted: "a readable file", got, cause });
  }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  const text = bytes.length > LARGEST ? "\0" : decodeAll(bytes);
  if (!text.includes("\0")) return text.replace(/^\uFEFF/, "");
  throw new DataError({
    where: path,
    what: "table",
    wanted: `text of at most ${LARGEST} bytes`,
    got: bytes.length > LARGEST ? `${bytes.length} bytes` : "binary data",
    remedy: "netCDF, HDF5 and Zarr are opened with `open`",
  });
}

/** Split off a header in comment signs: PANGAEA's, or lines that begin with #. */
function splitComment(source: string): { comment: string; body: string } {
  const block = COMMENT.exec(source);
  if (block !== null) return { comment: block[1]!.trim(), body: source.slice(block[0].length) };
  const lines = /^(?:#[^\r\n]*(?:\r\n|\r|\n))+/.exec(source)?.[0] ?? "";
  return { comment: lines.replace(/^#\s?/gm, "").trim(), body: source.slice(lines.length) };
}

function lineOffset(source: string, body: string): number {
  return source.slice(0, source.length - body.length).split(/\r\n|\r|\n/).length - 1;
}

function joinHeader(rows: readonly Row[]): string[] {
  const width = Math.max(0, ...rows.map((r) => r.cells.length));
  return Array.from({ length: width }, (_, i) =>
    [...new Set(rows.map((r) => (r.cells[i] ?? "").trim()))].filter((c) => c !== "").join(" | "),
  );
}

/** `C flux [mg/m**2/day] (…)` has units in brackets; other names have none. */
function splitUnits(title: string): { name: string; units: string } {
  const [, before, units, after] = /^(.*?)\s*\[([^\]]*)\](.*)$/.exec(title) ?? [];
  if (units === undefined || before === "") return { name: title, units: "" };
  return { name: `${before}${after}`, units };
}

function checkWidths(
  rows: readonly Row[],
  width: number,
  at: { path: string; offset: number; fill: boolean },
): void {
  for (const { cells, line } of rows) {
    if (cells.length === width || (cells.length < width && at.fill)) continue;
    throw new DataError({
      where: `${at.path}:${line + at.offset}`,
      what: "row",
      wanted: `${width} cells, as many as there are names`,
      got: `${cells.length}`,
      remedy:
        cells.length > width
          ? "give all the names in the option `names`"
          : 'the file may be cut off; else read it with `shortRows: "fill"`',
    });
  }
}

function findColumn(names: readonly string[], column: string | number, path: string): number {
  const found = typeof column === "number" ? column : names.indexOf(column);
  const single = typeof column === "number" || names.lastIndexOf(column) === found;
  if (names[found] !== undefined && single) return found;
  throw new MissingVariableError({
    where: path,
    what: `column ${JSON.stringify(column)}`,
    wanted: "one column of this name",
    got: single
      ? names.join(", ")
      : `places ${names.flatMap((n, i) => (n === column ? [i] : [])).join(", ")}`,
    ...(single ? {} : { remedy: "name it by its place" }),
  });
}

function notNumber(where: string, column: string, cell: string, row: number): DataError {
  const remedy =
    row === 0
      ? 'if this row holds units, read it with `units: "row"`'
      : "if this means missing, name it in the option `missing`";
  return new DataError({
    where,
    what: `column "${column}"`,
    wanted: "a number",
    got: `"${cell}"`,
    remedy,
  });
}

function noHeader(path: string): DataError {
  return new DataError({
    where: path,
    what: "table",
    wanted: "a header row, or the option `names`",
    got: "none",
  });
}
