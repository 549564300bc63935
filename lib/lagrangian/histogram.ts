/** Where particles came from, as arrays that a figure can draw. */

import { ArgumentError } from "../core/index.js";
import type { Places } from "./tracks.js";

/** Fractions of particles in square bins around the release point. */
export interface OriginMap {
  /** centres of the bins, eastward [km], shape (n) */
  readonly east: Float64Array;
  /** centres of the bins, northward [km], shape (n) */
  readonly north: Float64Array;
  /** fraction of the particles that are anywhere, row-major (north, east), shape (n, n) */
  readonly density: Float64Array;
  /** particles counted */
  readonly count: number;
  /** particles beyond the outermost bins */
  readonly outside: number;
}

/**
 * Count displacements from each particle's own release point in square bins.
 *
 * @param places the origins or a crossing; particles without a place are left out
 * @param bin    width of a bin [m]
 * @param reach  half the width of the map [m]; a multiple of `bin`
 * @throws {ArgumentError} if the bins do not fill the map
 */
export function originMap(places: Places, bin: number, reach: number): OriginMap {
  const n = Math.round((2 * reach) / bin);
  if (!(bin > 0 && n >= 1) || Math.abs(n * bin - 2 * reach) > 1e-9 * reach) {
    throw new ArgumentError({
      what: "bins",
      wanted: "a width that divides the map's",
      got: `${bin} m in ${2 * reach} m`,
    });
  }
  const density = new Float64Array(n * n);
  let count = 0;
  let outside = 0;
  for (let p = 0; p < places.eastward.length; p++) {
    if (Number.isNaN(places.eastward[p]!)) continue;
    count++;
    const i = Math.floor((places.eastward[p]! + reach) / bin);
    const j = Math.floor((places.northward[p]! + reach) / bin);
    if (i >= 0 && i < n && j >= 0 && j < n) density[j * n + i]!++;
    else outside++;
  }
  const centers = Float64Array.from({ length: n }, (_, i) => ((i + 0.5) * bin - reach) / 1000);
  return {
    east: centers,
    north: centers.slice(),
    density: density.map((value) => (count === 0 ? 0 : value / count)),
    count,
    outside,
  };
}
