/** How a quasi-geostrophic flow carries its fields: the nonlinear part of their rates of change. */

import { stretch } from "./qg-column.js";
import type { Spectrum } from "./qg-fourier.js";
import { loadKernel } from "./qg-kernel.js";
import type { QgPhysics, QgState } from "./qg-model.js";
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
export function makeCarriage(physics: QgPhysics, waves: Waves): Carriage {
  const { n } = waves;
  const nz = physics.column.thickness.length;
  const [size, half] = [n * n, waves.k.length];
  const kernel = loadKernel(n, 4 * half + (2 * nz + 4) * size);
  const { allocate, grids } = kernel;
  const [k, l, both] = [allocate(half), allocate(half), allocate(2 * half)]; // both: re, im
  k.set(waves.k);
  l.set(waves.l);
  const flows = Array.from({ length: nz + 1 }, () => ({ u: allocate(size), v: allocate(size) }));
  const [a, b] = [allocate(size), allocate(size)];
  const fields = carriedFields(physics);
  const relief = reliefVorticity(physics);

  function setFlows(psi: readonly Spectrum[], season: number): number {
    let largest = 0;
    for (const [i, { u, v }] of flows.entries()) {
      both.set(psi[i]!.re);
      both.set(psi[i]!.im, half);
      kernel.toVelocity(both, k, l);
      kernel.toGrids();
      u.set(grids[0]);
      v.set(grids[1]);
      const mean = season * physics.meanFlow[i % nz]!;
      largest = Math.max(largest, kernel.addMean(u, v, mean)); // NaN stays NaN
    }
    return Math.sqrt(largest);
  }

  function carryOne(j: number, grid: Grid, rate: Spectrum): void {
    if (j === nz - 1 && relief !== undefined) add(grid, relief);
    const { u, v } = flows[fields[j]!.flow]!;
    kernel.toFlux(grid, u, v);
    kernel.toSpectra();
    kernel.toConvergence(both, k, l);
    rate.re.set(both.subarray(0, half));
    rate.im.set(both.subarray(half));
  }

  function carry(state: QgState, rate: QgState): void {
    for (let j = 0; j < state.length; j += 2) {
      const pair = [state[j]!, state[j + 1]];
      for (const [i, part] of kernel.spectra.entries()) {
        const field = pair[i >> 1];
        if (field === undefined) part.fill(0);
        else part.set(i % 2 === 0 ? field.re : field.im);
      }
      kernel.toGrids();
      a.set(grids[0]);
      b.set(grids[1]);
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

function add(out: Grid, b: Grid): void {
  for (let o = 0; o < out.length; o++) out[o] = out[o]! + b[o]!;
}
