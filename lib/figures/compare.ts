/**
 * Whether two figures show the same: first the numbers drawn, each to a tolerance, then the pixels
 * of their pictures. Numbers decide; pixels tell apart a change of looks from none.
 */

import type { FigureData } from "./figure.js";
import type { Piece } from "./layer.js";

/** How much two figures may differ. A number a agrees with e if |a − e| ≤ absolute + relative · |e|. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
  /** root mean square over all pixels and channels, 0 to 1 */
  readonly pixels: number;
}

/** What is asked where nothing else is said: nine digits, and one grey step in 255. */
export const DEFAULT_TOLERANCE: Tolerance = { relative: 1e-6, absolute: 1e-12, pixels: 1 / 255 };

/** One place where two figures differ. */
export interface Difference {
  /** such as `trace 2 (U-Net) y[17]` */
  readonly place: string;
  readonly expected: string;
  readonly actual: string;
}

/** How the numbers of two figures compare. */
export interface NumberComparison {
  /** how many numbers and words were compared */
  readonly compared: number;
  /** how many of them differ beyond the tolerance */
  readonly differing: number;
  /** largest |a − e| of all */
  readonly largestAbsolute: number;
  /** largest |a − e| / |e| of all with e ≠ 0 */
  readonly largestRelative: number;
  /** the first of the differences, at most ten */
  readonly differences: readonly Difference[];
}

/** The keys of a trace that hold what it draws. */
const KEYS = [
  ...["x", "y", "z", "surfacecolor", "lowerfence", "q1", "median", "q3", "upperfence", "mean"],
  ...["marker.color", "line.color", "error_x.array", "error_y.array", "error_y.arrayminus", "text"],
];

/** Most differences listed. */
const LISTED = 10;

/** Compare the numbers drawn in two figures, trace by trace. */
export function compareNumbers(
  expected: FigureData,
  actual: FigureData,
  tolerance: Tolerance = DEFAULT_TOLERANCE,
): NumberComparison {
  const tally = new Tally(tolerance);
  tally.word("data label", expected.dataLabel, actual.dataLabel);
  tally.word("traces", String(expected.data.length), String(actual.data.length));
  for (const [i, trace] of expected.data.entries()) {
    const other = actual.data[i];
    if (other !== undefined) compareTraces(trace, other, i, tally);
  }
  return tally.result();
}

function compareTraces(expected: Piece, actual: Piece, index: number, tally: Tally): void {
  const name = typeof expected.name === "string" ? ` (${expected.name})` : "";
  const place = `trace ${index + 1}${name}`;
  tally.word(`${place} type`, String(expected.type), String(actual.type));
  tally.word(`${place} name`, String(expected.name ?? ""), String(actual.name ?? ""));
  for (const key of KEYS) tally.values(`${place} ${key}`, at(expected, key), at(actual, key));
}

function at(piece: Piece, key: string): unknown {
  const value = key.split(".").reduce<unknown>((inner, part) => (inner as Piece)?.[part], piece);
  return Array.isArray(value) ? value : undefined;
}

/** Counts of what was compared so far. */
class Tally {
  private compared = 0;
  private differing = 0;
  private largestAbsolute = 0;
  private largestRelative = 0;
  private readonly differences: Difference[] = [];

  constructor(private readonly tolerance: Tolerance) {}

  word(place: string, expected: string, actual: string): void {
    this.compared++;
    if (expected !== actual) this.differ(place, expected, actual);
  }

  /** Compare values of any depth: lists element by element, numbers to the tolerance. */
  values(place: string, expected: unknown, actual: unknown): void {
    if (Array.isArray(expected) && Array.isArray(actual)) {
      if (expected.length !== actual.length) {
        this.compared++;
        this.differ(place, `${expected.length} values`, `${actual.length} values`);
        return;
      }
      for (let i = 0; i < expected.length; i++) {
        this.values(`${place}[${i}]`, expected[i], actual[i]);
      }
    } else if (typeof expected === "number" && typeof actual === "number") {
      this.number(place, expected, actual);
    } else if (expected !== undefined || actual !== undefined) {
      this.word(place, JSON.stringify(expected ?? null), JSON.stringify(actual ?? null));
    }
  }

  result(): NumberComparison {
    const { compared, differing, largestAbsolute, largestRelative, differences } = this;
    return { compared, differing, largestAbsolute, largestRelative, differences };
  }

  private number(place: string, expected: number, actual: number): void {
    this.compared++;
    const miss = Math.abs(actual - expected);
    this.largestAbsolute = Math.max(this.largestAbsolute, miss);
    if (expected !== 0) {
      this.largestRelative = Math.max(this.largestRelative, miss / Math.abs(expected));
    }
    const { absolute, relative } = this.tolerance;
    if (!(miss <= absolute + relative * Math.abs(expected))) {
      this.differ(place, String(expected), String(actual));
    }
  }

  private differ(place: string, expected: string, actual: string): void {
    this.differing++;
    if (this.differences.length < LISTED) this.differences.push({ place, expected, actual });
  }
}
