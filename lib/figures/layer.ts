/**
 * A layer is one thing drawn in a panel. It draws itself with a pen (colour, dash and symbol of its
 * series, name of the panel's colour axis) into Plotly traces, shapes and annotations; the figure
 * puts those on the panel's axes.
 */

import { ArgumentError, shapeError } from "../core/index.js";
import type { ColourScale } from "./scale.js";
import type { SeriesStyle } from "./theme.js";

/** Any row of numbers. */
export type Numbers = ArrayLike<number>;

/** Positions along an axis: numbers, ISO dates or names of categories. */
export type Positions = Numbers | readonly string[];

/** A piece of a Plotly figure. */
export type Piece = Readonly<Record<string, unknown>>;

/** What a layer draws with. */
export interface Pen extends SeriesStyle {
  /** name of the panel's colour axis in the layout, for layers with a scale */
  readonly coloraxis: string;
}

/** What a layer draws. Shapes and annotations are placed in axis units unless they say `paper`. */
export interface Drawing {
  readonly traces: readonly Piece[];
  readonly shapes?: readonly Piece[];
  readonly annotations?: readonly Piece[];
}

/** Smallest box around what a layer draws [axis units]. */
export interface Extent {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** One thing drawn in a panel. */
export interface Layer {
  /** name of the series: layers of one name share a style and one legend entry */
  readonly name?: string;
  /** "own" leaves the figure's styles to other layers */
  readonly style?: "own";
  readonly extent?: Extent;
  readonly scale?: ColourScale;
  readonly draw: (pen: Pen) => Drawing;
}

/** Numbers on a rectangular grid: z is row-major, shape (y.length, x.length). */
export interface Grid {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly z: Numbers;
}

/** How many significant digits of a number are kept in a figure. */
const DIGITS = 9;

/** Numbers as a plain list, to 9 significant digits; what is not finite becomes null. */
export function plainNumbers(values: Numbers): (number | null)[] {
  return Array.from(values, plainNumber);
}

/** One number to 9 significant digits, or null if it is not finite. */
export function plainNumber(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  // adding 0 turns -0, which JSON cannot tell, into 0
  return Number.isInteger(value) ? value + 0 : Number(value.toPrecision(DIGITS));
}

/** Positions as a plain list. */
export function plainPositions(positions: Positions): (number | string | null)[] {
  return Array.from(positions as ArrayLike<number | string>, (p) =>
    typeof p === "number" ? plainNumber(p) : p,
  );
}

/**
 * The rows of a grid as plain lists.
 *
 * @throws {ShapeError} if z does not hold y.length rows of x.length values
 */
export function plainRows({ x, y, z }: Grid): (number | null)[][] {
  if (z.length !== x.length * y.length) {
    throw shapeError("z", [y.length, x.length], [z.length]);
  }
  return Array.from({ length: y.length }, (_, j) =>
    Array.from({ length: x.length }, (__, i) => plainNumber(z[j * x.length + i]!)),
  );
}

/** The box of a grid's cells, half a cell beyond the outer centres. */
export function gridExtent({ x, y }: Pick<Grid, "x" | "y">): Extent {
  return { x: cellRange(x), y: cellRange(y) };
}

/** The box of points; undefined where positions are not numbers. */
export function pointsExtent(x: Positions, y: Positions): Extent | undefined {
  const xs = range(x);
  const ys = range(y);
  return xs === undefined || ys === undefined ? undefined : { x: xs, y: ys };
}

/**
 * Check that two rows are of one length.
 *
 * @throws {ArgumentError} naming both
 */
export function checkLengths(what: string, wanted: number, got: number): void {
  if (wanted !== got) {
    throw new ArgumentError({ what, wanted: `${wanted} values`, got: String(got) });
  }
}

function cellRange(centres: Numbers): [number, number] {
  const n = centres.length;
  const first = centres[0] ?? 0;
  const last = centres[n - 1] ?? 1;
  const half = n > 1 ? Math.abs(last - first) / (n - 1) / 2 : 0.5;
  return [Math.min(first, last) - half, Math.max(first, last) + half];
}

function range(positions: Positions): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const p of Array.from(positions as ArrayLike<number | string>)) {
    if (typeof p !== "number") return undefined;
    if (p < low) low = p;
    if (p > high) high = p;
  }
  return low <= high ? [low, high] : undefined;
}
