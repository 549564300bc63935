import { readFileSync } from "node:fs";
import {
  adjustedRand,
  calibration,
  confusion,
  confusionOf,
  contingency,
  cutToClusters,
  kMeans,
  silhouette,
  stability,
  ward,
} from "carbonbook/stats";
import { describe, expect, test } from "vitest";

const reference = JSON.parse(
  readFileSync(new URL("../fixtures/stats/partition.json", import.meta.url), "utf8"),
);
const points = Float64Array.from(reference.points as number[]);

test("adjusted Rand index and silhouette are scikit-learn's", () => {
  const { labels, guess } = reference;
  expect(adjustedRand(labels, guess)).toBeCloseTo(reference.adjusted_rand, 12);
  expect(silhouette(points, labels)).toBeCloseTo(reference.silhouette, 12);
  expect(silhouette(points, guess)).toBeCloseTo(reference.silhouette_guess, 12);
});

test("equal partitions under other names score 1; points left out do not count", () => {
  expect(adjustedRand([0, 0, 1, 1], [5, 5, 2, 2])).toBe(1);
  expect(adjustedRand([0, 0, 1, 1, -1], [5, 5, 2, 2, 5])).toBe(1);
  expect(contingency([0, 0, 1, -1], [3, 3, 4, 4]).counts).toEqual(new Float64Array([2, 0, 0, 1]));
});

test("k-means reaches scikit-learn's inertia, and the same seed the same labels", () => {
  for (const [i, wanted] of (reference.inertia as number[]).entries()) {
    expect(kMeans(points, 3, i + 1, { seed: 1 }).inertia).toBeCloseTo(wanted, 8);
  }
  expect(kMeans(points, 3, 3, { seed: 4 })).toEqual(kMeans(points, 3, 3, { seed: 4 }));
  expect(() => kMeans(points, 3, 121, { seed: 1 })).toThrow(/1 to 120/);
  expect(() => kMeans(points.subarray(1), 3, 2, { seed: 1 })).toThrow(/points.*shape/);
  const gap = points.with(7, Number.NaN);
  expect(() => kMeans(gap, 3, 2, { seed: 1 })).toThrow(/finite.*NaN in point 2/);
});

test("three clear clusters are stable, five are less so", () => {
  const cut = (k: number) => (p: Float64Array) => cutToClusters(ward(p, 3), k);
  const mean = (k: number) => {
    const scores = stability(points, 3, cut(k), { seed: 1, repeats: 5 });
    return scores.reduce((sum, score) => sum + score, 0) / 5;
  };
  expect(mean(3)).toBeGreaterThan(0.85);
  expect(mean(5)).toBeLessThan(mean(3));
});

describe("confusion", () => {
  // the matrix printed in the notebook of Mohanty et al., 2145 tiles in 7 classes
  const printed = [
    [5, 15, 0, 0, 2, 0, 0],
    [0, 91, 0, 2, 1, 0, 0],
    [0, 4, 757, 36, 0, 0, 5],
    [0, 0, 2, 504, 0, 0, 0],
    [0, 1, 0, 0, 299, 0, 2],
    [0, 0, 0, 1, 6, 0, 5],
    [0, 0, 18, 0, 11, 0, 378],
  ];
  test("the published matrix gives the published accuracy and its recalls", () => {
    const scores = confusionOf(Float64Array.from(printed.flat()), 7);
    expect(scores.accuracy).toBeCloseTo(0.948, 3);
    const recalls = Array.from(scores.recall, (r) => Math.round(r * 100) / 100);
    expect(recalls).toEqual([0.23, 0.97, 0.94, 1, 0.99, 0, 0.93]);
    expect(scores.precision[5]).toBeNaN();
  });
  test("precision divides by what was called, recall by what is", () => {
    const scores = confusion([0, 0, 0, 1], [0, 0, 1, 1], 2);
    expect(Array.from(scores.precision)).toEqual([1, 0.5]);
    expect(Array.from(scores.recall)).toEqual([2 / 3, 1]);
    expect(() => confusion([0, 2], [0, 1], 2)).toThrow(/classes.*0 to 1.*2 called 1 at 1/);
  });
  test("a classifier right as often as it is sure has no calibration error", () => {
    const probabilities = [0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25];
    expect(calibration(probabilities, [0, 0, 0, 1]).expectedError).toBeCloseTo(0, 12);
    expect(calibration(probabilities, [1, 1, 1, 1]).expectedError).toBeCloseTo(0.75, 12);
  });
});
