/** A record of catchments as one figure with a slider: every map of twenty years, one after another. */

import { ArgumentError, formatTime } from "../core/index.js";
import { type Figure, figure, makeFigure } from "../figures/index.js";
import { type Maps, mapOf } from "./evaluation.js";
import type { DisplacementGrid } from "./pdf.js";
import { pdfPanel } from "./pdfpanel.js";
import { massLevel } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** Room for the slider below the map [px]. */
const SLIDER_HEIGHT = 90;

/** What is shown. */
export interface AnimationOptions extends Labels {
  readonly maps: Maps;
  /** date of each map [s] */
  readonly dates: ArrayLike<number>;
  readonly grid: DisplacementGrid;
  /** every how many maps one is shown, 1 by default */
  readonly every?: number;
}

/**
 * Draw a record with a slider. Bins are joined four by four and rounded to a thousandth of the
 * largest, so that twenty years fit a page of a few megabytes.
 *
 * @throws {ArgumentError} if there are no maps
 */
export function catchmentAnimation(options: AnimationOptions): Figure {
  const { maps, dates, grid, every = 1, ...labels } = options;
  const shown = Array.from({ length: dates.length }, (_, k) => k).filter((k) => k % every === 0);
  if (shown.length === 0) throw new ArgumentError({ what: "maps", wanted: "some", got: "none" });
  const coarse = { n: grid.n / 2, dx: 2 * grid.dx };
  const joined = shown.map((k) => joinBins(mapOf(maps, k), grid.n));
  const peak = Math.max(...joined.map((map) => Math.max(...map)));
  const panel = pdfPanel(joined[0]!, coarse, { title: "", shares: [], peak });
  const still = figure({
    ...labels,
    width: 820,
    panels: [panel],
  });
  const steps = joined.map((map, k) => ({
    label: formatTime(dates[shown[k]!]!).slice(0, 10),
    method: "restyle",
    args: [{ z: [rowsOf(map, coarse.n)] }, [0]],
  }));
  const slider = {
    active: 0,
    x: 0.08,
    len: 0.84,
    y: 0,
    yanchor: "top",
    pad: { t: 6, b: 0, l: 0, r: 0 },
    ticklen: 0,
    tickwidth: 0,
    minorticklen: 0,
    font: { size: 1, color: "rgba(0,0,0,0)" },
    currentvalue: {
      prefix: "Collection that ended on ",
      xanchor: "center",
      font: { size: 15, color: "#16222c" },
    },
    steps,
  };
  const { toMimeBundle: _, ...data } = still;
  const margin = { ...(data.layout.margin as Record<string, number>), b: SLIDER_HEIGHT };
  const height = data.height + SLIDER_HEIGHT;
  const layout = { ...data.layout, margin, height, showlegend: false, sliders: [slider] };
  return makeFigure({ ...data, height, layout });
}

/** Sum bins two by two along both axes. */
function joinBins(map: Float32Array, n: number): Float32Array {
  const half = n / 2;
  return Float32Array.from({ length: half * half }, (_, at) => {
    const [i, j] = [2 * Math.floor(at / half), 2 * (at % half)];
    return (
      map[i * n + j]! + map[i * n + j + 1]! + map[(i + 1) * n + j]! + map[(i + 1) * n + j + 1]!
    );
  });
}

/** North by east in per cent, empty bins null. */
function rowsOf(map: Float32Array, n: number): (number | null)[][] {
  const least = massLevel(map, 0.995);
  return Array.from({ length: n }, (_, j) =>
    Array.from({ length: n }, (__, i) => {
      const value = map[i * n + j]!;
      return value < least ? null : Number((100 * value).toPrecision(3));
    }),
  );
}
