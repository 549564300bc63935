/** What became of particles, and what figures and files are made of. */

import { displacement, type Ocean, positionOf } from "../ocean/index.js";
import { END_REASONS, type EndReason, type Particles } from "./particles.js";
import type { Release } from "./release.js";

/** Positions of all particles at one time, shape (count); NaN before a particle's release. */
export interface Saved {
  /** [s] */
  readonly time: number;
  /** [cells] */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** height [m] */
  readonly z: Float64Array;
}

/** Places and times, shape (count); NaN where a particle has none. */
export interface Places {
  /** [cells] */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** depth, positive [m] */
  readonly depth: Float64Array;
  /** [s] */
  readonly time: Float64Array;
  /** longitude [degrees] or metres, as the grid has it */
  readonly east: Float64Array;
  /** latitude [degrees] or metres */
  readonly north: Float64Array;
  /** eastward displacement from the particle's own release point [m] */
  readonly eastward: Float64Array;
  /** northward displacement from the particle's own release point [m] */
  readonly northward: Float64Array;
  /** time between release and here, positive [s] */
  readonly age: Float64Array;
}

/** Where particles crossed a level. */
export interface Crossing extends Places {
  /** the level's depth, positive [m] */
  readonly level: number;
  /** particles that crossed it */
  readonly reached: number;
}

/** What became of the particles of a release. */
export interface Tracks {
  readonly ocean: Ocean;
  readonly release: Release;
  readonly count: number;
  /** where and when each particle ended: its origin, if it was followed backward */
  readonly origin: Places;
  /** code in END_REASONS of why it ended, shape (count) */
  readonly end: Uint8Array;
  /** how many particles ended for which reason */
  readonly ends: Readonly<Partial<Record<EndReason, number>>>;
  /** one for each level, deepest first */
  readonly crossings: readonly Crossing[];
  /** positions at the save times */
  readonly saved: readonly Saved[];
}

/** Gather the results of a run. */
export function makeTracks(
  ocean: Ocean,
  release: Release,
  particles: Particles,
  levels: readonly number[],
  saved: readonly Saved[],
): Tracks {
  const { count, end } = particles;
  const ends: Partial<Record<EndReason, number>> = {};
  for (const code of end) {
    const reason = END_REASONS[code]!;
    ends[reason] = (ends[reason] ?? 0) + 1;
  }
  const origin = placesOf(ocean, release, {
    x: particles.x,
    y: particles.y,
    depth: particles.z.map((z) => -z),
    time: particles.time,
  });
  const crossings = levels.map((level, l) => {
    const part = (values: Float64Array) => values.subarray(l * count, (l + 1) * count);
    const time = part(particles.crossTime);
    const places = placesOf(ocean, release, {
      x: part(particles.crossX),
      y: part(particles.crossY),
      depth: time.map((t) => (Number.isNaN(t) ? Number.NaN : level)),
      time,
    });
    const reached = time.reduce((n, t) => n + Number(!Number.isNaN(t)), 0);
    return Object.assign(places, { level, reached });
  });
  return { ocean, release, count, origin, end, ends, crossings, saved };
}

/** Places whose positions and displacements are worked out when they are first asked for. */
function placesOf(
  ocean: Ocean,
  release: Release,
  at: Pick<Places, "x" | "y" | "depth" | "time">,
): Places {
  let known: Pick<Places, "east" | "north" | "eastward" | "northward" | "age"> | undefined;
  const derived = () => {
    known ??= derive(ocean, release, at);
    return known;
  };
  return {
    ...at,
    get east() {
      return derived().east;
    },
    get north() {
      return derived().north;
    },
    get eastward() {
      return derived().eastward;
    },
    get northward() {
      return derived().northward;
    },
    get age() {
      return derived().age;
    },
  };
}

function derive(ocean: Ocean, release: Release, at: Pick<Places, "x" | "y" | "time">) {
  const { x, y } = at;
  const make = () => new Float64Array(x.length).fill(Number.NaN);
  const places = { east: make(), north: make(), eastward: make(), northward: make(), age: make() };
  for (let p = 0; p < x.length; p++) {
    if (Number.isNaN(x[p])) continue;
    const here = positionOf(ocean.grid, x[p]!, y[p]!);
    const start = positionOf(ocean.grid, release.x[p]!, release.y[p]!);
    const moved = displacement(ocean.grid, start, here);
    places.east[p] = here.east;
    places.north[p] = here.north;
    places.eastward[p] = moved.east;
    places.northward[p] = moved.north;
    places.age[p] = Math.abs(at.time[p]! - release.time[p]!);
  }
  return places;
}
