/** Vertical velocity from continuity on the C-grid. */

import type { CGrid } from "./grid.js";
import { type Field, makeField } from "./ocean.js";
import { columnOf, type VerticalCoordinate } from "./vertical.js";

/**
 * Integrate continuity from the bottom up,
 *
 *   W(k+1) = W(k) − [δx(Hz u Δy) + δy(Hz v Δx)],   ω = W pm pn,
 *
 * and take W at the surface off in proportion to height, (z − z(0))/(ζ + h): so ω is zero at the
 * bottom and at the surface, as in CROCO, whose surfaces then carry the change of ζ.
 *
 * @param u velocity along x [m s⁻¹]
 * @param v velocity along y [m s⁻¹]
 * @param zeta free surface [m]
 * @returns ω at W levels [m s⁻¹], positive up; 0 on land and on the grid's rim
 * @see Shchepetkin & McWilliams (2005), Ocean Modelling 9, 347–404, eqs 1.9–1.10
 */
export function omegaFromContinuity(
  grid: CGrid,
  vertical: VerticalCoordinate,
  u: Field<"u">,
  v: Field<"v">,
  zeta: Field<"surface">,
): Field<"w"> {
  const nz = vertical.sRho.length;
  const { nx, ny } = grid;
  const omega = makeField("w", grid, nz);
  const thickness = layerThickness(grid, vertical, zeta);
  const column = new Float64Array(nz + 1);
  for (let j = 1; j < ny - 1; j++) {
    for (let i = 1; i < nx - 1; i++) {
      const o = j * nx + i;
      if (grid.mask[o] === 0) continue;
      outflow(grid, thickness, u, v, i, j, column);
      const surface = column[nz]!;
      const depth = zeta.data[o]! + grid.h[o]!;
      let height = 0;
      for (let k = 1; k < nz; k++) {
        height += thickness[(k - 1) * nx * ny + o]!;
        const w = column[k]! - (surface * height) / depth;
        omega.data[k * nx * ny + o] = w * grid.pm[o]! * grid.pn[o]!;
      }
    }
  }
  return omega;
}

/** Thickness of every layer [m], shape (nz, ny, nx). */
export function layerThickness(
  grid: CGrid,
  vertical: VerticalCoordinate,
  zeta: Field<"surface">,
): Float64Array {
  const nz = vertical.sRho.length;
  const size = grid.nx * grid.ny;
  const thickness = new Float64Array(nz * size);
  for (let o = 0; o < size; o++) {
    const { a, b } = columnOf(vertical, grid.h[o]!, zeta.data[o]!);
    for (let k = 0; k < nz; k++) {
      const ds = vertical.sW[k + 1]! - vertical.sW[k]!;
      const dc = vertical.csW[k + 1]! - vertical.csW[k]!;
      thickness[k * size + o] = a * ds + b * dc;
    }
  }
  return thickness;
}

/** Sum the outflow of the layers of one column from the bottom up into W [m³ s⁻¹], (nz + 1). */
function outflow(
  grid: CGrid,
  thickness: Float64Array,
  u: Field<"u">,
  v: Field<"v">,
  i: number,
  j: number,
  column: Float64Array,
): void {
  const { nx, ny, pm, pn } = grid;
  const o = j * nx + i;
  const east = 1 / (pn[o]! + pn[o + 1]!);
  const west = 1 / (pn[o]! + pn[o - 1]!);
  const north = 1 / (pm[o]! + pm[o + nx]!);
  const south = 1 / (pm[o]! + pm[o - nx]!);
  for (let k = 0; k < column.length - 1; k++) {
    const c = k * nx * ny + o;
    const uRow = (k * ny + j) * (nx - 1) + i;
    const vRow = (k * (ny - 1) + j) * nx + i;
    const here = thickness[c]!;
    const net =
      (here + thickness[c + 1]!) * east * u.data[uRow]! -
      (here + thickness[c - 1]!) * west * u.data[uRow - 1]! +
      (here + thickness[c + nx]!) * north * v.data[vRow]! -
      (here + thickness[c - nx]!) * south * v.data[vRow - nx]!;
    column[k + 1] = column[k]! - net;
  }
}
