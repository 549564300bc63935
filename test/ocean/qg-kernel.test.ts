import { makeRandom } from "carbonbook/core";
import { expect, test } from "vitest";
import { makeSpectrum } from "../../lib/ocean/qg-fourier.js";
import { loadKernel } from "../../lib/ocean/qg-kernel.js";
import { setConvergence, velocityOf } from "../../lib/ocean/qg-spectral.js";
import { makeWaves } from "../../lib/ocean/qg-waves.js";

const n = 16;
const waves = makeWaves(n, 1e6);
const half = waves.k.length;
const kernel = loadKernel(n, 4 * half + 5 * n * n);
const random = makeRandom(1);
const noise = (length: number) => {
  const array = kernel.allocate(length);
  array.set(array.map(() => random.normal()));
  return array;
};
const [k, l] = [kernel.allocate(half), kernel.allocate(half)];
k.set(waves.k);
l.set(waves.l);

test("velocity and convergence are those of plain code, to the bit", () => {
  const psi = noise(2 * half);
  const field = { re: psi.slice(0, half), im: psi.slice(half) };
  const [u, v, out] = [makeSpectrum(n), makeSpectrum(n), makeSpectrum(n)];
  velocityOf(waves, field, u, v);
  setConvergence(waves, u, v, out);
  kernel.toVelocity(psi, k, l);
  expect(kernel.spectra).toEqual([u.re, u.im, v.re, v.im]);
  kernel.toConvergence(psi, k, l);
  expect([psi.slice(0, half), psi.slice(half)]).toEqual([out.re, out.im]);
});

test("a flow is moved by its mean, measured, and carries a field, to the bit", () => {
  const [u, v, field] = [noise(n * n), noise(n * n), noise(n * n)];
  const moved = u.map((value) => value + 0.3);
  const squares = moved.map((value, o) => value * value + v[o]! * v[o]!);
  expect(kernel.addMean(u, v, 0.3)).toBe(Math.max(...squares));
  expect(u).toEqual(moved);
  kernel.toFlux(field, u, v);
  const along = (flow: Float64Array) => field.map((value, o) => value * flow[o]!);
  expect(kernel.grids).toEqual([along(u), along(v)]);
  v[7] = Number.NaN;
  expect(kernel.addMean(u, v, 0)).toBeNaN();
});
