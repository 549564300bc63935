/**
 * Notebook files. Formats 2, 3 and 4.0–4.5 are read and brought to 4.5, the one format written.
 * In memory every source and stream text is one string; on disk they are lists of lines, sorted
 * keys and one space of indent, byte for byte as Jupyter writes them.
 */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { DataError } from "../core/index.js";
import { writeWhole } from "./atomic.js";
import { upgradeOld } from "./upgrade.js";
import { faultsOf } from "./validate.js";

/** Any JSON object; metadata belong to many programs. */
export type Metadata = Record<string, unknown>;

/** A MIME bundle: type to content. */
export type MimeBundle = Record<string, unknown>;

/** What a code cell put out. */
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

/** Text on stdout or stderr. */
export interface StreamOutput {
  output_type: "stream";
  name: string;
  text: string;
}

/** Something displayed. */
export interface DisplayOutput {
  output_type: "display_data";
  data: MimeBundle;
  metadata: Metadata;
}

/** The value of the cell. */
export interface ResultOutput {
  output_type: "execute_result";
  execution_count: number | null;
  data: MimeBundle;
  metadata: Metadata;
}

/** An error the cell ended with. */
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

interface CellBase {
  id: string;
  metadata: Metadata;
  source: string;
}

/** A cell of code. */
export interface CodeCell extends CellBase {
  cell_type: "code";
  execution_count: number | null;
  outputs: Output[];
}

/** A cell of prose or of raw text. */
export interface TextCell extends CellBase {
  cell_type: "markdown" | "raw";
  attachments?: Metadata;
}

/** One cell. */
export type Cell = CodeCell | TextCell;

/** A notebook of format 4.5. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: 5;
  metadata: Metadata;
  cells: Cell[];
}

/**
 * Read a notebook from its JSON text and bring it to format 4.5.
 *
 * @param where the name of the file, for messages
 * @throws {DataError} if the text is no JSON, no notebook, of a newer format or not valid
 */
export function parseNotebook(text: string, where: string): Notebook {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new DataError({
      where,
      what: "notebook",
      wanted: "JSON",
      got: text.trim() === "" ? "an empty file" : (cause as Error).message,
      remedy: "save it again from Jupyter",
      cause,
    });
  }
  const upgraded = toCurrent(raw, where);
  const faults = faultsOf(upgraded);
  if (faults.length > 0) {
    const more = faults.length > 5 ? `; and ${faults.length - 5} more` : "";
    throw new DataError({
      where,
      what: "notebook",
      wanted: "a valid notebook of format 4.5",
      got: faults.slice(0, 5).join("; ") + more,
      remedy: "open it in Jupyter and save it, or mend the file",
    });
  }
  return joinLines(upgraded as Notebook);
}

/**
 * Read a notebook file, or standard input for `-`.
 *
 * @throws {DataError} if it is missing, unreadable or not a valid notebook
 */
export async function readNotebook(path: string): Promise<Notebook> {
  if (path === "-") return parseNotebook(await readStandardInput(), "standard input");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : String(cause);
    throw new DataError({ where: path, what: "notebook", wanted: "a file", got, cause });
  }
  return parseNotebook(text, path);
}

/** Write a notebook as Jupyter does, ending with a newline. */
export function formatNotebook(notebook: Notebook): string {
  return `${JSON.stringify(sortKeys(splitLines(notebook)), null, 1)}\n`;
}

/**
 * Write a notebook file whole or not at all.
 *
 * @throws {BusyError} if the disk is full
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await writeWhole(path, formatNotebook(notebook));
}

/** Make a code cell. */
export function makeCodeCell(source: string, tags: readonly string[] = [], id?: string): CodeCell {
  return {
    cell_type: "code",
    id: id ?? makeCellId(source, 0),
    metadata: { tags: [...tags] },
    execution_count: null,
    outputs: [],
    source,
  };
}

/** Make a markdown cell. */
export function makeMarkdownCell(source: string, tags: readonly string[] = []): TextCell {
  return {
    cell_type: "markdown",
    id: makeCellId(source, 0),
    metadata: { tags: [...tags] },
    source,
  };
}

/** The tags of a cell. */
export function tagsOf(cell: Cell): readonly string[] {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) ? (tags as string[]) : [];
}

/** A cell id that depends on the content alone, so that a run gives the same file again. */
export function makeCellId(source: string, index: number): string {
  return createHash("sha256").update(`${index}\n${source}`).digest("hex").slice(0, 8);
}

function toCurrent(raw: unknown, where: string): unknown {
  if (!isRecord(raw) || typeof raw.nbformat !== "number") {
    throw new DataError({
      where,
      what: "notebook",
      wanted: "an object with nbformat and cells",
      got: isRecord(raw) ? `keys ${Object.keys(raw).join(", ") || "none"}` : typeof raw,
      remedy: "name a Jupyter notebook (.ipynb)",
    });
  }
  const major = raw.nbformat;
  const minor = raw.nbformat_minor ?? (major === 2 ? 0 : "an unknown minor");
  const isKnown = major >= 2 && major <= 4 && typeof minor === "number";
  if (!isKnown || (major === 4 && minor > 5)) {
    throw new DataError({
      where,
      what: "notebook format",
      wanted: "2, 3 or 4.0 to 4.5",
      got: `${major}.${minor}`,
      remedy: "save it from Jupyter in format 4.5 (jupyter nbconvert --to notebook)",
    });
  }
  return withIds(major === 4 ? { ...raw } : upgradeOld(raw));
}

function withIds(raw: Record<string, unknown>): Record<string, unknown> {
  const cells = raw.cells;
  if (!Array.isArray(cells)) return { ...raw, nbformat: 4, nbformat_minor: 5 };
  const taken = new Set(cells.map((cell) => (isRecord(cell) ? cell.id : undefined)));
  const named = cells.map((cell: unknown, index) => {
    if (!isRecord(cell) || cell.id !== undefined) return cell;
    let id = makeCellId(JSON.stringify(cell.source ?? ""), index);
    while (taken.has(id)) id = makeCellId(id, index);
    taken.add(id);
    return { id, ...cell };
  });
  const { orig_nbformat: _, ...metadata } = (isRecord(raw.metadata) ? raw.metadata : {}) as {
    orig_nbformat?: unknown;
  };
  const kept = raw.metadata === undefined || isRecord(raw.metadata) ? metadata : raw.metadata;
  return { ...raw, metadata: kept, cells: named, nbformat: 4, nbformat_minor: 5 };
}

function joinLines(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell): Cell => {
    const source = joined(cell.source) as string;
    if (cell.cell_type !== "code") return { ...cell, source };
    return { ...cell, source, outputs: cell.outputs.map(joinOutput) };
  });
  return { ...notebook, cells };
}

function joinOutput(output: Output): Output {
  if (output.output_type === "stream") return { ...output, text: joined(output.text) as string };
  if (output.output_type === "error") return output;
  return { ...output, data: mapBundle(output.data, joined, (type) => !isJsonType(type)) };
}

function joined(value: unknown): unknown {
  const lines = Array.isArray(value) && value.every((line) => typeof line === "string");
  return lines ? (value as string[]).join("") : value;
}

function splitLines(notebook: Notebook): unknown {
  const cells = notebook.cells.map((cell) => {
    const source = split(cell.source);
    if (cell.cell_type !== "code") return { ...cell, source };
    return { ...cell, source, outputs: cell.outputs.map(splitOutput) };
  });
  return { ...notebook, cells };
}

function splitOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: split(output.text) };
  if (output.output_type === "error") return output;
  return { ...output, data: mapBundle(output.data, split, isTextType) };
}

function split(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function mapBundle(
  bundle: MimeBundle,
  change: (value: unknown) => unknown,
  isChanged: (type: string) => boolean,
): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, value]) => [type, isChanged(type) ? change(value) : value]),
  );
}

/** The types whose content Jupyter writes as lines. */
function isTextType(type: string): boolean {
  return type.startsWith("text/") || type === "application/javascript" || type === "image/svg+xml";
}

function isJsonType(type: string): boolean {
  return type === "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
