/**
 * What a network sees of the ocean at an instant: temperature, vorticity and velocity at chosen
 * depths and sea-surface height, all at rho points.
 */

import { ArgumentError } from "../core/index.js";
import { type Field, type Ocean, rhoHeights } from "../ocean/index.js";
import { sharedFloats } from "./shared.js";

/** Fields at rho points; arrays of shape (depths, ny, nx) in shared memory, 0 on land and in the ground. */
export interface Snapshot {
  /** [m], positive down */
  readonly depths: readonly number[];
  readonly nx: number;
  readonly ny: number;
  /** [°C] */
  readonly temperature: Float32Array;
  /** relative vorticity over f, ζ/f [–] */
  readonly vorticity: Float32Array;
  /** along the grid's x axis: eastward where the grid is not turned [m s⁻¹] */
  readonly u: Float32Array;
  /** along its y axis, likewise [m s⁻¹] */
  readonly v: Float32Array;
  /** shape (ny, nx) [m] */
  readonly ssh: Float32Array;
}

/**
 * Take a snapshot of an ocean.
 *
 * Vorticity is v_x − u_y on the C-grid's corners, along its levels, averaged to rho points. Depths
 * between levels are interpolated linearly; above the uppermost level its value holds. Points whose
 * bottom lies above a depth hold 0 there, as land does and as the papers' code has it.
 *
 * @param index  instant of the ocean's time axis
 * @param depths [m], positive down
 * @throws {ArgumentError} if a depth is below the bottom everywhere
 * @throws {MissingVariableError} if the ocean has no temperature
 */
export async function takeSnapshot(
  ocean: Ocean,
  index: number,
  depths: readonly number[],
): Promise<Snapshot> {
  const { grid } = ocean;
  const { u, v, zeta } = await ocean.frame(index);
  const temperature = await ocean.tracer("temp", index);
  const { nx, ny } = grid;
  const points = nx * ny;
  const nz = temperature.data.length / points;
  const cut = levelWeights(ocean, zeta.data, depths);
  const uRho = new Float32Array(nz * points);
  const vRho = new Float32Array(nz * points);
  const spin = new Float32Array(nz * points);
  for (const k of levelsOf(cut, nz)) {
    centre(u, k, "x", grid, uRho);
    centre(v, k, "y", grid, vRho);
    vorticity(u, v, k, grid, spin);
  }
  return {
    depths,
    nx,
    ny,
    temperature: atDepths(temperature.data, cut, points),
    vorticity: atDepths(spin, cut, points),
    u: atDepths(uRho, cut, points),
    v: atDepths(vRho, cut, points),
    ssh: watery(zeta.data, grid.mask),
  };
}

/** Values in the water, 0 on land. */
function watery(values: Float32Array, mask: ArrayLike<number>): Float32Array {
  const wet = sharedFloats(values.length);
  for (let o = 0; o < wet.length; o++) if (mask[o] === 1) wet[o] = values[o]!;
  return wet;
}

/** Mean of the two faces beside each rho point of a level; the rim repeats its only face. */
function centre(
  field: Field<"u"> | Field<"v">,
  k: number,
  axis: "x" | "y",
  { nx, ny }: Ocean["grid"],
  out: Float32Array,
): void {
  const [columns, rows] = axis === "x" ? [nx - 1, ny] : [nx, ny - 1];
  const from = field.data.subarray(k * rows * columns, (k + 1) * rows * columns);
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const before =
        axis === "x" ? j * columns + Math.max(i - 1, 0) : Math.max(j - 1, 0) * columns + i;
      const after =
        axis === "x" ? j * columns + Math.min(i, columns - 1) : Math.min(j, rows - 1) * columns + i;
      out[(k * ny + j) * nx + i] = (from[before]! + from[after]!) / 2;
    }
  }
}

/** ζ/f of a level: at the four corners of each inner cell, averaged; zero on the rim. */
function vorticity(
  u: Field<"u">,
  v: Field<"v">,
  k: number,
  { nx, ny, pm, pn, f }: Ocean["grid"],
  out: Float32Array,
): void {
  const uLevel = u.data.subarray(k * ny * (nx - 1));
  const vLevel = v.data.subarray(k * (ny - 1) * nx);
  const corners = new Float32Array((nx - 1) * (ny - 1));
  for (let j = 0; j < ny - 1; j++) {
    for (let i = 0; i < nx - 1; i++) {
      const o = j * nx + i;
      const at = j * (nx - 1) + i;
      const vx = (vLevel[o + 1]! - vLevel[o]!) * pm[o]!;
      const uy = (uLevel[at + nx - 1]! - uLevel[at]!) * pn[o]!;
      corners[at] = vx - uy;
    }
  }
  for (let j = 1; j < ny - 1; j++) {
    for (let i = 1; i < nx - 1; i++) {
      const o = j * nx + i;
      const at = j * (nx - 1) + i;
      const sum = corners[at]! + corners[at - 1]! + corners[at - nx + 1]! + corners[at - nx]!;
      out[k * nx * ny + o] = f[o] === 0 ? 0 : sum / (4 * f[o]!);
    }
  }
}

/** Levels that some depth lies between, each once. */
function levelsOf({ level }: Cut, nz: number): number[] {
  const used = new Uint8Array(nz + 1);
  for (const k of level) if (k >= 0) used[k] = used[k + 1] = 1;
  return Array.from({ length: nz }, (_, k) => k).filter((k) => used[k] === 1);
}

/** For each depth and point the level below and the weight of the level above it. */
interface Cut {
  readonly level: Int32Array;
  readonly weight: Float32Array;
}

/** Whether a rho point is water at a depth [m, positive down]. */
export function isWaterAt({ mask, h }: Ocean["grid"], point: number, depth: number): boolean {
  return mask[point] === 1 && depth <= h[point]!;
}

function checkDepth({ name, grid }: Ocean, depth: number): void {
  if (grid.h.some((_, o) => isWaterAt(grid, o, depth))) return;
  const deepest = grid.h.reduce((a, h, o) => (grid.mask[o] === 1 ? Math.max(a, h) : a), 0);
  throw new ArgumentError({
    what: "depth",
    where: name,
    wanted: `at most the deepest bottom's ${deepest.toFixed(0)} m`,
    got: `${depth} m`,
  });
}

function levelWeights(ocean: Ocean, zeta: Float32Array, depths: readonly number[]): Cut {
  const { grid, vertical } = ocean;
  const points = grid.nx * grid.ny;
  const level = new Int32Array(depths.length * points).fill(-1);
  const weight = new Float32Array(depths.length * points);
  const z = new Float64Array(vertical.sRho.length);
  for (const depth of depths) checkDepth(ocean, depth);
  for (let o = 0; o < points; o++) {
    if (grid.mask[o] !== 1) continue;
    rhoHeights(vertical, grid.h[o]!, zeta[o]!, z);
    for (const [d, depth] of depths.entries()) {
      if (!isWaterAt(grid, o, depth)) continue;
      let k = 0;
      while (k < z.length - 2 && z[k + 1]! < -depth) k++;
      const share = z.length === 1 ? 0 : (-depth - z[k]!) / (z[k + 1]! - z[k]!);
      level[d * points + o] = k;
      weight[d * points + o] = Math.min(Math.max(share, 0), 1);
    }
  }
  return { level, weight };
}

function atDepths(field: Float32Array, { level, weight }: Cut, points: number): Float32Array {
  const top = field.length / points - 1;
  const cut = sharedFloats(level.length);
  for (let at = 0; at < cut.length; at++) {
    const k = level[at]!;
    if (k < 0) continue;
    const o = at % points;
    const below = field[k * points + o]!;
    const above = field[Math.min(k + 1, top) * points + o]!;
    cut[at] = below + weight[at]! * (above - below);
  }
  return cut;
}
