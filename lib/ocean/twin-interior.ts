/** The twin ocean at any height, as spectra: from layers and interfaces to a level. */

import { layerCentres } from "./qg-column.js";
import { makeSpectrum, type Spectrum } from "./qg-fourier.js";
import { type QgModel, trappedWeight } from "./qg-model.js";
import { addWeighted, setSum } from "./qg-spectral.js";
import { makeUpward } from "./qg-upward.js";
import { smallScaleFactor } from "./qg-waves.js";
import { type Between, interfacesAt, layersAt } from "./twin-levels.js";
import type { TwinSimulation } from "./twin-simulation.js";

/** Spectra of one instant at height z [m]. */
export interface TwinInterior {
  /** Take the present instant of a simulation of the same model. */
  take(simulation: TwinSimulation): void;
  /** Streamfunction [m² s⁻¹], surface-trapped part included. */
  streamfunction(z: number, psi: Spectrum): void;
  /** The w of the quasi-geostrophic model [m s⁻¹]. */
  upward(z: number, w: Spectrum): void;
  /** Buoyancy f₀ ∂z ψ [m s⁻²], surface-trapped part included. */
  buoyancy(z: number, b: Spectrum): void;
}

/** Make the interior of a model; its scratch space is allocated here, once. */
export function makeTwinInterior(model: QgModel): TwinInterior {
  const { waves, physics } = model;
  const nz = physics.column.thickness.length;
  const spectra = () => Array.from({ length: nz + 1 }, () => makeSpectrum(waves.n));
  const findUpward = makeUpward(model, smallScaleFactor(waves, "filtered"));
  const trapped = memo((z) => trappedWeight(physics, waves, z));
  const stability = physics.surface?.stability ?? 0;
  const trappedBuoyancy = memo((z) =>
    trapped(z).map((weight, o) => stability * Math.sqrt(waves.k2[o]!) * weight),
  );
  const own = layerCentres(physics.column.thickness).map((z) => trapped(z).map((w) => -w));
  const psi = spectra(); // of the layers, without the surface-trapped part
  const slopes = spectra(); // f₀ ∂z ψ at the surface, the interfaces and the bottom
  const w = spectra(); // at the same heights
  let theta = makeSpectrum(waves.n);
  return {
    take({ state, time }) {
      theta = state[nz]!;
      findUpward(state, time(), w.slice(1, nz));
      model.streamfunctions(state, psi);
      for (let i = 0; i < nz; i++) addWeighted(psi[i]!, own[i]!, theta);
      setSlopes(model, psi, slopes);
    },
    streamfunction(z, out) {
      blend(psi, layersAt(z), out);
      addWeighted(out, trapped(z), theta);
    },
    upward: (z, out) => blend(w, interfacesAt(z), out),
    buoyancy(z, out) {
      blend(slopes, interfacesAt(z), out);
      addWeighted(out, trappedBuoyancy(z), theta);
    },
  };
}

/** f₀ (ψ above − ψ below) / distance at the inner interfaces; the surface and the bottom stay 0. */
function setSlopes(model: QgModel, psi: readonly Spectrum[], slopes: readonly Spectrum[]): void {
  const { thickness, f0 } = model.physics.column;
  const centres = layerCentres(thickness);
  for (let i = 1; i < thickness.length; i++) {
    const slope = f0 / (centres[i - 1]! - centres[i]!);
    setSum(slopes[i]!, slope, psi[i - 1]!, -slope, psi[i]!);
  }
}

/** out = a mixture of two neighbours. */
function blend(list: readonly Spectrum[], { upper, lower, share }: Between, out: Spectrum): void {
  setSum(out, 1 - share, list[upper]!, share, list[lower]!);
}

function memo<T>(compute: (z: number) => T): (z: number) => T {
  const known = new Map<number, T>();
  return (z) => {
    const found = known.get(z) ?? compute(z);
    known.set(z, found);
    return found;
  };
}
