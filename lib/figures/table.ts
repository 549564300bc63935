/** Tables as plain data: named columns with units, shown as HTML and text, saved as CSV. */

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ArgumentError } from "../core/index.js";
import { escapeHtml } from "./escape.js";
import { checkName, type DataLabel, parseDataLabel } from "./figure.js";
import { checkLengths } from "./layer.js";
import type { MimeBundle } from "./mime.js";
import { writeWhole } from "./save.js";

/** What a cell holds; null and NaN are missing. */
export type Cell = string | number | boolean | null;

/** One column. */
export interface Column {
  readonly name: string;
  /** "1" for pure numbers, "" for names */
  readonly units: string;
  readonly values: readonly Cell[];
  /** digits after the point when shown; 4 significant digits unless given */
  readonly digits?: number;
}

/** A table as plain data, with the one method that a notebook asks for. */
export interface Table {
  readonly id: string;
  readonly study: string;
  readonly title: string;
  readonly caption: string;
  readonly dataLabel: DataLabel;
  readonly columns: readonly Column[];
  /** Show the table in a notebook as HTML and text. */
  readonly toMimeBundle: () => MimeBundle;
}

/** A table without its method. */
export type TableData = Omit<Table, "toMimeBundle">;

/**
 * Make a table.
 *
 * @throws {ArgumentError} if columns differ in length, two share a name, or the id, study or data
 *         label is not well formed
 */
export function table(
  options: Omit<TableData, "dataLabel"> & { readonly dataLabel: string },
): Table {
  checkName("study", options.study);
  checkName("id", options.id);
  const names = new Set<string>();
  for (const { name, values } of options.columns) {
    checkLengths(`column "${name}"`, options.columns[0]?.values.length ?? 0, values.length);
    if (names.has(name)) {
      throw new ArgumentError({
        what: "columns",
        wanted: "names that differ",
        got: `two "${name}"`,
      });
    }
    names.add(name);
  }
  const made = { ...options, dataLabel: parseDataLabel(options.dataLabel) } as Table;
  Object.defineProperty(made, "toMimeBundle", {
    value: () => tableBundle(made),
    enumerable: false,
  });
  return made;
}

/**
 * Write a table as CSV (RFC 4180): one line of headers with units in brackets, full precision,
 * missing cells empty.
 */
export function tableCsv({ columns }: Pick<Table, "columns">): string {
  const lines = [columns.map((column) => csvCell(header(column)))];
  for (let row = 0; row < rowCount({ columns }); row++) {
    lines.push(columns.map((column) => csvCell(exact(column.values[row]!))));
  }
  return `${lines.map((cells) => cells.join(",")).join("\r\n")}\r\n`;
}

/** Write a table as an HTML element, all text escaped. */
export function tableHtml({ columns, title, caption, dataLabel }: TableData): string {
  const cell = (tag: string, text: string, attributes = "") =>
    `<${tag}${attributes}>${escapeHtml(text)}</${tag}>`;
  const head = columns.map((column) => cell("th", header(column), ' scope="col"')).join("");
  const rows = Array.from({ length: rowCount({ columns }) }, (_, row) => {
    const cells = columns.map((column) => {
      const value = column.values[row]!;
      const side = typeof value === "number" ? ' style="text-align:right"' : "";
      return cell("td", shown(value, column.digits), side);
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const words = `${title}. ${caption} Data: ${dataLabel}.`;
  return (
    `<table class="carbonbook-table">${cell("caption", words)}` +
    `<thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`
  );
}

/** Write a table as aligned text. */
export function tableText({ columns, title, dataLabel }: TableData): string {
  const texts = columns.map((column) => [
    header(column),
    ...column.values.map((value) => shown(value, column.digits)),
  ]);
  const widths = texts.map((cells) => Math.max(...cells.map((text) => text.length)));
  const line = (row: number) =>
    texts.map((cells, c) => {
      const right = row > 0 && typeof columns[c]!.values[row - 1] === "number";
      return right ? cells[row]!.padStart(widths[c]!) : cells[row]!.padEnd(widths[c]!);
    });
  const rule = widths.map((width) => "-".repeat(width));
  const body = Array.from({ length: rowCount({ columns }) }, (_, row) => line(row + 1));
  const lines = [line(0), rule, ...body].map((cells) => cells.join("  ").trimEnd());
  return `${title} [data: ${dataLabel}]\n${lines.join("\n")}\n`;
}

/**
 * Save a table as `<folder>/<study>/<id>.{csv,json,html}`, each whole or not at all.
 *
 * @returns paths of the files
 * @throws {BusyError} if the disk is full
 */
export async function saveTable(
  made: TableData,
  folder: string,
): Promise<{ csv: string; json: string; html: string }> {
  const base = join(folder, made.study, made.id);
  await mkdir(dirname(base), { recursive: true });
  const { id, study, title, caption, dataLabel, columns } = made;
  const json = JSON.stringify({ schema: 1, id, study, title, caption, dataLabel, columns });
  const page =
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">` +
    `<title>${escapeHtml(title)}</title></head><body>${tableHtml(made)}</body></html>\n`;
  await writeWhole(`${base}.csv`, tableCsv(made));
  await writeWhole(`${base}.html`, page);
  await writeWhole(`${base}.json`, `${json}\n`);
  return { csv: `${base}.csv`, json: `${base}.json`, html: `${base}.html` };
}

function tableBundle(made: TableData): MimeBundle {
  return { "text/html": tableHtml(made), "text/plain": tableText(made) };
}

function header({ name, units }: Column): string {
  return units === "" || units === "1" ? name : `${name} (${units})`;
}

function rowCount({ columns }: Pick<Table, "columns">): number {
  return columns[0]?.values.length ?? 0;
}

function shown(value: Cell, digits: number | undefined): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "–";
  if (typeof value !== "number") return String(value);
  if (digits !== undefined) return value.toFixed(digits);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function exact(value: Cell): string {
  return value === null || Number.isNaN(value) ? "" : String(value);
}

/** Quote what CSV would misread. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
