import { makeRandom } from "carbonbook/core";
import { warpingDistance, warpingMatrix } from "carbonbook/stats";
import { expect, test } from "vitest";

const A = [0, 0, 1, 2, 1, 0, 1, 0, 0];
const B = [0, 1, 2, 0, 0, 0, 0, 0, 0];

test("published distances, by squared and by absolute cost", () => {
  expect(warpingDistance(A, B)).toBeCloseTo(Math.SQRT2, 12);
  expect(warpingDistance(A, B, { cost: "absolute" })).toBe(2);
  expect(warpingDistance([1, 2, 3], [1, 2, 2, 3])).toBe(0);
  expect(warpingDistance([1, 2, 3], [1, 2, 2, 3, 4])).toBe(1);
});

test("it is zero for a series and itself, symmetric, at most Euclid's, and falls as the band widens", () => {
  const random = makeRandom(1);
  for (let trial = 0; trial < 20; trial++) {
    const [a, b] = [0, 1].map(() => Array.from({ length: 30 }, () => random.normal()));
    const euclid = Math.sqrt(a!.reduce((sum, x, i) => sum + (x - b![i]!) ** 2, 0));
    expect(warpingDistance(a!, a!)).toBe(0);
    expect(warpingDistance(a!, b!)).toBeCloseTo(warpingDistance(b!, a!), 12);
    const distances = [0, 1, 2, 5, 10, 30].map((band) => warpingDistance(a!, b!, { band }));
    expect(distances[0]).toBeCloseTo(euclid, 12);
    for (let i = 1; i < distances.length; i++) {
      expect(distances[i]).toBeLessThanOrEqual(distances[i - 1]! + 1e-12);
    }
    expect(distances.at(-1)).toBeCloseTo(warpingDistance(a!, b!), 12);
  }
});

test("symmetric2 counts the diagonal twice, as R's dtw does", () => {
  const options = { cost: "absolute", steps: "symmetric2" } as const;
  expect(warpingDistance([0, 0], [1, 1], options)).toBe(4);
  expect(warpingDistance([0, 0], [1, 1], { cost: "absolute" })).toBe(2);
});

test("the matrix holds every pair", () => {
  const random = makeRandom(2);
  const series = Float64Array.from({ length: 5 * 12 }, () => random.normal());
  const matrix = warpingMatrix(series, 12, { band: 3 });
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 5; j++) {
      const pair = [i, j].map((k) => series.subarray(k * 12, (k + 1) * 12));
      expect(matrix[i * 5 + j]).toBeCloseTo(warpingDistance(pair[0]!, pair[1]!, { band: 3 }), 12);
    }
  }
});

test("a band narrower than the difference in length is refused", () => {
  expect(() => warpingDistance([1, 2, 3, 4], [1], { band: 2 })).toThrow("at least 3");
});
