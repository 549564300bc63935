/** The state of a cloud of particles, in shared memory, one array a property. */

import type { Release } from "./release.js";

/** Why a particle ended; its place in the list is its code. */
export const END_REASONS = [
  "moving",
  "age reached",
  "crossed every level",
  "reached the surface",
  "reached the bottom",
  "left the grid",
  "fields ended",
] as const;

/** A reason for the end of a particle. */
export type EndReason = (typeof END_REASONS)[number];

/** Codes of the reasons. */
export const END = {
  moving: 0,
  age: 1,
  levels: 2,
  surface: 3,
  bottom: 4,
  left: 5,
  fields: 6,
} as const;

/** Particles; arrays of shape (count), crossings of shape (levels, count). */
export interface Particles {
  readonly count: number;
  /** position in index space [cells] */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** level, 0 (bottom) … nz (surface) [layers]; NaN until the particle starts */
  readonly level: Float64Array;
  /** height [m], 0 at the geoid */
  readonly z: Float64Array;
  /** height of the release [m] */
  readonly z0: Float64Array;
  /** own clock [s] */
  readonly time: Float64Array;
  /** release [s] */
  readonly start: Float64Array;
  /** end at the latest [s] */
  readonly deadline: Float64Array;
  /** sinking speed, positive down [m s⁻¹] */
  readonly sinking: Float64Array;
  /** code of END_REASONS */
  readonly end: Uint8Array;
  /** where and when each level was first crossed; NaN where it was not */
  readonly crossX: Float64Array;
  readonly crossY: Float64Array;
  readonly crossTime: Float64Array;
}

/**
 * Make the particles of a release, not yet started.
 *
 * @param levels   how many depths are watched
 * @param sinking  speed, positive down [m s⁻¹]
 * @param duration how long each is followed [s], below 0 backward
 */
export function makeParticles(
  release: Release,
  levels: number,
  sinking: number | ArrayLike<number>,
  duration: number,
): Particles {
  const n = release.count;
  const speed = typeof sinking === "number" ? () => sinking : (p: number) => sinking[p]!;
  return {
    count: n,
    x: shared(n, (p) => release.x[p]!),
    y: shared(n, (p) => release.y[p]!),
    level: shared(n, () => Number.NaN),
    z: shared(n, (p) => -release.depth[p]!),
    z0: shared(n, (p) => -release.depth[p]!),
    time: shared(n, (p) => release.time[p]!),
    start: shared(n, (p) => release.time[p]!),
    deadline: shared(n, (p) => release.time[p]! + duration),
    sinking: shared(n, speed),
    end: new Uint8Array(new SharedArrayBuffer(n)),
    crossX: shared(n * levels, () => Number.NaN),
    crossY: shared(n * levels, () => Number.NaN),
    crossTime: shared(n * levels, () => Number.NaN),
  };
}

function shared(length: number, value: (n: number) => number): Float64Array {
  const array = new Float64Array(new SharedArrayBuffer(8 * length));
  for (let n = 0; n < length; n++) array[n] = value(n);
  return array;
}
