/** One PDF of displacements as a panel: bins, contours that enclose shares of it, the trap's star. */

import {
  type ColourScale,
  colourScale,
  contours,
  heatmap,
  type Panel,
  star,
} from "../figures/index.js";
import type { DisplacementGrid } from "./pdf.js";
import { binCoordinates, massLevel } from "./score.js";

/** How to draw a PDF. */
export interface PdfPanelOptions {
  readonly title: string;
  /** shares of the mass whose contours are drawn */
  readonly shares: readonly number[];
  /** largest value of the colour bar [–]; this PDF's own by default */
  readonly peak?: number;
}

/**
 * Draw a PDF.
 *
 * @param pdf shape (n, n), east by north
 * @throws {ArgumentError} if the PDF is empty
 */
export function pdfPanel(
  pdf: Float32Array,
  grid: DisplacementGrid,
  { title, shares, peak }: PdfPanelOptions,
): Panel {
  const { n, dx } = grid;
  const at = binCoordinates(grid).map((m) => m / 1000);
  const half = (n * dx) / 2000;
  const north = Float32Array.from(pdf, (_, k) => pdf[(k % n) * n + Math.floor(k / n)]!);
  const percent = north.map((p) => (p > 1e-6 ? 100 * p : Number.NaN));
  return {
    title,
    x: { label: "Eastward", units: "km", range: [-half, half] },
    y: { label: "Northward", units: "km", range: [-half, half] },
    aspect: 1,
    layers: [
      heatmap({ x: at, y: at, z: percent, scale: scaleOf(percent, peak) }),
      ...shares.map((share) =>
        contours({
          x: at,
          y: at,
          z: north,
          levels: [massLevel(north, share) * 0.999],
          name: `encloses ${100 * share} %`,
        }),
      ),
      star({ x: 0, y: 0, name: "trap" }),
    ],
  };
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
