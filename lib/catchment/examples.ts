/** Predicted beside true catchments. */

import { ArgumentError } from "../core/index.js";
import {
  colourScale,
  contours,
  type Figure,
  figure,
  heatmap,
  type Panel,
  star,
} from "../figures/index.js";
import { type Maps, mapOf } from "./evaluation.js";
import type { DisplacementGrid } from "./pdf.js";
import { binCoordinates, massLevel } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** What to draw. */
export interface ExampleOptions extends Labels {
  readonly truth: Maps;
  readonly predicted: Maps;
  /** loss of each sample, shape (samples) */
  readonly losses: Float64Array;
  readonly grid: DisplacementGrid;
  /** quantiles of the loss whose samples are drawn; best, middle and worst by default */
  readonly quantiles?: readonly number[];
}

/**
 * Draw samples from good to bad, truth above prediction, each with the contours that enclose half
 * and 99 % of the particles, as in figure 5 of Picard et al. (2024).
 *
 * @throws {ArgumentError} if there are no samples
 */
export function exampleFigure(options: ExampleOptions): Figure {
  const { truth, predicted, losses, grid, quantiles = [0.1, 0.5, 0.9], ...labels } = options;
  if (losses.length === 0) {
    throw new ArgumentError({ what: "samples", wanted: "at least one", got: "none" });
  }
  const order = Array.from(losses.keys()).sort((a, b) => losses[a]! - losses[b]!);
  const chosen = quantiles.map((q) => order[Math.round(q * (order.length - 1))]!);
  const peak = Math.max(...chosen.map((s) => Math.max(...mapOf(truth, s))));
  const panels = [
    ...chosen.map((s, k) =>
      panelOf(mapOf(truth, s), grid, { title: `True, ${100 * quantiles[k]!} % quantile`, peak }),
    ),
    ...chosen.map((s) =>
      panelOf(mapOf(predicted, s), grid, { title: `Predicted, BL ${losses[s]!.toFixed(2)}`, peak }),
    ),
  ];
  return figure({ ...labels, panels, columns: chosen.length });
}

function panelOf(
  map: Float32Array,
  grid: DisplacementGrid,
  { title, peak }: { readonly title: string; readonly peak: number },
): Panel {
  const { n, dx } = grid;
  const at = binCoordinates(grid).map((m) => m / 1000);
  const half = (n * dx) / 2000;
  const drawn = Float32Array.from(map, (_, k) => map[(k % n) * n + Math.floor(k / n)]!);
  return {
    title,
    x: { label: "Eastward", units: "km", range: [-half, half] },
    y: { label: "Northward", units: "km", range: [-half, half] },
    aspect: 1,
    layers: [
      heatmap({
        x: at,
        y: at,
        z: drawn.map((p) => 100 * p),
        scale: colourScale([], {
          label: "Particles per bin",
          units: "%",
          palette: "matter",
          min: 0,
          max: 100 * peak,
        }),
      }),
      ...[0.5, 0.99].map((share) =>
        contours({
          x: at,
          y: at,
          z: drawn,
          levels: [massLevel(drawn, share) * 0.999],
          name: `encloses ${100 * share} %`,
        }),
      ),
      star({ x: 0, y: 0, name: "trap" }),
    ],
  };
}
