/** Layers that summarise many values: histograms, box plots, hexagonal bins. */

import { ArgumentError } from "../core/index.js";
import {
  checkLengths,
  type Layer,
  type Numbers,
  type Piece,
  plainNumber,
  plainNumbers,
} from "./layer.js";
import { type ColourScale, colourScale } from "./scale.js";
import { withOpacity } from "./theme.js";

/** Values and the bins to count them in. */
export interface HistogramOptions {
  readonly values: Numbers;
  readonly range: readonly [number, number];
  readonly bins: number;
  readonly name?: string;
  /** "density" makes the bars' area 1; "count" by default */
  readonly height?: "count" | "density";
}

/** Counts of values in equal bins; the last bin holds its upper edge; NaN is left out. */
export function countBins(values: Numbers, [low, high]: readonly [number, number], bins: number) {
  const counts = new Float64Array(bins);
  const width = (high - low) / bins;
  for (const value of Array.from(values)) {
    if (!(value >= low && value <= high)) continue;
    const bin = Math.min(Math.floor((value - low) / width), bins - 1);
    counts[bin] = counts[bin]! + 1;
  }
  return { counts, centres: Float64Array.from(counts, (_, i) => low + (i + 0.5) * width), width };
}

/** Draw a histogram; several overlap with transparent fills. */
export function histogram(options: HistogramOptions): Layer {
  const { values, range, bins, name, height = "count" } = options;
  const { counts, centres, width } = countBins(values, range, bins);
  const total = counts.reduce((a, b) => a + b, 0);
  const heights = height === "density" ? counts.map((c) => c / (total * width || 1)) : counts;
  return {
    ...(name === undefined ? {} : { name }),
    draw: (pen) => ({
      traces: [
        {
          type: "bar",
          x: plainNumbers(centres),
          y: Array.from(heights, (height) => (height === 0 ? null : plainNumber(height))),
          width: centres.length === 0 ? 1 : plainNumber(width),
          offset: plainNumber(-width / 2),
          marker: {
            color: withOpacity(pen.colour, 0.45),
            line: { color: pen.colour, width: 1 },
          },
        },
      ],
    }),
  };
}

/** Values of one box. */
export interface BoxGroup {
  readonly label: string;
  readonly values: Numbers;
}

/** Boxes of one series beside each other. */
export interface BoxOptions {
  readonly groups: readonly BoxGroup[];
  readonly name?: string;
}

/** The five numbers of a box, with its mean. */
export interface BoxSummary {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  /** lowest value within 1.5 box heights of the box */
  readonly low: number;
  /** highest value within 1.5 box heights of the box */
  readonly high: number;
  readonly mean: number;
}

/**
 * Summarise values as Tukey's box plot does, quartiles by linear interpolation; NaN is left out.
 *
 * @throws {ArgumentError} if no value is finite
 */
export function summariseBox(values: Numbers): BoxSummary {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  if (sorted.length === 0) {
    throw new ArgumentError({ what: "values", wanted: "at least one finite number", got: "none" });
  }
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const a = sorted[below]!;
    return a + (sorted[Math.min(below + 1, sorted.length - 1)]! - a) * (place - below);
  };
  const [q1, median, q3] = [at(0.25), at(0.5), at(0.75)];
  const reach = 1.5 * (q3 - q1);
  return {
    q1,
    median,
    q3,
    low: sorted.find((v) => v >= q1 - reach)!,
    high: sorted.findLast((v) => v <= q3 + reach)!,
    mean: sorted.reduce((a, b) => a + b, 0) / sorted.length,
  };
}

/** Draw boxes with whiskers; the dashed line is the mean. */
export function boxes({ groups, name }: BoxOptions): Layer {
  const summaries = groups.map((group) => summariseBox(group.values));
  const column = (key: keyof BoxSummary) => summaries.map((s) => plainNumber(s[key]));
  return {
    ...(name === undefined ? {} : { name }),
    draw: (pen) => ({
      traces: [
        {
          type: "box",
          x: groups.map((group) => group.label),
          q1: column("q1"),
          median: column("median"),
          q3: column("q3"),
          lowerfence: column("low"),
          upperfence: column("high"),
          mean: column("mean"),
          boxmean: true,
          // of one name side by side on every panel, whatever else the page shows
          offsetgroup: name ?? "boxes",
          alignmentgroup: "boxes",
          line: { color: pen.colour, width: 2 },
          fillcolor: withOpacity(pen.colour, 0.25),
        },
      ],
    }),
  };
}

/** Points to count in hexagons. */
export interface HexbinOptions {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  /** hexagons across the x range, 30 by default */
  readonly across?: number;
  readonly label?: string;
  /** "log" colours by powers of ten; "linear" by default */
  readonly count?: "linear" | "log";
}

/** A hexagon's centre and how many points lie in it. */
export interface Hexagon {
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

/**
 * Count points in a honeycomb of pointy-topped hexagons; empty ones are left out.
 *
 * @see Carr et al. (1987), Scatterplot matrix techniques for large N, JASA 82, 424
 */
export function countHexagons(options: HexbinOptions): Hexagon[] {
  const { x, y } = options;
  checkLengths("y", x.length, y.length);
  const { dx, dy } = hexagonSize(options);
  const counts = new Map<string, Hexagon>();
  for (let p = 0; p < x.length; p++) {
    const u = (x[p]! - options.xRange[0]) / dx;
    const v = (y[p]! - options.yRange[0]) / dy;
    if (!Number.isFinite(u + v)) continue;
    const even = [Math.round(u), 2 * Math.round(v / 2)] as const;
    const odd = [Math.floor(u) + 0.5, 2 * Math.floor(v / 2) + 1] as const;
    const far = ([a, b]: readonly [number, number]) => (u - a) ** 2 + ((v - b) ** 2 * 3) / 4;
    const [i, j] = far(even) <= far(odd) ? even : odd;
    const key = `${i},${j}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { x: options.xRange[0] + i * dx, y: options.yRange[0] + j * dy, count });
  }
  return [...counts.values()].sort((a, b) => a.y - b.y || a.x - b.x);
}

/** How many shades the counts of hexagons are drawn in. */
const SHADES = 12;

/** Draw how many of very many points lie where. */
export function hexbin(options: HexbinOptions): Layer {
  const cells = countHexagons(options);
  const log = options.count === "log";
  const values = cells.map((c) => (log ? Math.log10(c.count) : c.count));
  const label = options.label ?? (log ? "log₁₀ of points" : "points");
  const made = colourScale(values, { label, units: "per hexagon", palette: "deep" });
  const scale: ColourScale = { ...made, min: log ? 0 : Math.min(1, made.min) };
  const { dx, dy } = hexagonSize(options);
  const shadeOf = (v: number) =>
    Math.min(Math.floor(((v - scale.min) / (scale.max - scale.min || 1)) * SHADES), SHADES - 1);
  return {
    extent: { x: options.xRange, y: options.yRange },
    scale,
    draw: ({ coloraxis }) => {
      const traces: Piece[] = [];
      for (let shade = 0; shade < SHADES; shade++) {
        const own = cells.filter((_, i) => shadeOf(values[i]!) === shade);
        if (own.length > 0)
          traces.push(outline(own, dx, dy, fillOf(scale, (shade + 0.5) / SHADES)));
      }
      return { traces: [...traces, centres(cells, values, coloraxis)] };
    },
  };
}

/** Invisible points that carry the counts, the hover text and the colour bar. */
function centres(cells: readonly Hexagon[], values: readonly number[], coloraxis: string): Piece {
  return {
    type: "scatter",
    mode: "markers",
    x: cells.map((c) => plainNumber(c.x)),
    y: cells.map((c) => plainNumber(c.y)),
    text: cells.map((c) => String(c.count)),
    hovertemplate: "%{x}, %{y}: %{text} points<extra></extra>",
    marker: { color: plainNumbers(values), coloraxis, opacity: 0, size: 6 },
  };
}

function outline(cells: readonly Hexagon[], dx: number, dy: number, colour: string): Piece {
  const corner = [0, 1, 2, 3, 4, 5, 0].map((k) => {
    const angle = (Math.PI / 3) * k + Math.PI / 6;
    return [(Math.cos(angle) * dx) / Math.sqrt(3), (Math.sin(angle) * dy * 2) / 3] as const;
  });
  return {
    type: "scatter",
    mode: "lines",
    x: cells.flatMap((c) => [...corner.map(([ox]) => plainNumber(c.x + ox)), null]),
    y: cells.flatMap((c) => [...corner.map(([, oy]) => plainNumber(c.y + oy)), null]),
    fill: "toself",
    fillcolor: colour,
    line: { color: colour, width: 0.5 },
    meta: "decoration",
    hoverinfo: "skip",
  };
}

function fillOf({ stops }: ColourScale, place: number): string {
  const last = stops.length - 1;
  return stops[Math.round(place * last)]![1];
}

/** Width of a hexagon and distance between rows, both [axis units]. */
function hexagonSize({ xRange, yRange, across = 30 }: HexbinOptions): { dx: number; dy: number } {
  const rows = Math.max(2, Math.round(across * 1.1));
  return { dx: (xRange[1] - xRange[0]) / across, dy: (yRange[1] - yRange[0]) / rows };
}
