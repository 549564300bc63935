/** Figures of two runs against each other, with a report to look at. */

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/index.js";
import {
  compareNumbers,
  DEFAULT_TOLERANCE,
  type NumberComparison,
  type Tolerance,
} from "./compare.js";
import type { FigureData } from "./figure.js";
import { comparePictures, type PictureComparison } from "./picture.js";
import { reportPage } from "./report.js";
import { writeWhole } from "./save.js";

/** How a figure came out. Only `numbers differ` and `missing` are failures. */
export type Outcome = "same" | "looks differ" | "numbers differ" | "missing" | "new";

/** One figure of the comparison. */
export interface FigureCheck {
  readonly study: string;
  readonly id: string;
  readonly outcome: Outcome;
  readonly tolerance: Tolerance;
  readonly numbers?: NumberComparison;
  readonly picture?: PictureComparison;
}

/** Two runs to compare. */
export interface CheckOptions {
  /** folder of figures that are right, with `<study>/<id>.json` and `.png` */
  readonly expected: string;
  /** folder of figures to check */
  readonly actual: string;
  /** tolerance of a figure; `DEFAULT_TOLERANCE` where it gives none */
  readonly toleranceOf?: (study: string, id: string) => Partial<Tolerance> | undefined;
  /** path of an HTML report with expected, actual and difference; none unless given */
  readonly report?: string;
}

/**
 * Compare all figures of two folders.
 *
 * @throws {DataError} if a folder is missing or a figure's JSON is damaged
 */
export async function compareFigures(options: CheckOptions): Promise<FigureCheck[]> {
  const { expected, actual, toleranceOf, report } = options;
  const wanted = await listFigures(expected);
  const found = await listFigures(actual);
  const checks: FigureCheck[] = [];
  for (const name of [...new Set([...wanted, ...found])].sort()) {
    const [study, id] = name.split("/") as [string, string];
    const tolerance = { ...DEFAULT_TOLERANCE, ...toleranceOf?.(study, id) };
    if (!found.includes(name)) checks.push({ study, id, outcome: "missing", tolerance });
    else if (!wanted.includes(name)) checks.push({ study, id, outcome: "new", tolerance });
    else {
      const paths = [join(expected, name), join(actual, name)] as const;
      checks.push({ study, id, tolerance, ...(await compareOne(paths, tolerance)) });
    }
  }
  if (report !== undefined) await writeWhole(report, await reportPage(checks, options));
  return checks;
}

/** Whether a comparison holds: nothing is missing and all numbers agree. */
export function isSame(checks: readonly FigureCheck[]): boolean {
  return checks.every(({ outcome }) => outcome !== "missing" && outcome !== "numbers differ");
}

async function compareOne(
  [expected, actual]: readonly [string, string],
  tolerance: Tolerance,
): Promise<Pick<FigureCheck, "outcome" | "numbers" | "picture">> {
  const numbers = compareNumbers(
    await readFigure(`${expected}.json`),
    await readFigure(`${actual}.json`),
    tolerance,
  );
  const pictures = [`${expected}.png`, `${actual}.png`];
  const picture = pictures.every(existsSync)
    ? await comparePictures(await readFile(pictures[0]!), await readFile(pictures[1]!))
    : undefined;
  const looks = picture !== undefined && picture.rms > tolerance.pixels ? "looks differ" : "same";
  const outcome = numbers.differing > 0 ? "numbers differ" : looks;
  return { outcome, numbers, ...(picture === undefined ? {} : { picture }) };
}

/** Figures of a folder as `study/id`; JSON files without traces, such as tables, are none. */
async function listFigures(folder: string): Promise<string[]> {
  if (!existsSync(folder)) {
    throw new DataError({
      what: "folder of figures",
      wanted: "a folder",
      got: "none",
      where: folder,
    });
  }
  const files = await readdir(folder, { recursive: true });
  return files
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /^[^/]+\/[^/]+\.json$/.test(file))
    .map((file) => file.replace(/\.json$/, ""));
}

/**
 * Read a figure's JSON.
 *
 * @throws {DataError} if it is damaged
 */
export async function readFigure(path: string): Promise<FigureData> {
  try {
    const read = JSON.parse(await readFile(path, "utf8")) as FigureData;
    if (Array.isArray(read.data)) return read;
    // a table is compared as one trace: each column is a row of values
    const { columns = [] } = read as unknown as { columns?: { name: string; values: unknown[] }[] };
    const data = columns.map(({ name, values }) => ({ type: "column", name, x: values }));
    return { ...read, data };
  } catch (cause) {
    throw new DataError({
      where: path,
      what: "figure",
      wanted: "JSON of a figure",
      got: "a damaged file",
      cause,
    });
  }
}
