import { makeRandom } from "carbonbook/core";
import {
  boxes,
  countBins,
  countHexagons,
  figure,
  renderSvg,
  summariseBox,
} from "carbonbook/figures";
import { expect, test } from "vitest";

test("every value in range falls in one bin, its upper edge in the last", () => {
  const { counts, centres } = countBins([0, 0.5, 1, 2, 2.1, NaN], [0, 2], 2);
  expect([...counts]).toEqual([2, 2]);
  expect([...centres]).toEqual([0.5, 1.5]);
});

test("the five numbers of a box agree with numpy's percentiles", () => {
  // numpy.percentile([1, 2, 4, 8, 16, 100], [25, 50, 75]) = [2.5, 6, 14]
  expect(summariseBox([100, 2, 4, 1, 16, 8, NaN])).toEqual({
    q1: 2.5,
    median: 6,
    q3: 14,
    low: 1,
    high: 16,
    mean: 131 / 6,
  });
});

test("boxes stand on their marks, whatever other panels of the page hold", async () => {
  const box = (name: string) => boxes({ name, groups: [{ label: "80", values: [1, 2, 3] }] });
  const panel = (names: readonly string[]) => ({
    x: { label: "x", units: "", kind: "category" as const },
    y: { label: "y", units: "1" },
    layers: names.map(box),
  });
  const facts = { id: "boxes", study: "test", title: "t", caption: "c", dataLabel: "schematic" };
  const panels = [panel(["a", "b"]), panel(["a"]), panel(["c"])];
  const svg = await renderSvg(figure({ ...facts, panels, columns: 3 }));
  const drawn = [...svg.matchAll(/class="box"[^>]*d="M([\d.]+),[\d.]+H([\d.]+)/g)];
  expect(drawn).toHaveLength(4);
  const [first, second, third, fourth] = drawn.map(
    ([, from, to]) => (Number(from) + Number(to)) / 2,
  );
  expect(second!).toBeGreaterThan(first!);
  expect((first! + second!) / 2).toBeCloseTo(third!, 1);
  expect(fourth!).toBeCloseTo(third!, 1);
});

test("each point is counted in the hexagon whose centre is nearest", () => {
  const random = makeRandom(7);
  const x = Float64Array.from({ length: 500 }, () => random.uniform());
  const y = Float64Array.from({ length: 500 }, () => random.uniform());
  const cells = countHexagons({ x, y, xRange: [0, 1], yRange: [0, 1], across: 10 });
  expect(cells.reduce((sum, cell) => sum + cell.count, 0)).toBe(500);
  const [dx, dy] = [0.1, 1 / 11];
  const far = (i: number, c: { x: number; y: number }) =>
    ((x[i]! - c.x) / dx) ** 2 + (((y[i]! - c.y) / dy) ** 2 * 3) / 4;
  const nearest = new Map(cells.map((cell) => [cell, 0]));
  for (let i = 0; i < 500; i++) {
    const best = cells.reduce((a, b) => (far(i, b) < far(i, a) ? b : a));
    nearest.set(best, nearest.get(best)! + 1);
  }
  for (const cell of cells) expect(nearest.get(cell)).toBe(cell.count);
});
