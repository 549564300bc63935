/** From potential vorticity to streamfunctions: one tridiagonal system per wave. */

import { couplings, type LayerColumn } from "./qg-column.js";
import type { Spectrum } from "./qg-fourier.js";
import type { Waves } from "./qg-waves.js";

/** Solve (S − K²) ψ = q for every wave; q and psi hold one spectrum per layer. */
export type Inversion = (q: readonly Spectrum[], psi: readonly Spectrum[]) => void;

/**
 * Factor the systems once (Thomas's algorithm; S − K² is negative definite, so no pivots are
 * needed) and make the function that solves them. The mean of ψ is set to zero.
 */
export function makeInversion(column: LayerColumn, waves: Waves): Inversion {
  const { upper, lower } = couplings(column);
  const nz = upper.length;
  const size = waves.k2.length;
  const inverse = Array.from({ length: nz }, () => new Float64Array(size));
  const ratio = Array.from({ length: nz }, () => new Float64Array(size));
  for (let o = 1; o < size; o++) {
    for (let i = 0; i < nz; i++) {
      const above = i === 0 ? 0 : upper[i]! * ratio[i - 1]![o]!;
      inverse[i]![o] = 1 / (-waves.k2[o]! - upper[i]! - lower[i]! - above);
      ratio[i]![o] = lower[i]! * inverse[i]![o]!;
    }
  }
  return (q, psi) => {
    scale(q[0]!, inverse[0]!, psi[0]!);
    for (let i = 1; i < nz; i++) eliminate(q[i]!, psi[i]!, psi[i - 1]!, upper[i]!, inverse[i]!);
    for (let i = nz - 2; i >= 0; i--) substitute(psi[i]!, psi[i + 1]!, ratio[i]!);
  };
}

/** Apply S − K²: the potential vorticity of streamfunctions. */
export function potentialVorticity(
  column: LayerColumn,
  waves: Waves,
  psi: readonly Spectrum[],
  q: readonly Spectrum[],
): void {
  const { upper, lower } = couplings(column);
  for (let i = 0; i < psi.length; i++) {
    for (const part of ["re", "im"] as const) {
      const here = psi[i]![part];
      const above = psi[i - 1]?.[part] ?? here;
      const below = psi[i + 1]?.[part] ?? here;
      const out = q[i]![part];
      for (let o = 0; o < out.length; o++) {
        const stretching = upper[i]! * (above[o]! - here[o]!) + lower[i]! * (below[o]! - here[o]!);
        out[o] = stretching - waves.k2[o]! * here[o]!;
      }
    }
  }
}

function scale(q: Spectrum, inverse: Float64Array, psi: Spectrum): void {
  for (let o = 0; o < inverse.length; o++) {
    psi.re[o] = q.re[o]! * inverse[o]!;
    psi.im[o] = q.im[o]! * inverse[o]!;
  }
}

function eliminate(
  q: Spectrum,
  psi: Spectrum,
  above: Spectrum,
  upper: number,
  inverse: Float64Array,
): void {
  for (let o = 0; o < inverse.length; o++) {
    psi.re[o] = (q.re[o]! - upper * above.re[o]!) * inverse[o]!;
    psi.im[o] = (q.im[o]! - upper * above.im[o]!) * inverse[o]!;
  }
}

function substitute(psi: Spectrum, below: Spectrum, ratio: Float64Array): void {
  for (let o = 0; o < ratio.length; o++) {
    psi.re[o] = psi.re[o]! - ratio[o]! * below.re[o]!;
    psi.im[o] = psi.im[o]! - ratio[o]! * below.im[o]!;
  }
}
