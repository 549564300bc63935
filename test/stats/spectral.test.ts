import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { makeRandom } from "carbonbook/core";
import {
  adjustedRand,
  gaussianAffinity,
  normalisedLaplacian,
  spectralClusters,
  symmetricEigen,
} from "carbonbook/stats";
import { expect, test } from "vitest";
import { TRIDIAGONAL_SOURCE_SHA256 } from "../../lib/stats/tridiagonal-wasm.js";

const POINTS = [1, 1, 2, 1, 1, 0, 4, 7, 3, 5, 3, 6];

/** exp(−γ d²) of the six points, γ = 1. */
function affinityOfPoints(): Float64Array {
  const distances = Float64Array.from({ length: 36 }, (_, p) => {
    const [i, j] = [Math.floor(p / 6), p % 6];
    return Math.hypot(POINTS[2 * i]! - POINTS[2 * j]!, POINTS[2 * i + 1]! - POINTS[2 * j + 1]!);
  });
  return gaussianAffinity(distances, 6, Math.SQRT1_2);
}

function randomSymmetric(n: number, seed: number): Float64Array {
  const random = makeRandom(seed);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * n + j] = random.normal();
      matrix[j * n + i] = matrix[i * n + j]!;
    }
  }
  return matrix;
}

/** Largest |A v − λ v| and |vᵢ·vⱼ − δᵢⱼ|. */
function misses(matrix: Float64Array, n: number, count = n): [number, number] {
  const { values, vectors } = symmetricEigen(matrix, n, count);
  let [residual, overlap] = [0, 0];
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < n; i++) {
      let sum = -values[k]! * vectors[k * n + i]!;
      for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * vectors[k * n + j]!;
      residual = Math.max(residual, Math.abs(sum));
    }
    for (let l = 0; l <= k; l++) {
      let dot = k === l ? -1 : 0;
      for (let i = 0; i < n; i++) dot += vectors[k * n + i]! * vectors[l * n + i]!;
      overlap = Math.max(overlap, Math.abs(dot));
    }
  }
  return [residual, overlap];
}

test("a path of five points has the eigenvalues 2 − 2 cos(πk/5)", () => {
  const path = new Float64Array(25);
  for (let i = 0; i < 5; i++) {
    path[6 * i] = i === 0 || i === 4 ? 1 : 2;
    if (i > 0) [path[5 * i + i - 1], path[5 * (i - 1) + i]] = [-1, -1];
  }
  const { values } = symmetricEigen(path, 5);
  for (const [k, value] of values.entries()) {
    expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * k) / 5), 12);
  }
});

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 64, 85])(
  "A v = λ v with orthonormal v for a random matrix of %i",
  (n) => {
    for (const miss of misses(randomSymmetric(n, n), n)) expect(miss).toBeLessThan(1e-11);
  },
);

test("equal eigenvalues get vectors at right angles too", () => {
  const identity = Float64Array.from({ length: 400 }, (_, p) => (p % 21 === 0 ? 3 : 0));
  const ones = new Float64Array(400).fill(1);
  for (const matrix of [identity, ones, new Float64Array(400)]) {
    for (const miss of misses(matrix, 20)) expect(miss).toBeLessThan(1e-11);
  }
});

test("the lowest few are those of all", () => {
  const matrix = randomSymmetric(40, 5);
  const all = symmetricEigen(matrix, 40);
  const few = symmetricEigen(matrix, 40, 3);
  expect(Array.from(few.values)).toEqual(Array.from(all.values.subarray(0, 3)));
  for (let i = 0; i < 120; i++) expect(few.vectors[i]).toBeCloseTo(all.vectors[i]!, 9);
});

test("the normalised Laplacian of six points has scikit-learn's eigenvalues", () => {
  const { values } = symmetricEigen(normalisedLaplacian(affinityOfPoints(), 6).matrix, 6);
  const expected = [0, 7e-8, 1.02571184, 1.26894141, 1.73105856, 1.97428812];
  for (const [k, value] of values.entries()) {
    expect(Math.abs(value - expected[k]!)).toBeLessThan(k === 1 ? 5e-9 : 1e-8);
  }
});

test("the compiled kernel is that of its source", () => {
  const source = readFileSync(new URL("../../lib/stats/tridiagonal.as", import.meta.url));
  expect(createHash("sha256").update(source).digest("hex")).toBe(TRIDIAGONAL_SOURCE_SHA256);
});

test("two far groups are parted, whatever the seed", () => {
  for (const seed of [1, 2, 3]) {
    const labels = spectralClusters(affinityOfPoints(), 6, 2, { seed });
    expect(adjustedRand(labels, Int32Array.of(0, 0, 0, 1, 1, 1))).toBe(1);
  }
});

test("distances that are all zero, and a matrix that is not square, are refused", () => {
  expect(() => gaussianAffinity(new Float64Array(9), 3)).toThrow(/sigma.*above 0/);
  expect(() => symmetricEigen(new Float64Array(8), 3)).toThrow(/matrix/);
  expect(() => symmetricEigen(Float64Array.of(Number.NaN), 1)).toThrow(/finite/);
});
