/**
 * Boxes of equal degrees that the surface ocean is cut into: half-open, counted from 90° S, 180° W,
 * row by row to the north. Tiles do not overlap and do not slide.
 */

import { ArgumentError, RADIANS_PER_DEGREE, shapeError } from "../core/index.js";

/** The boxes. */
export interface TileGrid {
  readonly sizeDegrees: number;
  readonly rows: number;
  readonly columns: number;
}

/** Which cells lie in each tile. */
export interface TiledCells {
  readonly grid: TileGrid;
  /** cells of tile i are `cells[starts[i]]` to before `cells[starts[i + 1]]` */
  readonly starts: Int32Array;
  readonly cells: Int32Array;
  /** cells that lie in no tile: their position is NaN or beyond a pole */
  readonly outside: number;
}

/**
 * Tiles of a size.
 *
 * @throws {ArgumentError} if it does not divide 180°
 */
export function tileGrid(sizeDegrees: number): TileGrid {
  const rows = 180 / sizeDegrees;
  if (!(sizeDegrees > 0) || Math.abs(rows - Math.round(rows)) > 1e-9) {
    const got = String(sizeDegrees);
    throw new ArgumentError({ what: "tile size", wanted: "a divisor of 180 degrees", got });
  }
  return { sizeDegrees, rows: Math.round(rows), columns: 2 * Math.round(rows) };
}

/**
 * Sort cells into tiles, once for all months.
 *
 * @param latitude  of each cell [°N], shape (n,)
 * @param longitude of each cell [°E], any turn of the globe, shape (n,)
 * @throws {ShapeError} if the two differ in length
 */
export function tileCells(
  latitude: ArrayLike<number>,
  longitude: ArrayLike<number>,
  grid: TileGrid,
): TiledCells {
  const n = latitude.length;
  if (longitude.length !== n) throw shapeError("longitude", [n], [longitude.length]);
  const { rows, columns, sizeDegrees } = grid;
  const tiles = new Int32Array(n);
  const starts = new Int32Array(rows * columns + 1);
  let outside = 0;
  for (let i = 0; i < n; i++) {
    const row = Math.floor((latitude[i]! + 90) / sizeDegrees);
    const east = (((longitude[i]! + 180) % 360) + 360) % 360;
    const column = Math.min(columns - 1, Math.floor(east / sizeDegrees));
    const tile = row >= 0 && row < rows && column >= 0 ? row * columns + column : -1;
    tiles[i] = tile;
    if (tile < 0) outside++;
    else starts[tile + 1] = starts[tile + 1]! + 1;
  }
  for (let t = 0; t < rows * columns; t++) starts[t + 1] = starts[t + 1]! + starts[t]!;
  const next = starts.slice();
  const cells = new Int32Array(n - outside);
  for (let i = 0; i < n; i++) {
    const tile = tiles[i]!;
    if (tile < 0) continue;
    cells[next[tile]!] = i;
    next[tile] = next[tile]! + 1;
  }
  return { grid, starts, cells, outside };
}

/** Latitude [°N] and longitude [°E, −180 to 180] of a tile's centre. */
export function tileCenter(
  { sizeDegrees, columns }: TileGrid,
  tile: number,
): { latitude: number; longitude: number } {
  const row = Math.floor(tile / columns);
  return {
    latitude: -90 + (row + 0.5) * sizeDegrees,
    longitude: -180 + ((tile % columns) + 0.5) * sizeDegrees,
  };
}

/** Positions of tile centres along each axis, and tile values as a map: row-major, south first. */
export function tileAxes({ rows, columns, sizeDegrees }: TileGrid): {
  longitude: Float64Array;
  latitude: Float64Array;
} {
  const along = (count: number, start: number) =>
    Float64Array.from({ length: count }, (_, i) => start + (i + 0.5) * sizeDegrees);
  return { longitude: along(columns, -180), latitude: along(rows, -90) };
}

/** Surface of a tile on the unit sphere [sr]: all of it, sea or land. */
export function tileArea({ sizeDegrees, columns }: TileGrid, tile: number): number {
  const south = -90 + Math.floor(tile / columns) * sizeDegrees;
  const band =
    Math.sin((south + sizeDegrees) * RADIANS_PER_DEGREE) - Math.sin(south * RADIANS_PER_DEGREE);
  return band * sizeDegrees * RADIANS_PER_DEGREE;
}

/** Spread values of some tiles over all of them; NaN (or −1 for labels) elsewhere. */
export function spreadOver(
  grid: TileGrid,
  tiles: ArrayLike<number>,
  values: ArrayLike<number>,
  elsewhere = Number.NaN,
): Float64Array {
  const map = new Float64Array(grid.rows * grid.columns).fill(elsewhere);
  for (let i = 0; i < tiles.length; i++) map[tiles[i]!] = values[i]!;
  return map;
}

/** Mean of a field over the cells of each tile, shape (tiles,); NaN where no cell has a value. */
export function tileMeans({ starts, cells }: TiledCells, field: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, tile) => {
    let sum = 0;
    let count = 0;
    for (let at = starts[tile]!; at < starts[tile + 1]!; at++) {
      const value = field[cells[at]!]!;
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
    }
    return sum / count;
  });
}
