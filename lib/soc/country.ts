/**
 * The conterminous United States as the soil study needs them: a simplified outline, a grid of
 * cells inside it, their areas, and regions to judge biases by.
 */

import { ArgumentError } from "../core/index.js";

/** Mean radius of the Earth as the published storage has it [m]. */
export const EARTH_RADIUS = 6371008.8;

/** Outline, drawn by hand to about half a degree: [°E, °N] in order. */
export const OUTLINE: readonly (readonly [longitude: number, latitude: number])[] = [
  [-124.7, 48.4],
  [-123.0, 49.0],
  [-95.2, 49.0],
  [-92.0, 48.3],
  [-89.6, 48.0],
  [-88.0, 47.4],
  [-84.5, 46.5],
  [-83.5, 45.5],
  [-82.5, 43.2],
  [-83.2, 41.8],
  [-79.0, 42.8],
  [-79.0, 43.4],
  [-76.5, 43.6],
  [-75.0, 45.0],
  [-71.5, 45.0],
  [-70.3, 46.3],
  [-69.0, 47.4],
  [-67.8, 47.0],
  [-67.0, 44.8],
  [-70.2, 43.4],
  [-70.7, 42.0],
  [-73.8, 40.6],
  [-75.4, 38.2],
  [-75.8, 36.5],
  [-77.5, 34.3],
  [-81.0, 32.0],
  [-81.3, 30.0],
  [-80.1, 26.8],
  [-80.4, 25.2],
  [-81.8, 26.1],
  [-82.8, 28.0],
  [-84.0, 30.0],
  [-89.0, 30.3],
  [-89.5, 29.2],
  [-93.8, 29.7],
  [-97.2, 27.8],
  [-97.2, 25.9],
  [-99.3, 26.6],
  [-101.4, 29.8],
  [-103.1, 29.0],
  [-104.8, 30.6],
  [-106.5, 31.8],
  [-111.0, 31.3],
  [-114.8, 32.5],
  [-117.1, 32.5],
  [-120.6, 34.5],
  [-122.5, 37.5],
  [-124.3, 40.4],
  [-124.2, 43.0],
  [-124.0, 46.2],
];

/** A place in degrees. */
export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

/** Cells of a regular grid whose centres lie inside the outline. */
export interface LandGrid {
  /** width of a cell [degrees] */
  readonly cellDegrees: number;
  /** centres from west to east [°E] and south to north [°N] */
  readonly longitude: Float64Array;
  readonly latitude: Float64Array;
  /** number of each land cell in the whole grid, row-major, south first */
  readonly cells: Int32Array;
  /** area of each land cell, shape (cells) [m²] */
  readonly area: Float64Array;
}

/** Whether a place lies inside the outline (even–odd rule). */
export function isInside({ longitude: x, latitude: y }: Place): boolean {
  let inside = false;
  for (let i = 0, j = OUTLINE.length - 1; i < OUTLINE.length; j = i++) {
    const [xi, yi] = OUTLINE[i]!;
    const [xj, yj] = OUTLINE[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/**
 * The grid of land cells.
 *
 * @param cellDegrees width of a cell; 0.5 as published
 * @throws {ArgumentError} if it is not in (0, 5]
 */
export function landGrid(cellDegrees: number): LandGrid {
  if (!(cellDegrees > 0 && cellDegrees <= 5)) {
    throw new ArgumentError({ what: "cellDegrees", wanted: "in (0, 5]", got: `${cellDegrees}` });
  }
  const axis = (from: number, to: number) =>
    Float64Array.from(
      { length: Math.round((to - from) / cellDegrees) },
      (_, i) => from + (i + 0.5) * cellDegrees,
    );
  const longitude = axis(-125, -65);
  const latitude = axis(25, 50);
  const all = Array.from({ length: longitude.length * latitude.length }, (_, cell) => cell);
  const place = (cell: number): Place => ({
    longitude: longitude[cell % longitude.length]!,
    latitude: latitude[Math.floor(cell / longitude.length)]!,
  });
  const cells = Int32Array.from(all.filter((cell) => isInside(place(cell))));
  const area = Float64Array.from(cells, (cell) => cellArea(place(cell).latitude, cellDegrees));
  return { cellDegrees, longitude, latitude, cells, area };
}

/** The centre of each land cell. */
export function cellPlaces({ longitude, latitude, cells }: LandGrid): Place[] {
  return Array.from(cells, (cell) => ({
    longitude: longitude[cell % longitude.length]!,
    latitude: latitude[Math.floor(cell / longitude.length)]!,
  }));
}

/** Values of land cells spread over the whole grid, row-major, NaN elsewhere. */
export function spreadCells(grid: LandGrid, values: ArrayLike<number>): Float64Array {
  const whole = new Float64Array(grid.longitude.length * grid.latitude.length).fill(Number.NaN);
  for (const [i, cell] of grid.cells.entries()) whole[cell] = values[i]!;
  return whole;
}

/** Area of a cell as a trapezoid, as published [m²]. */
export function cellArea(latitude: number, cellDegrees: number): number {
  const radians = Math.PI / 180;
  const height = EARTH_RADIUS * cellDegrees * radians;
  const side = (edge: number) => height * Math.cos((latitude + edge) * radians);
  return (height * (side(-cellDegrees / 2) + side(cellDegrees / 2))) / 2;
}

/** Regions that biases are told by: quarters around 98° W and 39° N. */
export const REGIONS = ["north-west", "south-west", "north-east", "south-east"] as const;

/** The region of a place, as its number in `REGIONS`. */
export function regionOf({ longitude, latitude }: Place): number {
  return (longitude < -98 ? 0 : 2) + (latitude >= 39 ? 0 : 1);
}
