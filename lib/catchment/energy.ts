/**
 * Energy of the mean flow and of the eddies around a trap, while its particles are on their way.
 *
 * @see Picard et al. (2024), section 4.3
 */

import { ArgumentError } from "../core/index.js";
import type { Trap } from "../lagrangian/index.js";
import { bilinear, locate, type Ocean } from "../ocean/index.js";
import { nearestTime } from "./images.js";
import { isWaterAt, type Snapshot, takeSnapshot } from "./snapshot.js";

const DAY = 86400;

/** Windows and boxes of the paper's code. */
export const ENERGY_2024 = {
  /** middle of the instants, relative to the end of a collection [s]: the date of ζ and OW too */
  middle: -20 * DAY,
  /** instants whose mean is the mean flow, relative to the middle [s] */
  instants: [-15, -5, 5, 15].map((days) => days * DAY),
  /** depths averaged over [m]: every 50 m from 200 to 1000 m */
  depths: Array.from({ length: 17 }, (_, k) => 200 + 50 * k),
  /** side of the box around a trap [m] */
  box: 400e3,
} as const;

/** How energies are averaged. */
export type EnergyOptions = {
  readonly middle: number;
  readonly instants: readonly number[];
  readonly depths: readonly number[];
  readonly box: number;
};

/** Energies of samples, trap fastest, shape (windows · traps) each. */
export interface Energies {
  /** kinetic energy of the mean over the instants [cm² s⁻²] */
  readonly mean: Float64Array;
  /** mean kinetic energy of the departures from it [cm² s⁻²] */
  readonly eddy: Float64Array;
}

/**
 * Average the energies of mean flow and eddies over the depths and the box around each trap, where
 * there is water.
 *
 * @param windows ends of the collections [s]
 * @throws {ArgumentError} if an instant lies outside the ocean's times, or a box holds no point
 */
export async function energiesOf(
  ocean: Ocean,
  traps: readonly Trap[],
  windows: Float64Array,
  options: EnergyOptions = ENERGY_2024,
): Promise<Energies> {
  const { grid } = ocean;
  const share = waterShare(grid, options.depths);
  const boxes = traps.map((trap) => boxAround(ocean, trap, options.box));
  const mean = new Float64Array(windows.length * traps.length);
  const eddy = new Float64Array(mean.length);
  const taken = new Map<number, Snapshot>();
  for (const [w, end] of windows.entries()) {
    const instants = options.instants.map((offset) =>
      nearestTime(ocean.times, end + options.middle + offset, ocean.name),
    );
    for (const time of taken.keys()) if (time < instants[0]!) taken.delete(time);
    for (const time of instants) {
      if (taken.has(time)) continue;
      taken.set(time, await takeSnapshot(ocean, ocean.times.indexOf(time), options.depths));
    }
    const maps = energyMaps(instants.map((time) => taken.get(time)!));
    for (const [t, box] of boxes.entries()) {
      const water = boxMean(share, grid, box);
      mean[w * traps.length + t] = (1e4 * boxMean(maps.mean, grid, box)) / water;
      eddy[w * traps.length + t] = (1e4 * boxMean(maps.eddy, grid, box)) / water;
    }
  }
  return { mean, eddy };
}

/** How many of the depths are water at each point, as a share [–]. */
function waterShare(grid: Ocean["grid"], depths: readonly number[]): Float64Array {
  return grid.h.map((_, o) => {
    const wet = depths.filter((depth) => isWaterAt(grid, o, depth));
    return wet.length / depths.length;
  });
}

/** Energies of the mean and of the departures from it at each point, averaged over depth. */
function energyMaps(snapshots: readonly Snapshot[]): { mean: Float64Array; eddy: Float64Array } {
  const { nx, ny, depths } = snapshots[0]!;
  const points = nx * ny;
  const mean = new Float64Array(points);
  const eddy = new Float64Array(points);
  const share = 1 / depths.length;
  for (const name of ["u", "v"] as const) {
    const fields = snapshots.map((snapshot) => snapshot[name]);
    for (let at = 0; at < points * depths.length; at++) {
      let [sum, squares] = [0, 0];
      for (const field of fields) {
        sum += field[at]!;
        squares += field[at]! ** 2;
      }
      const average = sum / fields.length;
      const o = at % points;
      mean[o] = mean[o]! + (share * average ** 2) / 2;
      eddy[o] = eddy[o]! + (share * (squares / fields.length - average ** 2)) / 2;
    }
  }
  return { mean, eddy };
}

/** A box of cells: first inclusive, last exclusive. */
export interface CellBox {
  readonly i: readonly [number, number];
  readonly j: readonly [number, number];
}

/** The cells whose middles lie within half a side of a trap, cut at the rim of the grid. */
export function boxAround({ grid }: Pick<Ocean, "grid">, trap: Trap, side: number): CellBox {
  const { x, y } = locate(grid, trap);
  const range = (at: number, n: number, perMetre: Float64Array) => {
    const half = (side / 2) * bilinear(grid, perMetre, x, y);
    return [Math.max(0, Math.ceil(at - half)), Math.min(n, Math.floor(at + half) + 1)] as const;
  };
  const [i, j] = [range(x, grid.nx, grid.pm), range(y, grid.ny, grid.pn)];
  if (i[1] > i[0] && j[1] > j[0]) return { i, j };
  throw new ArgumentError({
    what: "side of the box",
    wanted: "at least one cell inside the grid",
    got: `${side / 1000} km around (${x.toFixed(1)}, ${y.toFixed(1)})`,
  });
}

/** Mean of values at rho points, shape (ny, nx), over the water of a box; NaN if it has none. */
export function boxMean(
  values: ArrayLike<number>,
  { nx, mask }: Pick<Ocean["grid"], "nx" | "mask">,
  { i, j }: CellBox,
): number {
  let [sum, count] = [0, 0];
  for (let row = j[0]; row < j[1]; row++) {
    for (let column = i[0]; column < i[1]; column++) {
      const o = row * nx + column;
      if (mask[o] !== 1) continue;
      sum += values[o]!;
      count++;
    }
  }
  return sum / count;
}
