/** Whether PDFs are what they claim to be: counted from enough particles, summing to one. */

import { DataError } from "../core/index.js";
import type { Maps } from "./evaluation.js";
import type { SourcePdfs } from "./experiment.js";

/** Samples counted from enough particles, and how many were not. */
export interface Usable {
  /** sample numbers */
  readonly samples: Int32Array;
  /** samples left out, since too few of their particles reached some level */
  readonly masked: number;
}

/**
 * Leave out samples of which too few particles reached one of the levels within the box of the maps.
 *
 * @param samples which to look at, by number
 * @param share   of the released particles that must have done so at every level, half by default
 * @throws {DataError} if none is left
 */
export function usableSamples(
  { inside, released, levels }: Pick<SourcePdfs, "inside" | "released" | "levels">,
  samples: Int32Array,
  share = 0.5,
): Usable {
  const least = share * released;
  const usable = samples.filter((s) =>
    levels.every((_, l) => inside[s * levels.length + l]! >= least),
  );
  if (usable.length > 0) return { samples: usable, masked: samples.length - usable.length };
  throw new DataError({
    what: "samples",
    wanted: `some of which ${100 * share} % of the particles reach every level within the box`,
    got: `none of ${samples.length}`,
    remedy: "follow the particles longer, let them sink faster, or take a larger box",
  });
}

/** How far from one a sum may be: float32 sums of ten thousand bins. */
const ROUNDING = 1e-3;

/**
 * Refuse maps that do not sum to one, or to less by what left the box.
 *
 * @param what  whose maps they are, for the message
 * @param least sum that a map must have at least
 * @throws {DataError} naming the first map that does not
 */
export function checkMass(what: string, { data, bins }: Maps, least: number): void {
  for (let from = 0; from < data.length; from += bins) {
    let sum = 0;
    for (let k = from; k < from + bins; k++) sum += data[k]!;
    if (sum >= least - ROUNDING && sum <= 1 + ROUNDING) continue;
    throw new DataError({
      what: `map ${from / bins} of ${what}`,
      wanted: least === 1 ? "a sum of 1" : `a sum from ${least} to 1`,
      got: sum.toPrecision(4),
      remedy: "divide counts by the particles that reached the level",
    });
  }
}
