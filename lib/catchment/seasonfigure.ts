/**
 * A season of catchments over the sea they lie in: figure 7 of the 2025 paper, with the geostrophic
 * current of the maps that the network looked at and the chlorophyll of the days.
 */

import { formatTime } from "../core/index.js";
import {
  contours,
  type Figure,
  figure,
  heatmap,
  type Layer,
  line,
  type Panel,
  star,
  vectors,
} from "../figures/index.js";
import { type Maps, mapOf } from "./evaluation.js";
import type { GeostrophicFlow } from "./geostrophy.js";
import type { DisplacementGrid } from "./pdf.js";
import { northUp, pdfPanel } from "./pdfpanel.js";
import { binCoordinates, massLevel } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** Colour of the contours and half a side of the dashed box [km], as the paper draws them. */
const RED = "#d00000";
const BOX = 100;

/** Arrows across a panel, and the speed of the key [m s⁻¹]. */
const ARROWS = 9;
const KEY = 0.3;

/** What is drawn of a season. */
export interface SeasonOptions extends Labels {
  readonly grid: DisplacementGrid;
  readonly columns: number;
  /** mean current of each date, on the grid */
  readonly flows?: readonly GeostrophicFlow[];
  /** chlorophyll of each date [mg m⁻³], shape (n, n), east by north; the PDFs themselves if not given */
  readonly chlorophyll?: readonly Float32Array[];
}

/**
 * Maps of a season one after another, with the contours of 25 and 75 % of the particles and the box of
 * 200 km.
 *
 * @param dates one a map [s]
 */
export function seasonFigure(
  maps: Maps,
  dates: ArrayLike<number>,
  { grid, columns, flows, chlorophyll, ...labels }: SeasonOptions,
): Figure {
  const each = Array.from({ length: dates.length }, (_, k) => mapOf(maps, k));
  const peak = Math.max(...each.map((map) => Math.max(...map)));
  const top = Math.max(...(chlorophyll ?? []).flatMap((map) => Array.from(map, (c) => c || 0)));
  const panels = each.map((map, k): Panel => {
    const plain = pdfPanel(map, grid, { title: dayOf(dates[k]!), shares: [], peak });
    const ground = chlorophyll === undefined ? plain.layers : [green(chlorophyll[k]!, grid, top)];
    return {
      ...plain,
      layers: [
        ...ground,
        ...(flows === undefined ? [] : [arrows(flows[k]!, grid, k === 0)]),
        ...outlines(map, grid),
        line({ ...SQUARE, name: "box of 200 km", colour: "#111111", dash: "dash", width: 1.6 }),
        star({ x: 0, y: 0, name: "trap" }),
      ],
    };
  });
  return figure({ ...labels, panels, columns });
}

const SQUARE = { x: [-BOX, BOX, BOX, -BOX, -BOX], y: [-BOX, -BOX, BOX, BOX, -BOX] };

const dayOf = (time: number) => formatTime(time).slice(0, 10);

/** Contours of 25 and 75 %, thick and thin. */
function outlines(map: Float32Array, grid: DisplacementGrid): Layer[] {
  const at = binCoordinates(grid).map((m) => m / 1000);
  return [0.25, 0.75].map((share) =>
    contours({
      ...{ x: at, y: at, z: northUp(map, grid.n), levels: [massLevel(map, share) * 0.999] },
      ...{ name: `encloses ${100 * share} %`, colour: RED, width: share < 0.5 ? 3.5 : 1.8 },
    }),
  );
}

function green(map: Float32Array, grid: DisplacementGrid, max: number): Layer {
  const at = binCoordinates(grid).map((m) => m / 1000);
  const scale = { label: "Chlorophyll", units: "mg m⁻³", palette: "algae" as const, min: 0, max };
  return heatmap({ x: at, y: at, z: northUp(map, grid.n), scale });
}

function arrows({ u, v }: GeostrophicFlow, grid: DisplacementGrid, keyed: boolean): Layer {
  const { n } = grid;
  const at = binCoordinates(grid).map((m) => m / 1000);
  const half = (n * grid.dx) / 2000;
  const step = Math.floor(n / ARROWS);
  const picked = Array.from({ length: n * n }, (_, k) => k).filter(
    (k) => (k % n) % step === step >> 1 && Math.floor(k / n) % step === step >> 1,
  );
  const unitLength = (1.3 * step * grid.dx) / 1000 / KEY;
  const key = { speed: KEY, label: `${KEY} m/s`, x: 0.5 * half, y: -0.88 * half };
  const layer = vectors({
    x: picked.map((k) => at[k % n]!),
    y: picked.map((k) => at[Math.floor(k / n)]!),
    u: picked.map((k) => u[k]!),
    v: picked.map((k) => v[k]!),
    ...{ unitLength, key },
  });
  if (keyed) return layer;
  const draw: Layer["draw"] = (pen) => ({ traces: layer.draw(pen).traces.slice(1) });
  return { ...layer, draw };
}
