import {
  experimentScene,
  meanDisplacement,
  rasterMap,
  rasterOf,
  sourceMap,
  sourceSentence,
  surfaceVelocity,
} from "carbonbook/catchment";
import { backtrack, releasePatch } from "carbonbook/lagrangian";
import { closedFormOcean, uniformFlow } from "carbonbook/ocean";
import { expect, test } from "vitest";

const ocean = closedFormOcean(uniformFlow(0.25, 0.5), {
  nx: 61,
  ny: 41,
  dx: 2000,
  heights: [-200, -100, 0],
});
const trap = { east: 100e3, north: 70e3, depth: 150 };
const tracks = await backtrack(ocean, releasePatch(ocean, trap, { side: 4000, across: 3 }), {
  sinkingSpeed: 150 / 86400,
  duration: 2 * 86400,
  levels: [75, 5],
});

test("in a uniform current the sources lie upstream by speed times rising time", () => {
  const rising = ((150 - 5) / 150) * 86400;
  const { east, north } = meanDisplacement(tracks.crossings[1]!);
  expect(east).toBeCloseTo(-0.25 * rising, 2);
  expect(north).toBeCloseTo(-0.5 * rising, 2);
  expect(sourceSentence(tracks)).toBe(
    "Particles caught at 150 m came from 47 km to the south-west on average",
  );
});

test("the map and the PDF are drawn with units, the trap and the data's name", async () => {
  const figure = sourceMap(tracks, {
    id: "sources",
    study: "test",
    caption: "Sources.",
    dataLabel: "closed form: uniform flow",
    trap,
    frame: await ocean.frame(0),
    grid: { n: 40, dx: 4000 },
    expected: { name: "by hand", east: -21e3, north: -42e3 },
  });
  const text = JSON.stringify(figure);
  for (const part of [
    "by hand",
    "East (km)",
    "Eastward (km)",
    "m s⁻¹",
    "trap",
    "closed form: uniform flow",
  ]) {
    expect(text).toContain(part);
  }
});

test("a scene says when and where particles crossed, and casts their shadow on the floor", async () => {
  const saved = await backtrack(ocean, releasePatch(ocean, trap, { side: 4000, across: 3 }), {
    ...{ sinkingSpeed: 150 / 86400, duration: 2 * 86400, levels: [75], saveEvery: 43200 },
  });
  const scene = experimentScene(saved, {
    ...{ id: "scene", study: "test", caption: "Paths.", dataLabel: "closed form", trap, paths: 9 },
  });
  expect(scene.title).toBe(
    "Particles caught at 150 m crossed 75 m 0.5 days earlier, 24 km to the south-west",
  );
  const shadow = (scene.data as { name: string; z: (number | null)[] }[])[0]!;
  expect(shadow.name).toBe("shadow on the floor");
  for (const z of shadow.z) if (z !== null) expect(z).toBeCloseTo(1.05 * 150, 6);
});

test("a raster shows each pixel's own cell, and nothing outside the grid", async () => {
  const map = rasterMap(ocean.grid, 61);
  const { speed } = surfaceVelocity(ocean, await ocean.frame(0));
  const { values } = rasterOf(ocean.grid, map, speed);
  expect(values).toHaveLength(61 * 41);
  for (const value of values) expect(value).toBeCloseTo(Math.hypot(0.25, 0.5), 6);
});
