/** Which part of a variable to read: an index or a range for each dimension that is named. */

import { ArgumentError } from "../core/index.js";

/** `{time: 3, depth: [0, 5]}`: an index drops the dimension, [start, stop) keeps it. */
export type Selection = Readonly<Record<string, number | readonly [start: number, stop: number]>>;

/** Indices start ≤ i < stop of one dimension. */
export interface Range {
  readonly start: number;
  readonly stop: number;
  /** whether the dimension is left out of the result's shape */
  readonly drop: boolean;
}

/** A variable as far as selecting needs to know it. */
interface Shaped {
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
}

/**
 * Turn a selection into one range for each dimension, and the shape of what they hold.
 *
 * @throws {ArgumentError} if it names a dimension that is not there or runs over an end
 */
export function select(
  variable: Shaped,
  selection: Selection | undefined,
  where: string,
): { ranges: Range[]; shape: number[] } {
  const wanted = selection ?? {};
  for (const name of Object.keys(wanted)) {
    if (variable.dimensions.filter((d) => d === name).length === 1) continue;
    throw new ArgumentError({
      where,
      what: "selection",
      wanted: `dimensions out of (${variable.dimensions.join(", ")}), each there once`,
      got: `"${name}"`,
    });
  }
  const ranges = variable.shape.map((length, d) => {
    const name = variable.dimensions[d]!;
    return rangeOf(wanted[name], length, `${where}, dimension ${name}`);
  });
  const shape = ranges.filter((r) => !r.drop).map((r) => r.stop - r.start);
  return { ranges, shape };
}

function rangeOf(
  pick: number | readonly [number, number] | undefined,
  length: number,
  where: string,
): Range {
  if (pick === undefined) return { start: 0, stop: length, drop: false };
  const [start, stop] = typeof pick === "number" ? [pick, pick + 1] : pick;
  const whole = Number.isInteger(start) && Number.isInteger(stop);
  if (whole && start >= 0 && start <= stop && stop <= length) {
    return { start, stop, drop: typeof pick === "number" };
  }
  throw new ArgumentError({
    where,
    what: "selection",
    wanted:
      typeof pick === "number"
        ? `an index from 0 to ${length - 1}`
        : `0 ≤ start ≤ stop ≤ ${length}`,
    got: typeof pick === "number" ? `${pick}` : `[${start}, ${stop}]`,
  });
}
