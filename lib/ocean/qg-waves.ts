/** The waves of a periodic square: wavenumbers of the half spectra of `qg-fourier`. */

/** Wavenumbers, each of shape (n/2 + 1, n) as in `Spectrum` [rad m⁻¹]. */
export interface Waves {
  /** points along each side */
  readonly n: number;
  /** side of the square [m] */
  readonly length: number;
  /** eastward */
  readonly k: Float64Array;
  /** northward */
  readonly l: Float64Array;
  /** k² + l² [rad² m⁻²] */
  readonly k2: Float64Array;
}

/**
 * What is done to small scales after each step: an exponential filter beyond 0.65 of the Nyquist
 * wavenumber (stands for the enstrophy cascade that the grid cannot hold), a cut at 2/3 (exactly
 * free of aliasing, conserves energy), or nothing.
 */
export type SmallScales = "filtered" | "truncated" | "kept";

/** Tabulate the wavenumbers of n × n points on a square of side `length` [m]. */
export function makeWaves(n: number, length: number): Waves {
  const size = (n / 2 + 1) * n;
  const unit = (2 * Math.PI) / length;
  const signed = (l: number) => (l <= n / 2 ? l : l - n);
  const k = Float64Array.from({ length: size }, (_, o) => unit * Math.floor(o / n));
  const l = Float64Array.from({ length: size }, (_, o) => unit * signed(o % n));
  const k2 = k.map((value, o) => value * value + l[o]! * l[o]!);
  return { n, length, k, l, k2 };
}

/**
 * The factor by which each wave is multiplied after a step.
 *
 * @see the filter of pyqg (pyqg.readthedocs.io): exp(−23.6 (κ − 0.65π)⁴), κ = K dx
 */
export function smallScaleFactor(waves: Waves, kind: SmallScales): Float64Array {
  const { n, length } = waves;
  const dx = length / n;
  const start = 0.65 * Math.PI;
  return waves.k2.map((k2, o) => {
    if (Math.floor(o / n) === n / 2 || o % n === n / 2) return 0; // Nyquist
    const kappa = Math.sqrt(k2) * dx;
    if (kind === "filtered") return kappa <= start ? 1 : Math.exp(-23.6 * (kappa - start) ** 4);
    if (kind === "kept") return 1;
    const widest = Math.max(Math.abs(waves.k[o]!), Math.abs(waves.l[o]!)) * dx;
    return widest < (2 / 3) * Math.PI - 1e-9 ? 1 : 0;
  });
}

/** How often each stored coefficient counts in a sum over the whole spectrum: 2, but 1 at k = 0. */
export function countOf(waves: Waves, o: number): 1 | 2 {
  return o < waves.n ? 1 : 2;
}
