/** Figures to files: `<folder>/<study>/<id>.{svg,png,html,json}`, each whole or not at all. */

import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BusyError } from "../core/index.js";
import { checkName, type FigureData } from "./figure.js";
import { renderPage } from "./page.js";
import { renderPng, renderSvg } from "./render.js";

/** Version of the JSON layout. */
export const FIGURE_SCHEMA = 1;

/** Files of one figure. */
export interface FigureFiles {
  readonly svg: string;
  readonly png: string;
  readonly html: string;
  readonly json: string;
}

/** The JSON of a figure: what it says of itself and every number drawn. */
export function figureJson(figure: FigureData): string {
  const { id, study, title, caption, dataLabel, width, height, data, layout, frames } = figure;
  const facts = { schema: FIGURE_SCHEMA, id, study, title, caption, dataLabel, width, height };
  return `${JSON.stringify({ ...facts, data, layout, frames })}\n`;
}

/**
 * Save a figure in all its forms.
 *
 * @param folder the run's folder of figures; made if it is missing
 * @returns paths of the files
 * @throws {BusyError} if the disk is full
 */
export async function saveFigure(figure: FigureData, folder: string): Promise<FigureFiles> {
  checkName("study", figure.study);
  checkName("id", figure.id);
  const svg = await renderSvg(figure);
  const base = join(folder, figure.study, figure.id);
  const files = {
    svg: `${base}.svg`,
    png: `${base}.png`,
    html: `${base}.html`,
    json: `${base}.json`,
  };
  await mkdir(dirname(base), { recursive: true });
  await writeWhole(files.svg, svg);
  await writeWhole(files.png, await renderPng(figure));
  await writeWhole(files.html, renderPage(figure, svg));
  await writeWhole(files.json, figureJson(figure));
  return files;
}

/** Numbers the drafts of this process. */
let drafts = 0;

/**
 * Write a file so that it appears whole or not at all.
 *
 * @throws {BusyError} if the disk is full
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.${drafts++}.part`;
  try {
    const file = await open(draft, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new BusyError({
        what: path,
        wanted: "room on the disk",
        got: "none left",
        cause: error,
      });
    }
    throw error;
  }
}
