import { readFileSync } from "node:fs";
import {
  adaptiveCut,
  authorsBic,
  cutLabels,
  nodeVariances,
  scaledDistance,
  scanCuts,
} from "carbonbook/biomes";
import { ward } from "carbonbook/stats";
import { expect, test } from "vitest";

interface CutCase {
  distance: number;
  variance: number;
  labels: number[];
}
const reference: { points: number[]; variances: number[]; cases: CutCase[] } = JSON.parse(
  readFileSync(new URL("../fixtures/biomes/cut.json", import.meta.url), "utf8"),
);
const points = Float64Array.from(reference.points);
const linkage = ward(points, 3);
const variances = nodeVariances(linkage, points);

test("variances of all nodes are numpy's, of all values under the node", () => {
  for (const [node, variance] of variances.entries()) {
    expect(Math.abs(variance - reference.variances[node]!)).toBeLessThan(1e-12);
  }
});

test("the cut is the one written out slowly, at all thresholds", () => {
  for (const { labels, ...thresholds } of reference.cases) {
    expect(Array.from(cutLabels(linkage, variances, thresholds))).toEqual(labels);
  }
});

test("every point gets one cluster, and a cut costs no more nodes than it has clusters", () => {
  const nodes = adaptiveCut(linkage, variances, { distance: 1, variance: 0.02 });
  const labels = cutLabels(linkage, variances, { distance: 1, variance: 0.02 });
  expect(new Set(labels).size).toBe(nodes.length);
  expect(Math.min(...labels)).toBe(0);
});

test("a merge of height 0 is a cluster, not gone into", () => {
  const same = new Float64Array([0, 0, 9, 9]);
  const cut = adaptiveCut(ward(same, 1), nodeVariances(ward(same, 1), same), {
    distance: 0,
    variance: 0,
  });
  expect(cut).toHaveLength(2);
});

test("one point is one cluster", () => {
  const alone = new Float64Array([1, 2, 3]);
  const lone = ward(alone, 3);
  expect(adaptiveCut(lone, nodeVariances(lone, alone), { distance: 1, variance: 1 })).toEqual([0]);
});

test("a threshold that is no number from 0 is refused", () => {
  const cut = (distance: number) => adaptiveCut(linkage, variances, { distance, variance: 0.1 });
  expect(() => cut(Number.NaN)).toThrow(/threshold distance.*0 or more.*NaN/);
  expect(() => cut(-1)).toThrow(/threshold distance/);
});

test("the authors' BIC grows with every cluster, whatever it explains", () => {
  expect(authorsBic([50, 50])).toBeGreaterThan(authorsBic([100]));
  expect(authorsBic([99, 1])).toBeGreaterThan(authorsBic([50, 50]));
  expect(authorsBic([50, 50])).toBeCloseTo(4 * Math.log(2) + 3 * Math.log(100), 12);
  const [scan] = scanCuts(linkage, variances, { distances: [2], variances: [0.1] });
  expect(scan!.clusters).toBe(new Set(cutLabels(linkage, variances, scan!)).size);
});

test("the published threshold belongs to the published number of tiles", () => {
  expect(scaledDistance(10725)).toBe(25);
  expect(scaledDistance(1721)).toBeCloseTo(10.01, 2);
});
