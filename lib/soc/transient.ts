/** The model through time: pools that fill, or follow a change of parameters or forcing. */

import { ArgumentError } from "../core/index.js";
import { DAYS_PER_YEAR, POOLS, type Rates } from "./rates.js";
import { makeSteadyState } from "./steady.js";

/** Pools at the end of each saved year. */
export interface Trajectory {
  /** [yr] from the start */
  readonly years: Float64Array;
  /** pools at those times, each shape (7, n) [gC m⁻³] */
  readonly pools: readonly Float64Array[];
}

/** How to go through time. */
export interface TransientOptions {
  readonly years: number;
  /** length of a step [yr], 1 by default; backward Euler, so stable at any length */
  readonly step?: number;
  /** keep every n-th step, 1 by default */
  readonly every?: number;
  /** pools to start from, shape (7, n); nothing by default */
  readonly start?: Float64Array;
}

/**
 * Follow the pools through time.
 *
 * @param ratesAt rates at a time [yr from the start], such as a constant or forced ones
 * @throws {ArgumentError} if years or step are not above 0
 */
export function runTransient(
  ratesAt: (year: number) => Rates,
  { years, step = 1, every = 1, start }: TransientOptions,
): Trajectory {
  for (const [what, value] of Object.entries({ years, step, every })) {
    if (value > 0) continue;
    throw new ArgumentError({ what, wanted: "a number above 0", got: `${value}` });
  }
  const n = ratesAt(0).layers.nodes.length;
  const solver = makeSteadyState(n);
  const x = start === undefined ? new Float64Array(POOLS * n) : start.slice();
  const steps = Math.round(years / step);
  const times: number[] = [];
  const pools: Float64Array[] = [];
  for (let i = 1; i <= steps; i++) {
    solver.advance(ratesAt(i * step), step * DAYS_PER_YEAR, x);
    if (i % every !== 0 && i !== steps) continue;
    times.push(i * step);
    pools.push(x.slice());
  }
  return { years: Float64Array.from(times), pools };
}
