/**
 * Single predictions of the 2025 paper: true and predicted catchments over the surface's vorticity
 * (figure 2), over the upper and the deep ocean (figure 5), and by what networks see.
 */

import {
  type Figure,
  figure,
  heatmap,
  type Layer,
  type Panel,
  region,
  type ScaleOptions,
  star,
  vectors,
} from "../figures/index.js";
import { type DeepSurroundings, type LayerMaps, SURROUNDINGS_BOX } from "./deep.js";
import { type Maps, mapOf } from "./evaluation.js";
import { channelsOf } from "./images.js";
import type { DisplacementGrid } from "./pdf.js";
import { displacementAxes, massContours, northUp, pdfPanel } from "./pdfpanel.js";
import { datesOfSpeed, type SpeedImages } from "./satelliteimages.js";
import type { Labels } from "./scoreboard.js";

/** A sample that stands for a kind of deep ocean. */
export interface StrongestCase {
  readonly title: string;
  /** its number among the samples judged */
  readonly sample: number;
}

/**
 * The samples of the strongest deep flow and, on another date, of the strongest deep eddy over the
 * trap, of either sign: the paper shows one of each.
 *
 * @param block number of each sample's date
 */
export function strongestCases(
  { deepEnergy, deepVorticity }: Pick<DeepSurroundings, "deepEnergy" | "deepVorticity">,
  block: ArrayLike<number>,
): StrongestCase[] {
  const strongest = (values: Float64Array) =>
    values.reduce((best, value, s) => (value > values[best]! ? s : best), 0);
  const flow = strongest(deepEnergy);
  const eddy = strongest(
    deepVorticity.map((spin, s) => (block[s] === block[flow] ? 0 : Math.abs(spin))),
  );
  return [
    { title: "Strongest deep flow", sample: flow },
    { title: "Strongest deep eddy", sample: eddy },
  ];
}

/** Shares of the mass whose contours the paper draws. */
const SHARES = [0.25, 0.75];
const PREDICTED = "#e6001f";
const DAY = 86400;

/** A true and a predicted catchment, shape (n, n) each, east by north. */
export interface PredictionCase {
  readonly title: string;
  readonly truth: Float32Array;
  readonly predicted: Float32Array;
}

/** The truth and every model's map of some samples, side by side. */
export function speedExamples(
  samples: readonly { readonly title: string; readonly sample: number }[],
  models: readonly {
    readonly name: string;
    readonly maps: Maps;
    /** loss of a sample, for what is a prediction */
    readonly lossOf?: (sample: number) => number;
  }[],
  { grid, ...labels }: Labels & { readonly grid: DisplacementGrid },
): Figure {
  const largest = ({ maps }: (typeof models)[number], sample: number) =>
    Math.max(...mapOf(maps, sample));
  const peak = Math.max(...samples.flatMap(({ sample }) => models.map((m) => largest(m, sample))));
  const panels = samples.flatMap(({ title, sample }, row) =>
    models.map(({ name, maps, lossOf }, column) =>
      pdfPanel(mapOf(maps, sample), grid, {
        title: lossOf === undefined ? `${name}, ${title}` : `${name}, BL ${two(lossOf(sample))}`,
        shares: SHARES,
        peak,
        named: [
          ...(row === samples.length - 1 ? (["x"] as const) : []),
          ...(column === 0 ? (["y"] as const) : []),
        ],
      }),
    ),
  );
  return figure({ ...labels, panels, columns: models.length });
}

const two = (loss: number) => loss.toFixed(2);

/**
 * ζ/f at the surface of a sample's image some days before its collection ends, shape (n, n), east by
 * north. The paper shows 20 days after the first release.
 *
 * @param images 5V-1L or 5V-4L
 */
export function surfaceVorticity(
  images: SpeedImages,
  sample: number,
  daysBefore = 20,
): Float32Array {
  const { n, layout } = images;
  const image = new Float32Array(channelsOf(layout) * n * n);
  images.fill(sample, image);
  const dates = datesOfSpeed(images.speedOf(sample)).map((date) =>
    Math.abs(date / DAY + daysBefore),
  );
  const depths = layout.depths.length;
  const at = (dates.indexOf(Math.min(...dates)) * (4 * depths + 1) + depths) * n * n;
  return image.slice(at, at + n * n);
}

/** True and predicted catchments over the vorticity of the surface (figure 2). */
export function predictionFigure(
  cases: readonly (PredictionCase & { readonly vorticity: Float32Array })[],
  { grid, ...labels }: Labels & { readonly grid: DisplacementGrid },
): Figure {
  const scale = spinScale(
    cases.map(({ vorticity }) => vorticity),
    "Surface ζ/f",
  );
  const panels = cases.map(
    ({ title, truth, predicted, vorticity }, column): Panel => ({
      title,
      ...imageAxes(grid, column === 0 ? ["x", "y"] : ["x"]),
      layers: [
        imageMap(vorticity, grid, scale),
        ...massContours(truth, grid, { shares: SHARES, of: "true" }),
        ...massContours(predicted, grid, { shares: SHARES, of: "predicted", colour: PREDICTED }),
        star({ x: 0, y: 0, name: "trap" }),
      ],
    }),
  );
  return figure({ ...labels, panels, columns: cases.length });
}

/** A case with the layers that its particles crossed, and where they were at 900 m. */
export interface LayerCase extends PredictionCase {
  /** the true PDF at 900 m, which the paper's code reads for 1000 m */
  readonly middle: Float32Array;
  readonly upper: LayerMaps;
  readonly deep: LayerMaps;
}

/**
 * Vorticity with currents, and kinetic energy, of the deep and the upper ocean: below, where the
 * particles were when they left the deep layer, above, where they came from and were predicted to
 * (figure 5).
 */
export function layersFigure(
  cases: readonly LayerCase[],
  { grid, ...labels }: Labels & { readonly grid: DisplacementGrid },
): Figure {
  const scales = {
    deep: layerScales(
      cases.map(({ deep }) => deep),
      "Deep",
    ),
    upper: layerScales(
      cases.map(({ upper }) => upper),
      "Upper",
    ),
  };
  const panels = cases.flatMap((shown, row) => {
    const left = massContours(shown.middle, grid, { shares: SHARES, of: "true" });
    const came = [
      ...massContours(shown.truth, grid, { shares: SHARES, of: "true" }),
      ...massContours(shown.predicted, grid, {
        shares: SHARES,
        of: "predicted",
        colour: PREDICTED,
      }),
    ];
    const last = row === cases.length - 1;
    return [
      ...layerPanels(shown.deep, scales.deep, { grid, lines: left, title: `${shown.title}, deep` }),
      ...layerPanels(shown.upper, scales.upper, {
        ...{ grid, lines: came, title: `${shown.title}, upper` },
        ...(last && { named: ["x"] as const }),
      }),
    ];
  });
  return figure({ ...labels, panels, columns: 2, panelHeight: 200 });
}

/** What lies over a layer's maps. */
interface Over {
  readonly grid: DisplacementGrid;
  readonly lines: readonly Layer[];
  readonly title: string;
  readonly named?: readonly "x"[];
}

/** Speed of the arrow that is the key [m s⁻¹]. */
const KEY = 0.2;

function layerPanels(
  maps: LayerMaps,
  scales: ReturnType<typeof layerScales>,
  { grid, lines, title, named = [] }: Over,
): Panel[] {
  const half = SURROUNDINGS_BOX / 2000;
  const box = { west: -half, east: half, south: -half, north: half };
  const marks = [
    region(box, { name: "box of 80 km", colour: "#111111", width: 1.5 }),
    star({ x: 0, y: 0, name: "trap", size: 14 }),
  ];
  return [
    {
      title: `${title}: ζ/f and currents`,
      ...imageAxes(grid, [...named, "y"]),
      layers: [
        imageMap(maps.vorticity, grid, scales.spin),
        currents(maps, grid),
        ...lines,
        ...marks,
      ],
    },
    {
      title: `${title}: kinetic energy`,
      ...imageAxes(grid, named),
      layers: [imageMap(maps.energy, grid, scales.energy), ...lines, ...marks],
    },
  ];
}

function currents({ u, v }: LayerMaps, { n, dx }: DisplacementGrid): Layer {
  const at = imageCoordinates({ n, dx });
  const every = Math.max(1, Math.round(n / 14));
  const half = (n * dx) / 2000;
  const shown = Array.from(u.keys()).filter(
    (k) => (k % n) % every === every >> 1 && Math.floor(k / n) % every === every >> 1,
  );
  return vectors({
    x: shown.map((k) => at[Math.floor(k / n)]!),
    y: shown.map((k) => at[k % n]!),
    u: shown.map((k) => u[k]!),
    v: shown.map((k) => v[k]!),
    unitLength: (1.6 * every * dx) / 1000 / KEY,
    key: { speed: KEY, label: `${KEY} m/s`, x: 0.6 * half, y: -0.93 * half },
  });
}

/** Scales of a layer's two maps, one for all cases. */
function layerScales(maps: readonly LayerMaps[], name: string) {
  const strongest = quantile(
    maps.flatMap(({ energy }) => [...energy]),
    0.995,
  );
  const energy: ScaleOptions = {
    ...{ label: `${name} kinetic energy`, units: "cm² s⁻²", palette: "tempo" },
    ...{ min: 0, max: strongest },
  };
  return {
    energy,
    spin: spinScale(
      maps.map(({ vorticity }) => vorticity),
      `${name} ζ/f`,
    ),
  };
}

function spinScale(maps: readonly Float32Array[], label: string): ScaleOptions {
  const reach = quantile(
    maps.flatMap((map) => Array.from(map, Math.abs)),
    0.995,
  );
  return { label, units: "1", palette: "balance", min: -reach, max: reach };
}

/** A map of an image: the trap is in the middle of the cell at n / 2, not on its corner as in a PDF. */
function imageMap(map: Float32Array, grid: DisplacementGrid, scale: ScaleOptions): Layer {
  const at = imageCoordinates(grid);
  return heatmap({ x: at, y: at, z: northUp(map, grid.n), scale });
}

/** Axes that end where images do on all sides: half a cell before a PDF's bins. */
function imageAxes(grid: DisplacementGrid, named: readonly ("x" | "y")[]) {
  return displacementAxes(grid, named, grid.dx / 2);
}

function imageCoordinates({ n, dx }: DisplacementGrid): Float64Array {
  return Float64Array.from({ length: n }, (_, k) => ((k - n / 2) * dx) / 1000);
}

function quantile(values: readonly number[], share: number): number {
  return Float64Array.from(values).sort()[Math.round(share * (values.length - 1))]!;
}
