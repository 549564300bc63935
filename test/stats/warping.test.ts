import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { makeRandom } from "carbonbook/core";
import { type WarpingOptions, warpingDistance, warpingMatrix } from "carbonbook/stats";
import { expect, test } from "vitest";
import { WARPING_SOURCE_SHA256 } from "../../lib/stats/warping-wasm.js";

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

/** The recursion as it is written down, over the whole table. */
function byDefinition(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { cost = "squared", steps = "symmetric1", band = 99 }: WarpingOptions,
): number {
  const table = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(Number.POSITIVE_INFINITY),
  );
  table[0]![0] = 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = Math.max(1, i - band); j <= Math.min(b.length, i + band); j++) {
      const d = cost === "squared" ? (a[i - 1]! - b[j - 1]!) ** 2 : Math.abs(a[i - 1]! - b[j - 1]!);
      const across = table[i - 1]![j - 1]! + (steps === "symmetric2" ? 2 : 1) * d;
      table[i]![j] = Math.min(across, table[i - 1]![j]! + d, table[i]![j - 1]! + d);
    }
  }
  const end = table[a.length]![b.length]!;
  return cost === "squared" ? Math.sqrt(end) : end;
}

test.each<WarpingOptions>([
  {},
  { band: 0 },
  { band: 3 },
  { cost: "absolute" },
  { steps: "symmetric2" },
  { cost: "absolute", steps: "symmetric2", band: 1 },
])("the matrix holds every pair, to the last bit, for %o", (options) => {
  const random = makeRandom(2);
  for (const [count, length] of [
    [7, 12],
    [4, 1],
    [1, 5],
  ] as const) {
    const series = Float64Array.from({ length: count * length }, () => random.normal());
    const row = (i: number) => series.subarray(i * length, (i + 1) * length);
    const matrix = warpingMatrix(series, length, options);
    for (let p = 0; p < count * count; p++) {
      const [j, i] = [Math.floor(p / count), p % count].sort() as [number, number];
      expect(matrix[p]).toBe(i === j ? 0 : byDefinition(row(i), row(j), options));
    }
  }
});

test("series of unlike length are matched as the recursion has it, within a band too", () => {
  const random = makeRandom(3);
  const [a, b] = [9, 14].map((length) => Array.from({ length }, () => random.normal()));
  for (const band of [5, 6, 20]) {
    expect(warpingDistance(a!, b!, { band })).toBe(byDefinition(a!, b!, { band }));
    expect(warpingDistance(b!, a!, { band })).toBe(byDefinition(b!, a!, { band }));
  }
});

test("the compiled kernel is that of its source", () => {
  const source = readFileSync(new URL("../../lib/stats/warping.as", import.meta.url));
  expect(createHash("sha256").update(source).digest("hex")).toBe(WARPING_SOURCE_SHA256);
});

test("a gap in a series is refused", () => {
  expect(() => warpingDistance([1, Number.NaN], [1, 2])).toThrow(/series.*finite/);
  expect(() => warpingMatrix(Float64Array.of(1, 2, Number.NaN, 4), 2)).toThrow(/series.*finite/);
});

test("a band narrower than the difference in length is refused", () => {
  expect(() => warpingDistance([1, 2, 3, 4], [1], { band: 2 })).toThrow("at least 3");
});
