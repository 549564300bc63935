/**
 * Real two-dimensional Fourier transforms on a periodic square, two fields at a time: one field
 * travels in the real part and one in the imaginary part of a complex transform. Radix 4 with whole
 * rows as vectors, so that every inner loop is contiguous. Measured against the `fft.js` package in
 * bench/twin-fourier.ts, which is also the reference of its tests.
 */

import { ArgumentError } from "../core/index.js";
import { makeTurns, transformColumns } from "./qg-transform.js";

/**
 * Half of the Fourier coefficients of a real field, shape (n/2 + 1, n): rows are k = 0 … n/2
 * (eastward), columns l = 0 … n/2, −n/2 + 1 … −1 (northward). The other half is its conjugate.
 * f(x, y) = Σ f̂(k, l) exp(2πi (k x + l y) / L): a coefficient is an amplitude and does not depend
 * on n. The Nyquist row and column (k = n/2, l = n/2) are kept at zero.
 */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Transforms of one size, with their own scratch space. */
export interface Fourier {
  /** points along each side */
  readonly n: number;
  /** Fill two grids, shape (n, n) as (y, x), from two spectra. */
  toGrid(a: Spectrum, b: Spectrum, gridA: Float64Array, gridB: Float64Array): void;
  /** Fill two spectra from two grids, shape (n, n) as (y, x); the mean is coefficient 0. */
  toSpectrum(gridA: Float64Array, gridB: Float64Array, a: Spectrum, b: Spectrum): void;
}

/** Coefficients of one field on n × n points, all zero. */
export function makeSpectrum(n: number): Spectrum {
  const size = (n / 2 + 1) * n;
  return { re: new Float64Array(size), im: new Float64Array(size) };
}

/**
 * Make the transforms of an n × n grid.
 *
 * @param n points along each side, a power of two from 8 on
 * @throws {ArgumentError} if n is not such a power
 * @see Van Loan (1992), Computational Frameworks for the Fast Fourier Transform, sect. 2.4
 */
export function makeFourier(n: number): Fourier {
  if (n < 8 || (n & (n - 1)) !== 0) {
    throw new ArgumentError({ what: "n", wanted: "a power of two, at least 8", got: `${n}` });
  }
  const turns = makeTurns(n);
  const plane = () => new Float64Array(n * n);
  const [re, im] = [plane(), plane()];
  const scratch = [plane(), plane()] as const;

  function transform(planes: readonly [Float64Array, Float64Array]): void {
    transformColumns(planes, scratch, turns);
    transpose(planes[0], n);
    transpose(planes[1], n);
    transformColumns(planes, scratch, turns);
  }

  function toGrid(a: Spectrum, b: Spectrum, gridA: Float64Array, gridB: Float64Array): void {
    pack(a, b, [re, im], n);
    transform([im, re]); // swapped planes: the inverse
    gridA.set(re);
    gridB.set(im);
  }

  function toSpectrum(gridA: Float64Array, gridB: Float64Array, a: Spectrum, b: Spectrum): void {
    re.set(gridA);
    im.set(gridB);
    transform([re, im]);
    unpack([re, im], a, b, n);
  }

  return { n, toGrid, toSpectrum };
}

/** Write Z = A + iB on all n × n coefficients, using that A(−k, −l) is the conjugate of A(k, l). */
function pack(a: Spectrum, b: Spectrum, [zr, zi]: readonly Float64Array[], n: number): void {
  const half = n / 2;
  for (let k = 0; k <= half; k++) {
    const row = k * n;
    const mirror = (n - k) * n;
    for (let l = 0; l < n; l++) {
      const o = row + l;
      zr![o] = a.re[o]! - b.im[o]!;
      zi![o] = a.im[o]! + b.re[o]!;
      if (k === 0 || k === half) continue;
      const m = mirror + ((n - l) & (n - 1));
      zr![m] = a.re[o]! + b.im[o]!;
      zi![m] = b.re[o]! - a.im[o]!;
    }
  }
}

/** A = (Z(k, l) + Z*(−k, −l)) / 2n² and B = (Z − Z*) / 2in², with the Nyquist modes left at zero. */
function unpack([zr, zi]: readonly Float64Array[], a: Spectrum, b: Spectrum, n: number): void {
  const half = n / 2;
  const scale = 0.5 / (n * n);
  for (let k = 0; k < half; k++) {
    const row = k * n;
    const mirror = ((n - k) & (n - 1)) * n;
    for (let l = 0; l < n; l++) {
      const o = row + l;
      const m = mirror + ((n - l) & (n - 1));
      const live = l === half ? 0 : scale;
      a.re[o] = live * (zr![o]! + zr![m]!);
      a.im[o] = live * (zi![o]! - zi![m]!);
      b.re[o] = live * (zi![o]! + zi![m]!);
      b.im[o] = live * (zr![m]! - zr![o]!);
    }
  }
}

function transpose(x: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let i = j + 1; i < n; i++) {
      const kept = x[j * n + i]!;
      x[j * n + i] = x[i * n + j]!;
      x[i * n + j] = kept;
    }
  }
}
