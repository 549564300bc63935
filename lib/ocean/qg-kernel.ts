/** The SIMD kernel (qg-transform.as) and the memory it works in. */

import { TRANSFORM_WASM } from "./qg-transform-wasm.js";

type Plane = Float64Array;

/** A kernel with a memory of its own, whose arrays are its arguments and results. */
export interface Kernel {
  /** re and im of one spectrum, re and im of another, each of shape (n/2 + 1, n) */
  readonly spectra: readonly [Plane, Plane, Plane, Plane];
  /** two grids, shape (n, n) */
  readonly grids: readonly [Plane, Plane];
  /** From the spectra to the grids; the grids' other values are lost. */
  toGrids(): void;
  /** From the grids, which are lost, to the spectra. */
  toSpectra(): void;
  /** Make room for an array that the functions below take. */
  allocate(length: number): Plane;
  /** Fill the spectra with the velocity of a streamfunction (re, im). */
  toVelocity(psi: Plane, k: Plane, l: Plane): void;
  /** Fill `out` (re, im) with −∂x of the first and −∂y of the second spectrum. */
  toConvergence(out: Plane, k: Plane, l: Plane): void;
  /** Add a mean to u; returns the largest u² + v², NaN if there is one. */
  addMean(u: Plane, v: Plane, mean: number): number;
  /** Fill the grids with a field times u and times v. */
  toFlux(field: Plane, u: Plane, v: Plane): void;
}

/** A function of the kernel; arguments are addresses in its memory [bytes], counts and numbers. */
type Routine = (...numbers: readonly number[]) => number;

type Name = "toGrids" | "toSpectra" | "toVelocity" | "toConvergence" | "addMean" | "toFlux";

/**
 * Load the kernel for n × n grids.
 *
 * @param room how many numbers more will be allocated
 */
export function loadKernel(n: number, room = 0): Kernel {
  const half = (n / 2 + 1) * n;
  const first = 1024; // nothing lies at address 0
  const bytes = first + 8 * (2 * n + 4 * half + 4 * n * n + room);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
  const module = new WebAssembly.Module(Buffer.from(TRANSFORM_WASM, "base64"));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const run = exports as Record<Name, Routine>;
  let end = first;
  const allocate = (length: number) => {
    const plane = new Float64Array(memory.buffer, end, length);
    end += 8 * length;
    return plane;
  };
  const turns = allocate(2 * n);
  turns.set(makeTurns(n));
  const spectra = [half, half, half, half].map(allocate) as [Plane, Plane, Plane, Plane];
  const planes = [n * n, n * n, n * n, n * n].map(allocate) as [Plane, Plane, Plane, Plane];
  const [a, x, y] = [spectra[0].byteOffset, planes[0].byteOffset, planes[1].byteOffset];
  const transform = [a, ...planes.map((plane) => plane.byteOffset), turns.byteOffset, n];
  return {
    spectra,
    grids: [planes[0], planes[1]],
    allocate,
    toGrids: () => void run.toGrids(...transform),
    toSpectra: () => void run.toSpectra(...transform),
    toVelocity: (psi, k, l) =>
      void run.toVelocity(psi.byteOffset, a, k.byteOffset, l.byteOffset, half),
    toConvergence: (out, k, l) =>
      void run.toConvergence(a, out.byteOffset, k.byteOffset, l.byteOffset, half),
    addMean: (u, v, mean) => run.addMean(u.byteOffset, v.byteOffset, mean, n * n),
    toFlux: (field, u, v) =>
      void run.toFlux(field.byteOffset, u.byteOffset, v.byteOffset, x, y, n * n),
  };
}

/** cos and −sin of the angles 2πj/n, side by side. */
function makeTurns(n: number): Float64Array {
  const angles = Array.from({ length: n }, (_, j) => (2 * Math.PI * j) / n);
  return Float64Array.from(angles.flatMap((angle) => [Math.cos(angle), -Math.sin(angle)]));
}
