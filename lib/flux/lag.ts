/**
 * Lags between a bloom and the trap, and the sinking speed that each stands for.
 *
 * @see Picard et al. (2025), table 1, as its code resolves it
 */

import { ArgumentError } from "../core/index.js";

/** From a lag on [d], a sinking speed [m d⁻¹]. */
export interface LagSpeed {
  readonly from: number;
  readonly speed: number;
}

/** The table of the code: catchments of 300 m/d stand for lags below 12 d, and so on. */
export const CODE_LAG_SPEEDS: readonly LagSpeed[] = [
  { from: 0, speed: 300 },
  { from: 12, speed: 200 },
  { from: 18, speed: 150 },
  { from: 25, speed: 100 },
  { from: 34, speed: 80 },
];

/** An older table, of which lines remain in one of the code's figures. */
export const OLDER_LAG_SPEEDS: readonly LagSpeed[] = [
  { from: 0, speed: 300 },
  { from: 10, speed: 200 },
  { from: 16, speed: 150 },
  { from: 24, speed: 100 },
  { from: 32, speed: 80 },
];

/** Lags of the code [d]: 0 to 117 in steps of 3; the text says 0 to 110. */
export const PAPER_LAGS: readonly number[] = Array.from({ length: 40 }, (_, k) => 3 * k);

/**
 * The sinking speed whose catchments stand for a lag [m d⁻¹].
 *
 * @throws {ArgumentError} if the lag is negative
 */
export function speedOfLag(lag: number, table: readonly LagSpeed[] = CODE_LAG_SPEEDS): number {
  const entry = table.findLast(({ from }) => lag >= from);
  if (entry !== undefined) return entry.speed;
  throw new ArgumentError({
    what: "lag",
    wanted: `${table[0]?.from ?? 0} d or more`,
    got: `${lag}`,
  });
}

/** Days that a particle takes through still water from 200 m to the trap. */
export function travelDays(speed: number, trapDepth = 3000, level = 200): number {
  return (trapDepth - level) / speed;
}
