/** Interpolation of a window, linear in space and time on the native C-grid. */

import type { Window } from "./window.js";

/** Numbers of the water column at a place and time. */
export interface ColumnSample {
  /** A of z = ζ + A s + B C [m] */
  a: number;
  /** B of z = ζ + A s + B C [m] */
  b: number;
  /** free surface [m] */
  zeta: number;
  /** inverse cell sizes [m⁻¹] */
  pm: number;
  pn: number;
}

/** A velocity [m s⁻¹]; ω is relative to the moving coordinate surfaces. */
export interface VelocitySample {
  u: number;
  v: number;
  omega: number;
}

/** Functions that interpolate a window; they overwrite `out` and allocate nothing. */
export interface Sampler {
  /** the water column at (x, y) [cells]; `f` is slot 1's weight in time, 0 … 1 */
  column(f: number, x: number, y: number, out: ColumnSample): void;
  /**
   * the velocity at (x, y) [cells] and a height q (0 … 1) in a layer of the column there; u and v
   * are linear in height between the middles of layers, ω between their floors
   */
  velocity(
    f: number,
    at: { readonly x: number; readonly y: number; readonly layer: number; readonly q: number },
    column: ColumnSample,
    out: VelocitySample,
  ): void;
}

/** Weight of slot 1 at a time [s]; 0 where the two slots are one instant. */
export function slotWeight(window: Window, time: number): number {
  const [t0, t1] = window.times as unknown as [number, number];
  return t0 === t1 ? 0 : (time - t0) / (t1 - t0);
}

/** Make the functions that interpolate a window. */
export function makeSampler(window: Window): Sampler {
  const { nx, ny, nz, vertical, metric, zeta } = window;
  const { hc, transform } = vertical;
  const level2 = nx * ny;

  function column(f: number, x: number, y: number, out: ColumnSample): void {
    const i = cell(x, nx - 2);
    const j = cell(y, ny - 2);
    const o = j * nx + i;
    const [e, n] = [x - i, y - j];
    const w00 = (1 - e) * (1 - n);
    const w01 = e * (1 - n);
    const w10 = (1 - e) * n;
    const w11 = e * n;
    const m00 = 4 * o;
    const m10 = 4 * (o + nx);
    const mix = (c: number) =>
      w00 * metric[m00 + c]! +
      w01 * metric[m00 + 4 + c]! +
      w10 * metric[m10 + c]! +
      w11 * metric[m10 + 4 + c]!;
    const z = (at: number) => zeta[2 * at]! + f * (zeta[2 * at + 1]! - zeta[2 * at]!);
    const surface = w00 * z(o) + w01 * z(o + 1) + w10 * z(o + nx) + w11 * z(o + nx + 1);
    const h = mix(2);
    out.zeta = surface;
    out.pm = mix(0);
    out.pn = mix(1);
    const g = transform === 1 ? 1 + surface / h : (surface + h) / (hc + h);
    out.a = g * hc;
    out.b = transform === 1 ? g * (h - hc) : g * h;
  }

  function trilinear(
    data: Float32Array,
    f: number,
    x: number,
    y: number,
    z: number,
    edge: readonly [number, number, number],
  ): number {
    const i = cell(x, edge[0]);
    const j = cell(y, edge[1]);
    const k = cell(z, edge[2]);
    const [e, n, a] = [x - i, y - j, z - k];
    const low = 2 * ((k * ny + j) * nx + i);
    const below = bilinearPair(data, low, f, e, n);
    return below + a * (bilinearPair(data, low + 2 * level2, f, e, n) - below);
  }

  function bilinearPair(data: Float32Array, o: number, f: number, e: number, n: number): number {
    const north = o + 2 * nx;
    const g = 1 - f;
    const south0 = g * data[o]! + f * data[o + 1]!;
    const south1 = g * data[o + 2]! + f * data[o + 3]!;
    const north0 = g * data[north]! + f * data[north + 1]!;
    const north1 = g * data[north + 2]! + f * data[north + 3]!;
    return (1 - n) * (south0 + e * (south1 - south0)) + n * (north0 + e * (north1 - north0));
  }

  const ds = Float64Array.from({ length: nz }, (_, k) => vertical.sW[k + 1]! - vertical.sW[k]!);
  const dc = Float64Array.from({ length: nz }, (_, k) => vertical.csW[k + 1]! - vertical.csW[k]!);

  /** Where a height is among the padded rho levels, linear in height between their middles. */
  function rhoPosition(layer: number, q: number, { a, b }: ColumnSample): number {
    const side = q < 0.5 ? -1 : 1;
    const next = neighbour(layer, side, nz);
    const here = a * ds[layer]! + b * dc[layer]!;
    const there = a * ds[next]! + b * dc[next]!;
    return layer + 1 + ((q - 0.5) * 2 * here) / (here + there);
  }

  const uEdge = [nx - 3, ny - 2, nz] as const;
  const vEdge = [nx - 2, ny - 3, nz] as const;
  const wEdge = [nx - 2, ny - 2, nz - 1] as const;
  return {
    column,
    velocity(f, { x, y, layer, q }, sample, out) {
      const rho = rhoPosition(layer, q, sample);
      out.u = trilinear(window.u, f, x - 0.5, y, rho, uEdge);
      out.v = trilinear(window.v, f, x, y - 0.5, rho, vEdge);
      out.omega = trilinear(window.omega, f, x, y, layer + q, wEdge);
    },
  };
}

/**
 * The layer above (side 1) or below (side −1) one of nz. Beyond the water it is the one on the
 * other side: the padded levels of a window are extrapolated with its thickness.
 */
export function neighbour(layer: number, side: 1 | -1, nz: number): number {
  const next = layer + side;
  return next >= 0 && next < nz ? next : Math.min(Math.max(layer - side, 0), nz - 1);
}

/** The cell below a coordinate, kept in 0 … last. */
function cell(coordinate: number, last: number): number {
  return Math.min(Math.max(Math.floor(coordinate), 0), last);
}
