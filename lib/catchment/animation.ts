/** A record of catchments as one figure with a slider: every map of twenty years, one after another. */

import { ArgumentError, formatTime } from "../core/index.js";
import { type Figure, figure, makeFigure, rule } from "../figures/index.js";
import { type Maps, mapOf } from "./evaluation.js";
import type { DisplacementGrid } from "./pdf.js";
import { pdfPanel } from "./pdfpanel.js";
import { massLevel } from "./score.js";
import type { Labels } from "./scoreboard.js";

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
    panels: [{ ...panel, layers: [...panel.layers, rule({ at: 0, along: "x" })] }],
  });
  const steps = joined.map((map, k) => ({
    label: formatTime(dates[shown[k]!]!).slice(0, 10),
    method: "restyle",
    args: [{ z: [rowsOf(map, coarse.n)] }, [0]],
  }));
  const slider = {
    active: 0,
    pad: { t: 60, b: 10 },
    currentvalue: { prefix: "Collection that ended on " },
    steps,
  };
  const { toMimeBundle: _, ...data } = still;
  const layout = { ...data.layout, sliders: [slider] };
  return makeFigure({ ...data, height: data.height + 90, layout: withRoom(layout) });
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

/** The slider needs room below the axes. */
function withRoom(layout: Record<string, unknown>): Record<string, unknown> {
  const margin = (layout.margin ?? {}) as Record<string, number>;
  return {
    ...layout,
    margin: { ...margin, b: (margin.b ?? 60) + 90 },
    height: Number(layout.height) + 90,
  };
}
