/**
 * An ocean: a C-grid, a vertical coordinate, a time axis, and frames of native C-grid fields that
 * are made or read one at a time, so that a run needs two of them in memory and not all.
 */

import type { CGrid } from "./grid.js";
import type { VerticalCoordinate } from "./vertical.js";

/** Where a value sits: cell centre, west–east face, south–north face, layer interface, surface. */
export type Face = "rho" | "u" | "v" | "w" | "surface";

/**
 * Values on one kind of point, float32, row-major, bottom to top, south to north, west to east.
 * Shapes: rho (nz, ny, nx), u (nz, ny, nx − 1), v (nz, ny − 1, nx), w (nz + 1, ny, nx),
 * surface (ny, nx). Land holds 0. The data lie in shared memory.
 */
export interface Field<F extends Face = Face> {
  readonly face: F;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The velocity of one instant. */
export interface Frame {
  /** along x [m s⁻¹] */
  readonly u: Field<"u">;
  /** along y [m s⁻¹] */
  readonly v: Field<"v">;
  /** upward velocity relative to the moving coordinate surfaces, ω [m s⁻¹] */
  readonly omega: Field<"w">;
  /** free surface ζ [m] */
  readonly zeta: Field<"surface">;
}

/** An ocean. */
export interface Ocean {
  /** what it is, for labels: a file's title or a flow's name */
  readonly name: string;
  /** what a figure drawn from it must say */
  readonly kind: "model output" | "closed form" | "twin";
  readonly grid: CGrid;
  readonly vertical: VerticalCoordinate;
  /** instants of the frames [s], increasing; one instant means a steady ocean */
  readonly times: Float64Array;
  /** whether `times` count from 1970-01-01T00:00:00Z, or from the start of a model run */
  readonly timeOrigin: "1970" | "run";
  /** read or make the frame of an instant */
  frame(index: number): Promise<Frame>;
  /** read a tracer at rho points, such as `temp` */
  tracer(name: string, index: number): Promise<Field<"rho">>;
  close(): void;
}

/** Shape of a field on a grid of nz layers. */
export function shapeOf(face: Face, grid: CGrid, nz: number): number[] {
  switch (face) {
    case "rho":
      return [nz, grid.ny, grid.nx];
    case "u":
      return [nz, grid.ny, grid.nx - 1];
    case "v":
      return [nz, grid.ny - 1, grid.nx];
    case "w":
      return [nz + 1, grid.ny, grid.nx];
    case "surface":
      return [grid.ny, grid.nx];
  }
}

/** Make a field of zeros in shared memory. */
export function makeField<F extends Face>(face: F, grid: CGrid, nz: number): Field<F> {
  const shape = shapeOf(face, grid, nz);
  const size = shape.reduce((product, n) => product * n, 1);
  return { face, shape, data: new Float32Array(new SharedArrayBuffer(4 * size)) };
}
