/**
 * The physics of the twin ocean: one table of numbers, with sources where there are any; the others
 * are round numbers that give the energies of docs/twins/ocean.md. They stand for the north-east
 * Atlantic around the Porcupine Abyssal Plain (49 N, 16.5 W) and were fixed from literature and
 * energies alone, before any network was trained on the twin.
 */

import { makeRandom } from "../core/index.js";
import { layerCentres, makeLayerColumn } from "./qg-column.js";
import type { Fourier } from "./qg-fourier.js";
import { makeSpectrum } from "./qg-fourier.js";
import type { QgPhysics } from "./qg-model.js";
import type { Waves } from "./qg-waves.js";
import { makeBand, setBand } from "./twin-noise.js";

const DAY = 86400;

/** The twin's numbers, in SI units. */
export const TWIN_PHYSICS = {
  /** side of the square [m] */
  length: 1024e3,
  /** layers, top first [m]: 4800 m, the depth of the abyssal plain */
  thickness: [150, 350, 500, 800, 1200, 1800],
  /** f at 49 N [s⁻¹] */
  f0: 1.1e-4,
  /** df/dy at 49 N [m⁻¹ s⁻¹] */
  beta: 1.5e-11,
  /** N = hypot(surface exp(z/scale), background) [rad s⁻¹, m]: radii 22.5, 11.8, 8.4 km (Chelton
   * et al. 1998, JPO 28, 433, give 15–25 km for the first) */
  stability: { surface: 5e-3, scale: 1300, background: 8e-4 },
  /** eastward mean flow, surface exp(z/scale) less its mean over 0–1000 m [m s⁻¹, m] */
  meanFlow: { surface: 0.1, scale: 1000, zeroOver: 1000 },
  /** the mean shear varies by ±amplitude over the year, largest on day `peak`, in late winter */
  season: { amplitude: 0.15, peak: 60 },
  /** linear bottom drag [s⁻¹] (moderate in the sense of Arbic & Flierl 2004, JPO 34, 2257) */
  bottomDrag: 1 / (32 * DAY),
  /** bottom relief: rms height, smoothing length and longest wave [m] (bathymetry weakens deep flow:
   * LaCasce 2017, GRL 44, 11097) */
  relief: { rms: 100, smoothing: 20e3, longest: 400e3, seed: 99 },
  /** surface-trapped part: N of the upper thermocline [rad s⁻¹], damping [s⁻¹], injection of
   * kinetic energy [m² s⁻³] between two wavelengths [m] (mixed-layer instability; Lapeyre & Klein
   * 2006, JPO 36, 165; Callies et al. 2016, JFM 788, 5) */
  surface: {
    stability: 5e-3,
    damping: 1 / (10 * DAY),
    injection: 2.5e-8,
    wavelengths: [50e3, 60e3],
  },
  /** sea-surface temperature: mean [K as °C], seasonal amplitude [K] with its warmest day,
   * northward gradient [K m⁻¹], restoring [s⁻¹] (Frankignoul 1985, Rev. Geophys. 23, 357) */
  warmth: { mean: 14.9, amplitude: 2.7, peak: 235, gradient: -6e-6, restoring: 1 / (25 * DAY) },
  /** air–sea noise: rms temperature it alone would make [K], length [m], time [s] */
  weather: { rms: 0.4, length: 300e3, time: 5 * DAY },
  /** random state at the start: rms of each velocity component at the surface [m s⁻¹], wavelength
   * and width of the band [m], e-folding depth [m] */
  start: { rms: 0.15, wavelength: 200e3, width: 300e3, depth: 1200 },
  /** thermal expansion [K⁻¹] of water at 12 °C, to turn buoyancy into temperature */
  expansion: 2e-4,
} as const;

/** Mean flow of each layer [m s⁻¹], top first. */
export function twinMeanFlow(): number[] {
  const { surface, scale, zeroOver } = TWIN_PHYSICS.meanFlow;
  const mean = (surface * scale * (1 - Math.exp(-zeroOver / scale))) / zeroOver;
  return layerCentres(TWIN_PHYSICS.thickness).map((z) => surface * Math.exp(z / scale) - mean);
}

/** Buoyancy frequency at height z [rad s⁻¹]. */
export function twinStability(z: number): number {
  const { surface, scale, background } = TWIN_PHYSICS.stability;
  return Math.hypot(surface * Math.exp(z / scale), background);
}

/** By how much the mean shear differs from its annual mean, t seconds after 1 January. */
export function twinSeason(t: number): number {
  const { amplitude, peak } = TWIN_PHYSICS.season;
  return 1 + amplitude * Math.cos((2 * Math.PI * (t / DAY - peak)) / 365.25);
}

/** Surface temperature of the season [°C], t seconds after 1 January. */
export function twinWarmth(t: number): number {
  const { mean, amplitude, peak } = TWIN_PHYSICS.warmth;
  return mean + amplitude * Math.cos((2 * Math.PI * (t / DAY - peak)) / 365.25);
}

/** Height of the bottom above its mean [m], shape (n, n); the same at every size of grid. */
export function twinRelief(waves: Waves, fourier: Fourier): Float64Array {
  const { rms, smoothing, longest, seed } = TWIN_PHYSICS.relief;
  const band = makeBand(waves, (wavenumber) =>
    wavenumber > (2 * Math.PI) / longest ? Math.exp(-((wavenumber * smoothing) ** 2)) : 0,
  );
  const spectrum = makeSpectrum(waves.n);
  setBand(band, rms, makeRandom(seed), spectrum);
  const relief = new Float64Array(waves.n * waves.n);
  fourier.toGrid(spectrum, makeSpectrum(waves.n), relief, relief.slice());
  return relief;
}

/** The physics as the model takes it. */
export function twinQgPhysics(waves: Waves, fourier: Fourier): QgPhysics {
  const { thickness, f0, beta, bottomDrag, surface, warmth } = TWIN_PHYSICS;
  return {
    column: makeLayerColumn(thickness, twinStability, f0),
    beta,
    meanFlow: twinMeanFlow(),
    season: twinSeason,
    bottomDrag,
    relief: twinRelief(waves, fourier),
    surface,
    tracer: warmth,
  };
}
