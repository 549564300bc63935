/**
 * The twin ocean on its C-grid at one instant. Face velocities are the sum of two parts: one from a
 * streamfunction at cell corners, without divergence, and one from a potential at cell centres,
 * whose divergence is −∂w/∂z of the quasi-geostrophic w. Continuity on the C-grid gives that w back.
 */

import { GRAVITY } from "../core/index.js";
import { layerCentres } from "./qg-column.js";
import { makeSpectrum, type Spectrum } from "./qg-fourier.js";
import { type QgModel, trappedWeight } from "./qg-model.js";
import { addScaled, addWeighted, weigh } from "./qg-spectral.js";
import { makeUpward } from "./qg-upward.js";
import { smallScaleFactor } from "./qg-waves.js";
import {
  type Between,
  interfacesAt,
  layersAt,
  mixedShare,
  restTemperature,
  twinHeights,
} from "./twin-levels.js";
import { TWIN_PHYSICS, twinSeason, twinWarmth } from "./twin-physics.js";
import { faceVelocity, makePlacement, shiftToCentre } from "./twin-placement.js";
import type { TwinSimulation } from "./twin-simulation.js";

type Grid = Float64Array;

/** Fields of one instant; every grid has shape (n, n) and wraps around. Levels count from below. */
export interface TwinFields {
  /** Take the present instant of a simulation of the same model. */
  take(simulation: TwinSimulation): void;
  /** Streamfunction at height z [m² s⁻¹], surface-trapped part included. */
  streamfunction(z: number, psi: Spectrum): void;
  /** The w of the quasi-geostrophic model at height z [m s⁻¹]. */
  upward(z: number, w: Spectrum): void;
  /** Velocity at the eastern and the northern faces of a level [m s⁻¹]. */
  velocity(level: number, u: Grid, v: Grid): void;
  /** Temperature at the centres of a level [°C]. */
  temperature(level: number, t: Grid): void;
  /** Free surface at the centres [m]. */
  surface(zeta: Grid): void;
}

/** Make the reader of a model's fields; scratch space is allocated here, once. */
export function makeTwinFields(model: QgModel): TwinFields {
  const { waves, fourier, physics } = model;
  const { thickness, f0 } = physics.column;
  const nz = thickness.length;
  const spectra = (count: number) => Array.from({ length: count }, () => makeSpectrum(waves.n));
  const place = makePlacement(waves);
  const heights = twinHeights();
  const findUpward = makeUpward(model, smallScaleFactor(waves, "filtered"));
  const trapped = memo((z: number) => trappedWeight(physics, waves, z));
  const centres = layerCentres(thickness);
  const own = centres.map((z) => trapped(z).map((weight) => -weight));
  const psi = spectra(nz + 1);
  const buoyancy = spectra(nz + 1); // at the surface, the interfaces and the bottom
  const w = spectra(nz + 1);
  const [a, b] = spectra(2) as [Spectrum, Spectrum];
  const [corner, potential] = [new Float64Array(waves.n ** 2), new Float64Array(waves.n ** 2)];
  let taken: TwinSimulation | undefined;

  function take(simulation: TwinSimulation): void {
    taken = simulation;
    const { state } = simulation;
    findUpward(state, simulation.time(), w.slice(1, nz));
    model.streamfunctions(state, psi);
    for (let i = 0; i < nz; i++) addWeighted(psi[i]!, own[i]!, state[nz]!); // the interior part
    for (let i = 1; i < nz; i++) {
      const slope = f0 / (centres[i - 1]! - centres[i]!);
      clear(buoyancy[i]!);
      addScaled(buoyancy[i]!, slope, psi[i - 1]!);
      addScaled(buoyancy[i]!, -slope, psi[i]!);
    }
  }

  function streamfunction(z: number, out: Spectrum): void {
    blend(psi, layersAt(z), out);
    addWeighted(out, trapped(z), taken!.state[nz]!);
  }

  function upward(z: number, out: Spectrum): void {
    blend(w, interfacesAt(z), out);
  }

  function velocity(level: number, u: Grid, v: Grid): void {
    const [bottom, top] = [heights.w[level]!, heights.w[level + 1]!];
    const z = heights.rho[level]!;
    upward(bottom, b); // χ of −∂w/∂z
    upward(top, a);
    addScaled(b, -1, a);
    weigh(b, place.potential);
    shiftToCentre(place, b);
    streamfunction(z, a);
    weigh(a, place.corner);
    fourier.toGrid(a, b, corner, potential);
    for (let o = 0; o < potential.length; o++) potential[o] = potential[o]! / (top - bottom);
    const { upper, lower, share } = layersAt(z);
    const flow = (1 - share) * physics.meanFlow[upper]! + share * physics.meanFlow[lower]!;
    const mean = flow * twinSeason(taken!.time());
    faceVelocity({ psi: corner, chi: potential, mean }, place.dx, u, v);
  }

  function temperature(level: number, t: Grid): void {
    const z = heights.rho[level]!;
    const mixed = mixedShare(z);
    const warming = (1 - mixed) / (GRAVITY * TWIN_PHYSICS.expansion);
    blend(buoyancy, interfacesAt(z), a);
    addWeighted(a, trappedBuoyancy(z), taken!.state[nz]!);
    clear(b);
    addScaled(b, warming, a);
    addScaled(b, mixed, taken!.state[nz + 1]!);
    shiftToCentre(place, b);
    clear(a);
    fourier.toGrid(b, a, t, potential);
    const rest = mixed * twinWarmth(taken!.time()) + (1 - mixed) * restTemperature(z);
    for (let o = 0; o < t.length; o++) t[o] = t[o]! + rest;
  }

  /** f₀ ∂z of the trapped part per θ: N exp(N K z/f₀). */
  function trappedBuoyancy(z: number): Float64Array {
    const stability = physics.surface?.stability ?? 0;
    return trapped(z).map((weight, o) => stability * Math.sqrt(waves.k2[o]!) * weight);
  }

  function surface(zeta: Grid): void {
    streamfunction(0, a);
    shiftToCentre(place, a);
    clear(b);
    fourier.toGrid(a, b, zeta, potential);
    for (let o = 0; o < zeta.length; o++) zeta[o] = (f0 / GRAVITY) * zeta[o]!;
  }

  return { take, streamfunction, upward, velocity, temperature, surface };
}

/** out = a mixture of two neighbours. */
function blend(list: readonly Spectrum[], { upper, lower, share }: Between, out: Spectrum): void {
  clear(out);
  addScaled(out, 1 - share, list[upper]!);
  if (share > 0) addScaled(out, share, list[lower]!);
}

function clear(f: Spectrum): void {
  f.re.fill(0);
  f.im.fill(0);
}

function memo<T>(compute: (z: number) => T): (z: number) => T {
  const known = new Map<number, T>();
  return (z) => {
    const found = known.get(z) ?? compute(z);
    known.set(z, found);
    return found;
  };
}
