/** Layers that draw numbers on a grid: heat maps, contours, maps of categories, land. */

import {
  type Drawing,
  type Grid,
  gridExtent,
  type Layer,
  plainNumber,
  plainPositions,
  plainRows,
} from "./layer.js";
import { type ColourScale, colourScale, type ScaleOptions } from "./scale.js";
import { INK, type SeriesStyle } from "./theme.js";

/** A grid and how to colour it. */
export interface HeatmapOptions extends Grid {
  /** a scale, to share it between panels; or what to make one from */
  readonly scale: ColourScale | ScaleOptions;
}

/**
 * Draw numbers on a grid as coloured cells; NaN stays empty.
 *
 * @throws {ShapeError} if z does not hold y.length rows of x.length values
 */
export function heatmap({ x, y, z, scale }: HeatmapOptions): Layer {
  const rows = plainRows({ x, y, z });
  const made = "stops" in scale ? scale : colourScale(Array.from(z), scale);
  return {
    extent: gridExtent({ x, y }),
    scale: made,
    draw: ({ coloraxis }) => ({
      traces: [
        {
          type: "heatmap",
          x: plainPositions(x),
          y: plainPositions(y),
          z: rows,
          coloraxis,
          zsmooth: false,
          hoverongaps: false,
          name: made.label,
        },
      ],
    }),
  };
}

/** Contour lines of a grid. */
export interface ContourOptions extends Grid {
  readonly name?: string;
  readonly levels: readonly number[];
  /** the series' colour unless given */
  readonly colour?: string;
  /** line width [px], 1.5 by default */
  readonly width?: number;
  /** the series' dash unless given; solid without a name */
  readonly dash?: SeriesStyle["dash"];
  readonly labels?: "none" | "value";
}

/** Draw lines of equal value. Levels of one series share its colour; names go into the legend. */
export function contours(options: ContourOptions): Layer {
  const { x, y, z, name, levels, width = 1.5, labels = "none" } = options;
  const rows = plainRows({ x, y, z });
  return {
    ...(name === undefined ? {} : { name }),
    extent: gridExtent({ x, y }),
    ...(options.colour === undefined ? {} : { style: "own" }),
    draw: ({ colour, dash }) => ({
      traces: levels.map((level) => ({
        type: "contour",
        x: plainPositions(x),
        y: plainPositions(y),
        z: rows,
        autocontour: false,
        contours: {
          start: level,
          end: level,
          size: 1,
          coloring: "none",
          showlabels: labels === "value",
          labelfont: { size: 13, color: options.colour ?? colour },
        },
        line: {
          color: options.colour ?? colour,
          width,
          dash: options.dash ?? (name === undefined ? "solid" : dash),
        },
        showscale: false,
        hoverinfo: "skip",
        meta: `level ${level}`,
      })),
    }),
  };
}

/**
 * Draw the land of a mask in grey with its outline, so that no map shows data there.
 *
 * @param z 1 over the sea and 0 (or NaN) over land, row-major, shape (y.length, x.length)
 */
export function maskLand({ x, y, z }: Grid): Layer {
  const land = plainRows({ x, y, z }).map((row) => row.map((v) => (v !== null && v > 0.5 ? 0 : 1)));
  const place = { x: plainPositions(x), y: plainPositions(y) };
  const filled: Drawing = {
    traces: [
      {
        type: "heatmap",
        ...place,
        z: land.map((row) => row.map((v) => (v === 1 ? 1 : null))),
        colorscale: [
          [0, INK.land],
          [1, INK.land],
        ],
        showscale: false,
        hoverinfo: "skip",
        name: "land",
        meta: "decoration",
      },
      {
        type: "contour",
        ...place,
        z: land,
        autocontour: false,
        contours: { start: 0.5, end: 0.5, size: 1, coloring: "none" },
        line: { color: INK.coast, width: 1.2, smoothing: 0 },
        showscale: false,
        hoverinfo: "skip",
        name: "coast",
        meta: "decoration",
      },
    ],
  };
  return { extent: gridExtent({ x, y }), draw: () => filled };
}

/** A table of shares or counts with its numbers written in the cells, as a confusion matrix. */
export interface MatrixOptions {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** row-major, shape (rows, columns) */
  readonly z: ArrayLike<number>;
  readonly scale: ColourScale | ScaleOptions;
  /** digits after the point, 0 by default */
  readonly digits?: number;
}

/** Draw a matrix, first row on top if the y axis is reversed. */
export function matrix({ columns, rows, z, scale, digits = 0 }: MatrixOptions): Layer {
  const cells = plainRows({ x: { length: columns.length }, y: { length: rows.length }, z });
  const made = "stops" in scale ? scale : colourScale(Array.from(z), scale);
  const text = cells.map((row) => row.map((v) => (v === null ? "" : v.toFixed(digits))));
  return {
    scale: made,
    draw: ({ coloraxis }) => ({
      traces: [
        {
          type: "heatmap",
          x: [...columns],
          y: [...rows],
          z: cells.map((row) => row.map((v) => (v === null ? null : plainNumber(v)))),
          text,
          texttemplate: "%{text}",
          coloraxis,
          xgap: 1,
          ygap: 1,
          name: made.label,
        },
      ],
    }),
  };
}
