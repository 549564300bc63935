/**
 * The twin ocean on its C-grid at one instant. Face velocities are the sum of two parts: one from a
 * streamfunction at cell corners, without divergence, and one from a potential at cell centres,
 * whose divergence is −∂w/∂z of the quasi-geostrophic w. Continuity on the C-grid gives that w back.
 */

import { GRAVITY } from "../core/index.js";
import { makeSpectrum } from "./qg-fourier.js";
import type { QgModel } from "./qg-model.js";
import { addScaled, clear, weigh } from "./qg-spectral.js";
import { makeTwinInterior, type TwinInterior } from "./twin-interior.js";
import { flowAt, mixedShare, restTemperature, twinHeights } from "./twin-levels.js";
import { TWIN_PHYSICS, twinSeason, twinWarmth } from "./twin-physics.js";
import { faceVelocity, makePlacement, shiftToCentre } from "./twin-placement.js";
import type { TwinSimulation } from "./twin-simulation.js";

type Grid = Float64Array;

/** Fields of one instant; every grid has shape (n, n) and wraps around. Levels count from below. */
export interface TwinFields {
  readonly interior: TwinInterior;
  /** Take the present instant of a simulation of the same model. */
  take(simulation: TwinSimulation): void;
  /** Velocity at the eastern and the northern faces of a level [m s⁻¹]. */
  velocity(level: number, u: Grid, v: Grid): void;
  /** Temperature at the centres of a level [°C]. */
  temperature(level: number, t: Grid): void;
  /** Free surface at the centres [m]. */
  surface(zeta: Grid): void;
}

/** Make the reader of a model's fields; its scratch space is allocated here, once. */
export function makeTwinFields(model: QgModel): TwinFields {
  const { waves, fourier, physics } = model;
  const interior = makeTwinInterior(model);
  const place = makePlacement(waves);
  const heights = twinHeights();
  const atRest = heights.rho.map(restTemperature);
  const [a, b, zero] = [makeSpectrum(waves.n), makeSpectrum(waves.n), makeSpectrum(waves.n)];
  const [psi, chi] = [new Float64Array(waves.n ** 2), new Float64Array(waves.n ** 2)];
  let warmth = zero;
  let time = 0;

  function velocity(level: number, u: Grid, v: Grid): void {
    const [bottom, top] = [heights.w[level]!, heights.w[level + 1]!];
    const z = heights.rho[level]!;
    interior.upward(bottom, b);
    interior.upward(top, a);
    addScaled(b, -1, a); // −∂w/∂z times the thickness, which comes off below
    weigh(b, place.potential);
    shiftToCentre(place, b);
    interior.streamfunction(z, a);
    weigh(a, place.corner);
    fourier.toGrid(a, b, psi, chi);
    for (let o = 0; o < chi.length; o++) chi[o] = chi[o]! / (top - bottom);
    const mean = twinSeason(time) * flowAt(physics.meanFlow, z);
    faceVelocity({ psi, chi, mean }, place.dx, u, v);
  }

  function temperature(level: number, t: Grid): void {
    const z = heights.rho[level]!;
    const mixed = mixedShare(z);
    interior.buoyancy(z, a);
    clear(b);
    addScaled(b, (1 - mixed) / (GRAVITY * TWIN_PHYSICS.expansion), a);
    addScaled(b, mixed, warmth);
    shiftToCentre(place, b);
    fourier.toGrid(b, zero, t, chi);
    const rest = mixed * twinWarmth(time) + (1 - mixed) * atRest[level]!;
    for (let o = 0; o < t.length; o++) t[o] = t[o]! + rest;
  }

  function surface(zeta: Grid): void {
    interior.streamfunction(0, a);
    shiftToCentre(place, a);
    fourier.toGrid(a, zero, zeta, chi);
    for (let o = 0; o < zeta.length; o++) zeta[o] = (physics.column.f0 / GRAVITY) * zeta[o]!;
  }

  function take(simulation: TwinSimulation): void {
    interior.take(simulation);
    warmth = simulation.state[physics.column.thickness.length + 1]!;
    time = simulation.time();
  }

  return { interior, take, velocity, temperature, surface };
}
