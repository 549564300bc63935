/** Properties of the ocean around each sample's trap: what may make its catchment hard to predict. */

import type { Trap } from "../lagrangian/index.js";
import type { Ocean } from "../ocean/index.js";
import { coarseGrid } from "./coarsen.js";
import { boxAround, boxMean, type CellBox } from "./energy.js";
import { type Album, nearestTime } from "./images.js";
import type { Snapshot } from "./snapshot.js";

/** One number per sample, trap fastest, shape (windows · traps) each. */
export interface Surroundings {
  /** mean ζ/f at the surface within the box; positive in cyclones [–] */
  readonly vorticity: Float64Array;
  /** mean Okubo–Weiss parameter σ² − ζ² over f² at the surface within the box [–] */
  readonly okuboWeiss: Float64Array;
  /** sea-surface height within its box, less the mean of the whole domain [m] */
  readonly seaLevel: Float64Array;
}

/** Date and boxes of the paper's code. */
const SURROUNDINGS = {
  /** before the end of the collection [s] */
  date: -20 * 86400,
  /** sides of the boxes around the trap [m] */
  box: 100e3,
  seaLevelBox: 120e3,
} as const;

/**
 * Judge the surroundings of samples 20 days before their collections end.
 *
 * @param album   snapshots of the ocean at these windows, with the surface as their first depth
 * @param windows ends of the collections [s]
 * @throws {ArgumentError} if the album lacks the date
 * @see Picard et al. (2024), section 4.3: Okubo–Weiss = σ² − ζ² in a box of 100 km
 */
export function surroundingsOf(
  ocean: Pick<Ocean, "grid">,
  album: Album,
  traps: readonly Trap[],
  windows: Float64Array,
): Surroundings {
  const first = [...album.snapshots.values()][0]!;
  const grid = coarseGrid(ocean.grid, Math.floor(ocean.grid.nx / first.nx));
  const boxes = traps.map((trap) => boxAround({ grid }, trap, SURROUNDINGS.box));
  const wide = traps.map((trap) => boxAround({ grid }, trap, SURROUNDINGS.seaLevelBox));
  const taken = Float64Array.from(album.snapshots.keys());
  const make = () => new Float64Array(windows.length * traps.length);
  const found = { vorticity: make(), okuboWeiss: make(), seaLevel: make() };
  for (const [w, end] of windows.entries()) {
    const snapshot = album.snapshots.get(nearestTime(taken, end + SURROUNDINGS.date, "the album"))!;
    const level = boxMean(snapshot.ssh, grid, { i: [0, grid.nx], j: [0, grid.ny] });
    for (const t of traps.keys()) {
      const sample = w * traps.length + t;
      found.vorticity[sample] = boxMean(snapshot.vorticity, grid, boxes[t]!);
      found.okuboWeiss[sample] = okuboWeiss(grid, snapshot, boxes[t]!);
      found.seaLevel[sample] = boxMean(snapshot.ssh, grid, wide[t]!) - level;
    }
  }
  return found;
}

/** Mean (σ² − ζ²)/f² of the surface over a box, by centred differences between waters [–]. */
function okuboWeiss(
  { pm, pn, f, mask }: Ocean["grid"],
  { u, v, nx }: Snapshot,
  { i, j }: CellBox,
): number {
  let [sum, count] = [0, 0];
  for (let row = j[0]; row < j[1]; row++) {
    for (let column = i[0]; column < i[1]; column++) {
      const o = row * nx + column;
      if ([o, o - 1, o + 1, o - nx, o + nx].some((at) => mask[at] !== 1)) continue;
      const east = (field: Float32Array) => ((field[o + 1]! - field[o - 1]!) * pm[o]!) / 2;
      const north = (field: Float32Array) => ((field[o + nx]! - field[o - nx]!) * pn[o]!) / 2;
      const [normal, shear] = [east(u) - north(v), east(v) + north(u)];
      const spin = east(v) - north(u);
      sum += (normal * normal + shear * shear - spin * spin) / f[o]! ** 2;
      count++;
    }
  }
  return sum / count;
}
