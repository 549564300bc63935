import {
  categoryScale,
  colourAt,
  colourScale,
  luminance,
  PALETTES,
  type PaletteName,
} from "carbonbook/figures";
import { expect, test } from "vitest";

const names = Object.keys(PALETTES) as PaletteName[];
const diverging = ["balance", "delta", "curl"];

test.each(names.filter((name) => name !== "phase" && !diverging.includes(name)))(
  "%s gets steadily lighter or darker, so it can be read without colour",
  (name) => {
    const light = PALETTES[name].map(luminance);
    const steps = light.slice(1).map((v, i) => v - light[i]!);
    const sign = Math.sign(light.at(-1)! - light[0]!);
    expect(steps.filter((step) => step * sign < -0.004)).toEqual([]);
  },
);

test.each(diverging)("%s is lightest in the middle and dark at both ends", (name) => {
  const light = Array.from({ length: 41 }, (_, i) =>
    luminance(colourAt(name as PaletteName, i / 40)),
  );
  expect(light.indexOf(Math.max(...light))).toBeGreaterThan(16);
  expect(light.indexOf(Math.max(...light))).toBeLessThan(24);
  expect(Math.max(light[0]!, light[40]!)).toBeLessThan(0.05);
});

test("phase ends where it begins", () => {
  expect(colourAt("phase", 0)).toBe(colourAt("phase", 1));
});

test("values on both sides of zero get a scale that is symmetric about zero", () => {
  const scale = colourScale([-1, 3], { label: "ζ/f", units: "1" });
  expect([scale.min, scale.max]).toEqual([-3, 3]);
  expect(scale.stops[0]![1]).toBe(PALETTES.balance[0]);
});

test("values on one side of zero get a sequential scale over their own range", () => {
  const scale = colourScale([2, NaN, 5], { label: "T", units: "°C", palette: "thermal" });
  expect([scale.min, scale.max]).toEqual([2, 5]);
  expect(scale.stops.at(-1)![1]).toBe(PALETTES.thermal.at(-1));
});

test("clipping leaves out the same share at both ends", () => {
  const values = Float64Array.from({ length: 101 }, (_, i) => i);
  const scale = colourScale(values, { label: "", units: "", clip: 0.02 });
  expect([scale.min, scale.max]).toEqual([2, 98]);
});

test("no finite value is an error that says so", () => {
  expect(() => colourScale([NaN], { label: "", units: "" })).toThrow(/at least one finite number/);
});

test("a category's value is in the middle of its flat colour", () => {
  const scale = categoryScale("biome", [
    { value: 1, label: "a", colour: "#111111" },
    { value: 2, label: "b", colour: "#eeeeee" },
  ]);
  expect([scale.min, scale.max]).toEqual([0.5, 2.5]);
  expect(scale.stops).toEqual([
    [0, "#111111"],
    [0.5, "#111111"],
    [0.5, "#eeeeee"],
    [1, "#eeeeee"],
  ]);
  expect(() =>
    categoryScale("biome", [
      { value: 1, label: "a" },
      { value: 3, label: "b" },
    ]),
  ).toThrow(/consecutive integer values, got 1, 3/);
});
