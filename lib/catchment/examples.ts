/** Predicted beside true catchments. */

import { ArgumentError } from "../core/index.js";
import {
  contours,
  type Figure,
  figure,
  heatmap,
  type Panel,
  star,
  vectors,
} from "../figures/index.js";
import { type Maps, mapOf } from "./evaluation.js";
import { channelsOf, type ImageSource } from "./images.js";
import type { DisplacementGrid } from "./pdf.js";
import { pdfPanel } from "./pdfpanel.js";
import { binCoordinates, massLevel } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** Shares of the mass whose contours are drawn [–]. */
const SHARES = [0.5, 0.99];

/** Sea-surface height and current around a trap, shape (n, n) each, east by north. */
export interface SurfaceImage {
  /** [m] */
  readonly ssh: Float32Array;
  /** [m s⁻¹] */
  readonly u: Float32Array;
  readonly v: Float32Array;
}

/**
 * The surface of a sample's image at one of its dates.
 *
 * @param images with the surface as their first depth
 * @param date   which date, 2 by default: 20 days before the end of the collection
 */
export function surfaceImage(images: ImageSource, sample: number, date = 2): SurfaceImage {
  const { n, layout } = images;
  const image = new Float32Array(channelsOf(layout) * n * n);
  images.fill(sample, image);
  const depths = layout.depths.length;
  const channel = (c: number) => {
    const at = (date * (4 * depths + 1) + c) * n * n;
    return image.slice(at, at + n * n);
  };
  return { u: channel(2 * depths), v: channel(3 * depths), ssh: channel(4 * depths) };
}

/** What to draw. */
export interface ExampleOptions extends Labels {
  readonly truth: Maps;
  readonly predicted: Maps;
  /** loss of each sample, shape (samples) */
  readonly losses: Float64Array;
  readonly grid: DisplacementGrid;
  /** the surface that a sample's particles drifted under, drawn above if given */
  readonly surfaceOf?: (sample: number) => SurfaceImage;
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
  const { truth, predicted, losses, grid, surfaceOf, ...rest } = options;
  const { quantiles = [0.1, 0.5, 0.9], ...labels } = rest;
  if (losses.length === 0) {
    throw new ArgumentError({ what: "samples", wanted: "at least one", got: "none" });
  }
  const order = Array.from(losses.keys()).sort((a, b) => losses[a]! - losses[b]!);
  const chosen = quantiles.map((q) => order[Math.round(q * (order.length - 1))]!);
  const peak = Math.max(...chosen.map((s) => Math.max(...mapOf(truth, s))));
  const panels = [
    ...(surfaceOf === undefined
      ? []
      : chosen.map((s) =>
          surfacePanel(surfaceOf(s), {
            truth: mapOf(truth, s),
            predicted: mapOf(predicted, s),
            grid,
          }),
        )),
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

/** Sea-surface height and current, with the contours that enclose 99 % of both PDFs. */
function surfacePanel(
  { ssh, u, v }: SurfaceImage,
  {
    truth,
    predicted,
    grid,
  }: {
    readonly truth: Float32Array;
    readonly predicted: Float32Array;
    readonly grid: DisplacementGrid;
  },
): Panel {
  const { n, dx } = grid;
  const at = binCoordinates(grid).map((m) => m / 1000);
  const half = (n * dx) / 2000;
  const turned = (map: Float32Array) =>
    Float32Array.from(map, (_, k) => map[(k % n) * n + Math.floor(k / n)]!);
  const every = Math.max(1, Math.round(n / 14));
  const shown = Array.from({ length: n * n }, (_, k) => k).filter(
    (k) => (k % n) % every === 0 && Math.floor(k / n) % every === 0,
  );
  const enclosing = (map: Float32Array, name: string) =>
    contours({
      x: at,
      y: at,
      z: turned(map),
      levels: [massLevel(map, 0.99) * 0.999],
      name: `${name}, 99 %`,
      width: 3,
    });
  return {
    title: "Sea surface 20 days before",
    x: { label: "Eastward", units: "km", range: [-half, half] },
    y: { label: "Northward", units: "km", range: [-half, half] },
    aspect: 1,
    layers: [
      heatmap({
        x: at,
        y: at,
        z: turned(ssh),
        scale: { label: "Sea-surface height", units: "m", palette: "balance", min: -0.4, max: 0.4 },
      }),
      vectors({
        x: shown.map((k) => at[Math.floor(k / n)]!),
        y: shown.map((k) => at[k % n]!),
        u: shown.map((k) => u[k]!),
        v: shown.map((k) => v[k]!),
        unitLength: (1.6 * every * dx) / 1000 / 0.4,
        key: { speed: 0.4, label: "0.4 m/s", x: 0.55 * half, y: -0.9 * half },
      }),
      enclosing(truth, "true"),
      enclosing(predicted, "predicted"),
      star({ x: 0, y: 0, name: "trap" }),
    ],
  };
}
