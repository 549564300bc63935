/**
 * From layers to terrain-following levels: which layers and interfaces a height draws on. Flow is
 * linear between the centres of layers and constant beyond the first and last; w is linear between
 * interfaces, 0 at the surface and at the (flat) bottom; buoyancy is linear between interfaces.
 */

import { GRAVITY } from "../core/index.js";
import { interfaceHeights, layerCentres } from "./qg-column.js";
import { TWIN_PHYSICS, twinStability } from "./twin-physics.js";
import { makeVertical, rhoHeights, type VerticalCoordinate, wHeights } from "./vertical.js";

/** Two neighbours in a list of heights, and how much of each. */
export interface Between {
  readonly upper: number;
  readonly lower: number;
  /** share of the lower one, 0 … 1 */
  readonly share: number;
}

/** Number of levels; 21 m thick at the surface, 1.2 km at the bottom. */
export const TWIN_LEVELS = 16;

/** Depth of the flat bottom [m]. */
export const TWIN_DEPTH = TWIN_PHYSICS.thickness.reduce((sum, h) => sum + h, 0);

/** The vertical coordinate of the twin's files. */
export function twinVertical(): VerticalCoordinate {
  return makeVertical(TWIN_LEVELS, 2, 300, { kind: 4, thetaS: 5, thetaB: 0 });
}

/** Heights of the levels over the flat bottom under a free surface at rest [m], from below. */
export function twinHeights(): { rho: Float64Array; w: Float64Array } {
  const vertical = twinVertical();
  return { rho: rhoHeights(vertical, TWIN_DEPTH, 0), w: wHeights(vertical, TWIN_DEPTH, 0) };
}

/** The layers that the flow at height z draws on. */
export function layersAt(z: number): Between {
  return between(layerCentres(TWIN_PHYSICS.thickness), z);
}

/**
 * The interfaces that w and buoyancy at height z draw on: 0 is the surface, nz the bottom, and
 * i the lower boundary of the i-th layer.
 */
export function interfacesAt(z: number): Between {
  return between([0, ...interfaceHeights(TWIN_PHYSICS.thickness)], z);
}

/** A flow given for each layer, at height z. */
export function flowAt(flow: readonly number[], z: number): number {
  const { upper, lower, share } = layersAt(z);
  return (1 - share) * flow[upper]! + share * flow[lower]!;
}

/** Share of the mixed layer in the temperature at height z: 1 at the surface, 0 well below 75 m. */
export function mixedShare(z: number): number {
  return Math.exp(-((z / 75) ** 2));
}

/** Temperature of the water at rest at height z [°C]: the surface's mean, less ∫ N² dz / (g α). */
export function restTemperature(z: number): number {
  const intervals = 200;
  const step = z / intervals;
  let sum = 0;
  for (let i = 0; i < intervals; i++) sum += twinStability((i + 0.5) * step) ** 2;
  return TWIN_PHYSICS.warmth.mean + (sum * step) / (GRAVITY * TWIN_PHYSICS.expansion);
}

function between(heights: readonly number[], z: number): Between {
  const below = heights.findIndex((height) => height <= z);
  if (below === 0) return { upper: 0, lower: 0, share: 0 };
  if (below < 0) return { upper: heights.length - 1, lower: heights.length - 1, share: 0 };
  const [above, under] = [heights[below - 1]!, heights[below]!];
  return { upper: below - 1, lower: below, share: (above - z) / (above - under) };
}
