import { path3d, points3d, renderSvg, sceneFigure, surface } from "carbonbook/figures";
import { expect, test } from "vitest";
import { makeFrame } from "../../lib/figures/scene-frame.js";
import { farToNear, type ScenePiece, scenePieces } from "../../lib/figures/scene-pieces.js";
import { stillOf } from "../../lib/figures/scene-still.js";
import { makeView, roundTicks } from "../../lib/figures/scene-view.js";

const axis = (label: string, units: string, range: readonly [number, number]) => ({
  label,
  units,
  range,
});
const side = [-1, 0, 1];

const demo = () =>
  sceneFigure({
    id: "scene",
    study: "tests",
    title: "Paths sink",
    caption: "Two paths under a map.",
    dataLabel: "closed form",
    x: axis("East", "km", [-1, 1]),
    y: axis("North", "km", [-1, 1]),
    z: { ...axis("Depth", "m", [0, 100]), direction: "down" },
    layers: [
      surface({
        x: side,
        y: side,
        z: 0,
        value: [0, 1, 2, 3, 4, 5, 6, 7, Number.NaN],
        scale: { label: "Height", units: "m" },
      }),
      path3d({
        x: [0, 0.5, Number.NaN, 0, -0.5],
        y: [0, 0.5, Number.NaN, 0, -5],
        z: [100, 50, Number.NaN, 100, 50],
        value: [0, 1, Number.NaN, 0, 1],
        scale: { label: "Age", units: "d", palette: "haline" },
        name: "path",
      }),
      points3d({ x: [0], y: [0], z: [100], name: "trap", colour: "#ffd400", symbol: "diamond" }),
    ],
  });

test("a camera keeps lengths across the view and looks along its own direction", () => {
  for (const [azimuth, elevation] of [
    [-125, 25],
    [40, -10],
    [0, 0],
  ] as const) {
    const view = makeView({ azimuth, elevation });
    expect(
      view
        .project(view.eye)
        .map(Math.abs)
        .every((v) => v < 1e-12),
    ).toBe(true);
    expect(view.nearness(view.eye)).toBeCloseTo(1, 12);
    for (const place of [
      [1, 2, 3],
      [-2, 0.5, 1],
    ] as const) {
      const [x, y] = view.project(place);
      expect(x ** 2 + y ** 2 + view.nearness(place) ** 2).toBeCloseTo(
        place.reduce((sum, c) => sum + c * c, 0),
        10,
      );
    }
  }
});

test("from the south, east is at the right and up is up", () => {
  const view = makeView({ azimuth: -90, elevation: 0 });
  expect(view.project([1, 0, 0])[0]).toBeCloseTo(1, 12);
  expect(view.project([0, 0, 1])[1]).toBeCloseTo(-1, 12);
});

test.each([
  { range: [0, 1000] as const, ticks: [0, 200, 400, 600, 800, 1000] },
  { range: [1000, 0] as const, ticks: [0, 200, 400, 600, 800, 1000] },
  { range: [-0.25, 0.3] as const, ticks: [-0.2, -0.1, 0, 0.1, 0.2, 0.3] },
])("marks of $range are round", ({ range, ticks }) => {
  expect(roundTicks(range)).toEqual(ticks);
});

test("the whole box lies within its part of the page, small depths on top", () => {
  const frame = makeFrame(demo());
  for (const x of [-1, 1]) {
    for (const y of [-1, 1]) {
      for (const z of [0, 100]) {
        const [px, py] = frame.toPixel(frame.place([x, y, z]));
        expect(px).toBeGreaterThan(0);
        expect(px).toBeLessThan(frame.width);
        expect(py).toBeGreaterThan(0);
        expect(py).toBeLessThan(frame.height);
      }
    }
  }
  const height = (z: number) => frame.toPixel(frame.place([0, 0, z]))[1];
  expect(height(0)).toBeLessThan(height(100));
});

test("gaps, holes and what leaves the box are not painted", () => {
  const made = demo();
  const kinds = made.data.map(
    (trace) => scenePieces({ ...made, data: [trace] }, makeFrame(made)).length,
  );
  // the sheet, which is clear, is one piece; one of two segments ends outside; one point
  expect(kinds).toEqual([1, 1, 1]);
});

test("what lies under a clear sheet is painted before it, and what lies over it after", () => {
  const paint = () => undefined;
  const sheet: ScenePiece = { nearness: 0, height: 0, parts: "heights", paint };
  const under: ScenePiece = { nearness: 5, height: -1, paint };
  const over: ScenePiece = { nearness: -5, height: 1, paint };
  const frame = makeFrame(demo());
  expect(farToNear([over, sheet, under], frame)).toEqual([under, sheet, over]);
});

test("the still figure has the scene's title, marks, legend and both colour bars", async () => {
  const svg = await renderSvg(demo());
  for (const words of [
    "Paths sink",
    "Depth (m)",
    "East (km)",
    "path",
    "trap",
    "Age (d)",
    "Height (m)",
  ]) {
    expect(svg).toContain(words);
  }
  expect(svg).not.toContain("NaN");
  expect(stillOf(demo()).data.every((trace) => trace.type === "scatter")).toBe(true);
});
