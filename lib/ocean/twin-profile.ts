/** What a run looks like, averaged over its output: energies by depth, and what the surface knows. */

import { makeSpectrum, type Spectrum } from "./qg-fourier.js";
import type { QgModel } from "./qg-model.js";
import { meanProduct } from "./qg-spectral.js";
import type { TwinFields } from "./twin-fields.js";
import { flowAt } from "./twin-levels.js";
import { twinSeason } from "./twin-physics.js";
import type { TwinSimulation } from "./twin-simulation.js";

/** Mean over the output and standard deviation in time, one value per depth. */
export interface Spread {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Profiles of a run. */
export interface TwinProfile {
  /** depths of the profiles [m] */
  readonly depths: readonly number[];
  /** kinetic energy of the eddies, domain mean [m² s⁻²] */
  readonly eddyEnergy: Spread;
  /** kinetic energy of the imposed mean flow [m² s⁻²] */
  readonly meanEnergy: Spread;
  /** correlation of the northward velocity with that at the surface */
  readonly correlation: Spread;
  /** root mean square of w [m s⁻¹] */
  readonly upward: Spread;
  /** share of the surface's eddy energy that the surface-trapped part holds */
  readonly trappedShare: { readonly mean: number; readonly deviation: number };
  /** rms of the surface temperature's anomaly [K] */
  readonly warmth: { readonly mean: number; readonly deviation: number };
  /** instants averaged over */
  readonly instants: number;
}

/** Collects profiles. */
export interface TwinProfiler {
  /** Take the instant that the fields have taken. */
  add(simulation: TwinSimulation, fields: TwinFields): void;
  profile(): TwinProfile;
}

const DEPTHS = [0, 200, 400, 750, 1000, 1500, 2250, 3000];

/** Make a collector for runs of one model. */
export function makeTwinProfiler(model: QgModel): TwinProfiler {
  const { waves, physics } = model;
  const nz = physics.column.thickness.length;
  const k2 = waves.k.map((k) => k * k);
  const [surface, psi] = [makeSpectrum(waves.n), makeSpectrum(waves.n)];
  const rows: number[][] = [];

  function add(simulation: TwinSimulation, fields: TwinFields): void {
    const { state } = simulation;
    const { interior } = fields;
    interior.streamfunction(0, surface);
    const northward = meanProduct(waves, surface, surface, k2);
    const season = twinSeason(simulation.time());
    const row = DEPTHS.flatMap((depth) => {
      interior.streamfunction(-depth, psi);
      const energy = meanProduct(waves, psi, psi, waves.k2) / 2;
      const variance = meanProduct(waves, psi, psi, k2);
      const shared = meanProduct(waves, surface, psi, k2);
      const mean = season * flowAt(physics.meanFlow, -depth);
      const correlation = shared / Math.sqrt(variance * northward);
      interior.upward(-depth, psi);
      return [energy, (mean * mean) / 2, correlation, rmsOf(psi)];
    });
    const trapped = meanProduct(waves, state[nz]!, state[nz]!) / 2 / row[0]!;
    rows.push([...row, trapped, rmsOf(state[nz + 1]!)]);
  }

  const rmsOf = (f: Spectrum) => Math.sqrt(meanProduct(waves, f, f));
  return { add, profile: () => profileOf(rows) };
}

function profileOf(rows: readonly (readonly number[])[]): TwinProfile {
  const single = (column: number) => {
    const values = rows.map((row) => row[column]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(square) };
  };
  const spread = (quantity: number): Spread => {
    const all = DEPTHS.map((_, d) => single(4 * d + quantity));
    return { mean: all.map((s) => s.mean), deviation: all.map((s) => s.deviation) };
  };
  return {
    depths: DEPTHS,
    eddyEnergy: spread(0),
    meanEnergy: spread(1),
    correlation: spread(2),
    upward: spread(3),
    trappedShare: single(4 * DEPTHS.length),
    warmth: single(4 * DEPTHS.length + 1),
    instants: rows.length,
  };
}
