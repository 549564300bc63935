import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  blockOf,
  coarseGrid,
  coarsen,
  domainFigure,
  follow2024,
  makeAlbum,
  makeImages,
  makeStudyOcean,
  openStudyOceans,
  PICARD_2024,
  plan2024,
  SURFACE,
  studyLattice,
  takeSnapshot,
  trapLattice,
} from "carbonbook/catchment";
import { displacement, makeTwinOcean } from "carbonbook/ocean";
import type { TaskInput } from "carbonbook/parallel";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "oceans-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files: string[][];
beforeAll(async () => {
  const size = { n: 64, spinUpN: 64, spinUpDays: 0, days: 3, outputHours: 24 };
  const [run] = await makeTwinOcean({ size, seeds: [1], folder });
  files = [[run!.path], [run!.path]];
});

test("model output takes the twin's place: traps 36 km apart in its middle, energies measured", async () => {
  const study = await openStudyOceans({ size: "quick", folder, files });
  expect(study.label).toMatch(/^file .*: model output, 16 km$/);
  const traps = studyLattice(study.oceans[0], { across: 2, depth: 1000 });
  const { grid } = study.oceans[0];
  const [a, b] = traps as { east: number; north: number }[];
  expect(b!.north - a!.north).toBe(36e3);
  expect(a!.east + 18e3).toBeCloseTo(
    (grid.positions.east[0]! + grid.positions.east.at(-1)!) / 2,
    3,
  );
  const { depths, eddyEnergy, meanEnergy, correlation } = study.profiles[1]!.profile;
  expect(depths).toEqual([0, 200, 400, 750, 1000, 1500, 2250, 3000]);
  expect(correlation.mean[0]).toBeCloseTo(1, 6);
  expect(correlation.mean.every((r) => Math.abs(r) <= 1)).toBe(true);
  for (const k of depths.keys()) {
    expect(eddyEnergy.mean[k]).toBeGreaterThanOrEqual(0);
    expect(meanEnergy.mean[k]).toBeGreaterThan(0);
  }
});

test("an experiment in model output is planned and followed from its files", async () => {
  const [ocean] = (await openStudyOceans({ size: "quick", folder, files })).oceans;
  const sizes = {
    ...{ size: "quick" as const, trainingWindows: 1, validationWindows: 1, windowSpacing: 14 },
    ...{ testWindows: 1, testAcross: 1, oceanFiles: files },
  };
  const plan = plan2024(sizes, ocean);
  expect(plan.map((planned) => planned.files)).toEqual([files[0], files[1], files[0]]);
  expect(plan[0]!.windows[0]! - ocean.times[0]!).toBe(42 * 86400);
  const none = { index: 0, count: 1, runFolder: folder, earlier: {}, report: () => undefined };
  const input = { ...none, parameters: { ...sizes }, signal: new AbortController().signal };
  await expect(follow2024(input as unknown as TaskInput)).rejects.toThrow(/time/);
});

test("one run, or a run without files, is refused with the remedy", async () => {
  const one = openStudyOceans({ size: "quick", folder, files: [files[0]!] });
  await expect(one).rejects.toThrow(/those of two runs.*split one long run in two/);
  const none = openStudyOceans({ size: "quick", folder, files: [files[0]!, []] });
  await expect(none).rejects.toThrow("2 runs of 1 and 0 files");
});

test("the papers' size follows the papers' experiment in model output, without a break", async () => {
  const sizes = {
    ...{ size: "paper" as const, trainingWindows: 239, validationWindows: 34, windowSpacing: 10 },
    ...{ testWindows: 190, testAcross: 6 },
  };
  const [ocean] = (await openStudyOceans({ size: "paper", folder, files })).oceans;
  const [train, test] = plan2024({ ...sizes, oceanFiles: files }, ocean);
  expect(train!.experiment).toBe(PICARD_2024);
  expect([train!.windows.length * 36, test!.windows.length * test!.traps.length]).toEqual([
    9828, 6840,
  ]);
  const days = Array.from(train!.windows, (end) => (end - ocean.times[0]!) / 86400);
  expect([days[0], days[1], days[239]! - days[238]!]).toEqual([72, 82, 110]);
  expect(test!.windows[1]! - test!.windows[0]!).toBe(10 * 86400);
});

test("the papers' size without model output is refused before anything is made", async () => {
  const refused = /oceanFiles: expected files of two runs.*own-model-output/;
  await expect(openStudyOceans({ size: "paper", folder })).rejects.toThrow(refused);
  const none = { index: 0, count: 2, runFolder: folder, earlier: {}, report: () => undefined };
  const input = (parameters: object) =>
    ({ ...none, parameters, signal: new AbortController().signal }) as unknown as TaskInput;
  await expect(makeStudyOcean(input({ size: "paper" }))).rejects.toThrow(refused);
  await expect(follow2024(input({ size: "paper" }))).rejects.toThrow(refused);
  expect(await makeStudyOcean(input({ size: "paper", oceanFiles: files }))).toBeNull();
});

test("images of a finer ocean are means over blocks of its cells", async () => {
  const { oceans } = await openStudyOceans({ size: "quick", folder, files });
  const ocean = oceans[0];
  const traps = studyLattice(ocean, { across: 1, depth: 1000 });
  const layout = { ...SURFACE, dates: [0], pdfChannels: 0 };
  const end = Float64Array.of(ocean.times[2]!);
  const fine = await makeAlbum(ocean, traps, end, layout);
  const coarse = await makeAlbum(ocean, traps, end, { ...layout, cell: 32e3 });
  const image = new Float32Array(5 * 8 * 8);
  makeImages(coarse, end, layout, 8).fill(0, image);
  const { ssh, nx } = [...fine.snapshots.values()][0]!;
  const { i, j } = coarse.cells[0]!;
  const corner = (2 * (j - 4) * nx + 2 * (i - 4)) as number;
  const mean = (ssh[corner]! + ssh[corner + 1]! + ssh[corner + nx]! + ssh[corner + nx + 1]!) / 4;
  expect(image[4 * 64]).toBeCloseTo(mean, 6);
  expect(Math.abs(2 * i + 0.5 - fine.cells[0]!.i)).toBeLessThanOrEqual(1);
});

test("a coarse grid has cells as wide as their blocks, where the blocks are", async () => {
  const { oceans } = await openStudyOceans({ size: "quick", folder, files });
  const { grid } = oceans[0];
  const coarse = coarseGrid(grid, 3);
  expect([coarse.nx, coarse.ny]).toEqual([Math.floor(grid.nx / 3), Math.floor(grid.ny / 3)]);
  expect(1 / coarse.pm[0]!).toBeCloseTo(48e3, 6);
  expect(coarse.positions.east[0]).toBeCloseTo(grid.positions.east[1]!, 6);
  expect(coarseGrid(grid, 1)).toBe(grid);
  const snapshot = await takeSnapshot(oceans[0], 0, [0, 500]);
  const { u, nx } = coarsen(snapshot, snapshot.nx);
  const whole = snapshot.u.subarray(0, snapshot.nx ** 2).reduce((a, b) => a + b) / snapshot.nx ** 2;
  expect(nx).toBe(1);
  expect(u[0]).toBeCloseTo(whole, 5);
});

test("cells that do not make an image's are refused", () => {
  expect(blockOf([1979, 1990], 8000)).toBe(4);
  expect(() => blockOf([1979], 5000)).toThrow("a whole number of the ocean's cells of 1979 m");
  expect(() => blockOf([1979], 1000)).toThrow("got 1000 m");
  expect(() => blockOf([1979, 2300], 8000)).toThrow("cells of 2300 m");
});

test("a lattice on the globe is as wide as one on the plane", () => {
  const centre = { longitude: -16.5, latitude: 49 };
  const traps = trapLattice(centre, { across: 2, spacing: 36e3, depth: 1000 });
  const [a, b, c] = traps.map((trap) =>
    "longitude" in trap ? { east: trap.longitude, north: trap.latitude } : trap,
  );
  const grid = { positions: { kind: "degrees" } } as Parameters<typeof displacement>[0];
  expect(displacement(grid, a!, b!).north).toBeCloseTo(36e3, 3);
  expect(displacement(grid, a!, c!).east / 36e3).toBeCloseTo(1, 2);
});

test("the opening figure says where the ocean is, in kilometres or in degrees", async () => {
  const study = await openStudyOceans({ size: "quick", folder, files });
  const { oceans } = study;
  const { grid } = oceans[0];
  const snapshot = await takeSnapshot(oceans[0], 0, [0]);
  const about = {
    id: "fig1",
    study: "picard2024",
    title: "Eddies",
    caption: "Vorticity.",
    dataLabel: study.label,
  };
  const plane = domainFigure(oceans[0], snapshot, {
    ...about,
    traps: studyLattice(oceans[0], { across: 2, depth: 1000 }),
    box: 400e3,
  });
  const globe = {
    ...grid,
    positions: {
      kind: "degrees" as const,
      east: grid.positions.east.map((e) => -20 + e / 80e3),
      north: grid.positions.north.map((n) => 45 + n / 111e3),
    },
  };
  const map = domainFigure({ grid: globe }, snapshot, {
    ...about,
    traps: trapLattice({ longitude: -14, latitude: 49 }, { across: 2, spacing: 36e3, depth: 1000 }),
    box: 400e3,
  });
  const labels = [plane, map].map((figure) => JSON.stringify(figure));
  expect(labels[0]).toContain("North (km)");
  expect(labels[1]).toContain("Latitude (°N)");
});
