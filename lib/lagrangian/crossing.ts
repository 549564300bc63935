/** Watching for the depths whose crossing is recorded. */

import type { Place } from "./chart.js";
import type { Particles } from "./particles.js";

/** Keeps the nearest heights above and below a particle that it has not crossed yet. */
export interface CrossingWatch {
  /** nearest height above not crossed yet [m]; Infinity where there is none */
  above(): number;
  /** nearest height below not crossed yet [m]; −Infinity where there is none */
  below(): number;
  /** begin with a particle at a height */
  watch(p: number, z: number): void;
  /**
   * Record what a step from a place at t [s] to another at t + dt crosses, interpolated linearly.
   *
   * @returns the fraction of the step at which the last height of all was crossed, or Infinity
   */
  cross(p: number, from: Place, to: Place, t: number, dt: number): number;
}

/** Make a watch on heights [m], increasing. */
export function makeCrossingWatch(particles: Particles, heights: Float64Array): CrossingWatch {
  const { crossX, crossY, crossTime, count } = particles;
  let above = -1;
  let below = -1;
  let open = 0;

  function watch(p: number, z: number): void {
    above = -1;
    below = -1;
    open = 0;
    for (let l = 0; l < heights.length; l++) {
      if (!Number.isNaN(crossTime[l * count + p]!)) continue;
      open++;
      if (heights[l]! > z && above < 0) above = l;
      if (heights[l]! < z) below = l;
    }
  }
  function record(p: number, l: number, from: Place, to: Place, t: number, dt: number): number {
    const share = to.z === from.z ? 0 : (heights[l]! - from.z) / (to.z - from.z);
    const fraction = Math.min(Math.max(share, 0), 1);
    const at = l * count + p;
    crossX[at] = from.x + fraction * (to.x - from.x);
    crossY[at] = from.y + fraction * (to.y - from.y);
    crossTime[at] = t + fraction * dt;
    watch(p, heights[l]!);
    return fraction;
  }
  function cross(p: number, from: Place, to: Place, t: number, dt: number): number {
    while (above >= 0 && to.z >= heights[above]!) {
      const fraction = record(p, above, from, to, t, dt);
      if (open === 0) return fraction;
    }
    while (below >= 0 && to.z <= heights[below]!) {
      const fraction = record(p, below, from, to, t, dt);
      if (open === 0) return fraction;
    }
    return Number.POSITIVE_INFINITY;
  }
  return {
    above: () => (above < 0 ? Number.POSITIVE_INFINITY : heights[above]!),
    below: () => (below < 0 ? Number.NEGATIVE_INFINITY : heights[below]!),
    watch,
    cross,
  };
}
