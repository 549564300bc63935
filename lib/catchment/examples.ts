/** Predicted beside true catchments. */

import { ArgumentError } from "../core/index.js";
import { type Figure, figure } from "../figures/index.js";
import { type Maps, mapOf } from "./evaluation.js";
import type { DisplacementGrid } from "./pdf.js";
import { pdfPanel } from "./pdfpanel.js";
import type { Labels } from "./scoreboard.js";

/** Shares of the mass whose contours are drawn [–]. */
const SHARES = [0.5, 0.99];

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
      pdfPanel(mapOf(truth, s), grid, {
        title: `True, ${100 * quantiles[k]!} % quantile`,
        shares: SHARES,
        peak,
      }),
    ),
    ...chosen.map((s) =>
      pdfPanel(mapOf(predicted, s), grid, {
        title: `Predicted, BL ${losses[s]!.toFixed(2)}`,
        shares: SHARES,
        peak,
      }),
    ),
  ];
  return figure({ ...labels, panels, columns: chosen.length });
}
