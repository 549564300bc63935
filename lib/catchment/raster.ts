/**
 * Fields of a curvilinear grid on a regular raster, for drawing: each pixel takes the value of the
 * cell it lies in, so that coasts and gradients stay where the model has them.
 */

import { ArgumentError } from "../core/index.js";
import type { CGrid, Frame, Ocean } from "../ocean/index.js";

/** Values on a regular raster, row-major, shape (north.length, east.length). */
export interface Raster {
  /** [degrees] or [m] from the grid's own origin */
  readonly east: Float64Array;
  readonly north: Float64Array;
  readonly values: Float32Array;
}

/** A raster's pixels and the rho point that each lies next to; −1 outside the grid. */
export interface RasterMap {
  readonly east: Float64Array;
  readonly north: Float64Array;
  /** offset of the rho point, shape (north.length, east.length) */
  readonly cell: Int32Array;
}

/**
 * Lay a regular raster over a grid.
 *
 * @param pixels number of pixels across the longer side, 240 by default
 * @throws {ArgumentError} if there are no pixels
 */
export function rasterMap(grid: CGrid, pixels = 240): RasterMap {
  if (!(Number.isInteger(pixels) && pixels > 1)) {
    throw new ArgumentError({ what: "pixels", wanted: "an integer above 1", got: `${pixels}` });
  }
  const { positions } = grid;
  const [west, eastmost] = rangeOf(positions.east);
  const [south, northmost] = rangeOf(positions.north);
  const middle = ((south + northmost) / 2) * (Math.PI / 180);
  const shrink = positions.kind === "degrees" ? Math.cos(middle) : 1;
  const width = (eastmost - west) * shrink;
  const height = northmost - south;
  const step = Math.max(width, height) / (pixels - 1);
  const axis = (from: number, span: number, size: number) =>
    Float64Array.from(
      { length: Math.max(2, Math.round(span / size) + 1) },
      (_, i) => from + i * size,
    );
  const east = axis(west, eastmost - west, step / shrink);
  const north = axis(south, height, step);
  const cell = new Int32Array(east.length * north.length).fill(-1);
  fillCells(grid, { east, north, cell });
  return { east, north, cell };
}

/** Values at rho points, shape (ny, nx), on a raster; NaN on land and outside. */
export function rasterOf(
  grid: CGrid,
  { east, north, cell }: RasterMap,
  values: ArrayLike<number>,
): Raster {
  const drawn = Float32Array.from(cell, (o) =>
    o >= 0 && grid.mask[o] === 1 ? values[o]! : Number.NaN,
  );
  return { east, north, values: drawn };
}

/** 1 in water, 0 on land, NaN outside the grid, on a raster. */
export function waterRaster(grid: CGrid, { east, north, cell }: RasterMap): Raster {
  return {
    east,
    north,
    values: Float32Array.from(cell, (o) => (o >= 0 ? grid.mask[o]! : Number.NaN)),
  };
}

/**
 * Velocity of the uppermost level at rho points, averaged from the faces [m s⁻¹], shape (ny, nx)
 * each, along the grid's x and y.
 */
export function surfaceVelocity(
  { grid, vertical }: Pick<Ocean, "grid" | "vertical">,
  frame: Frame,
): { u: Float32Array; v: Float32Array; speed: Float32Array } {
  const { nx, ny } = grid;
  const top = vertical.sRho.length - 1;
  const u = new Float32Array(nx * ny);
  const v = new Float32Array(nx * ny);
  const uTop = frame.u.data.subarray(top * ny * (nx - 1));
  const vTop = frame.v.data.subarray(top * (ny - 1) * nx);
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const [left, right] = [Math.max(i - 1, 0), Math.min(i, nx - 2)];
      const [below, above] = [Math.max(j - 1, 0), Math.min(j, ny - 2)];
      u[j * nx + i] = (uTop[j * (nx - 1) + left]! + uTop[j * (nx - 1) + right]!) / 2;
      v[j * nx + i] = (vTop[below * nx + i]! + vTop[above * nx + i]!) / 2;
    }
  }
  return { u, v, speed: u.map((x, k) => Math.hypot(x, v[k]!)) };
}

/** Give each pixel the nearest rho point, if that lies within a cell's reach. */
function fillCells(grid: CGrid, { east, north, cell }: RasterMap): void {
  const best = new Float64Array(cell.length).fill(Number.POSITIVE_INFINITY);
  const { positions, nx, ny } = grid;
  const stepEast = east[1]! - east[0]!;
  const stepNorth = north[1]! - north[0]!;
  const scale = stepNorth / stepEast;
  const corner = nx * ny - 1;
  const spacing = Math.max(
    neighbourDistance(grid, 0, scale),
    neighbourDistance(grid, corner, scale),
  );
  const reach = 0.75 * spacing;
  for (let o = 0; o < nx * ny; o++) {
    const [e, n] = [positions.east[o]!, positions.north[o]!];
    const wide = Math.ceil((reach * 1.05) / stepNorth);
    const ci = Math.round((e - east[0]!) / stepEast);
    const cj = Math.round((n - north[0]!) / stepNorth);
    for (let j = Math.max(0, cj - wide); j <= Math.min(north.length - 1, cj + wide); j++) {
      for (let i = Math.max(0, ci - wide); i <= Math.min(east.length - 1, ci + wide); i++) {
        const distance = Math.hypot((east[i]! - e) * scale, north[j]! - n);
        const at = j * east.length + i;
        if (distance >= best[at]! || distance > reach) continue;
        best[at] = distance;
        cell[at] = o;
      }
    }
  }
}

/** Distance of a rho point to its neighbours along both axes [units of north], the longer. */
function neighbourDistance({ positions, nx, ny }: CGrid, o: number, scale: number): number {
  const along = o % nx === nx - 1 ? o - 1 : o + 1;
  const across = Math.floor(o / nx) === ny - 1 ? o - nx : o + nx;
  const to = (other: number) =>
    Math.hypot(
      (positions.east[other]! - positions.east[o]!) * scale,
      positions.north[other]! - positions.north[o]!,
    );
  return Math.max(to(along), to(across));
}

function rangeOf(values: Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
