/**
 * Papermill's contract on the notebook itself: its metadata, where the injected cell goes, and
 * the banners of a failed run.
 *
 * @see https://github.com/nteract/papermill, papermill/execute.py and parameterize.py (2.6)
 */

import type { Failure } from "./engine.js";
import {
  type Cell,
  type CodeCell,
  type Metadata,
  makeCellId,
  makeCodeCell,
  makeMarkdownCell,
  type Notebook,
  tagsOf,
} from "./nbformat.js";

/** Tag of the cell that holds injected parameters. */
export const INJECTED_TAG = "injected-parameters";

/** Tag of the banners of a failed run. */
export const ERROR_TAG = "papermill-error-cell-tag";

/** The version of papermill whose contract this is. */
const CONTRACT_VERSION = "2.6.0";

const RED = "color:red; font-family:Helvetica Neue, Helvetica, Arial, sans-serif; font-size:2em;";

/** The block of metadata papermill keeps of a run. */
export interface RunMetadata {
  default_parameters: Metadata;
  environment_variables: Metadata;
  parameters: Metadata;
  version: string;
  input_path: string | null;
  output_path: string | null;
  start_time: string | null;
  end_time: string | null;
  duration: number | null;
  exception: true | null;
}

/** What of the block a run fills in, before it has. */
export const NOT_RUN = { start_time: null, end_time: null, duration: null, exception: null };

/** The block of metadata papermill keeps of a cell. */
export interface CellMetadata {
  exception: boolean | null;
  start_time: string | null;
  end_time: string | null;
  duration: number | null;
  status: "pending" | "running" | "completed" | "failed";
}

/** Put the injected cell in: over an old one, else after the parameters cell, else at the top. */
export function injectCell(notebook: Notebook, source: string, status?: CellMetadata): CodeCell {
  const injected = makeCodeCell(source, [INJECTED_TAG], makeCellId(INJECTED_TAG, 0));
  if (status !== undefined) injected.metadata.papermill = status;
  const { cells } = notebook;
  const old = cells.findIndex((cell) => tagsOf(cell).includes(INJECTED_TAG));
  const declared = cells.findIndex((cell) => tagsOf(cell).includes("parameters"));
  if (old >= 0) cells.splice(old, 1, injected);
  else cells.splice(declared + 1, 0, injected);
  while (cells.some((cell) => cell !== injected && cell.id === injected.id)) {
    injected.id = makeCellId(injected.id, 0);
  }
  return injected;
}

/** Take the banners of an earlier failed run out, and its outputs and widgets where the notebook is to run. */
export function clearRun(notebook: Notebook, what: "banners" | "outputs"): void {
  if (what === "outputs") delete notebook.metadata.widgets;
  notebook.cells = notebook.cells.filter((cell) => !tagsOf(cell).includes(ERROR_TAG));
  for (const cell of notebook.cells) {
    cell.metadata.tags = [...tagsOf(cell)];
    cell.metadata.papermill = what === "banners" ? {} : pendingStatus();
    if (cell.cell_type !== "code" || what === "banners") continue;
    delete cell.metadata.execution;
    cell.outputs = [];
    cell.execution_count = null;
  }
}

/** Hide the source of every code cell, as `--report-mode` does. */
export function hideInputs(notebook: Notebook): void {
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    cell.metadata.jupyter = { ...(cell.metadata.jupyter as Metadata), source_hidden: true };
  }
}

/** Make or complete the block of a run; what an earlier run left of it stays. */
export function prepareRunMetadata(
  notebook: Notebook,
  run: Pick<RunMetadata, "input_path" | "output_path"> & Partial<RunMetadata>,
): RunMetadata {
  const earlier = notebook.metadata.papermill as Partial<RunMetadata> | undefined;
  const fresh = {
    default_parameters: {},
    environment_variables: {},
    parameters: {},
    version: CONTRACT_VERSION,
  };
  const block = { ...(earlier ?? fresh), ...run };
  notebook.metadata.papermill = block;
  return block as RunMetadata;
}

/** The block of a cell; cells have one once `clearRun` has been over them. */
export function cellStatus(cell: Cell): CellMetadata {
  return cell.metadata.papermill as CellMetadata;
}

/** Put the banner at the top and the anchor before the cell that failed. */
export function addBanners(notebook: Notebook, failure: Failure): void {
  const cell = notebook.cells[failure.cell]!;
  const count = cell.cell_type === "code" ? (cell.execution_count ?? " ") : " ";
  const banner = `<span style="${RED}">An Exception was encountered at '<a href="#papermill-error-cell">In [${count}]</a>'.</span>`;
  const anchor = `<span id="papermill-error-cell" style="${RED}">Execution using papermill encountered an exception here and stopped:</span>`;
  const cells = [banner, anchor].map((source) => {
    const made = makeMarkdownCell(source, [ERROR_TAG]);
    made.id = makeCellId(`${ERROR_TAG} ${source}`, 0);
    return made;
  });
  notebook.cells.splice(failure.cell, 0, cells[1]!);
  notebook.cells.unshift(cells[0]!);
}

/** The block of a cell that is to run. */
export function pendingStatus(): CellMetadata {
  return { exception: null, start_time: null, end_time: null, duration: null, status: "pending" };
}
