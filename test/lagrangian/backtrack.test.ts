import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, writeNetcdf } from "carbonbook/io";
import {
  backtrack,
  createTrackFile,
  originMap,
  releasePatch,
  tracksToNetcdf,
} from "carbonbook/lagrangian";
import {
  bilinear,
  closedFormOcean,
  mapAt,
  openOcean,
  peninsula,
  uniformFlow,
} from "carbonbook/ocean";
import { afterAll, describe, expect, test } from "vitest";

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "data";
const nordic = `${mirror}/ocean-model/roms_nordic/Nordic_subset.nc`;
const croco = `${mirror}/ocean-model/croco_idealized/CROCO_idealized.nc`;
const folder = mkdtempSync(join(tmpdir(), "carbonbook-tracks-"));
const DAY = 86400;
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!existsSync(nordic))(`real currents (${nordic})`, () => {
  const trap = { longitude: 13.3, latitude: 67.35, depth: 180 };
  const options = { sinkingSpeed: 100 / DAY, duration: 2 * DAY, levels: [100, 50, 30] };

  test("a patch backtracked from a trap rises through every level and says so in a file", async () => {
    const ocean = await openOcean(nordic);
    const release = releasePatch(ocean, trap, { side: 4000, across: 6 });
    const tracks = await backtrack(ocean, release, options);
    expect(tracks.ends).toEqual({ "crossed every level": 36 });
    for (const crossing of tracks.crossings) {
      expect(crossing.reached).toBe(36);
      const mean = crossing.age.reduce((sum, age) => sum + age / 36, 0);
      expect(mean / DAY).toBeCloseTo((180 - crossing.level) / 100, 0);
    }
    const map = originMap(tracks.origin, 2000, 40000);
    expect(map.density.reduce((sum, d) => sum + d, 0)).toBeCloseTo(1 - map.outside / 36, 12);
    const path = join(folder, "tracks.nc");
    await writeNetcdf(path, tracksToNetcdf(tracks, { title: "test" }));
    const file = await open(path);
    expect((await file.variable("at_50m_east").read()).data).toEqual(tracks.crossings[1]!.east);
    expect(file.variable("release_time").units).toMatch(/^seconds since 1970/);
    file.close();
    const surface = await mapAt(ocean, "speed", 0, 2);
    expect(surface.shape).toEqual([21, 31]);
    ocean.close();
  });

  test("releases on land, outside, in the ground or out of time are refused", async () => {
    const ocean = await openOcean(nordic);
    const patch = { side: 0, across: 1 };
    const release = (change: object, times?: number[]) =>
      releasePatch(ocean, { ...trap, ...change }, times ? { ...patch, times } : patch);
    expect(() => release({ latitude: 60 })).toThrow(/outside/);
    expect(() => release({ longitude: 14.2, latitude: 67.1 })).toThrow(/land/);
    expect(() => release({ depth: 5000 })).toThrow(/above the bottom/);
    await expect(backtrack(ocean, release({}, [0]), options)).rejects.toThrow(/release time/);
    ocean.close();
  });
});

describe.skipIf(!existsSync(croco))(`a sloping bottom (${croco})`, () => {
  test("1 m/s carries a particle 10 km along its terrain-following level", async () => {
    const ocean = await openOcean(croco);
    const release = releasePatch(
      ocean,
      [10, 130].map((depth) => ({ east: 80e3, north: 100e3, depth })),
      { side: 0, across: 1, times: [0] },
    );
    const { origin } = await backtrack(ocean, release, { duration: 1e4, direction: "forward" });
    expect(origin.eastward[0]! / 1e4).toBeCloseTo(1, 6);
    expect(origin.eastward[1]! / 1e4).toBeCloseTo(1, 6);
    const bottom = (x: number) => bilinear(ocean.grid, ocean.grid.h, x, origin.y[1]!);
    const relative = (130 / bottom(release.x[1]!)) * bottom(origin.x[1]!);
    expect(Math.abs(origin.depth[1]! - relative)).toBeLessThan(2);
    ocean.close();
  });
});

describe("levels", () => {
  test.each([3600, 7200])("that lie where spans end are crossed, steps of %i s", async (dt) => {
    const times = Array.from({ length: 17 }, (_, n) => (n * DAY) / 2);
    const heights = Array.from({ length: 18 }, (_, k) => 4000 * (k / 17 - 1));
    const ocean = closedFormOcean(uniformFlow(0.01, 0.02), {
      ...{ nx: 12, ny: 12, dx: 8000, times, heights },
    });
    const trap = { east: 45e3, north: 45e3, depth: 1000 };
    for (const perDay of [100, 200, 300]) {
      const release = releasePatch(ocean, trap, { side: 0, across: 1, times: [8 * DAY, 7 * DAY] });
      const levels = [1, 2, 3, 4, 5].map((n) => 1000 - (n * perDay) / 2);
      const options = { sinkingSpeed: perDay / DAY, duration: 5 * DAY, timeStep: dt, levels };
      const { crossings, ends } = await backtrack(ocean, release, options);
      expect(ends).toEqual({ "crossed every level": 2 });
      for (const [n, { age }] of crossings.entries()) {
        for (const a of age) expect(a / DAY).toBeCloseTo((n + 1) / 2, 9);
      }
    }
  });
});

describe("edges", () => {
  test("a particle that leaves the grid ends on its edge and says so", async () => {
    const ocean = closedFormOcean(uniformFlow(1, 0), { nx: 12, ny: 12, dx: 1000 });
    const trap = { east: 5000, north: 5000, depth: 50 };
    const release = releasePatch(ocean, trap, { side: 0, across: 1, times: [0] });
    const { ends, origin } = await backtrack(ocean, release, { duration: DAY });
    expect(ends).toEqual({ "left the grid": 1 });
    expect(origin.east[0]).toBeCloseTo(500, 6);
    expect(origin.age[0]).toBeCloseTo(4500, 2);
  });

  test("no particle runs aground on the peninsula", async () => {
    const ocean = closedFormOcean(peninsula(), { nx: 101, ny: 51, dx: 1000 });
    const traps = Array.from({ length: 40 }, (_, n) => ({
      east: 3000,
      north: 700 + 150 * n,
      depth: 50,
    }));
    const release = releasePatch(ocean, traps, { side: 0, across: 1, times: [0] });
    const options = { duration: 10 * DAY, direction: "forward" } as const;
    const { ends } = await backtrack(ocean, release, options);
    expect(ends).toEqual({ "left the grid": 40 });
  });
});

describe("positions at save times", () => {
  test("go into a file as they come, missing before the release", async () => {
    const ocean = closedFormOcean(uniformFlow(0.5, 0.25), { nx: 12, ny: 12, dx: 1000 });
    const trap = { east: 8000, north: 8000, depth: 50 };
    const release = releasePatch(ocean, trap, { side: 0, across: 1, times: [0, -600] });
    const path = join(folder, "positions.nc");
    const file = await createTrackFile(path, ocean, release.count);
    const options = { duration: 3600, saveEvery: 600, onSave: file.onSave };
    const { saved } = await backtrack(ocean, release, options);
    file.close();
    expect(saved).toEqual([]);
    const written = await open(path);
    const east = await written.variable("east").read();
    const times = (await written.variable("time").read()).data;
    written.close();
    expect([...times]).toEqual([0, -600, -1200, -1800, -2400, -3000, -3600, -4200]);
    expect(east.shape).toEqual([8, 2]);
    const [first, second] = [0, 1].map((p) => [...times].map((_, n) => east.data[2 * n + p]!));
    const expected = [8000, 7700, 7400, 7100, 6800, 6500, 6200, 6200];
    for (const [n, x] of expected.entries()) expect(first![n]).toBeCloseTo(x, 2);
    expect(second![0]).toBeNaN();
    for (const [n, x] of expected.slice(0, 7).entries()) expect(second![n + 1]).toBeCloseTo(x, 2);
  });

  test("a full disk is named, and no part of the file stays", () => {
    const script = `
      import { backtrack, createTrackFile, releasePatch } from "carbonbook/lagrangian";
      import { closedFormOcean, uniformFlow } from "carbonbook/ocean";
      const ocean = closedFormOcean(uniformFlow(0, 0), { nx: 12, ny: 12, dx: 1000 });
      const trap = { east: 5000, north: 5000, depth: 50 };
      const release = releasePatch(ocean, trap, { side: 100, across: 300, times: [0] });
      const file = await createTrackFile(process.argv[1], ocean, release.count);
      try {
        await backtrack(ocean, release, { duration: 60, saveEvery: 20, onSave: file.onSave });
        file.close();
      } catch (error) {
        file.abort();
        console.log(error.name, error.message);
      }`;
    const path = join(folder, "full.nc");
    const command = 'ulimit -f 1000; exec "$0" --input-type=module -e "$1" "$2"'; // a megabyte
    const said = execFileSync("bash", ["-c", command, process.execPath, script, path], {
      encoding: "utf8",
    });
    expect(said).toMatch(/^BusyError .*full\.nc.*expected room on the disk, got EFBIG; free/);
    expect(readdirSync(folder).filter((name) => name.startsWith("full"))).toEqual([]);
  });

  test("a run can be stopped between two frames", async () => {
    const ocean = closedFormOcean(uniformFlow(0, 0), { nx: 12, ny: 12, dx: 1000 });
    const trap = { east: 8000, north: 8000, depth: 50 };
    const release = releasePatch(ocean, trap, { side: 0, across: 1, times: [0] });
    const stop = new AbortController();
    const seen: number[] = [];
    const run = backtrack(ocean, release, {
      ...{ duration: 3600, saveEvery: 600, signal: stop.signal },
      onProgress: (done) => {
        seen.push(done);
        if (done === 2) stop.abort();
      },
    });
    await expect(run).rejects.toThrow(/abort/i);
    expect(seen).toEqual([1, 2]);
  });
});
