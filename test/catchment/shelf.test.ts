import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  energiesOf,
  followShard,
  makeAlbum,
  makeImages,
  mapOf,
  mapsOfLevel,
  massCentre,
  neighbourLosses,
  openPdfs,
  openStudyOceans,
  plan2024,
  readPdfs,
  SURFACE,
  storeShards,
  studyLattice,
  surroundingsOf,
  takeSnapshot,
  writePdfs,
} from "carbonbook/catchment";
import { positionOf, turnOf } from "carbonbook/ocean";
import type { TaskInput } from "carbonbook/parallel";
import { afterAll, expect, test } from "vitest";
import { SHELF, writeShelf } from "./shelf.js";

const DAY = 86400;
const folder = mkdtempSync(join(tmpdir(), "shelf-"));
const files = [
  [await writeShelf(join(folder, "run1.nc"), 60)],
  [await writeShelf(join(folder, "run2.nc"), 60)],
];
const study = await openStudyOceans({ size: "quick", folder, files });
const [ocean] = study.oceans;
const { grid } = ocean;
afterAll(() => {
  for (const one of study.oceans) one.close();
  rmSync(folder, { recursive: true });
});

/** A named place over the basin, not the middle of the grid. */
const place = positionOf(grid, 26, 26);
const trapCentre = [place.east, place.north];
const plan = plan2024(
  {
    ...{ size: "quick", trainingWindows: 1, validationWindows: 1, windowSpacing: 14 },
    ...{ testWindows: 1, testAcross: 2, oceanFiles: files, trapCentre },
  },
  ocean,
);
const planned = plan[1]!;

test("traps stand around the place that is named, 36 km apart, in degrees", () => {
  const at = planned.traps.map((trap) => trap as { longitude: number; latitude: number });
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  expect(mean(at.map((trap) => trap.longitude))).toBeCloseTo(place.east, 9);
  expect(mean(at.map((trap) => trap.latitude))).toBeCloseTo(place.north, 9);
  expect(studyLattice(ocean, { across: 1, depth: 9 })[0]).not.toMatchObject({
    longitude: expect.closeTo(place.east, 3),
  });
  for (const centre of [[1], [1, 2, 3], [Number.NaN, 49]]) {
    const wrong = () => studyLattice(ocean, { across: 1, depth: 9, centre });
    expect(wrong).toThrow("trapCentre: expected two numbers, longitude and latitude");
  }
});

test("an experiment on longitudes and latitudes goes through its file to images beside a shelf", async () => {
  const signal = new AbortController().signal;
  const told = { parameters: {}, runFolder: folder, earlier: {}, signal, report: () => undefined };
  const input = { ...told, index: 0, count: 1 } as unknown as TaskInput;
  const shards = [await followShard([planned], input)];
  const path = join(folder, "pdfs.nc");
  const [stored] = await storeShards([planned], shards, [{ path, attributes: { title: "test" } }]);
  expect(stored!.traps).toEqual(planned.traps);
  expect(stored!.timeOrigin).toBe("1970");
  const pdfs = await readPdfs(path);
  const copy = join(folder, "copy.nc");
  await writePdfs(copy, pdfs, { title: "test" });
  expect(await readPdfs(copy)).toEqual(pdfs);
  // sixteen days northward at 3 cm/s; the filter moves no mass centre
  const filtered = mapOf(mapsOfLevel(pdfs.filtered, 8, 7, 48 * 48), 0);
  const bin = 16e3 / 2;
  expect(Math.abs(massCentre(filtered, pdfs.grid) - 16 * DAY * SHELF.north)).toBeLessThan(bin);
  const { distance, losses } = neighbourLosses(pdfs);
  expect(distance / 36e3).toBeCloseTo(1, 2);
  expect(losses).toHaveLength(4); // two pairs along each axis
  const { traps, windows } = await openPdfs(path);
  const album = await makeAlbum(ocean, traps, windows, { ...SURFACE, depths: [0, 1000] });
  const images = makeImages(album, windows, { ...SURFACE, depths: [1000] }, 48);
  const image = new Float32Array(28 * 48 * 48);
  images.fill(0, image);
  const [warm, north] = [image.subarray(0, 48 * 48), image.subarray(3 * 48 * 48, 4 * 48 * 48)];
  expect(warm[0]).toBe(SHELF.temperature); // the south-western corner
  expect(north[0]).toBeCloseTo(SHELF.north, 6);
  expect(warm[48 * 48 - 1]).toBe(0); // the shelf, in the ground at 1000 m
  const { seaLevel, okuboWeiss } = surroundingsOf(ocean, album, traps, windows);
  expect([...seaLevel]).toEqual([0, 0, 0, 0]);
  for (const value of okuboWeiss) expect(value).toBeCloseTo(0, 12);
});

test("energies are means over the water: those of the current, whatever the bottom does", async () => {
  const energy = (1e4 * SHELF.north ** 2) / 2;
  const end = Float64Array.of(ocean.times.at(-1)!);
  const { mean, eddy } = await energiesOf(ocean, planned.traps, end);
  for (const value of mean) expect(value / energy).toBeCloseTo(1, 5);
  for (const value of eddy) expect(value).toBeCloseTo(0, 6);
  const { depths, meanEnergy, correlation } = study.profiles[0]!.profile;
  expect(depths).toEqual([0, 200, 400, 750, 1000, 1500]);
  for (const value of meanEnergy.mean) expect((1e4 * value) / energy).toBeCloseTo(1, 5);
  for (const value of correlation.mean) expect(value).toBeCloseTo(1, 6);
});

test("the ground is 0, and a depth below every bottom is refused", async () => {
  const { v, nx } = await takeSnapshot(ocean, 0, [1000]);
  const row = v.subarray(20 * nx, 21 * nx);
  expect(row[SHELF.slope]).toBeCloseTo(SHELF.north, 6);
  expect([...row.subarray(SHELF.shelf)]).toEqual(new Array(nx - SHELF.shelf).fill(0));
  await expect(takeSnapshot(ocean, 0, [1501])).rejects.toThrow(
    "at most the deepest bottom's 1500 m",
  );
});

test("a grid whose axes are turned says by how much", () => {
  expect(study.label).toMatch(/model output, 16 km$/);
  const { nx, ny } = grid;
  const [cos, sin] = [Math.cos(Math.PI / 15), Math.sin(Math.PI / 15)];
  const map = (value: (i: number, j: number) => number) =>
    Float64Array.from({ length: nx * ny }, (_, o) => 16e3 * value(o % nx, Math.floor(o / nx)));
  const [east, north] = [map((i, j) => i * cos - j * sin), map((i, j) => i * sin + j * cos)];
  const turned = { ...grid, positions: { kind: "metres" as const, east, north } };
  expect(turnOf(turned, 20, 20)).toBeCloseTo(12, 9);
  expect(turnOf(grid, 20, 20)).toBeCloseTo(0, 9);
});
