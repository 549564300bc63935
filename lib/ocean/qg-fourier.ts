/**
 * Real two-dimensional Fourier transforms on a periodic square, two fields at a time: one field
 * travels in the real part and one in the imaginary part of a complex transform. The work is done
 * by a SIMD kernel (qg-transform.as); the `fft.js` package took 2 to 3 times as long
 * (docs/benchmarks/ocean-twin.md) and is the reference of the tests.
 */

import { ArgumentError } from "../core/index.js";
import { loadKernel } from "./qg-kernel.js";

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
  const kernel = loadKernel(n);
  const [re, im] = kernel.grids;
  const [aRe, aIm, bRe, bIm] = kernel.spectra;

  function toGrid(a: Spectrum, b: Spectrum, gridA: Float64Array, gridB: Float64Array): void {
    aRe.set(a.re);
    aIm.set(a.im);
    bRe.set(b.re);
    bIm.set(b.im);
    kernel.toGrids();
    gridA.set(re);
    gridB.set(im);
  }

  function toSpectrum(gridA: Float64Array, gridB: Float64Array, a: Spectrum, b: Spectrum): void {
    re.set(gridA);
    im.set(gridB);
    kernel.toSpectra();
    a.re.set(aRe);
    a.im.set(aIm);
    b.re.set(bRe);
    b.im.set(bIm);
  }

  return { n, toGrid, toSpectrum };
}
