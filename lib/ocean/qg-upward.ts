/**
 * Vertical velocity of a quasi-geostrophic flow. The interface below layer i stands at
 * η = (f₀/g') (ψᵢ₊₁ − ψᵢ) above its mean height and moves with the flow, so that
 *
 *   wᵢ = (f₀/g'ᵢ) [∂t(ψᵢ₊₁ − ψᵢ) + J(ψᵢ, ψᵢ₊₁) + Uᵢ ∂x ψᵢ₊₁ − Uᵢ₊₁ ∂x ψᵢ]
 *
 * (the Jacobian is the same with either layer's velocity). Sources of heat move no water: the
 * damping of the surface-trapped part is left out.
 */

import { makeSpectrum, type Spectrum } from "./qg-fourier.js";
import type { QgModel, QgState } from "./qg-model.js";
import { addEastwardSlope, addScaled, setConvergence, velocityOf, weigh } from "./qg-spectral.js";

/** Fill w of every interface below a layer but the last [m s⁻¹], positive up, at time t [s]. */
export type Upward = (state: QgState, t: number, w: readonly Spectrum[]) => void;

/**
 * Make the function that finds w.
 *
 * @param factor weight of each wave, such as that of `smallScaleFactor`
 */
export function makeUpward(model: QgModel, factor: Float64Array): Upward {
  const { waves, physics } = model;
  const { gravity, f0 } = physics.column;
  const nz = gravity.length + 1;
  const n = waves.n;
  const psi = Array.from({ length: nz + 1 }, () => makeSpectrum(n));
  const change = psi.map(() => makeSpectrum(n));
  const rate = model.makeState();
  const carry = makeCarrier(model);
  const weights = gravity.map((g) => factor.map((value) => (value * f0) / g));

  return (state, t, w) => {
    const season = physics.season?.(t) ?? 1;
    model.tendency(state, t, rate);
    if (physics.surface) addScaled(rate[nz]!, physics.surface.damping, state[nz]!);
    model.streamfunctions(state, psi);
    model.streamfunctions(rate, change);
    for (const [i, weight] of weights.entries()) {
      const out = w[i]!;
      carry(psi[i]!, psi[i + 1]!, out);
      addScaled(out, 1, change[i + 1]!);
      addScaled(out, -1, change[i]!);
      addEastwardSlope(waves, season * physics.meanFlow[i]!, psi[i + 1]!, out);
      addEastwardSlope(waves, -season * physics.meanFlow[i + 1]!, psi[i]!, out);
      weigh(out, weight);
    }
  };
}

/** A function for J(a, b) = ∇·[(−∂y a, ∂x a) b]. */
function makeCarrier({ waves, fourier }: QgModel) {
  const grid = () => new Float64Array(waves.n * waves.n);
  const [u, v, carried, unused] = [grid(), grid(), grid(), grid()];
  const [east, north, none] = [waves.n, waves.n, waves.n].map(makeSpectrum) as [
    Spectrum,
    Spectrum,
    Spectrum,
  ];
  return (a: Spectrum, b: Spectrum, out: Spectrum): void => {
    velocityOf(waves, a, east, north);
    fourier.toGrid(east, north, u, v);
    fourier.toGrid(b, none, carried, unused);
    for (let o = 0; o < u.length; o++) {
      u[o] = -u[o]! * carried[o]!;
      v[o] = -v[o]! * carried[o]!;
    }
    fourier.toSpectrum(u, v, east, north);
    setConvergence(waves, east, north, out); // of the flux backwards: its divergence
  };
}
