/** Operations on spectra: derivatives, velocities, sums over the square. */

import type { Spectrum } from "./qg-fourier.js";
import { countOf, type Waves } from "./qg-waves.js";

/** Velocity of a streamfunction: u = −∂y ψ, v = ∂x ψ. */
export function velocityOf(waves: Waves, psi: Spectrum, u: Spectrum, v: Spectrum): void {
  const { k, l } = waves;
  for (let o = 0; o < k.length; o++) {
    const re = psi.re[o]!;
    const im = psi.im[o]!;
    u.re[o] = l[o]! * im;
    u.im[o] = -l[o]! * re;
    v.re[o] = -k[o]! * im;
    v.im[o] = k[o]! * re;
  }
}

/** out = −∂x f − ∂y g. */
export function setConvergence(waves: Waves, f: Spectrum, g: Spectrum, out: Spectrum): void {
  const { k, l } = waves;
  for (let o = 0; o < k.length; o++) {
    out.re[o] = k[o]! * f.im[o]! + l[o]! * g.im[o]!;
    out.im[o] = -k[o]! * f.re[o]! - l[o]! * g.re[o]!;
  }
}

/** out += c ∂x f. */
export function addEastwardSlope(waves: Waves, c: number, f: Spectrum, out: Spectrum): void {
  const { k } = waves;
  for (let o = 0; o < k.length; o++) {
    out.re[o] = out.re[o]! - c * k[o]! * f.im[o]!;
    out.im[o] = out.im[o]! + c * k[o]! * f.re[o]!;
  }
}

/** out += c ∇² f. */
export function addLaplacian(waves: Waves, c: number, f: Spectrum, out: Spectrum): void {
  const { k2 } = waves;
  for (let o = 0; o < k2.length; o++) {
    out.re[o] = out.re[o]! - c * k2[o]! * f.re[o]!;
    out.im[o] = out.im[o]! - c * k2[o]! * f.im[o]!;
  }
}

/** out += c f. */
export function addScaled(out: Spectrum, c: number, f: Spectrum): void {
  for (let o = 0; o < out.re.length; o++) {
    out.re[o] = out.re[o]! + c * f.re[o]!;
    out.im[o] = out.im[o]! + c * f.im[o]!;
  }
}

/** out = a f + b g. */
export function setSum(out: Spectrum, a: number, f: Spectrum, b: number, g: Spectrum): void {
  for (let o = 0; o < out.re.length; o++) {
    out.re[o] = a * f.re[o]! + b * g.re[o]!;
    out.im[o] = a * f.im[o]! + b * g.im[o]!;
  }
}

/** out += w f, with a real weight for each wave. */
export function addWeighted(out: Spectrum, w: Float64Array, f: Spectrum): void {
  for (let o = 0; o < w.length; o++) {
    out.re[o] = out.re[o]! + w[o]! * f.re[o]!;
    out.im[o] = out.im[o]! + w[o]! * f.im[o]!;
  }
}

/** Multiply by a real weight for each wave, in place. */
export function weigh(f: Spectrum, w: Float64Array): void {
  for (let o = 0; o < w.length; o++) {
    f.re[o] = f.re[o]! * w[o]!;
    f.im[o] = f.im[o]! * w[o]!;
  }
}

/** f = factor (f + Σ weights[i] rates[i]) of three rates, in one pass. */
export function advance(
  f: Spectrum,
  weights: readonly number[],
  rates: readonly Spectrum[],
  factor: Float64Array,
): void {
  const [a, b, c] = weights as [number, number, number];
  const [p, q, r] = rates as [Spectrum, Spectrum, Spectrum];
  for (let o = 0; o < factor.length; o++) {
    f.re[o] = (f.re[o]! + a * p.re[o]! + b * q.re[o]! + c * r.re[o]!) * factor[o]!;
    f.im[o] = (f.im[o]! + a * p.im[o]! + b * q.im[o]! + c * r.im[o]!) * factor[o]!;
  }
}

/** f = 0. */
export function clear(f: Spectrum): void {
  f.re.fill(0);
  f.im.fill(0);
}

/** Mean over the square of the product of two fields, each wave weighted by w. */
export function meanProduct(waves: Waves, a: Spectrum, b: Spectrum, w?: Float64Array): number {
  let sum = 0;
  for (let o = 0; o < a.re.length; o++) {
    const product = a.re[o]! * b.re[o]! + a.im[o]! * b.im[o]!;
    sum += countOf(waves, o) * (w === undefined ? product : w[o]! * product);
  }
  return sum;
}

/** Copy the coefficients that two sizes of grid share, and set the others to zero. */
export function resize(from: Spectrum, nFrom: number, to: Spectrum, nTo: number): void {
  clear(to);
  const half = Math.min(nFrom, nTo) / 2;
  for (let k = 0; k < half; k++) {
    for (let l = 1 - half; l < half; l++) {
      const source = k * nFrom + ((l + nFrom) % nFrom);
      const target = k * nTo + ((l + nTo) % nTo);
      to.re[target] = from.re[source]!;
      to.im[target] = from.im[source]!;
    }
  }
}
