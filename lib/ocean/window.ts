/**
 * Two frames of an ocean, packed for interpolation in space and time.
 *
 * The two instants lie side by side at every point, so that one cache line serves both; u and v
 * have one more level below the bottom and one above the surface, extrapolated linearly, so that
 * interpolation never has to look for the edge. Everything is in shared memory.
 */

import { type Frame, type Ocean, shapeOf } from "./ocean.js";
import type { VerticalCoordinate } from "./vertical.js";

/** Two instants of an ocean; slot 0 and slot 1 may be in either order in time. */
export interface Window {
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  readonly vertical: VerticalCoordinate;
  /** u, padded to (nz + 2, ny, nx, slot) [m s⁻¹] */
  readonly u: Float32Array;
  /** v, padded to (nz + 2, ny, nx, slot) [m s⁻¹] */
  readonly v: Float32Array;
  /** ω, (nz + 1, ny, nx, slot) [m s⁻¹] */
  readonly omega: Float32Array;
  /** ζ, (ny, nx, slot) [m] */
  readonly zeta: Float32Array;
  /** pm [m⁻¹], pn [m⁻¹], h [m] and the mask, (ny, nx, 4) */
  readonly metric: Float32Array;
  /** instant of each slot [s]; equal where the ocean is steady */
  readonly times: Float64Array;
  /** 1 where a slot holds a frame */
  readonly loaded: Uint8Array;
}

/** Makes room for float32 numbers in shared memory. */
export type Allocate = (length: number) => Float32Array;

/** Make room one array after another in a shared buffer, from a byte offset on. */
export function allocateIn(buffer: SharedArrayBuffer, byteOffset: number): Allocate {
  let at = Math.ceil(byteOffset / 16) * 16;
  return (length) => {
    const array = new Float32Array(buffer, at, length);
    at += Math.ceil(length / 4) * 16;
    return array;
  };
}

/** Make an empty window on an ocean. */
export function makeWindow(ocean: Ocean, allocate: Allocate = shared): Window {
  const { nx, ny, pm, pn, h, mask } = ocean.grid;
  const nz = ocean.vertical.sRho.length;
  const size = nx * ny;
  const metric = allocate(4 * size);
  for (let o = 0; o < size; o++) metric.set([pm[o]!, pn[o]!, h[o]!, mask[o]!], 4 * o);
  return {
    nx,
    ny,
    nz,
    vertical: ocean.vertical,
    u: allocate(2 * (nz + 2) * size),
    v: allocate(2 * (nz + 2) * size),
    omega: allocate(2 * (nz + 1) * size),
    zeta: allocate(2 * size),
    metric,
    times: new Float64Array(new SharedArrayBuffer(16)),
    loaded: new Uint8Array(new SharedArrayBuffer(2)),
  };
}

/** Put a frame of an instant [s] into a slot. */
export function loadFrame(window: Window, slot: 0 | 1, frame: Frame, time: number): void {
  const { nx, ny, nz } = window;
  window.times[slot] = time;
  window.loaded[slot] = 1;
  spread(frame.u.data, nx - 1, ny, window, window.u, nx * ny, slot);
  spread(frame.v.data, nx, ny - 1, window, window.v, nx * ny, slot);
  extrapolate(window, window.u, slot);
  extrapolate(window, window.v, slot);
  for (let o = 0; o < (nz + 1) * ny * nx; o++) window.omega[2 * o + slot] = frame.omega.data[o]!;
  for (let o = 0; o < ny * nx; o++) window.zeta[2 * o + slot] = frame.zeta.data[o]!;
}

/**
 * The largest rate at which the water of a slot crosses cells horizontally [s⁻¹], so that a step
 * below its inverse crosses no whole cell; NaN if a velocity is no number.
 */
export function courantRate(window: Window, slot: number): number {
  const { nx, ny, nz, u, v, metric } = window;
  const size = nx * ny;
  let rate = 0;
  for (let k = 1; k <= nz; k++) {
    for (let o = 0; o < size; o++) {
      const at = 2 * (k * size + o) + slot;
      rate = Math.max(
        rate,
        Math.abs(u[at]!) * metric[4 * o]!,
        Math.abs(v[at]!) * metric[4 * o + 1]!,
      );
    }
  }
  return rate;
}

/** Bytes that a window on an ocean takes. */
export function windowBytes(ocean: Ocean): number {
  const nz = ocean.vertical.sRho.length;
  const [, ny, nx] = shapeOf("rho", ocean.grid, nz) as [number, number, number];
  return 4 * nx * ny * (2 * (nz + 2) * 2 + 2 * (nz + 1) + 2 + 4) + 5 * 16;
}

/** Copy native rows into padded ones, `offset` points in. */
function spread(
  from: Float32Array,
  columns: number,
  rows: number,
  { nx, ny, nz }: Window,
  to: Float32Array,
  offset: number,
  slot: number,
): void {
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < rows; j++) {
      let read = (k * rows + j) * columns;
      let write = 2 * (offset + (k * ny + j) * nx) + slot;
      for (let i = 0; i < columns; i++, write += 2) to[write] = from[read++]!;
    }
  }
}

function extrapolate({ nx, ny, nz }: Window, data: Float32Array, slot: number): void {
  const level = 2 * nx * ny;
  const second = nz > 1 ? 2 : 1;
  for (let o = slot; o < level; o += 2) {
    data[o] = 2 * data[level + o]! - data[second * level + o]!;
    const top = nz * level + o;
    data[top + level] = 2 * data[top]! - data[(nz - second + 1) * level + o]!;
  }
}

function shared(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}
