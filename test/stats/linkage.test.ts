import { readFileSync } from "node:fs";
import { adjustedRand, cutToClusters, labelsOfNodes, ward } from "carbonbook/stats";
import { describe, expect, test } from "vitest";
import { makeRandom, shuffle } from "../../lib/core/index.js";

interface LinkageCase {
  d: number;
  points: number[];
  z: number[];
  ties?: boolean;
}
const cases: LinkageCase[] = JSON.parse(
  readFileSync(new URL("../fixtures/stats/linkage.json", import.meta.url), "utf8"),
);

function randomPoints(n: number, d: number, seed: number): Float64Array {
  const random = makeRandom(seed);
  return Float64Array.from({ length: n * d }, () => random.normal());
}

test("merges are scipy's: the same nodes, sizes, and heights to 1e-10", () => {
  for (const { d, points, z, ties } of cases) {
    const { merges } = ward(Float64Array.from(points), d);
    expect(merges).toHaveLength(z.length);
    for (const [i, wanted] of z.entries()) {
      const part = i % 4;
      if (part === 2) expect(Math.abs(merges[i]! - wanted)).toBeLessThan(1e-10 * (1 + wanted));
      else if (!ties) expect(merges[i]).toBe(wanted);
    }
  }
});

test("heights are those of Lance and Williams' recurrence on the full matrix", () => {
  const n = 60;
  const points = randomPoints(n, 4, 7);
  const heights = ward(points, 4).merges.filter((_, i) => i % 4 === 2);
  const wanted = bruteForceHeights(points, n, 4);
  for (const [i, height] of heights.entries()) expect(height).toBeCloseTo(wanted[i]!, 10);
});

/** Ward by scanning the whole matrix at every merge. */
function bruteForceHeights(points: Float64Array, n: number, d: number): number[] {
  const square = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += (points[i * d + c]! - points[j * d + c]!) ** 2;
      return sum;
    }),
  );
  const size = new Array<number>(n).fill(1);
  const alive = Array.from({ length: n }, (_, i) => i);
  const heights: number[] = [];
  while (alive.length > 1) {
    let [a, b] = [alive[0]!, alive[1]!];
    for (const i of alive)
      for (const j of alive) if (i < j && square[i]![j]! < square[a]![b]!) [a, b] = [i, j];
    const ab = square[a]![b]!;
    heights.push(Math.sqrt(ab));
    for (const k of alive) {
      if (k === a || k === b) continue;
      const total = size[a]! + size[b]! + size[k]!;
      const joined =
        ((size[a]! + size[k]!) * square[a]![k]! +
          (size[b]! + size[k]!) * square[b]![k]! -
          size[k]! * ab) /
        total;
      square[a]![k] = joined;
      square[k]![a] = joined;
    }
    size[a] = size[a]! + size[b]!;
    alive.splice(alive.indexOf(b), 1);
  }
  return heights;
}

test("the order of the points does not change the partition", () => {
  const n = 250;
  const points = randomPoints(n, 3, 11);
  const order = shuffle(
    Int32Array.from({ length: n }, (_, i) => i),
    makeRandom(5),
  );
  const shuffled = new Float64Array(3 * n);
  for (const [i, from] of order.entries())
    shuffled.set(points.subarray(3 * from, 3 * from + 3), 3 * i);
  const labels = cutToClusters(ward(points, 3), 9);
  const again = cutToClusters(ward(shuffled, 3), 9);
  expect(
    adjustedRand(
      Int32Array.from(order, (from) => labels[from]!),
      again,
    ),
  ).toBe(1);
});

test("equal points merge at height 0, and one point is no merge", () => {
  expect(Array.from(ward(new Float64Array([1, 1, 1, 1]), 2).merges)).toEqual([0, 1, 0, 2]);
  expect(ward(new Float64Array([1, 2, 3]), 3).merges).toHaveLength(0);
});

describe("cutting", () => {
  const linkage = ward(new Float64Array([0, 10, 0.1, 10.1, 20]), 1);
  test("labels are named in the order of their first point", () => {
    expect(Array.from(cutToClusters(linkage, 3))).toEqual([0, 1, 0, 1, 2]);
    expect(Array.from(cutToClusters(linkage, 1))).toEqual([0, 0, 0, 0, 0]);
    expect(Array.from(cutToClusters(linkage, 5))).toEqual([0, 1, 2, 3, 4]);
  });
  test("nodes in any order give the same labels", () => {
    expect(Array.from(labelsOfNodes(linkage, [4, 6, 5]))).toEqual([0, 1, 0, 1, 2]);
  });
  test("more clusters than points are refused", () => {
    expect(() => cutToClusters(linkage, 6)).toThrow(/1 to 5/);
  });
});

test("NaN and broken rows are refused, and a signal stops the work", () => {
  expect(() => ward(new Float64Array([1, Number.NaN]), 1)).toThrow(/NaN in point 1/);
  expect(() => ward(new Float64Array(7), 3)).toThrow(/shape/);
  expect(() => ward(new Float64Array(9), 3, { signal: AbortSignal.abort() })).toThrow(/abort/i);
});
