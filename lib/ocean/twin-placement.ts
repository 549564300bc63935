/**
 * Putting spectral fields on a C-grid. A centre of cell (j, i), counted from 0, lies at
 * ((i − ½) dx, (j − ½) dx), its eastern face at (i dx, (j − ½) dx), its northern face at
 * ((i − ½) dx, j dx) and its north-eastern corner at (i dx, j dx); all wrap around after n cells.
 */

import { makeSpectrum, type Spectrum } from "./qg-fourier.js";
import type { Waves } from "./qg-waves.js";

/** Weights of each wave. */
export interface Placement {
  /** cell size [m] */
  readonly dx: number;
  /** from ψ to the corner streamfunction whose face velocities are nearest to the spectral ones */
  readonly corner: Float64Array;
  /** inverse of the discrete Laplacian of the centres [m²] */
  readonly potential: Float64Array;
  /** from corners to centres: exp(−i (k + l) dx/2) */
  readonly shift: Spectrum;
}

/** Tabulate the weights. */
export function makePlacement({ n, length, k, l }: Waves): Placement {
  const dx = length / n;
  const corner = new Float64Array(k.length);
  const potential = new Float64Array(k.length);
  const shift = makeSpectrum(n);
  for (let o = 0; o < k.length; o++) {
    const [kx, ly] = [(k[o]! * dx) / 2, (l[o]! * dx) / 2];
    const [sx, sy] = [Math.sin(kx), Math.sin(ly)];
    const square = sx * sx + sy * sy;
    corner[o] = square === 0 ? 0 : (kx * sx + ly * sy) / square;
    potential[o] = square === 0 ? 0 : (-dx * dx) / (4 * square);
    shift.re[o] = Math.cos(kx + ly);
    shift.im[o] = -Math.sin(kx + ly);
  }
  return { dx, corner, potential, shift };
}

/** Move a spectrum from corners to centres, in place. */
export function shiftToCentre({ shift }: Placement, f: Spectrum): void {
  for (let o = 0; o < f.re.length; o++) {
    const re = f.re[o]!;
    f.re[o] = shift.re[o]! * re - shift.im[o]! * f.im[o]!;
    f.im[o] = shift.re[o]! * f.im[o]! + shift.im[o]! * re;
  }
}

/**
 * Velocities at the faces of a corner streamfunction ψ and a centre potential χ:
 * u = −δy ψ + δx χ on eastern faces, v = δx ψ + δy χ on northern ones.
 *
 * @param psi, chi grids of shape (n, n)
 * @param mean added to u [m s⁻¹]
 */
export function faceVelocity(
  { psi, chi, mean }: { psi: Float64Array; chi: Float64Array; mean: number },
  dx: number,
  u: Float64Array,
  v: Float64Array,
): void {
  const n = Math.sqrt(psi.length);
  for (let j = 0; j < n; j++) {
    const south = ((j + n - 1) % n) * n;
    const north = ((j + 1) % n) * n;
    for (let i = 0; i < n; i++) {
      const o = j * n + i;
      const west = i === 0 ? o + n - 1 : o - 1;
      const east = i === n - 1 ? o + 1 - n : o + 1;
      u[o] = mean + (psi[south + i]! - psi[o]! + chi[east]! - chi[o]!) / dx;
      v[o] = (psi[o]! - psi[west]! + chi[north + i]! - chi[o]!) / dx;
    }
  }
}
