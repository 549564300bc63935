/** The rules at the edges of the water: the grid's outermost faces and the coast. */

import type { Window } from "../ocean/index.js";
import type { Place } from "./chart.js";

/** Fraction of a step at which it leaves the outermost faces; 1 if it does not. */
export function exitFraction(from: Place, to: Place, { nx, ny }: Window): number {
  return Math.min(share(from.x, to.x, nx - 1.5), share(from.y, to.y, ny - 1.5));
}

/**
 * Where a step ends on land, keep the part of it that runs along the coast. The normal velocity is
 * zero on a coast's faces, so only corners, long steps and diffusion bring a particle there; as it
 * never enters land, it never gets stuck in it.
 */
export function slideAlongCoast(from: Place, to: Place, window: Window): void {
  if (isWet(window, to.x, to.y)) return;
  if (isWet(window, to.x, from.y)) to.y = from.y;
  else if (isWet(window, from.x, to.y)) to.x = from.x;
  else {
    to.x = from.x;
    to.y = from.y;
  }
}

function share(from: number, to: number, last: number): number {
  if (to >= 0.5 && to <= last) return 1;
  return Math.max(0, ((to < 0.5 ? 0.5 : last) - from) / (to - from));
}

function isWet({ nx, metric }: Window, x: number, y: number): boolean {
  return metric[4 * (Math.floor(y + 0.5) * nx + Math.floor(x + 0.5)) + 3] === 1;
}
