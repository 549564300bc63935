/** How a quasi-geostrophic flow carries its fields: the nonlinear part of their rates of change. */

import { stretch } from "./qg-column.js";
import { type Fourier, makeSpectrum, type Spectrum } from "./qg-fourier.js";
import type { QgPhysics, QgState } from "./qg-model.js";
import { setConvergence, velocityOf } from "./qg-spectral.js";
import type { Waves } from "./qg-waves.js";

type Grid = Float64Array;

/** How one prognostic field is carried: by which flow, against which mean gradient. */
export interface Carried {
  /** a layer, or nz for the surface */
  readonly flow: number;
  /** northward mean gradient when the mean flow is `season` times its annual mean */
  gradient(season: number): number;
  /** linear damping [s⁻¹] */
  readonly damping: number;
}

/** Carries all fields of a model. */
export interface Carriage {
  /** the prognostic fields, in the order of the state */
  readonly fields: readonly Carried[];
  /**
   * Set the flows of the layers and of the surface.
   *
   * @returns the largest speed, mean flow included [m s⁻¹]; NaN if there is one
   */
  setFlows(psi: readonly Spectrum[], season: number): number;
  /** rate = −∇·(flow × field) of every field, the bottom's relief included. */
  carry(state: QgState, rate: QgState): void;
}

/** Make the carriage of a model; its scratch space is allocated here, once. */
export function makeCarriage(physics: QgPhysics, waves: Waves, fourier: Fourier): Carriage {
  const { n } = waves;
  const nz = physics.column.thickness.length;
  const fields = carriedFields(physics);
  const grids = (count: number) => Array.from({ length: count }, () => new Float64Array(n * n));
  const [u, v] = [grids(nz + 1), grids(nz + 1)];
  const [a, b, alongX, alongY] = grids(4) as [Grid, Grid, Grid, Grid];
  const [east, north, none] = [makeSpectrum(n), makeSpectrum(n), makeSpectrum(n)];
  const relief = reliefVorticity(physics);

  function setFlows(psi: readonly Spectrum[], season: number): number {
    let speed = 0;
    for (let i = 0; i <= nz; i++) {
      velocityOf(waves, psi[i]!, east, north);
      fourier.toGrid(east, north, u[i]!, v[i]!);
      speed = Math.max(speed, addMeanFlow(season * physics.meanFlow[i % nz]!, u[i]!, v[i]!));
    }
    return speed;
  }

  function carryOne(j: number, grid: Grid, rate: Spectrum): void {
    if (j === nz - 1 && relief !== undefined) add(grid, relief);
    multiply(grid, u[fields[j]!.flow]!, alongX);
    multiply(grid, v[fields[j]!.flow]!, alongY);
    fourier.toSpectrum(alongX, alongY, east, north);
    setConvergence(waves, east, north, rate);
  }

  function carry(state: QgState, rate: QgState): void {
    for (let j = 0; j < state.length; j += 2) {
      fourier.toGrid(state[j]!, state[j + 1] ?? none, a, b);
      carryOne(j, a, rate[j]!);
      if (j + 1 < state.length) carryOne(j + 1, b, rate[j + 1]!);
    }
  }

  return { fields, setFlows, carry };
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

/** Add a flow to u and return the largest speed. */
function addMeanFlow(mean: number, u: Grid, v: Grid): number {
  let largest = 0;
  for (let o = 0; o < u.length; o++) {
    const total = u[o]! + mean;
    u[o] = total;
    largest = Math.max(largest, total * total + v[o]! * v[o]!); // NaN stays NaN
  }
  return Math.sqrt(largest);
}
