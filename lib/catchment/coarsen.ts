/** Oceans finer than the bins of a PDF: images show means over blocks of cells, as in the papers. */

import { ArgumentError } from "../core/index.js";
import type { CGrid } from "../ocean/index.js";
import { sharedFloats } from "./shared.js";
import type { Snapshot } from "./snapshot.js";

/**
 * How many cells of an ocean make one of an image: 4 in the papers, 1 where they are alike.
 *
 * @param widths of the ocean's cells where images are cut, which differ a little on the globe [m]
 * @param cell   width of a cell of the images [m]
 * @throws {ArgumentError} if it is not within 5 % of the same whole number of the ocean's cells everywhere
 */
export function blockOf(widths: readonly number[], cell: number): number {
  const factor = Math.round(cell / widths[0]!);
  const odd = widths.find((width) => Math.abs(cell / width / factor - 1) > 0.05);
  if (factor >= 1 && odd === undefined) return factor;
  throw new ArgumentError({
    what: "width of an image's cell",
    wanted: `a whole number of the ocean's cells of ${(odd ?? widths[0]!).toFixed(0)} m, to 5 %`,
    got: `${cell} m`,
    remedy: "take bins that are a multiple of the ocean's cells",
  });
}

/** The grid of coarsened snapshots; a block is where its cells are on average, water if all of them are. */
export function coarseGrid(grid: CGrid, factor: number): CGrid {
  if (factor === 1) return grid;
  const { nx, ny, positions } = grid;
  const [wide, high] = [Math.floor(nx / factor), Math.floor(ny / factor)];
  const mean = (values: ArrayLike<number>, scale = 1) =>
    Float64Array.from({ length: wide * high }, (_, at) => {
      const corner = Math.floor(at / wide) * factor * nx + (at % wide) * factor;
      let sum = 0;
      for (let j = 0; j < factor; j++) {
        for (let i = 0; i < factor; i++) sum += values[corner + j * nx + i]!;
      }
      return (scale * sum) / factor ** 2;
    });
  return {
    nx: wide,
    ny: high,
    pm: mean(grid.pm, 1 / factor),
    pn: mean(grid.pn, 1 / factor),
    h: mean(grid.h),
    mask: Uint8Array.from(mean(grid.mask), (share) => (share === 1 ? 1 : 0)),
    f: mean(grid.f),
    positions: { ...positions, east: mean(positions.east), north: mean(positions.north) },
  };
}

/** Means of a snapshot over blocks of factor × factor cells; what is left over at the rim is dropped. */
export function coarsen(snapshot: Snapshot, factor: number): Snapshot {
  if (factor === 1) return snapshot;
  const { nx, ny } = snapshot;
  const [wide, high] = [Math.floor(nx / factor), Math.floor(ny / factor)];
  const mean = (field: Float32Array) => {
    const levels = field.length / (nx * ny);
    const out = sharedFloats(levels * wide * high);
    for (let at = 0; at < out.length; at++) {
      const [level, row, column] = [
        Math.floor(at / (wide * high)),
        Math.floor(at / wide) % high,
        at % wide,
      ];
      let sum = 0;
      for (let j = 0; j < factor; j++) {
        const from = (level * ny + row * factor + j) * nx + column * factor;
        for (let i = 0; i < factor; i++) sum += field[from + i]!;
      }
      out[at] = sum / factor ** 2;
    }
    return out;
  };
  const { depths, temperature, vorticity, u, v, ssh } = snapshot;
  return {
    depths,
    nx: wide,
    ny: high,
    temperature: mean(temperature),
    vorticity: mean(vorticity),
    u: mean(u),
    v: mean(v),
    ssh: mean(ssh),
  };
}
