/** One PDF of displacements as a panel: bins, contours that enclose shares of it, the trap's star. */

import {
  type Axis,
  type ColourScale,
  colourScale,
  contours,
  heatmap,
  type Layer,
  type Panel,
  star,
} from "../figures/index.js";
import type { DisplacementGrid } from "./pdf.js";
import { binCoordinates, massLevel } from "./score.js";

/** Bins beyond this share of the mass stay blank: a prediction is nowhere quite zero. */
const SHOWN = 0.995;

/** How to draw a PDF. */
export interface PdfPanelOptions {
  readonly title: string;
  /** shares of the mass whose contours are drawn */
  readonly shares: readonly number[];
  /** largest value of the colour bar [–]; this PDF's own by default */
  readonly peak?: number;
  /** axes whose names are written, where panels of a row or column share them; both by default */
  readonly named?: readonly ("x" | "y")[];
}

/**
 * Draw a PDF, blank beyond 99.5 % of its mass.
 *
 * @param pdf shape (n, n), east by north
 * @throws {ArgumentError} if the PDF is empty
 */
export function pdfPanel(
  pdf: Float32Array,
  grid: DisplacementGrid,
  { title, shares, peak, named }: PdfPanelOptions,
): Panel {
  const at = binCoordinates(grid).map((m) => m / 1000);
  const north = northUp(pdf, grid.n);
  const least = massLevel(north, SHOWN);
  const percent = north.map((p) => (p >= least ? 100 * p : Number.NaN));
  return {
    title,
    ...displacementAxes(grid, named),
    layers: [
      heatmap({ x: at, y: at, z: percent, scale: scaleOf(percent, peak) }),
      ...massContours(pdf, grid, { shares }),
      star({ x: 0, y: 0, name: "trap" }),
    ],
  };
}

/** Contours that enclose shares of a PDF's mass, and how they are named. */
export interface MassContourOptions {
  /** the smallest is drawn solid, others dashed */
  readonly shares: readonly number[];
  readonly colour?: string;
  /** whose they are, in the legend */
  readonly of?: string;
}

/**
 * Draw the contours that enclose shares of a PDF's mass, with a white rim that keeps them apart from
 * whatever lies under them.
 *
 * @param pdf shape (n, n), east by north
 * @throws {ArgumentError} if the PDF is empty
 */
export function massContours(
  pdf: Float32Array,
  grid: DisplacementGrid,
  { shares, colour = "#111111", of }: MassContourOptions,
): Layer[] {
  const at = binCoordinates(grid).map((m) => m / 1000);
  const z = northUp(pdf, grid.n);
  const least = Math.min(...shares);
  const lines = shares.map((share) => ({
    ...{ x: at, y: at, z, colour, levels: [massLevel(z, share) * 0.999], width: 2 },
    ...{ dash: share === least ? ("solid" as const) : ("dash" as const) },
    name: `${of === undefined ? "encloses" : `${of},`} ${100 * share} %`,
  }));
  const rims = lines.map(({ name: _, ...line }) =>
    contours({ ...line, colour: "#ffffff", width: 4.5, dash: "solid" }),
  );
  return [...rims, ...lines.map((line) => contours(line))];
}

/**
 * Both axes of displacements from the trap [km], and their proportion. A y axis without its name
 * keeps the room for it, so that all panels of a row are of one size.
 *
 * @param inset how much less than the grid is shown on each side [m], 0 by default
 */
export function displacementAxes(
  { n, dx }: DisplacementGrid,
  named: readonly ("x" | "y")[] = ["x", "y"],
  inset = 0,
): Pick<Panel, "x" | "y" | "aspect"> {
  const half = ((n * dx) / 2 - inset) / 1000;
  const axis = (name: "x" | "y", label: string): Axis => {
    const room = name === "y" ? "\u00a0" : "";
    const title = named.includes(name) ? { label, units: "km" } : { label: room, units: "" };
    return { ...title, range: [-half, half] };
  };
  return { x: axis("x", "Eastward"), y: axis("y", "Northward"), aspect: 1 };
}

/** A map as it is drawn: rows from south to north. */
export function northUp(map: Float32Array, n: number): Float32Array {
  return Float32Array.from(map, (_, k) => map[(k % n) * n + Math.floor(k / n)]!);
}

function scaleOf(percent: Float32Array, peak: number | undefined): ColourScale {
  return colourScale(percent, {
    label: "Particles per bin",
    units: "%",
    palette: "matter",
    min: 0,
    ...(peak === undefined ? {} : { max: 100 * peak }),
  });
}
