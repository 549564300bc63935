/**
 * Random fields with a given spectrum. Waves are drawn in an order that does not depend on the
 * size of the grid, so that the same seed gives the same field at every resolution that holds it.
 */

import type { Random } from "../core/index.js";
import type { Spectrum } from "./qg-fourier.js";
import { clear } from "./qg-spectral.js";
import type { Waves } from "./qg-waves.js";

/** The waves of a random field of variance 1. */
export interface Band {
  /** where each wave is stored */
  readonly at: Int32Array;
  /** where its conjugate is stored; −1 where it is not (k above 0) */
  readonly mirror: Int32Array;
  /** standard deviation of its real and imaginary part */
  readonly deviation: Float64Array;
}

/** Number of waves from the mean that a band may reach; grids of 64 and more hold them. */
const REACH = 31;

/**
 * Select the waves of a field.
 *
 * @param amplitude relative amplitude of waves of wavenumber K [rad m⁻¹]; below 1e-6 they are
 *   left out
 */
export function makeBand(waves: Waves, amplitude: (wavenumber: number) => number): Band {
  const { n, length } = waves;
  const found: { at: number; mirror: number; deviation: number }[] = [];
  let variance = 0;
  for (let k = 0; k <= REACH; k++) {
    for (let l = k === 0 ? 1 : -REACH; l <= REACH; l++) {
      const deviation = amplitude((2 * Math.PI * Math.hypot(k, l)) / length);
      if (!(deviation > 1e-6) || Math.max(k, Math.abs(l)) >= n / 2) continue;
      const at = k * n + ((l + n) % n);
      found.push({ at, mirror: k === 0 ? n - l : -1, deviation });
      variance += 4 * deviation * deviation;
    }
  }
  return {
    at: Int32Array.from(found, (wave) => wave.at),
    mirror: Int32Array.from(found, (wave) => wave.mirror),
    deviation: Float64Array.from(found, (wave) => wave.deviation / Math.sqrt(variance)),
  };
}

/** Add a fresh random field of a given expected rms: out += rms · noise. */
export function addBand(band: Band, rms: number, random: Random, out: Spectrum): void {
  for (let i = 0; i < band.at.length; i++) {
    const re = rms * band.deviation[i]! * random.normal();
    const im = rms * band.deviation[i]! * random.normal();
    const at = band.at[i]!;
    out.re[at] = out.re[at]! + re;
    out.im[at] = out.im[at]! + im;
    const mirror = band.mirror[i]!;
    if (mirror < 0) continue;
    out.re[mirror] = out.re[mirror]! + re;
    out.im[mirror] = out.im[mirror]! - im;
  }
}

/** A fresh random field scaled to have exactly the given rms. */
export function setBand(band: Band, rms: number, random: Random, out: Spectrum): void {
  clear(out);
  addBand(band, 1, random, out);
  let square = 0;
  for (const at of band.at) square += 2 * (out.re[at]! ** 2 + out.im[at]! ** 2);
  const scale = rms / Math.sqrt(square);
  for (let o = 0; o < out.re.length; o++) {
    out.re[o] = scale * out.re[o]!;
    out.im[o] = scale * out.im[o]!;
  }
}
