import { clipRing, coast } from "carbonbook/figures";
import { expect, test } from "vitest";

const area = (ring: readonly (readonly [number, number])[]) =>
  Math.abs(
    ring.reduce((sum, [x, y], i) => {
      const [u, v] = ring[(i + 1) % ring.length]!;
      return sum + x * v - u * y;
    }, 0) / 2,
  );

test("clipping a diamond by a quarter leaves a quarter of its area", () => {
  const diamond = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ] as const;
  const kept = clipRing(diamond, { west: 0, east: 2, south: 0, north: 2 });
  expect(area(kept)).toBeCloseTo(0.5, 12);
});

test("the globe has as much land as maps of longitude and latitude show", () => {
  const globe = { west: -180, east: 180, south: -90, north: 90 };
  const [trace] = coast(globe, "110m").draw({
    colour: "",
    dash: "solid",
    symbol: "",
    coloraxis: "",
  }).traces;
  const [x, y] = [trace!.x, trace!.y] as (number | null)[][];
  let [sum, ring] = [0, [] as [number, number][]];
  for (const [i, lon] of x!.entries()) {
    if (lon !== null) ring.push([lon, y![i]!]);
    else {
      sum += area(ring);
      ring = [];
    }
  }
  // 33 to 36 % of a plate-carrée map is land: Antarctica counts for far more than its area
  expect(sum / (360 * 180)).toBeGreaterThan(0.33);
  expect(sum / (360 * 180)).toBeLessThan(0.36);
});

test("an open sea has no coast", () => {
  const sea = { west: -40, east: -30, south: 30, north: 35 };
  expect(coast(sea).draw({ colour: "", dash: "solid", symbol: "", coloraxis: "" }).traces).toEqual(
    [],
  );
});
