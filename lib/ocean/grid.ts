/**
 * Arakawa C-grids and positions on them.
 *
 * Index space: rho point (j, i) sits at x = i, y = j. The face `u[j][i]` lies between rho points
 * i and i + 1, at x = i + ½; `v[j][i]` at y = j + ½. The outermost rho points are a rim: the water
 * that a particle may be in is ½ ≤ x ≤ nx − 3/2, ½ ≤ y ≤ ny − 3/2, bounded by the outermost faces.
 */

import { EARTH_RADIUS, PositionError, RADIANS_PER_DEGREE } from "../core/index.js";

/** Where the rho points are: on the globe [degrees] or on a plane [m]; each of shape (ny, nx). */
export type Positions =
  | { readonly kind: "degrees"; readonly east: Float64Array; readonly north: Float64Array }
  | { readonly kind: "metres"; readonly east: Float64Array; readonly north: Float64Array };

/** A C-grid; every array holds rho points, shape (ny, nx), row-major. */
export interface CGrid {
  readonly nx: number;
  readonly ny: number;
  /** inverse cell size along x [m⁻¹] */
  readonly pm: Float64Array;
  /** inverse cell size along y [m⁻¹] */
  readonly pn: Float64Array;
  /** bottom depth below the geoid, positive [m] */
  readonly h: Float64Array;
  /** 1 in water, 0 on land */
  readonly mask: Uint8Array;
  /** Coriolis parameter [s⁻¹] */
  readonly f: Float64Array;
  readonly positions: Positions;
}

/** A point by longitude and latitude [degrees] or by metres on the plane. */
export type Point =
  | { readonly longitude: number; readonly latitude: number }
  | { readonly east: number; readonly north: number };

/** A position in index space [cells]. */
export interface Index {
  readonly x: number;
  readonly y: number;
}

/** Bilinear interpolation of values at rho points, shape (ny, nx), at (x, y) in index space. */
export function bilinear(
  grid: CGrid,
  values: Float64Array | Float32Array,
  x: number,
  y: number,
): number {
  const i = Math.min(Math.max(Math.floor(x), 0), grid.nx - 2);
  const j = Math.min(Math.max(Math.floor(y), 0), grid.ny - 2);
  const a = x - i;
  const b = y - j;
  const o = j * grid.nx + i;
  const south = (1 - a) * values[o]! + a * values[o + 1]!;
  const north = (1 - a) * values[o + grid.nx]! + a * values[o + grid.nx + 1]!;
  return (1 - b) * south + b * north;
}

/** Whether (x, y) is inside the grid's outermost faces. */
export function isInside(grid: CGrid, x: number, y: number): boolean {
  return x >= 0.5 && x <= grid.nx - 1.5 && y >= 0.5 && y <= grid.ny - 1.5;
}

/** Whether the cell around (x, y) is water. */
export function isWater(grid: CGrid, x: number, y: number): boolean {
  return grid.mask[Math.round(y) * grid.nx + Math.round(x)] === 1;
}

/** East [degrees or m] and north [degrees or m] of an index position. */
export function positionOf(grid: CGrid, x: number, y: number): { east: number; north: number } {
  const { east, north } = grid.positions;
  return { east: bilinear(grid, east, x, y), north: bilinear(grid, north, x, y) };
}

/**
 * Displacement from one place to another, eastward and northward [m]; on the globe along the
 * parallel of the mean latitude and along the meridian.
 */
export function displacement(
  grid: { readonly positions: Pick<Positions, "kind"> },
  from: { readonly east: number; readonly north: number },
  to: { readonly east: number; readonly north: number },
): { east: number; north: number } {
  const east = to.east - from.east;
  const north = to.north - from.north;
  if (grid.positions.kind === "metres") return { east, north };
  const metres = EARTH_RADIUS * RADIANS_PER_DEGREE;
  const turn = east - 360 * Math.round(east / 360);
  const latitude = (from.north + to.north) / 2;
  return { east: turn * metres * Math.cos(latitude * RADIANS_PER_DEGREE), north: north * metres };
}

/** Angle of the grid's x axis at an index position, anticlockwise from east [degrees]. */
export function turnOf(grid: CGrid, x: number, y: number): number {
  const step = displacement(grid, positionOf(grid, x - 0.5, y), positionOf(grid, x + 0.5, y));
  return Math.atan2(step.north, step.east) / RADIANS_PER_DEGREE;
}

/**
 * Find a point in index space (Newton's method on the bilinear map, from the nearest rho point).
 *
 * @throws {PositionError} if the point is outside the outermost faces, on land, or given in
 *   degrees where the grid has metres or the other way round
 */
export function locate(grid: CGrid, point: Point): Index {
  const target = targetOf(grid, point);
  let { x, y } = nearest(grid, target);
  for (let iteration = 0; iteration < 50; iteration++) {
    const step = newtonStep(grid, x, y, target);
    x += step.x;
    y += step.y;
    if (!(Math.abs(step.x) + Math.abs(step.y) > 1e-10)) break;
  }
  if (!isInside(grid, x, y)) {
    throw new PositionError({
      what: describe(point),
      wanted: `a point inside the grid, ${extent(grid)}`,
      got: "a point outside",
      remedy: "move the release or take a larger grid",
    });
  }
  if (!isWater(grid, x, y)) {
    throw new PositionError({
      what: describe(point),
      wanted: "a point in water",
      got: `land at cell (${Math.round(y)}, ${Math.round(x)})`,
      remedy: "move the release off the coast",
    });
  }
  return { x, y };
}

/** The grid's extent in words, for messages and labels. */
export function extent(grid: CGrid): string {
  const unit = grid.positions.kind === "degrees" ? "°" : " m";
  const range = (values: Float64Array) => {
    const [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)] as const, [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ] as readonly [number, number]);
    return `${Number(low.toPrecision(7))} … ${Number(high.toPrecision(7))}${unit}`;
  };
  return `east ${range(grid.positions.east)}, north ${range(grid.positions.north)}`;
}

function targetOf(grid: CGrid, point: Point): { east: number; north: number } {
  const given = "longitude" in point ? "degrees" : "metres";
  const [east, north] =
    "longitude" in point ? [point.longitude, point.latitude] : [point.east, point.north];
  if (given !== grid.positions.kind || !Number.isFinite(east) || !Number.isFinite(north)) {
    const keys = grid.positions.kind === "degrees" ? "longitude, latitude" : "east, north";
    throw new PositionError({
      what: "release point",
      wanted: `numbers { ${keys} } in ${grid.positions.kind}`,
      got: describe(point),
    });
  }
  return { east, north };
}

function describe(point: Point): string {
  return "longitude" in point
    ? `point ${point.longitude}° E, ${point.latitude}° N`
    : `point ${point.east} m east, ${point.north} m north`;
}

function nearest(grid: CGrid, target: { east: number; north: number }): Index {
  let best = Number.POSITIVE_INFINITY;
  let at = 0;
  for (let o = 0; o < grid.mask.length; o++) {
    const here = { east: grid.positions.east[o]!, north: grid.positions.north[o]! };
    const d = displacement(grid, here, target);
    const distance = d.east * d.east + d.north * d.north;
    if (distance < best) {
      best = distance;
      at = o;
    }
  }
  return { x: at % grid.nx, y: Math.floor(at / grid.nx) };
}

function newtonStep(
  grid: CGrid,
  x: number,
  y: number,
  target: { east: number; north: number },
): Index {
  const { east, north } = grid.positions;
  const i = Math.min(Math.max(Math.floor(x), 0), grid.nx - 2);
  const j = Math.min(Math.max(Math.floor(y), 0), grid.ny - 2);
  const slope = (values: Float64Array) => {
    const o = j * grid.nx + i;
    const [a, b] = [x - i, y - j];
    const [v00, v01] = [values[o]!, values[o + 1]!];
    const [v10, v11] = [values[o + grid.nx]!, values[o + grid.nx + 1]!];
    return {
      x: (1 - b) * (v01 - v00) + b * (v11 - v10),
      y: (1 - a) * (v10 - v00) + a * (v11 - v01),
    };
  };
  const e = slope(east);
  const n = slope(north);
  const determinant = e.x * n.y - e.y * n.x;
  const de = target.east - bilinear(grid, east, x, y);
  const dn = target.north - bilinear(grid, north, x, y);
  return { x: (de * n.y - dn * e.y) / determinant, y: (e.x * dn - n.x * de) / determinant };
}
