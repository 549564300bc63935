/**
 * A figure is plain data: a Plotly figure with an id, a title that says what is seen, a caption and
 * the data it was drawn from. It can be written as JSON, compared number by number, and drawn to
 * files without a browser.
 */

import { ArgumentError } from "../core/index.js";
import type { Piece } from "./layer.js";
import { layOut } from "./layout.js";
import { type MimeBundle, mimeBundle } from "./mime.js";
import type { Panel } from "./panel.js";

/** What a figure was drawn from; always written in the figure. */
export type DataLabel =
  | `real data: ${string}`
  | `twin (synthetic)${string}`
  | `closed form${string}`
  | `published numbers: ${string}`
  | `file ${string}`
  | "schematic";

/** A figure as plain data, with the one method that a notebook asks for. */
export interface Figure {
  /** file name without its ending */
  readonly id: string;
  /** folder, such as `picard2024` */
  readonly study: string;
  /** one line that says what is seen */
  readonly title: string;
  readonly caption: string;
  readonly dataLabel: DataLabel;
  /** size [px] at scale 1 */
  readonly width: number;
  readonly height: number;
  /** Plotly's traces */
  readonly data: readonly Piece[];
  /** Plotly's layout */
  readonly layout: Piece;
  /** Plotly's frames, each named and with the traces that it changes; none where nothing moves */
  readonly frames?: readonly Piece[];
  /** Show the figure in a notebook: Plotly JSON, a PNG and HTML. */
  readonly toMimeBundle: () => Promise<MimeBundle>;
}

/** A figure without its method: what is written to JSON. */
export type FigureData = Omit<Figure, "toMimeBundle">;

/** What a figure is made from. */
export interface FigureOptions {
  readonly id: string;
  readonly study: string;
  readonly title: string;
  readonly caption: string;
  readonly dataLabel: string;
  readonly panels: readonly Panel[];
  /** panels in a row, 1 by default */
  readonly columns?: number;
  /** width [px]: 800, or 1100 for two columns and 1400 for more */
  readonly width?: number;
  /** height of a panel whose proportions are free [px] */
  readonly panelHeight?: number;
  /** "stack" puts bars of one position on top of each other; "group" by default */
  readonly barMode?: "group" | "stack" | "overlay";
}

/**
 * Put panels together into a figure.
 *
 * @throws {ArgumentError} if the id or study is no file name, the title or caption is empty, the
 *         data label says nothing, or there is no panel
 */
export function figure(options: FigureOptions): Figure {
  if (options.panels.length === 0) {
    throw new ArgumentError({ what: "panels", wanted: "at least one", got: "none" });
  }
  const { id, study, title, caption, dataLabel } = options;
  return makeFigure({ id, study, title, caption, dataLabel, ...layOut(options) });
}

/**
 * Give figure data its notebook method, and check what every figure must say.
 *
 * @throws {ArgumentError} if something is missing
 */
export function makeFigure(data: Omit<FigureData, "dataLabel"> & { dataLabel: string }): Figure {
  for (const key of ["id", "study"] as const) checkName(key, data[key]);
  for (const key of ["title", "caption"] as const) {
    if (data[key].trim() === "") {
      throw new ArgumentError({ what: key, wanted: "a sentence on what is seen", got: "nothing" });
    }
  }
  const checked: FigureData = { ...data, dataLabel: parseDataLabel(data.dataLabel) };
  const made = { ...checked } as Figure;
  Object.defineProperty(made, "toMimeBundle", {
    value: () => mimeBundle(checked),
    enumerable: false,
  });
  return made;
}

/**
 * Read a data label.
 *
 * @throws {ArgumentError} if it is none of the known forms
 */
export function parseDataLabel(label: string): DataLabel {
  const known =
    label === "schematic" ||
    label.startsWith("twin (synthetic)") ||
    label.startsWith("closed form") ||
    /^(real data:|published numbers:|file) \S/.test(label);
  if (known) return label as DataLabel;
  throw new ArgumentError({
    what: "dataLabel",
    wanted:
      '"real data: …", "twin (synthetic)…", "closed form…", "published numbers: …", "file …" or "schematic"',
    got: `"${label}"`,
  });
}

/**
 * Check that a text can be a file name on every system.
 *
 * @throws {ArgumentError} if it cannot
 */
export function checkName(what: string, name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(name)) return;
  throw new ArgumentError({
    what,
    wanted: "letters, digits, points, dashes and underscores, at most 80",
    got: `"${name}"`,
  });
}
