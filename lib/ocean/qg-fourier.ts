/**
 * Real two-dimensional Fourier transforms on a periodic square, two fields at a time: one field
 * travels in the real part and one in the imaginary part of a complex transform. The work is done
 * by a SIMD kernel (qg-transform.as); the `fft.js` package took 2 to 3 times as long
 * (docs/benchmarks/ocean-twin.md) and is the reference of the tests.
 */

import { ArgumentError } from "../core/index.js";
import { TRANSFORM_WASM } from "./qg-transform-wasm.js";

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

/** A function of the kernel; all arguments but the last, n, are addresses in its memory [bytes]. */
type Transform = (...addresses: readonly number[]) => void;

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
  const { spectra, re, im } = kernel;
  const [aRe, aIm, bRe, bIm] = spectra;

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

/** The kernel with its memory, whose arrays are its arguments and results. */
interface Kernel {
  readonly spectra: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
  readonly re: Float64Array;
  readonly im: Float64Array;
  toGrids(): void;
  toSpectra(): void;
}

function loadKernel(n: number): Kernel {
  const half = (n / 2 + 1) * n;
  const lengths = [2 * n, half, half, half, half, n * n, n * n, n * n, n * n];
  const first = 1024; // nothing lies at address 0
  const addresses = lengths.map((_, i) => first + 8 * sum(lengths.slice(0, i)));
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((first + 8 * sum(lengths)) / 65536),
  });
  const module = new WebAssembly.Module(Buffer.from(TRANSFORM_WASM, "base64"));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { toGrids, toSpectra } = exports as Record<"toGrids" | "toSpectra", Transform>;
  const array = (i: number) => new Float64Array(memory.buffer, addresses[i]!, lengths[i]!);
  const [turns, spectra, ...planes] = [0, 1, 5, 6, 7, 8].map((i) => addresses[i]!);
  array(0).set(makeTurns(n));
  return {
    spectra: [array(1), array(2), array(3), array(4)],
    re: array(5),
    im: array(6),
    toGrids: () => toGrids(spectra!, ...planes, turns!, n),
    toSpectra: () => toSpectra(spectra!, ...planes, turns!, n),
  };
}

/** cos and −sin of the angles 2πj/n, side by side. */
function makeTurns(n: number): Float64Array {
  const angles = Array.from({ length: n }, (_, j) => (2 * Math.PI * j) / n);
  return Float64Array.from(angles.flatMap((angle) => [Math.cos(angle), -Math.sin(angle)]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
