/** A record of catchments as one figure that plays: every map of twenty years, one after another. */

import { ArgumentError, datePartsOf, formatTime, secondsOf } from "../core/index.js";
import { type Figure, figure, heatmap, makeFigure, type Panel, star } from "../figures/index.js";
import { type Maps, mapOf } from "./evaluation.js";
import type { DisplacementGrid } from "./pdf.js";
import { displacementAxes } from "./pdfpanel.js";
import { binCoordinates, massLevel } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** Room for button, slider and years below the map [px]. */
const CONTROLS = 130;

/** Where the slider runs, as shares of the width; Plotly keeps its ends clear [px]. */
const RAIL = { from: 0.04, length: 0.92, inset: 10 } as const;

/** How long each map stands while it plays [ms]. */
const STAND = 120;

/** What is shown. */
export interface AnimationOptions extends Labels {
  readonly maps: Maps;
  /** date of each map, increasing [s] */
  readonly dates: ArrayLike<number>;
  readonly grid: DisplacementGrid;
  /** every how many maps one is shown, 1 by default */
  readonly every?: number;
}

/**
 * Draw a record with a slider and a button that plays it. Bins are joined four by four and rounded to
 * three digits, so that twenty years fit a page of a few megabytes.
 *
 * @throws {ArgumentError} if there are no maps
 */
export function catchmentAnimation(options: AnimationOptions): Figure {
  const { maps, dates, grid, every = 1, ...labels } = options;
  const shown = Array.from({ length: dates.length }, (_, k) => k).filter((k) => k % every === 0);
  if (shown.length === 0) throw new ArgumentError({ what: "maps", wanted: "some", got: "none" });
  const coarse = { n: grid.n / 2, dx: 2 * grid.dx };
  const joined = shown.map((k) => joinBins(mapOf(maps, k), grid.n));
  const still = figure({ ...labels, width: 820, panels: [firstPanel(joined, coarse)] });
  const times = shown.map((k) => dates[k]!);
  const names = times.map((time) => formatTime(time).slice(0, 10));
  const frames = joined.map((map, k) => ({
    name: names[k]!,
    data: [{ z: rowsOf(map, coarse.n) }],
    traces: [0],
  }));
  const { toMimeBundle: _, ...data } = still;
  const margin = { ...(data.layout.margin as Record<string, number>), b: CONTROLS };
  const layout = {
    ...data.layout,
    ...{ margin, height: data.height + CONTROLS, showlegend: false },
    sliders: [slider(names)],
    updatemenus: [buttons()],
    annotations: [...(data.layout.annotations as object[]), ...years(times, data.width)],
  };
  return makeFigure({ ...data, height: data.height + CONTROLS, layout, frames });
}

/** The first map, coloured as all are. */
function firstPanel(joined: readonly Float32Array[], { n, dx }: DisplacementGrid): Panel {
  const at = binCoordinates({ n, dx }).map((m) => m / 1000);
  const max = 100 * Math.max(...joined.map((map) => Math.max(...map)));
  const z = rowsOf(joined[0]!, n).flatMap((row) => row.map((value) => value ?? Number.NaN));
  const scale = {
    label: `Particles per bin of ${dx / 1000} km`,
    ...{ units: "%", palette: "matter" as const, min: 0, max },
  };
  return {
    ...displacementAxes({ n, dx }),
    layers: [heatmap({ x: at, y: at, z, scale }), star({ x: 0, y: 0, name: "trap" })],
  };
}

/** Jump to a frame, or from frame to frame, without a transition. */
const go = (duration: number) => ({
  mode: "immediate",
  frame: { duration, redraw: true },
  transition: { duration: 0 },
});

function slider(names: readonly string[]) {
  return {
    active: 0,
    x: RAIL.from,
    len: RAIL.length,
    y: 0,
    yanchor: "top",
    pad: { t: 10, b: 0, l: 0, r: 0 },
    ticklen: 0,
    tickwidth: 0,
    minorticklen: 0,
    // each step's own label would crowd; the years below the rail are annotations
    font: { size: 1, color: "rgba(0,0,0,0)" },
    currentvalue: {
      prefix: "Particles near the surface about ",
      xanchor: "right",
      offset: 22,
      font: { size: 15, color: "#16222c" },
    },
    steps: names.map((name) => ({ label: name, method: "animate", args: [[name], go(0)] })),
  };
}

function buttons() {
  const button = (label: string, args: readonly unknown[]) => ({ label, method: "animate", args });
  return {
    type: "buttons",
    direction: "right",
    showactive: false,
    x: RAIL.from,
    xanchor: "left",
    y: 0,
    yanchor: "top",
    pad: { t: 2, b: 0, l: 0, r: 0 },
    font: { size: 14 },
    buttons: [
      button("Play", [null, { ...go(STAND), fromcurrent: true }]),
      button("Pause", [[null], go(0)]),
    ],
  };
}

/** Each January, or every other or fifth one where there are many, below the rail. */
function years(times: readonly number[], width: number): object[] {
  const [first, last] = [times[0]!, times.at(-1)!];
  const from = datePartsOf(first).year;
  const to = datePartsOf(last).year;
  const step = to - from > 40 ? 5 : to - from > 12 ? 2 : 1;
  const length = RAIL.length * width - 2 * RAIL.inset;
  const marks: object[] = [];
  for (let year = from; year <= to; year++) {
    const time = secondsOf({ year });
    if (year % step !== 0 || time > last || (time < first && first - time > 30 * 86400)) continue;
    const next = times.findIndex((other) => other >= time);
    const place = RAIL.from * width + RAIL.inset + (length * next) / Math.max(1, times.length - 1);
    marks.push({
      text: String(year),
      ...{ x: place / width, xref: "paper", xanchor: "center" },
      ...{ y: 0, yref: "paper", yanchor: "top", yshift: -70 },
      ...{ showarrow: false, font: { size: 13, color: "#16222c" } },
    });
  }
  return marks;
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
