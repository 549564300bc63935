/** Layers along an axis: lines, bands, points, bars and rules. */

import {
  checkLengths,
  type Layer,
  type Numbers,
  type Positions,
  plainNumbers,
  plainPositions,
  pointsExtent,
} from "./layer.js";
import { type ColourScale, colourScale, type ScaleOptions } from "./scale.js";
import { INK, type SeriesStyle, withOpacity } from "./theme.js";

/** Points in order, with the series they belong to. */
export interface SeriesOptions extends Partial<SeriesStyle> {
  readonly x: Positions;
  readonly y: Positions;
  readonly name?: string;
}

/** A line; `markers: "shown"` draws its points too. */
export interface LineOptions extends SeriesOptions {
  /** line width [px], 2.5 by default */
  readonly width?: number;
  readonly markers?: "hidden" | "shown";
  /** "step" holds each value until the next position */
  readonly shape?: "straight" | "step";
}

/**
 * Draw a line through points; NaN breaks it.
 *
 * @throws {ArgumentError} if x and y differ in length
 */
export function line(options: LineOptions): Layer {
  const { x, y, width = 2.5, markers = "hidden", shape = "straight" } = options;
  checkLengths("y", x.length, y.length);
  const mode = markers === "shown" ? "lines+markers" : "lines";
  return {
    ...named(options),
    draw: (pen) => ({
      traces: [
        {
          type: "scatter",
          mode,
          x: plainPositions(x),
          y: plainPositions(y),
          line: {
            color: options.colour ?? pen.colour,
            dash: options.dash ?? pen.dash,
            width,
            shape: shape === "step" ? "hv" : "linear",
          },
          marker: { ...marker(options, pen), size: 8 },
        },
      ],
    }),
  };
}

/** Points, perhaps with error bars or coloured by a value. */
export interface PointsOptions extends SeriesOptions {
  /** symbol size [px], 8 by default */
  readonly size?: number;
  /** 0 clear to 1 opaque */
  readonly opacity?: number;
  /** half-length of a vertical error bar [y units] */
  readonly error?: Numbers;
  /** ends of a vertical error bar that may be longer on one side [y units] */
  readonly interval?: { readonly low: Numbers; readonly high: Numbers };
  /** value of each point, drawn as its colour */
  readonly value?: Numbers;
  readonly scale?: ColourScale | ScaleOptions;
  /** text written beside each point */
  readonly labels?: readonly string[];
}

/**
 * Draw points.
 *
 * @throws {ArgumentError} if x, y, value, error, interval or labels differ in length
 */
export function points(options: PointsOptions): Layer {
  const { x, y, size = 8, opacity = 1, error, interval, value, labels } = options;
  for (const row of [y, error, interval?.low, interval?.high, value, labels]) {
    if (row !== undefined) checkLengths("points", x.length, row.length);
  }
  const scale = value === undefined ? undefined : scaleOf(value, options.scale);
  return {
    ...named(options),
    ...(scale === undefined ? {} : { scale }),
    draw: (pen) => ({
      traces: [
        {
          type: "scatter",
          mode: labels === undefined ? "markers" : "markers+text",
          x: plainPositions(x),
          y: plainPositions(y),
          opacity,
          ...(labels === undefined ? {} : { text: [...labels], textposition: "top right" }),
          ...(error === undefined
            ? {}
            : { error_y: errorBars(error, options.colour ?? pen.colour) }),
          ...(interval === undefined
            ? {}
            : { error_y: unevenBars(y, interval, options.colour ?? pen.colour) }),
          marker: {
            ...marker(options, pen),
            size,
            // an outline would hide a small symbol
            ...(size < 7 ? { line: { width: 0 } } : {}),
            ...(value === undefined
              ? {}
              : { color: plainNumbers(value), coloraxis: pen.coloraxis, line: { width: 0 } }),
          },
        },
      ],
    }),
  };
}

/** The space between two lines. */
export interface BandOptions {
  readonly x: Positions;
  readonly low: Numbers;
  readonly high: Numbers;
  /** name of the line it belongs to, whose colour it takes */
  readonly name?: string;
  readonly colour?: string;
  /** 0 clear to 1 opaque, 0.22 by default */
  readonly opacity?: number;
}

/** Shade between `low` and `high`: a spread, an interval, a season. */
export function band({ x, low, high, name, colour, opacity = 0.22 }: BandOptions): Layer {
  checkLengths("low", x.length, low.length);
  checkLengths("high", x.length, high.length);
  return {
    ...(name === undefined ? {} : { name }),
    draw: (pen) => {
      const edge = { type: "scatter", mode: "lines", x: plainPositions(x), hoverinfo: "skip" };
      const hidden = { line: { width: 0 }, showlegend: false };
      const fillcolor = withOpacity(colour ?? pen.colour, opacity);
      return {
        traces: [
          { ...edge, ...hidden, y: plainNumbers(low), meta: "low" },
          { ...edge, ...hidden, y: plainNumbers(high), meta: "high", fill: "tonexty", fillcolor },
        ],
      };
    },
  };
}

/** Bars side by side. */
export interface BarsOptions {
  /** names of the bars, or their positions */
  readonly x: Positions;
  readonly y: Numbers;
  readonly name?: string;
  readonly error?: Numbers;
  readonly colour?: string;
  readonly direction?: "up" | "across";
}

/** Draw bars; series of several names stand side by side, told apart by pattern too. */
export function bar(options: BarsOptions): Layer {
  const { x, y, name, error, direction = "up" } = options;
  checkLengths("y", x.length, y.length);
  const across = direction === "across";
  return {
    ...(name === undefined ? {} : { name }),
    draw: (pen) => ({
      traces: [
        {
          type: "bar",
          orientation: across ? "h" : "v",
          x: across ? plainNumbers(y) : plainPositions(x),
          y: across ? plainPositions(x) : plainNumbers(y),
          marker: {
            color: options.colour ?? pen.colour,
            pattern: {
              shape: PATTERNS[pen.dash],
              fillmode: "overlay",
              fgcolor: "#ffffff",
              fgopacity: 0.55,
              size: 7,
            },
          },
          ...(error === undefined
            ? {}
            : { [across ? "error_x" : "error_y"]: errorBars(error, INK.text) }),
        },
      ],
    }),
  };
}

/** A straight line across the panel at a value. */
export interface RuleOptions {
  readonly at: number | string;
  readonly along: "x" | "y";
  readonly label?: string;
  readonly colour?: string;
}

/** Draw a straight rule: `along: "x"` is horizontal at y = `at`. */
export function rule({ at, along, label, colour = INK.muted }: RuleOptions): Layer {
  const horizontal = along === "x";
  const place = horizontal
    ? { xref: "domain", x0: 0, x1: 1, y0: at, y1: at }
    : { yref: "domain", y0: 0, y1: 1, x0: at, x1: at };
  const line = { color: colour, width: 1.5, dash: "dash" };
  const beside = horizontal
    ? { xref: "domain", x: 1, y: at, xanchor: "right", yanchor: "bottom" }
    : { yref: "domain", y: 1, x: at, xanchor: "left", yanchor: "top" };
  return {
    draw: () => ({
      traces: [],
      shapes: [{ type: "line", layer: "above", line, ...place }],
      ...(label === undefined
        ? {}
        : { annotations: [{ text: label, showarrow: false, font: { color: colour }, ...beside }] }),
    }),
  };
}

const PATTERNS: Readonly<Record<SeriesStyle["dash"], string>> = {
  solid: "",
  dash: "/",
  dot: ".",
  dashdot: "x",
  longdash: "-",
};

function named({ name, colour, x, y }: SeriesOptions): Omit<Layer, "draw"> {
  const extent = pointsExtent(x, y);
  return {
    ...(name === undefined ? {} : { name }),
    ...(colour === undefined ? {} : { style: "own" }),
    ...(extent === undefined ? {} : { extent }),
  };
}

function marker(options: Partial<SeriesStyle>, pen: SeriesStyle): Record<string, unknown> {
  return {
    color: options.colour ?? pen.colour,
    symbol: options.symbol ?? pen.symbol,
    line: { color: "#ffffff", width: 0.8 },
  };
}

function scaleOf(value: Numbers, scale: ColourScale | ScaleOptions | undefined): ColourScale {
  if (scale !== undefined && "stops" in scale) return scale;
  return colourScale(Array.from(value), scale ?? { label: "", units: "" });
}

function unevenBars(
  y: Positions,
  { low, high }: NonNullable<PointsOptions["interval"]>,
  color: string,
): Record<string, unknown> {
  const [above, below] = [Array.from(high), Array.from(low)];
  return {
    ...errorBars(
      above.map((end, k) => end - Number(y[k])),
      color,
    ),
    symmetric: false,
    arrayminus: plainNumbers(below.map((end, k) => Number(y[k]) - end)),
  };
}

function errorBars(error: Numbers, color: string): Record<string, unknown> {
  return { type: "data", array: plainNumbers(error), color, thickness: 1.5, width: 4 };
}
