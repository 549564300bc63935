/** Horizontal maps of an ocean at a depth and an instant, for figures and network inputs. */

import { ArgumentError } from "../core/index.js";
import type { CGrid } from "./grid.js";
import type { Field, Frame, Ocean } from "./ocean.js";
import { columnOf, levelOfHeight, rhoHeights } from "./vertical.js";

/** What a map shows: a velocity, a derived quantity, or a tracer of the file such as `temp`. */
export type Quantity = "u" | "v" | "speed" | "vorticity" | "omega" | "zeta" | (string & {});

/** Values at rho points, row-major, NaN on land, below the bottom and on the rim. */
export interface OceanMap {
  readonly quantity: string;
  readonly units: string;
  /** shape (ny, nx) */
  readonly shape: readonly [number, number];
  readonly values: Float64Array;
  /** longitude [degrees] or metres of each point, shape (ny, nx) */
  readonly east: Float64Array;
  /** latitude [degrees] or metres of each point, shape (ny, nx) */
  readonly north: Float64Array;
  /** depth, positive [m] */
  readonly depth: number;
  /** [s] */
  readonly time: number;
}

const UNITS: Readonly<Record<string, string>> = {
  u: "m s-1",
  v: "m s-1",
  speed: "m s-1",
  vorticity: "s-1",
  omega: "m s-1",
  zeta: "m",
};

/**
 * Draw a map at a depth. Velocities are averaged from their faces to rho points and are along the
 * grid's axes; vorticity is ∂v/∂x − ∂u/∂y, averaged from the corners. Above the highest and below
 * the lowest rho level the nearest value stands.
 *
 * @param depth positive [m]; ignored for zeta
 * @param index number of the instant; the last by default
 * @throws {ArgumentError} if there is no such instant
 * @throws {MissingVariableError} if the quantity is no variable of the ocean
 */
export async function mapAt(
  ocean: Ocean,
  quantity: Quantity,
  depth = 0,
  index = ocean.times.length - 1,
): Promise<OceanMap> {
  if (!(index in ocean.times) || !(depth >= 0)) {
    throw new ArgumentError({
      what: "map",
      wanted: `an instant in 0 … ${ocean.times.length - 1} and a depth of 0 m or more`,
      got: `instant ${index}, depth ${depth} m`,
    });
  }
  const { grid } = ocean;
  const frame = await ocean.frame(index);
  const values = await valuesAt(ocean, frame, quantity, depth, index);
  blankDry(grid, depth, values);
  const { east, north } = grid.positions;
  const time = ocean.times[index]!;
  const shape = [grid.ny, grid.nx] as const;
  return { quantity, units: UNITS[quantity] ?? "", shape, values, east, north, depth, time };
}

async function valuesAt(
  ocean: Ocean,
  frame: Frame,
  quantity: Quantity,
  depth: number,
  index: number,
): Promise<Float64Array> {
  const slice = (field: Field) => sliceOf(ocean, frame, field, depth);
  const { grid } = ocean;
  switch (quantity) {
    case "zeta":
      return Float64Array.from(frame.zeta.data);
    case "omega":
      return slice(frame.omega);
    case "u":
      return uAtRho(grid, slice(frame.u));
    case "v":
      return vAtRho(grid, slice(frame.v));
    case "speed": {
      const v = vAtRho(grid, slice(frame.v));
      return uAtRho(grid, slice(frame.u)).map((u, o) => Math.hypot(u, v[o]!));
    }
    case "vorticity":
      return vorticity(grid, slice(frame.u), slice(frame.v));
    default:
      return slice(await ocean.tracer(quantity, index));
  }
}

/** A field at one depth, on its own points; faces that do not reach that deep are walls, 0. */
function sliceOf(ocean: Ocean, frame: Frame, field: Field, depth: number): Float64Array {
  const { grid, vertical } = ocean;
  const [levels, ny, nx] = field.shape as [number, number, number];
  const onFace = field.face === "u" || field.face === "v";
  const step = field.face === "u" ? 1 : field.face === "v" ? grid.nx : 0;
  return Float64Array.from({ length: ny * nx }, (_, at) => {
    const o = Math.floor(at / nx) * grid.nx + (at % nx);
    const h = (grid.h[o]! + grid.h[o + step]!) / 2;
    const zeta = (frame.zeta.data[o]! + frame.zeta.data[o + step]!) / 2;
    const z = Math.min(-depth, zeta);
    const level = levelOfHeight(vertical, columnOf(vertical, h, zeta), z);
    if (Number.isNaN(level)) return onFace ? 0 : Number.NaN;
    if (field.face === "w") return mix(field.data, level, at, ny * nx, levels);
    const index = rhoIndex(rhoHeights(vertical, h, zeta), z);
    return mix(field.data, index, at, ny * nx, levels);
  });
}

/** Position of a height among rho heights, linear between them, kept in 0 … nz − 1. */
function rhoIndex(heights: Float64Array, z: number): number {
  const above = heights.findIndex((height) => height >= z);
  if (above === 0) return 0;
  if (above < 0) return heights.length - 1;
  return above - 1 + (z - heights[above - 1]!) / (heights[above]! - heights[above - 1]!);
}

function mix(data: Float32Array, level: number, at: number, layer: number, levels: number) {
  const k = Math.min(Math.floor(level), Math.max(levels - 2, 0));
  const above = Math.min(k + 1, levels - 1);
  const low = data[k * layer + at]!;
  return low + (level - k) * (data[above * layer + at]! - low);
}

function uAtRho(grid: CGrid, u: Float64Array): Float64Array {
  return atRho(grid, (i, j) => {
    const o = j * (grid.nx - 1) + i;
    return (u[o - 1]! + u[o]!) / 2;
  });
}

function vAtRho(grid: CGrid, v: Float64Array): Float64Array {
  return atRho(grid, (i, j) => {
    const o = j * grid.nx + i;
    return (v[o - grid.nx]! + v[o]!) / 2;
  });
}

function vorticity(grid: CGrid, u: Float64Array, v: Float64Array): Float64Array {
  const { nx, pm, pn } = grid;
  const corner = (i: number, j: number) => {
    const dvdx = (v[j * nx + i + 1]! - v[j * nx + i]!) * pm[j * nx + i]!;
    const dudy = (u[(j + 1) * (nx - 1) + i]! - u[j * (nx - 1) + i]!) * pn[j * nx + i]!;
    return dvdx - dudy;
  };
  return atRho(
    grid,
    (i, j) => (corner(i - 1, j - 1) + corner(i, j - 1) + corner(i - 1, j) + corner(i, j)) / 4,
  );
}

/** Values at the rho points inside the rim, NaN on it. */
function atRho(grid: CGrid, value: (i: number, j: number) => number): Float64Array {
  const values = new Float64Array(grid.nx * grid.ny).fill(Number.NaN);
  for (let j = 1; j < grid.ny - 1; j++) {
    for (let i = 1; i < grid.nx - 1; i++) values[j * grid.nx + i] = value(i, j);
  }
  return values;
}

function blankDry(grid: CGrid, depth: number, values: Float64Array): void {
  for (let o = 0; o < values.length; o++) {
    if (grid.mask[o] === 0 || grid.h[o]! < depth) values[o] = Number.NaN;
  }
}
