/**
 * A layered quasi-geostrophic ocean on a doubly periodic β-plane, with an optional surface
 * buoyancy and an optional tracer. For layer i, with velocity (uᵢ, vᵢ) = (−∂y ψᵢ, ∂x ψᵢ) and an
 * imposed eastward mean flow Uᵢ(t),
 *
 *   ∂t qᵢ + ∇·[(uᵢ + Uᵢ, vᵢ)(qᵢ + bᵢ)] + vᵢ ∂y Qᵢ = −r ∇²ψ (lowest layer only)
 *   q = ∇²ψ + Sψ,   ∂y Q = β − S U,   b = f₀ η/H of the bottom relief η (lowest layer only)
 *
 * The surface-trapped part follows Lapeyre & Klein (2006): its potential vorticity is zero, so that
 * ψₛ(z) = ψₛ(0) exp(N K z/f₀) for each wave, and θ = K ψₛ(0) is carried by the whole surface flow.
 * It is added to the flow of every layer.
 */

import { makeCarriage } from "./qg-carriage.js";
import { type LayerColumn, layerCentres } from "./qg-column.js";
import { type Fourier, makeFourier, makeSpectrum, type Spectrum } from "./qg-fourier.js";
import { makeInversion } from "./qg-inversion.js";
import { addEastwardSlope, addLaplacian, addScaled, addWeighted } from "./qg-spectral.js";
import { makeWaves, type Waves } from "./qg-waves.js";

/** The physics. */
export interface QgPhysics {
  readonly column: LayerColumn;
  /** northward gradient of the Coriolis parameter [m⁻¹ s⁻¹] */
  readonly beta: number;
  /** eastward mean flow of each layer [m s⁻¹] */
  readonly meanFlow: readonly number[];
  /** multiplies the mean flow at time t [s]; 1 by default */
  readonly season?: (t: number) => number;
  /** linear bottom drag [s⁻¹] */
  readonly bottomDrag: number;
  /** height of the bottom above its mean [m] on the grid, shape (n, n); flat by default */
  readonly relief?: Float64Array;
  /** the surface-trapped part: N at the surface [rad s⁻¹], damping of θ [s⁻¹] */
  readonly surface?: { readonly stability: number; readonly damping: number };
  /** a surface tracer: northward mean gradient [K m⁻¹], restoring [s⁻¹] */
  readonly tracer?: { readonly gradient: number; readonly restoring: number };
}

/**
 * Prognostic fields: potential vorticity q of each layer [s⁻¹], then θ [m s⁻¹] where there is a
 * surface part, then the tracer's anomaly [K] where there is one.
 */
export type QgState = readonly Spectrum[];

/** A model of one size. */
export interface QgModel {
  readonly physics: QgPhysics;
  readonly waves: Waves;
  readonly fourier: Fourier;
  /** A state at rest. */
  makeState(): QgState;
  /** Streamfunctions of the layers, then of the surface [m² s⁻¹], surface-trapped part included. */
  streamfunctions(state: QgState, psi: readonly Spectrum[]): void;
  /** Rate of change of every field at time t [s]. */
  tendency(state: QgState, t: number, rate: QgState): void;
  /** Largest speed found by the last call of `tendency`, mean flow included [m s⁻¹]. */
  largestSpeed(): number;
}

/**
 * Make a model.
 *
 * @param n      points along each side, a power of two
 * @param length side of the square [m]
 */
export function makeQgModel(physics: QgPhysics, n: number, length: number): QgModel {
  const waves = makeWaves(n, length);
  const fourier = makeFourier(n);
  const nz = physics.column.thickness.length;
  const carriage = makeCarriage(physics, waves);
  const streamfunctions = makeStreamfunctions(physics, waves);
  const spectra = (count: number) => Array.from({ length: count }, () => makeSpectrum(n));
  const psi = spectra(nz + 1);
  let speed = 0;

  function tendency(state: QgState, t: number, rate: QgState): void {
    const season = physics.season?.(t) ?? 1;
    streamfunctions(state, psi);
    speed = carriage.setFlows(psi, season);
    carriage.carry(state, rate);
    for (const [j, { flow, gradient, damping }] of carriage.fields.entries()) {
      addEastwardSlope(waves, -gradient(season), psi[flow]!, rate[j]!);
      if (damping !== 0) addScaled(rate[j]!, -damping, state[j]!);
    }
    addLaplacian(waves, -physics.bottomDrag, psi[nz - 1]!, rate[nz - 1]!);
  }

  return {
    physics,
    waves,
    fourier,
    makeState: () => spectra(carriage.fields.length),
    streamfunctions,
    tendency,
    largestSpeed: () => speed,
  };
}

function makeStreamfunctions(physics: QgPhysics, waves: Waves): QgModel["streamfunctions"] {
  const { column, surface } = physics;
  const nz = column.thickness.length;
  const invert = makeInversion(column, waves);
  const heights = [...layerCentres(column.thickness), 0];
  const weights = surface && heights.map((z) => trappedWeight(physics, waves, z));
  return (state, psi) => {
    invert(state, psi);
    psi[nz]!.re.set(psi[0]!.re);
    psi[nz]!.im.set(psi[0]!.im);
    if (weights === undefined) return;
    for (let i = 0; i <= nz; i++) addWeighted(psi[i]!, weights[i]!, state[nz]!);
  };
}

/** ψₛ(z)/θ = exp(N K z/f₀)/K of each wave [m]; zeros where there is no surface part. */
export function trappedWeight(physics: QgPhysics, waves: Waves, z: number): Float64Array {
  const stability = physics.surface?.stability;
  if (stability === undefined) return new Float64Array(waves.k2.length);
  const slope = stability / physics.column.f0;
  return waves.k2.map((k2) => (k2 === 0 ? 0 : Math.exp(slope * Math.sqrt(k2) * z) / Math.sqrt(k2)));
}
