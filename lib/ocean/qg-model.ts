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

import { type LayerColumn, layerCentres, stretch } from "./qg-column.js";
import { type Fourier, makeFourier, makeSpectrum, type Spectrum } from "./qg-fourier.js";
import { makeInversion } from "./qg-inversion.js";
import {
  addEastwardSlope,
  addLaplacian,
  addScaled,
  addWeighted,
  setConvergence,
  velocityOf,
} from "./qg-spectral.js";
import { makeWaves, type Waves } from "./qg-waves.js";

type Grid = Float64Array;

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

/** How a prognostic field is carried: by the flow of which layer, against which mean gradient. */
interface Carried {
  /** a layer, or nz for the surface */
  readonly flow: number;
  /** northward mean gradient when the mean flow is `season` times its annual mean */
  gradient(season: number): number;
  /** linear damping [s⁻¹] */
  readonly damping: number;
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
  const carried = carriedFields(physics);
  const streamfunctions = makeStreamfunctions(physics, waves);
  const spectra = (count: number) => Array.from({ length: count }, () => makeSpectrum(n));
  const grids = (count: number) => Array.from({ length: count }, () => new Float64Array(n * n));
  const psi = spectra(nz + 1);
  const [east, north, none] = spectra(3) as [Spectrum, Spectrum, Spectrum];
  const u = grids(nz + 1);
  const v = grids(nz + 1);
  const [a, b, alongX, alongY] = grids(4) as [Grid, Grid, Grid, Grid];
  const relief = reliefVorticity(physics);
  let speed = 0;

  function setFlows(season: number): void {
    speed = 0;
    for (let i = 0; i <= nz; i++) {
      velocityOf(waves, psi[i]!, east, north);
      fourier.toGrid(east, north, u[i]!, v[i]!);
      addConstant(u[i]!, season * physics.meanFlow[i % nz]!);
      speed = Math.max(speed, largestNorm(u[i]!, v[i]!));
    }
  }

  function carry(j: number, grid: Grid, season: number, rate: Spectrum): void {
    const { flow, gradient } = carried[j]!;
    if (j === nz - 1 && relief !== undefined) add(grid, relief);
    multiply(grid, u[flow]!, alongX);
    multiply(grid, v[flow]!, alongY);
    fourier.toSpectrum(alongX, alongY, east, north);
    setConvergence(waves, east, north, rate);
    addEastwardSlope(waves, -gradient(season), psi[flow]!, rate);
  }

  function tendency(state: QgState, t: number, rate: QgState): void {
    const season = physics.season?.(t) ?? 1;
    streamfunctions(state, psi);
    setFlows(season);
    for (let j = 0; j < state.length; j += 2) {
      fourier.toGrid(state[j]!, state[j + 1] ?? none, a, b);
      carry(j, a, season, rate[j]!);
      if (j + 1 < state.length) carry(j + 1, b, season, rate[j + 1]!);
    }
    for (const [j, { damping }] of carried.entries()) addScaled(rate[j]!, -damping, state[j]!);
    addLaplacian(waves, -physics.bottomDrag, psi[nz - 1]!, rate[nz - 1]!);
  }

  return {
    physics,
    waves,
    fourier,
    makeState: () => spectra(carried.length),
    streamfunctions,
    tendency,
    largestSpeed: () => speed,
  };
}

function carriedFields(physics: QgPhysics): Carried[] {
  const { column, beta, meanFlow, surface, tracer } = physics;
  const nz = meanFlow.length;
  const shear = stretch(column, meanFlow);
  const layers = shear.map((su, flow) => ({
    flow,
    gradient: (season: number) => beta - season * su,
    damping: 0,
  }));
  const theta = surface && { flow: nz, gradient: () => 0, damping: surface.damping };
  const gradient = tracer?.gradient ?? 0;
  const warmth = tracer && { flow: nz, gradient: () => gradient, damping: tracer.restoring };
  return [...layers, theta, warmth].filter((field) => field !== undefined);
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

function reliefVorticity({ column, relief }: QgPhysics): Grid | undefined {
  const factor = column.f0 / column.thickness[column.thickness.length - 1]!;
  return relief?.map((height) => factor * height);
}

function multiply(a: Grid, b: Grid, out: Grid): void {
  for (let o = 0; o < out.length; o++) out[o] = a[o]! * b[o]!;
}

function add(out: Grid, b: Grid): void {
  for (let o = 0; o < out.length; o++) out[o] = out[o]! + b[o]!;
}

function addConstant(out: Grid, c: number): void {
  for (let o = 0; o < out.length; o++) out[o] = out[o]! + c;
}

function largestNorm(u: Grid, v: Grid): number {
  let largest = 0;
  for (let o = 0; o < u.length; o++) {
    largest = Math.max(largest, u[o]! * u[o]! + v[o]! * v[o]!); // NaN stays NaN
  }
  return Math.sqrt(largest);
}
