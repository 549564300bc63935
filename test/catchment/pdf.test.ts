import {
  boxPdf,
  entropy,
  heatFilter,
  heatSteps,
  heatWidth,
  PAPER_GRID,
  sourcePdf,
} from "carbonbook/catchment";
import { makeRandom } from "carbonbook/core";
import { expect, test } from "vitest";

const total = (pdf: ArrayLike<number>) => Array.from(pdf).reduce((sum, p) => sum + p, 0);

test("a PDF sums to the share of particles inside the box", () => {
  const x = [0, 1000, -399_999, 500_000, Number.NaN];
  const y = [0, 9000, 399_999, 0, 0];
  const { pdf, count, inside } = sourcePdf(x, y);
  expect({ count, inside }).toEqual({ count: 4, inside: 3 });
  expect(total(pdf)).toBeCloseTo(3 / 4, 6);
});

test("the first axis is east, and the outer edge belongs to the last bin", () => {
  const grid = { n: 4, dx: 10 };
  expect([...sourcePdf([15], [-15], grid).pdf].indexOf(1)).toBe(3 * 4 + 0);
  expect([...sourcePdf([20], [20], grid).pdf].indexOf(1)).toBe(3 * 4 + 3);
});

test("the filter of a point has variance 2·0.1·50 = 10 bins squared in each direction", () => {
  const point = new Float32Array(10_000);
  point[50 * 100 + 50] = 1;
  const filtered = heatFilter(point);
  let east = 0;
  let north = 0;
  for (let i = 0; i < 100; i++) {
    for (let j = 0; j < 100; j++) {
      const p = filtered[i * 100 + j]!;
      east += p * (i - 50) ** 2;
      north += p * (j - 50) ** 2;
    }
  }
  expect(total(filtered)).toBeCloseTo(1, 5);
  expect(east).toBeCloseTo(10, 3);
  expect(north).toBeCloseTo(10, 3);
  expect(heatWidth(8000)).toBeCloseTo(8000 * Math.sqrt(10), 6);
});

test("a point's filtered entropy is the papers' floor, ln(2πe·10)", () => {
  const point = new Float32Array(10_000);
  point[50 * 100 + 50] = 1;
  const floor = Math.log(2 * Math.PI * Math.E * 10);
  expect(Math.abs(entropy(heatFilter(point)) - floor)).toBeLessThan(0.01);
});

test("the filter is linear and keeps the edge at zero", () => {
  const random = makeRandom(1);
  const [a, b] = [0, 1].map(() => Float32Array.from({ length: 10_000 }, () => random.uniform()));
  const both = heatFilter(Float32Array.from(a!, (p, k) => p + b![k]!));
  const [fa, fb] = [heatFilter(a!), heatFilter(b!)];
  for (let k = 0; k < 10_000; k += 7) expect(both[k]).toBeCloseTo(fa[k]! + fb[k]!, 5);
  for (let j = 0; j < 100; j++) expect(both[j]).toBe(0);
});

test("the filter keeps its width in kilometres on coarser bins", () => {
  expect(heatSteps(8000)).toBe(50);
  expect(heatSteps(16_000)).toBe(13);
  expect(Math.abs(heatWidth(16_000) / heatWidth(8000) - 1)).toBeLessThan(0.03);
  expect(() => heatSteps(200_000)).toThrow("at most 80 km");
});

test("a box of 112 km on bins of 16 km holds half of the bins that its edge cuts", () => {
  const box = boxPdf(112e3, { n: 48, dx: 16e3 });
  expect(total(box)).toBeCloseTo(1, 6);
  const row = Array.from(box.subarray(23 * 48, 24 * 48), (share) => share * 49);
  const inside = [0.5, 1, 1, 1, 1, 1, 1, 0.5];
  expect(row.slice(20, 28).map((share) => share.toFixed(5))).toEqual(
    inside.map((s) => s.toFixed(5)),
  );
  expect(box.filter((share) => share > 0)).toHaveLength(64);
  expect(box[20 * 48 + 20]! * 49).toBeCloseTo(0.25, 5);
});

test("a box is uniform, centred and sums to one", () => {
  for (const side of [96_000, 112_000, 192_000]) {
    const box = boxPdf(side);
    const bins = side / 8000;
    expect(total(box)).toBeCloseTo(1, 5);
    expect(box.filter((p) => p > 0)).toHaveLength(bins ** 2);
    expect(box[49 * 100 + 49]).toBeCloseTo(1 / bins ** 2, 9);
  }
  expect(() => boxPdf(900_000)).toThrow("8000 to 800000 m");
  expect(() => boxPdf(4_000)).toThrow("one bin");
  expect(PAPER_GRID.n * PAPER_GRID.dx).toBe(800_000);
});
