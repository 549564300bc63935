import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRandom } from "carbonbook/core";
import { open } from "carbonbook/io";
import {
  makeTwinOcean,
  openOcean,
  openTwin,
  TWIN_PHYSICS,
  TWIN_SIZES,
  twinCost,
  twinPath,
} from "carbonbook/ocean";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeFourier, makeSpectrum } from "../../lib/ocean/qg-fourier.js";
import { meanProduct } from "../../lib/ocean/qg-spectral.js";
import { makeWaves } from "../../lib/ocean/qg-waves.js";
import { makeTwinFields } from "../../lib/ocean/twin-fields.js";
import { TWIN_LEVELS, twinHeights } from "../../lib/ocean/twin-levels.js";
import { addBand, makeBand } from "../../lib/ocean/twin-noise.js";
import { twinRelief, twinSeason } from "../../lib/ocean/twin-physics.js";
import { makePlacement, shiftToCentre } from "../../lib/ocean/twin-placement.js";
import { runTwin } from "../../lib/ocean/twin-run.js";
import { startTwin, type TwinSimulation } from "../../lib/ocean/twin-simulation.js";

const DAY = 86400;
const tiny = { n: 64, spinUpN: 64, spinUpDays: 3, days: 2, outputHours: 12 };
const silent = { onProgress() {}, isCancelled: () => false };
const folder = mkdtempSync(join(tmpdir(), "twin-"));
const path = join(folder, "twin.nc");

beforeAll(() => runTwin({ seed: 5, size: tiny, path }, silent));
afterAll(() => rmSync(folder, { recursive: true }));

const digest = (simulation: TwinSimulation) => {
  const hash = createHash("sha256");
  for (const field of simulation.state) hash.update(field.re).update(field.im);
  return hash.digest("hex");
};

describe("a simulation", () => {
  const run = (seed: number) => {
    const simulation = startTwin(64, 5400, seed, -30 * DAY);
    simulation.advance(40);
    return simulation;
  };

  test("same seed, same bytes; another seed, another ocean", () => {
    const [once, twice, other] = [run(1), run(1), run(2)].map(digest);
    expect(once).toBe(twice);
    expect(once).not.toBe(other);
  });

  test("starts at the eddy energy to be expected", () => {
    const simulation = startTwin(64, 5400, 1, 0);
    const { model, state } = simulation;
    const psi = Array.from({ length: 7 }, () => makeSpectrum(64));
    model.streamfunctions(state, psi);
    const square = meanProduct(model.waves, psi[0]!, psi[0]!, model.waves.k2) / 2;
    const top = Math.exp(-75 / TWIN_PHYSICS.start.depth);
    expect(Math.sqrt(square)).toBeCloseTo(TWIN_PHYSICS.start.rms * top, 10);
  });

  test("is the same ocean after a lift to a finer grid", () => {
    const coarse = run(3);
    const fine = coarse.lift(128, 2700);
    const grids = [coarse, fine].map(({ model, state }) => {
      const grid = new Float64Array(model.waves.n ** 2);
      model.fourier.toGrid(state[1]!, makeSpectrum(model.waves.n), grid, grid.slice());
      return grid;
    });
    let worst = 0;
    for (let o = 0; o < 64 * 64; o++) {
      const there = 2 * Math.floor(o / 64) * 128 + 2 * (o % 64);
      worst = Math.max(worst, Math.abs(grids[0]![o]! - grids[1]![there]!));
    }
    expect(worst).toBeLessThan(1e-18); // q is about 1e-5 s⁻¹
    fine.advance(2);
    expect(fine.time()).toBe(coarse.time() + 5400);
  });

  test("refuses a step that is too long, naming the longest", () => {
    expect(() => startTwin(128, 5400, 1, 0)).toThrow(/at most 2820 s for speeds of 1.00 m\/s/);
  });
});

describe("forcing", () => {
  const waves = makeWaves(64, TWIN_PHYSICS.length);

  test("the bottom is the same on both sizes of grid, 100 m rms about its mean", () => {
    const coarse = twinRelief(waves, makeFourier(64));
    const fine = twinRelief(makeWaves(128, TWIN_PHYSICS.length), makeFourier(128));
    const square = coarse.reduce((sum, height) => sum + height * height, 0) / coarse.length;
    expect(Math.sqrt(square)).toBeCloseTo(100, 8);
    expect(coarse[64 * 5 + 7]).toBeCloseTo(fine[128 * 10 + 14]!, 10);
  });

  test("random fields have the variance they are asked for", () => {
    const band = makeBand(waves, (k) => (k < 5e-5 ? 1 : 0));
    const random = makeRandom(1);
    let sum = 0;
    for (let draw = 0; draw < 400; draw++) {
      const field = makeSpectrum(64);
      addBand(band, 2, random, field);
      sum += meanProduct(waves, field, field) / 400;
    }
    expect(sum / 4).toBeCloseTo(1, 1); // standard error 0.005
  });

  test("the shear is strongest in winter by the amplitude of the season", () => {
    const { amplitude, peak } = TWIN_PHYSICS.season;
    expect(twinSeason(peak * DAY)).toBe(1 + amplitude);
    expect(twinSeason((peak + 365.25 / 2) * DAY)).toBeCloseTo(1 - amplitude, 12);
  });
});

test("continuity on the C-grid returns the quasi-geostrophic w to 1e-6", () => {
  const n = 64;
  const simulation = startTwin(n, 5400, 1, 0);
  simulation.advance(60);
  const { model } = simulation;
  const fields = makeTwinFields(model);
  fields.take(simulation);
  const place = makePlacement(model.waves);
  const heights = twinHeights();
  const grid = () => new Float64Array(n * n);
  const [u, v, own, w] = [grid(), grid(), grid(), grid()];
  const spectrum = makeSpectrum(n);
  let worst = 0;
  let largest = 0;
  for (let k = 0; k < TWIN_LEVELS; k++) {
    fields.velocity(k, u, v);
    const ratio = (heights.w[k + 1]! - heights.w[k]!) / place.dx;
    for (let o = 0; o < n * n; o++) {
      const west = o % n === 0 ? o + n - 1 : o - 1;
      const south = (o - n + n * n) % (n * n);
      own[o] = own[o]! - ratio * (u[o]! - u[west]! + v[o]! - v[south]!);
    }
    fields.interior.upward(heights.w[k + 1]!, spectrum);
    shiftToCentre(place, spectrum);
    model.fourier.toGrid(spectrum, makeSpectrum(n), w, grid());
    for (let o = 0; o < n * n; o++) {
      worst = Math.max(worst, Math.abs(own[o]! - w[o]!));
      largest = Math.max(largest, Math.abs(w[o]!));
    }
  }
  expect(largest * DAY).toBeGreaterThan(10); // metres a day
  expect(worst / largest).toBeLessThan(1e-6); // ran: 1e-14
});

describe("a file", () => {
  test("is a CROCO file whose rim repeats the opposite side", async () => {
    const ocean = await openOcean(path);
    expect([ocean.grid.nx, ocean.grid.ny, ocean.vertical.sRho.length]).toEqual([66, 66, 16]);
    expect(ocean.timeOrigin).toBe("1970");
    expect([...ocean.times].map((t) => (t - 978307200) / 3600)).toEqual([0, 12, 24, 36, 48]);
    const { u, zeta } = await ocean.frame(2);
    const row = (field: { data: Float32Array }, width: number, j: number) =>
      field.data.subarray(j * width, (j + 1) * width);
    expect(row(zeta, 66, 0)).toEqual(row(zeta, 66, 64));
    expect(row(u, 65, 3)[0]).toBe(row(u, 65, 3)[64]);
    ocean.close();
  });

  test("opens as an ocean that goes on beyond its square", async () => {
    const [ocean, file] = [await openTwin(path), await openOcean(path)];
    expect([ocean.kind, ocean.grid.nx]).toEqual(["twin", 130]);
    expect(ocean.grid.positions.east[33]).toBe(8000); // the square's first cell
    const [wide, own] = [await ocean.frame(1), await file.frame(1)];
    const level = 9;
    for (const [i, cell] of [
      [0, 32],
      [1, 33],
      [40, 8],
      [64, 32],
      [129, 33],
    ] as const) {
      const at = (level * 130 + 50) * 130 + i;
      expect(wide.omega.data[at]).toBe(own.omega.data[(level * 66 + 18) * 66 + cell]);
    }
    const temperature = await ocean.tracer("temp", 1);
    expect(temperature.data[0]).toBe((await file.tracer("temp", 1)).data[32 * 66 + 32]);
    ocean.close();
    file.close();
  });

  test("gives ω within 1e-7 m/s of the w that made it", async () => {
    const simulation = startTwin(64, 5400, 5, -3 * DAY);
    simulation.advance(3 * 16);
    const fields = makeTwinFields(simulation.model);
    fields.take(simulation);
    const ocean = await openTwin(path, { margin: 0 });
    const { omega } = await ocean.frame(0);
    ocean.close();
    const [w, place] = [makeSpectrum(64), makePlacement(simulation.model.waves)];
    const level = 8;
    fields.interior.upward(twinHeights().w[level]!, w);
    shiftToCentre(place, w);
    const grid = new Float64Array(64 * 64);
    simulation.model.fourier.toGrid(w, makeSpectrum(64), grid, grid.slice());
    let [worst, square] = [0, 0];
    for (let o = 0; o < grid.length; o++) {
      const cell = (level * 66 + (Math.floor(o / 64) || 64)) * 66 + (o % 64 || 64);
      worst = Math.max(worst, Math.abs(omega.data[cell]! - grid[o]!));
      square += grid[o]! ** 2 / grid.length;
    }
    expect(Math.sqrt(square) * DAY).toBeGreaterThan(2);
    expect(worst).toBeLessThan(1e-7); // ran: 5e-8, which is the motion of the free surface
  });

  test("a file that does not wrap around is refused", async () => {
    const { writeNetcdf } = await import("carbonbook/io");
    const other = join(folder, "other.nc");
    await writeNetcdf(other, {
      dimensions: { x: 2 },
      variables: { x: { dimensions: ["x"], data: [0, 1] } },
    });
    await expect(openTwin(other)).rejects.toThrow('attribute periodic: expected "xi eta"');
    await expect(openTwin(path, { margin: -1 })).rejects.toThrow(
      "margin: expected 0 or more cells",
    );
  });
});

describe("making", () => {
  test("says beforehand what a size costs", async () => {
    const cost = twinCost(TWIN_SIZES.quick);
    expect(cost).toMatchObject({ records: 1201, steps: 16800 });
    expect(cost.seconds).toBeLessThan(60);
    const dataset = await open(path);
    const bytes = ["u", "v", "temp", "zeta"].reduce(
      (sum, name) => sum + 4 * dataset.variable(name).shape.reduce((a, b) => a * b, 1),
      0,
    );
    dataset.close();
    expect(twinCost(tiny).bytes / bytes).toBeCloseTo(1, 1);
  });

  test.each([
    { change: { n: 48 }, says: "twin size n: expected a power of two, at least 64, got 48" },
    { change: { spinUpN: 128 }, says: "twin size spinUpN: expected at most n = 64" },
    { change: { n: 128 }, says: "twin size spinUpDays: expected 20 or more, got 3" },
    { change: { days: 0 }, says: "twin size days: expected above 0, got 0" },
    { change: { dt: 5000 }, says: "twin size dt: expected a divisor of 43200 s, got 5000" },
    { change: { dt: 21600 }, says: "time step dt: expected above 0 and at most 5641 s" },
  ])("refuses $change before anything is made", async ({ change, says }) => {
    const target = join(folder, "refused");
    const made = makeTwinOcean({ seeds: [1], folder: target, size: { ...tiny, ...change } });
    await expect(made).rejects.toThrow(says);
    expect(existsSync(target)).toBe(false);
  });

  test.each([
    {
      change: { size: "huge" as "quick" },
      says: 'twin size: expected quick, workshop, got "huge"',
    },
    { change: { seeds: [1, 1] }, says: "seeds: expected different whole numbers, got 1, 1" },
    { change: { threads: 0 }, says: "threads: expected 1 or more, got 0" },
  ])("refuses $change", async ({ change, says }) => {
    const made = makeTwinOcean({ seeds: [1], folder, size: tiny, ...change });
    await expect(made).rejects.toThrow(says);
  });

  test("a run that is cancelled leaves no file", async () => {
    const gone = { seed: 1, size: tiny, path: join(folder, "gone.nc") };
    const run = runTwin(gone, { onProgress() {}, isCancelled: () => true });
    await expect(run).rejects.toThrow("cancelled");
    expect(readdirSync(folder).filter((name) => name.startsWith("gone"))).toEqual([]);
  });

  const built = existsSync(new URL("../../lib/dist/ocean/twin-worker.js", import.meta.url));
  test.skipIf(!built)("an abort ends the threads and leaves no file", async () => {
    const controller = new AbortController();
    const target = join(folder, "aborted");
    const made = makeTwinOcean({
      seeds: [1, 2],
      size: { ...tiny, days: 500 },
      folder: target,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(made).rejects.toThrow("aborted");
    await expect.poll(() => readdirSync(target), { timeout: 30_000 }).toEqual([]);
  });

  test.skipIf(!built)("threads change nothing, and a file that is there is opened", async () => {
    const options = { seeds: [5, 6], size: tiny, folder };
    const days: number[] = [];
    const made = await makeTwinOcean({ ...options, onProgress: (done) => days.push(done) });
    expect(made.map((run) => run.cached)).toEqual([false, false]);
    expect(made[0]!.path).toBe(twinPath(folder, 5, tiny));
    expect(days.at(-1)).toBe(10);
    const [here, there] = [await openOcean(path), await openOcean(made[0]!.path)];
    const [one, other] = [await here.frame(4), await there.frame(4)];
    expect(one.u.data).toEqual(other.u.data);
    here.close();
    there.close();
    const again = await makeTwinOcean({ ...options, threads: 1 });
    expect(again.map((run) => run.cached)).toEqual([true, true]);
    expect(again[1]!.profile).toEqual(made[1]!.profile);
  });
});
