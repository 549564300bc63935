import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { makeRandom } from "carbonbook/core";
import FFT from "fft.js";
import { describe, expect, test } from "vitest";
import { makeFourier, makeSpectrum } from "../../lib/ocean/qg-fourier.js";
import { TRANSFORM_SOURCE_SHA256 } from "../../lib/ocean/qg-transform-wasm.js";

const noise = (n: number, seed: number) => {
  const random = makeRandom(seed);
  return Float64Array.from({ length: n * n }, () => random.normal());
};

describe.each([8, 32, 64, 128])("transforms along sides of %i points", (n) => {
  const fourier = makeFourier(n);
  const [a, b] = [makeSpectrum(n), makeSpectrum(n)];

  test("agree with fft.js but for the Nyquist waves, which are zero", () => {
    const field = noise(n, 1);
    fourier.toSpectrum(noise(n, 2), field, a, b);
    const reference = transformWith(new FFT(n), field, n);
    let worst = 0;
    for (let o = 0; o < b.re.length; o++) {
      const [k, l] = [Math.floor(o / n), o % n];
      const live = k < n / 2 && l !== n / 2 ? 1 : 0;
      const at = 2 * (l * n + k); // the reference counts rows by l
      worst = Math.max(worst, Math.abs(b.re[o]! - live * reference[at]!));
      worst = Math.max(worst, Math.abs(b.im[o]! - live * reference[at + 1]!));
    }
    expect(worst).toBeLessThan(1e-15);
  });

  test("come back to the same fields", () => {
    fourier.toSpectrum(noise(n, 3), noise(n, 4), a, b);
    const [x, y] = [new Float64Array(n * n), new Float64Array(n * n)];
    fourier.toGrid(a, b, x, y);
    const [c, d] = [makeSpectrum(n), makeSpectrum(n)];
    fourier.toSpectrum(x, y, c, d);
    const miss = (p: Float64Array, q: Float64Array) =>
      p.reduce((worst, value, o) => Math.max(worst, Math.abs(value - q[o]!)), 0);
    expect(Math.max(miss(a.re, c.re), miss(b.im, d.im))).toBeLessThan(1e-15);
  });
});

test("a wave has its amplitude at its wavenumbers", () => {
  const n = 16;
  const fourier = makeFourier(n);
  const [a, b] = [makeSpectrum(n), makeSpectrum(n)];
  const phase = (o: number) => (2 * Math.PI * (3 * (o % n) - 2 * Math.floor(o / n))) / n;
  const wave = Float64Array.from({ length: n * n }, (_, o) => 5 * Math.cos(phase(o)));
  fourier.toSpectrum(wave, wave, a, b);
  expect(a.re[3 * n + n - 2]).toBeCloseTo(2.5, 14); // k = 3, l = −2
  expect(a.re.reduce((sum, value) => sum + Math.abs(value), 0)).toBeCloseTo(2.5, 12);
});

test("a size that is no power of two is refused", () => {
  expect(() => makeFourier(48)).toThrow("n: expected a power of two, at least 8, got 48");
});

test("the kernel was compiled from the source beside it", () => {
  const source = readFileSync(new URL("../../lib/ocean/qg-transform.as", import.meta.url));
  expect(createHash("sha256").update(source).digest("hex")).toBe(TRANSFORM_SOURCE_SHA256);
});

/** The whole complex spectrum of a real field over n², by rows and then by columns. */
function transformWith(fft: FFT, field: Float64Array, n: number): Float64Array {
  const all = new Float64Array(2 * n * n);
  const out = new Float64Array(2 * n);
  for (let j = 0; j < n; j++) {
    const row = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) row[2 * i] = field[j * n + i]!;
    fft.transform(out, row);
    all.set(out, 2 * j * n);
  }
  for (let i = 0; i < n; i++) {
    const column = new Float64Array(2 * n);
    for (let j = 0; j < n; j++)
      column.set(all.subarray(2 * (j * n + i), 2 * (j * n + i) + 2), 2 * j);
    fft.transform(out, column);
    for (let j = 0; j < n; j++) {
      all[2 * (j * n + i)] = out[2 * j]! / (n * n);
      all[2 * (j * n + i) + 1] = out[2 * j + 1]! / (n * n);
    }
  }
  return all;
}
