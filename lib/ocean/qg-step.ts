/** Stepping a quasi-geostrophic model: Adams–Bashforth of third order, and its limit of stability. */

import { ArgumentError, NumericError } from "../core/index.js";
import type { QgModel, QgState } from "./qg-model.js";
import { advance } from "./qg-spectral.js";
import { type SmallScales, smallScaleFactor, type Waves } from "./qg-waves.js";

/** Largest ω dt of Adams–Bashforth 3 for oscillations exp(iωt) (Durran 1991, MWR 119, 702). */
const STABLE_OSCILLATION = 0.72;

/** Orders 1 to 3, the newest rate first. */
const COEFFICIENTS = [
  [1, 0, 0],
  [1.5, -0.5, 0],
  [23 / 12, -16 / 12, 5 / 12],
] as const;

/** Moves a state in place by one step, from time t [s]. */
export type QgStep = (state: QgState, t: number) => void;

/**
 * The largest stable step for a flow of a given speed [m s⁻¹], in seconds: the shortest wave that
 * the small-scale treatment leaves alive must turn by less than 0.72 rad.
 */
export function largestStep(waves: Waves, smallScales: SmallScales, speed: number): number {
  const share = { filtered: 0.65, truncated: (2 / 3) * Math.SQRT2, kept: Math.SQRT2 }[smallScales];
  const widest = (share * Math.PI * waves.n) / waves.length;
  return STABLE_OSCILLATION / (widest * speed);
}

/**
 * Refuse a step that is too long for the speeds to be expected.
 *
 * @throws {ArgumentError} naming the largest step allowed
 */
export function checkStep(dt: number, largest: number, speed: number): void {
  if (dt > 0 && dt <= largest) return;
  throw new ArgumentError({
    what: "time step dt",
    wanted: `above 0 and at most ${Math.floor(largest)} s for speeds of ${speed.toFixed(2)} m/s`,
    got: `${dt} s`,
    remedy: "shorten the step or coarsen the grid",
  });
}

/**
 * Make a stepper: the first two steps are of first and second order, all others of third.
 *
 * @param dt time step [s]
 * @returns a function that throws NumericError when the flow has outrun the step or is no number
 */
export function makeQgStep(model: QgModel, dt: number, smallScales: SmallScales): QgStep {
  const factor = smallScaleFactor(model.waves, smallScales);
  const rates = [model.makeState(), model.makeState(), model.makeState()];
  let taken = 0;
  return (state, t) => {
    const newest = rates.pop()!;
    rates.unshift(newest);
    model.tendency(state, t, newest);
    checkSpeed(model, dt, t, smallScales);
    const weights = COEFFICIENTS[Math.min(taken, 2)]!.map((c) => c * dt);
    for (const [j, field] of state.entries()) {
      const past = rates.map((rate) => rate[j]!);
      advance(field, weights, past, factor);
    }
    taken++;
  };
}

function checkSpeed(model: QgModel, dt: number, t: number, smallScales: SmallScales): void {
  const speed = model.largestSpeed();
  const largest = largestStep(model.waves, smallScales, speed);
  if (dt <= 2 * largest) return; // one fast point is no instability
  const ended = Number.isFinite(speed) ? `speeds of ${speed.toFixed(2)} m/s` : "no number";
  throw new NumericError({
    what: `quasi-geostrophic model on day ${(t / 86400).toFixed(1)}`,
    wanted: "a flow that the time step can follow",
    got: ended,
    remedy: Number.isFinite(speed)
      ? `take a step of at most ${Math.floor(largest)} s`
      : "shorten the step: the run blew up",
  });
}
