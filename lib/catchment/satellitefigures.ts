/** Figures on what satellites see: A1 and A2 of the 2025 paper, and the ensemble's uncertainty. */

import { formatTime } from "../core/index.js";
import {
  boxes,
  colourScale,
  type Figure,
  figure,
  heatmap,
  line,
  type Panel,
  points,
  rule,
  star,
} from "../figures/index.js";
import { type Maps, mapOf } from "./evaluation.js";
import { checkRange, type InputRange } from "./inputrange.js";
import type { DisplacementGrid } from "./pdf.js";
import { displacementAxes, northUp } from "./pdfpanel.js";
import { binCoordinates } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** A field as the model has it and as a satellite shows it, shape (n, n) each, east by north. */
export interface SeenField {
  readonly name: string;
  readonly units: string;
  readonly palette: "balance" | "thermal";
  readonly ocean: Float32Array;
  readonly seen: Float32Array;
}

/** The ocean around a trap, and what satellites make of it, one row a field. */
export function seenFigure(
  fields: readonly SeenField[],
  { grid, ...labels }: Labels & { readonly grid: DisplacementGrid },
): Figure {
  const at = binCoordinates(grid).map((m) => m / 1000);
  const panels = fields.flatMap(({ name, units, palette, ocean, seen }) => {
    const middle = palette === "balance" ? 0 : Number.NaN;
    const scale = colourScale([...ocean, ...seen], { label: name, units, palette, centre: middle });
    return [ocean, seen].map(
      (map, k): Panel => ({
        title: `${name}, ${k === 0 ? "the ocean" : "as satellites see it"}`,
        ...displacementAxes(grid),
        layers: [
          heatmap({ x: at, y: at, z: northUp(map, grid.n), scale }),
          star({ x: 0, y: 0, name: "trap" }),
        ],
      }),
    );
  });
  return figure({ ...labels, panels, columns: 2 });
}

/**
 * Distributions of what is seen beside what was trained on (figure A1), with the training's 1st and
 * 99th percentile. Titles name what lies so far outside that its maps are not to be trusted.
 */
export function rangeFigure(
  quantities: readonly {
    readonly range: InputRange;
    readonly trained: ArrayLike<number>;
    readonly observed: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
  }[],
  labels: Labels,
): Figure {
  const panels = quantities.map(({ range, trained, observed }): Panel => {
    const { quantity, units } = range;
    const all = [{ name: "training", values: trained }, ...observed];
    const warned = observed.flatMap(({ name, values }) => {
      const { outside, warning } = checkRange(quantity, units, trained, values);
      return warning === undefined ? [] : [`${name} ${(100 * outside).toFixed(0)} % outside`];
    });
    const edges = limitsOf(all.map(({ values }) => values));
    return {
      title: [quantity, ...warned].join("; "),
      x: { label: quantity, units },
      y: { label: "Density", units: `${units}⁻¹` },
      layers: [
        ...all.map(({ name, values }) => line({ ...density(values, edges), name })),
        rule({ at: range.trained[0], along: "y", label: "1 %" }),
        rule({ at: range.trained[1], along: "y", label: "99 % of training" }),
      ],
    };
  });
  return figure({ ...labels, panels, columns: panels.length });
}

/** Properties of catchments by speed, predicted from satellites beside those of the model (A2). */
export function propertyFigure(
  properties: readonly {
    readonly label: string;
    readonly units: string;
    readonly groups: readonly {
      readonly name: string;
      readonly values: readonly { readonly speed: number; readonly values: ArrayLike<number> }[];
    }[];
  }[],
  labels: Labels,
): Figure {
  const panels = properties.map(
    ({ label, units, groups }): Panel => ({
      title: label,
      x: { label: "Sinking speed (m d⁻¹)", units: "", kind: "category" },
      y: { label, units },
      layers: groups.map(({ name, values }) =>
        boxes({ name, groups: values.map((g) => ({ label: `${g.speed}`, values: g.values })) }),
      ),
    }),
  );
  return figure({ ...labels, panels, columns: panels.length });
}

/** Where members disagree: the mean map, their standard deviation, and its mean over time. */
export function uncertaintyFigure(
  median: Maps,
  spread: Maps,
  {
    grid,
    dates,
    members,
    ...labels
  }: Labels & {
    readonly grid: DisplacementGrid;
    readonly dates: ArrayLike<number>;
    readonly members: number;
  },
): Figure {
  const at = binCoordinates(grid).map((m) => m / 1000);
  const map = (maps: Maps, title: string, palette: "matter" | "amp"): Panel => ({
    title,
    ...displacementAxes(grid),
    layers: [
      heatmap({
        x: at,
        y: at,
        z: northUp(meanMap(maps), grid.n).map((p) => 100 * p),
        scale: { label: title, units: "%", palette, min: 0 },
      }),
    ],
  });
  const index = Float64Array.from({ length: dates.length }, (_, k) => {
    return (1e4 * mapOf(spread, k).reduce((sum, s) => sum + s, 0)) / spread.bins;
  });
  const days = Array.from(dates as ArrayLike<number>, (date) => formatTime(date).slice(0, 10));
  return figure({
    ...labels,
    columns: 3,
    panels: [
      map(median, "Mean catchment", "matter"),
      map(spread, `Spread of ${members} members`, "amp"),
      {
        title: "Spread over time",
        x: { label: "", units: "", kind: "date" },
        y: { label: "SD index", units: "10⁻⁴ a bin" },
        layers: [points({ x: days, y: index, name: "each map", size: 4 })],
      },
    ],
  });
}

function meanMap(maps: Maps): Float32Array {
  const mean = new Float32Array(maps.bins);
  const count = maps.data.length / maps.bins;
  for (let at = 0; at < maps.data.length; at++) {
    mean[at % maps.bins] = mean[at % maps.bins]! + maps.data[at]! / count;
  }
  return mean;
}

function limitsOf(rows: readonly ArrayLike<number>[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    for (const value of Array.from(row)) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

function density(values: ArrayLike<number>, [low, high]: readonly [number, number], bins = 60) {
  const width = (high - low) / bins || 1;
  const y = new Float64Array(bins);
  let count = 0;
  for (const value of Array.from(values)) {
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    y[bin] = y[bin]! + 1;
    count++;
  }
  const x = Float64Array.from({ length: bins }, (_, k) => low + (k + 0.5) * width);
  return { x, y: y.map((n) => n / (count * width)) };
}
