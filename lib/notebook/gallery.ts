/**
 * The gallery of a run: `index.html` in the run's folder, beside what it links to. It works from a
 * file and behind any web server, asks no other host for anything, and loads pictures as they come
 * into view and interactive figures when they are asked for.
 */

import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { ArgumentError, DataError } from "../core/index.js";
import { type FigureData, figureCsv, plotterFile } from "../figures/index.js";
import { writeWhole } from "./atomic.js";
import type { GalleryFigure, GalleryNotebook, GalleryOptions } from "./gallery-entry.js";
import { type FigureCard, galleryPage, type NotebookLink } from "./gallery-page.js";
import { notebookToHtml } from "./html.js";
import { PLOTLY } from "./html-output.js";
import { type Notebook, parseNotebook } from "./nbformat.js";

/** Where the plotter for notebooks lies, below the gallery's folder. */
const PLOTTER = "assets/plotly.min.js";

/**
 * Write the gallery of a run: `index.html`, a CSV of the numbers beside each figure's JSON, and a
 * page beside each executed notebook.
 *
 * @returns the path of `index.html`
 * @throws {DataError} if a figure's or a notebook's file is missing or damaged
 * @throws {ArgumentError} if a file lies outside the gallery's folder
 * @throws {BusyError} if the disk is full
 */
export async function writeGallery(options: GalleryOptions): Promise<string> {
  const { folder } = options;
  const cards: FigureCard[] = [];
  for (const figure of options.figures) cards.push(await prepareFigure(figure, folder));
  const notebooks: NotebookLink[] = [];
  for (const notebook of options.notebooks) notebooks.push(await prepareNotebook(notebook, folder));
  const path = join(folder, "index.html");
  await writeWhole(path, galleryPage({ ...options, cards, links: notebooks }));
  return path;
}

/** Read a figure's size, write its numbers, and name its files as the page sees them. */
async function prepareFigure(figure: GalleryFigure, folder: string): Promise<FigureCard> {
  const json = await readJson(figure.files.json, figure);
  const csv = figure.files.csv ?? figure.files.json.replace(/\.json$/, ".csv");
  if (figure.kind === "figure" && !(await isNewer(csv, figure.files.json))) {
    await writeWhole(csv, figureCsv(json as unknown as FigureData));
  }
  const files = Object.entries({ ...figure.files, csv }).map(([kind, path]) => {
    if (!existsSync(path)) throw missing(figure, path);
    checkInside(path, folder);
    return [kind, address(path, folder)];
  });
  return {
    ...figure,
    files: Object.fromEntries(files) as FigureCard["files"],
    width: Number(json.width ?? 0),
    height: Number(json.height ?? 0),
    ...(figure.kind === "table" ? { columns: json.columns as FigureCard["columns"] & object } : {}),
  };
}

/** Whether a file is there and was written after another. */
async function isNewer(path: string, than: string): Promise<boolean> {
  return existsSync(path) && (await stat(path)).mtimeMs >= (await stat(than)).mtimeMs;
}

async function prepareNotebook(entry: GalleryNotebook, folder: string): Promise<NotebookLink> {
  if (!existsSync(entry.path)) {
    if (entry.status === "skipped") return { ...entry };
    throw new DataError({
      what: `notebook ${entry.name}`,
      wanted: "its executed file",
      got: "none",
      where: entry.path,
    });
  }
  const notebook = parseNotebook(await readFile(entry.path, "utf8"), entry.path);
  const page = entry.path.replace(/\.ipynb$/, ".html");
  const up = (path: string) => address(join(folder, path), dirname(page));
  const live = needsPlotter(notebook);
  if (live) await lendPlotter(folder);
  const html = notebookToHtml(notebook, {
    title: entry.title,
    gallery: up("index.html"),
    source: address(entry.path, dirname(page)),
    ...(live ? { plotter: up(PLOTTER) } : {}),
  });
  await writeWhole(page, html);
  return { ...entry, page: address(page, folder), file: address(entry.path, folder) };
}

function needsPlotter({ cells }: Notebook): boolean {
  return cells.some(
    (cell) =>
      cell.cell_type === "code" &&
      cell.outputs.some((output) => "data" in output && PLOTLY in output.data),
  );
}

/** Put the plotter beside the pages, once. */
async function lendPlotter(folder: string): Promise<void> {
  const path = join(folder, PLOTTER);
  if (existsSync(path)) return;
  await writeWhole(path, await readFile(plotterFile({ layout: {} })));
}

/** A file's address as a page in `from` writes it. */
function address(path: string, from: string): string {
  const steps = relative(from, path).split(sep);
  return steps.map((step) => (step === ".." ? step : encodeURIComponent(step))).join("/");
}

function checkInside(path: string, folder: string): void {
  if (!relative(folder, path).startsWith("..")) return;
  throw new ArgumentError({
    what: "figure file",
    wanted: `a path below ${folder}`,
    got: path,
    remedy: "a gallery is one folder: save figures below it",
  });
}

async function readJson(path: string, figure: GalleryFigure): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  } catch (cause) {
    if (!existsSync(path)) throw missing(figure, path);
    throw new DataError({
      where: path,
      what: "figure",
      wanted: "JSON",
      got: "a damaged file",
      cause,
    });
  }
}

function missing({ study, id }: GalleryFigure, path: string): DataError {
  return new DataError({
    what: `figure ${study}/${id}`,
    wanted: `the file ${basename(path)}`,
    got: "none",
    where: path,
    remedy: "run its notebook again",
  });
}
