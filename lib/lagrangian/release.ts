/** Releases: where, how deep and when particles start, and the trap each belongs to. */

import { ArgumentError, PositionError } from "../core/index.js";
import {
  bilinear,
  type Index,
  isInside,
  isWater,
  locate,
  type Ocean,
  type Point,
} from "../ocean/index.js";

/** Particles to start; arrays of shape (count). */
export interface Release {
  readonly count: number;
  /** position in index space [cells] */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** depth below the geoid, positive [m] */
  readonly depth: Float64Array;
  /** start [s], on the ocean's time axis */
  readonly time: Float64Array;
  /** number of the trap */
  readonly trap: Int32Array;
}

/** A sediment trap, or any point that particles are released from. */
export type Trap = Point & {
  /** depth, positive [m] */
  readonly depth: number;
};

/** A square lattice of particles around a trap, released again and again. */
export interface Patch {
  /** side of the square [m]; 0 for a point */
  readonly side: number;
  /** particles along a side; n² in all */
  readonly across: number;
  /** release times [s]; the ocean's last instant by default */
  readonly times?: ArrayLike<number>;
}

/**
 * Release a lattice of particles around each trap at each time. The lattice follows the grid's axes
 * and reaches from edge to edge of the square: 6 across a side of 10 km are 2 km apart.
 *
 * @throws {PositionError} if a particle would start on land, outside the grid or in the ground
 * @throws {ArgumentError} if the lattice is empty
 */
export function releasePatch(
  ocean: Ocean,
  traps: Trap | readonly Trap[],
  { side, across, times = ocean.times.slice(-1) }: Patch,
): Release {
  if (!(Number.isInteger(across) && across >= 1 && side >= 0 && times.length >= 1)) {
    throw new ArgumentError({
      what: "patch",
      wanted: "a side of 0 m or more, 1 or more particles across and 1 or more times",
      got: `side ${side}, across ${across}, ${times.length} times`,
    });
  }
  const list = "depth" in traps ? [traps] : traps;
  const starts = list.flatMap((trap, number) =>
    latticeAround(ocean, trap, side, across).map((at) => ({ ...at, depth: trap.depth, number })),
  );
  const count = starts.length * times.length;
  const fill = (value: (start: (typeof starts)[number], time: number) => number) =>
    Float64Array.from({ length: count }, (_, p) =>
      value(starts[p % starts.length]!, times[Math.floor(p / starts.length)]!),
    );
  return {
    count,
    x: fill((start) => start.x),
    y: fill((start) => start.y),
    depth: fill((start) => start.depth),
    time: fill((_, time) => time),
    trap: Int32Array.from({ length: count }, (_, p) => starts[p % starts.length]!.number),
  };
}

/**
 * Check that every particle starts in water.
 *
 * @throws {PositionError} that says which particle does not
 */
export function checkRelease(ocean: Ocean, release: Release): void {
  for (let p = 0; p < release.count; p++) {
    checkStart(ocean, { x: release.x[p]!, y: release.y[p]! }, release.depth[p]!, `particle ${p}`);
  }
}

function latticeAround(ocean: Ocean, trap: Trap, side: number, across: number): Index[] {
  const { grid } = ocean;
  const center = locate(grid, trap);
  const pm = bilinear(grid, grid.pm, center.x, center.y);
  const pn = bilinear(grid, grid.pn, center.x, center.y);
  const offset = (n: number) => (across === 1 ? 0 : side * (n / (across - 1) - 0.5));
  return Array.from({ length: across * across }, (_, n) => {
    const x = center.x + offset(n % across) * pm;
    const y = center.y + offset(Math.floor(n / across)) * pn;
    checkStart(ocean, { x, y }, trap.depth, `particle ${n} of the patch`);
    return { x, y };
  });
}

function checkStart(ocean: Ocean, at: Index, depth: number, what: string): void {
  const { grid } = ocean;
  const inside = isInside(grid, at.x, at.y);
  const bottom = inside ? bilinear(grid, grid.h, at.x, at.y) : Number.NaN;
  if (inside && isWater(grid, at.x, at.y) && depth <= bottom) return;
  const water = inside && isWater(grid, at.x, at.y);
  const got = !inside ? "a point outside the grid" : water ? `depth ${depth} m` : "a point on land";
  const where = `${ocean.name}, y ${at.y.toFixed(2)}, x ${at.x.toFixed(2)} [cells]`;
  throw new PositionError({
    what,
    where,
    wanted: water ? `a depth above the bottom at ${bottom.toFixed(1)} m` : "a start in water",
    got,
    remedy: water ? "release higher up" : "move the trap off the coast or make the patch smaller",
  });
}
