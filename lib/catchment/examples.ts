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
import { type Maps, mapOf, type Scores } from "./evaluation.js";
import { type CellOffset, channelsOf, type ImageSource } from "./images.js";
import type { DisplacementGrid } from "./pdf.js";
import { displacementAxes, northUp, pdfPanel } from "./pdfpanel.js";
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
  /** of the cell at place n / 2 from the trap */
  readonly offset: CellOffset;
}

/**
 * The surface of a sample's image at one of its dates.
 *
 * @param images with the surface as their first depth
 * @param offset where the image lies (`cellOffsets`)
 * @param date   which date, 2 by default: 20 days before the end of the collection
 */
export function surfaceImage(
  images: ImageSource,
  sample: number,
  offset: CellOffset,
  date = 2,
): SurfaceImage {
  const { n, layout } = images;
  const image = new Float32Array(channelsOf(layout) * n * n);
  images.fill(sample, image);
  const depths = layout.depths.length;
  const channel = (c: number) => {
    const at = (date * (4 * depths + 1) + c) * n * n;
    return image.slice(at, at + n * n);
  };
  return { u: channel(2 * depths), v: channel(3 * depths), ssh: channel(4 * depths), offset };
}

/** Samples from good to bad, spread evenly over the ranks of their losses. */
export function pickExamples(losses: Float64Array, count: number): number[] {
  const order = Array.from(losses.keys()).sort((a, b) => losses[a]! - losses[b]!);
  return Array.from(
    { length: count },
    (_, k) => order[Math.round(((k + 0.5) / count) * (order.length - 1))]!,
  );
}

/** What one model predicts. */
export interface ExamplePrediction {
  readonly scores: Pick<Scores, "model" | "losses">;
  readonly maps: Maps;
}

/** What to draw. */
export interface ExampleOptions extends Labels {
  /** samples by number, a column each */
  readonly samples: readonly number[];
  readonly truth: Maps;
  /** a row each */
  readonly predicted: readonly ExamplePrediction[];
  readonly grid: DisplacementGrid;
  /** the surface that a sample's particles drifted under, drawn above if given */
  readonly surfaceOf?: (sample: number) => SurfaceImage;
}

/**
 * Draw samples, a column each: the sea surface with the contours of truth and predictions, then each of
 * these PDFs, all with the contours that enclose half and 99 % of the particles, as in figure 5 of
 * Picard et al. (2024).
 *
 * @throws {ArgumentError} if there are no samples
 */
export function exampleFigure(options: ExampleOptions): Figure {
  const { samples, truth, predicted, grid, surfaceOf, ...labels } = options;
  if (samples.length === 0) {
    throw new ArgumentError({ what: "samples", wanted: "at least one", got: "none" });
  }
  const peak = Math.max(...samples.map((s) => Math.max(...mapOf(truth, s))));
  const rows = [
    { name: "true", maps: truth, title: (s: number) => `No. ${s}, true` },
    ...predicted.map(({ scores: { model, losses }, maps }) => {
      return { name: model, maps, title: (s: number) => `${model}, BL ${losses[s]!.toFixed(2)}` };
    }),
  ];
  const panels = rows.flatMap(({ maps, title }) =>
    samples.map((s) => pdfPanel(mapOf(maps, s), grid, { title: title(s), shares: SHARES, peak })),
  );
  const surface = (s: number, image: SurfaceImage): Panel => {
    const outlines = rows.map(({ name, maps }) => ({ name, map: mapOf(maps, s) }));
    return { ...surfacePanel(image, outlines, grid), title: `No. ${s}, sea surface` };
  };
  const above = surfaceOf === undefined ? [] : samples.map((s) => surface(s, surfaceOf(s)));
  return figure({ ...labels, panels: [...above, ...panels], columns: samples.length });
}

/** Sea-surface height and current where they are, with the contours that enclose shares of PDFs. */
function surfacePanel(
  { ssh, u, v, offset }: SurfaceImage,
  outlines: readonly { readonly name: string; readonly map: Float32Array }[],
  grid: DisplacementGrid,
): Panel {
  const { n, dx } = grid;
  const bins = binCoordinates(grid).map((m) => m / 1000);
  const from = (shift: number) =>
    Float64Array.from({ length: n }, (_, k) => ((k - n / 2) * dx + shift) / 1000);
  const [x, y] = [from(offset.east), from(offset.north)];
  const half = (n * dx) / 2000;
  const every = Math.max(1, Math.round(n / 14));
  const key = { speed: 0.4, label: "0.4 m/s", x: 0.55 * half, y: -0.9 * half };
  const shown = Array.from({ length: n * n }, (_, k) => [Math.floor(k / n), k % n] as const).filter(
    ([i, j]) => i % every === 0 && j % every === 0 && !(x[i]! > 0.4 * half && y[j]! < -0.65 * half),
  );
  const at = shown.map(([i, j]) => i * n + j);
  return {
    ...displacementAxes(grid),
    layers: [
      heatmap({
        ...{ x, y, z: northUp(ssh, n) },
        scale: { label: "Sea-surface height", units: "m", palette: "balance", min: -0.4, max: 0.4 },
      }),
      vectors({
        x: shown.map(([i]) => x[i]!),
        y: shown.map(([, j]) => y[j]!),
        u: at.map((k) => u[k]!),
        v: at.map((k) => v[k]!),
        unitLength: (1.6 * every * dx) / 1000 / 0.4,
        key,
      }),
      ...outlines.map(({ name, map }) =>
        contours({
          ...{ x: bins, y: bins, z: northUp(map, n), name, width: 3 },
          levels: SHARES.map((share) => massLevel(map, share) * 0.999),
        }),
      ),
      star({ x: 0, y: 0, name: "trap" }),
    ],
  };
}
