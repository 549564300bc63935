import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Core,
  checkCores,
  coreProfile,
  coreStock,
  coresOfProfiles,
  forceProfiles,
  isInside,
  pickCores,
  readCores,
  readSources,
  screenProfiles,
} from "carbonbook/soc";
import { expect, test } from "vitest";

const library = join(process.env.CARBONBOOK_DATA_MIRROR ?? "", "soil/ccrcn");

const layer = { top: 0, bottom: 0.3, bulkDensity: 0.5, carbonFraction: 0.1 };
const core: Core = {
  id: "A",
  longitude: -80,
  latitude: 35,
  layers: [layer, { ...layer, top: 0.3, bottom: 1, carbonFraction: 0.05 }],
};

test("a stock is the sum over layers, with partial ones", () => {
  expect(coreStock(core, 0.3)).toBeCloseTo(0.3 * 50, 12);
  expect(coreStock(core, 1)).toBeCloseTo(0.3 * 50 + 0.7 * 25, 12);
  expect(coreStock(core, 0.5)).toBeCloseTo(0.3 * 50 + 0.2 * 25, 12);
});

test("a gap takes the mean of its neighbours; beyond the core there is no stock", () => {
  const gap = { ...core, layers: [layer, { ...layer, top: 0.5, bottom: 1, carbonFraction: 0.05 }] };
  expect(coreStock(gap, 1)).toBeCloseTo(0.3 * 50 + 0.2 * 37.5 + 0.5 * 25, 12);
  expect(coreStock(core, 1.5)).toBeNaN();
  expect(() => coreStock(core, 0)).toThrow("depth");
});

test.each([
  { fault: "no position", change: { latitude: Number.NaN } },
  { fault: "missing depth", change: { layers: [{ ...layer, bottom: Number.NaN }] } },
  { fault: "missing bulk density", change: { layers: [{ ...layer, bulkDensity: Number.NaN }] } },
  { fault: "missing carbon", change: { layers: [{ ...layer, carbonFraction: Number.NaN }] } },
  { fault: "negative value", change: { layers: [{ ...layer, bulkDensity: -1 }] } },
  { fault: "carbon above 1", change: { layers: [{ ...layer, carbonFraction: 34 }] } },
  { fault: "layer without thickness", change: { layers: [{ ...layer, bottom: 0 }] } },
  { fault: "overlapping layers", change: { layers: [layer, { ...layer, top: 0.2, bottom: 1 }] } },
])("a core with the fault “$fault” is masked by its id", ({ fault, change }) => {
  const { kept, masked } = checkCores([core, { ...core, ...change, id: "B" }]);
  expect(kept.map(({ id }) => id)).toEqual(["A"]);
  expect([...masked]).toEqual([[fault, ["B"]]]);
});

test("a core becomes a profile of mid-depths and densities", () => {
  const profile = coreProfile(core);
  expect([...profile.depth]).toEqual([0.15, 0.65]);
  expect([...profile.carbon].map(Math.round)).toEqual([50_000, 25_000]);
});

test("profiles written as cores have their carbon and no fault", () => {
  const depth = Float64Array.of(0.1, 0.3, 0.8);
  const carbon = Float64Array.of(40_000, 20_000, 5000);
  const [made] = coresOfProfiles([{ id: "P", longitude: -90, latitude: 40, depth, carbon }]);
  expect(checkCores([made!]).masked.size).toBe(0);
  expect(coreStock(made!, 0.2)).toBeCloseTo(8, 10);
  expect(made!.layers.map(({ bottom }) => bottom.toFixed(2))).toEqual(["0.20", "0.55", "1.05"]);
  expect([...coreProfile(made!).carbon].map(Math.round)).toEqual([...carbon]);
});

test("tables with either name of the depths are read, in cm", () => {
  const folder = mkdtempSync(join(tmpdir(), "cores-"));
  try {
    const depths = join(folder, "d.csv");
    const cores = join(folder, "c.csv");
    writeFileSync(cores, "core_id,longitude,latitude\nA,-80,35\n");
    writeFileSync(
      depths,
      "core_id,representative_depth_min,representative_depth_max,dry_bulk_density,fraction_carbon\n" +
        "A,30,100,0.5,0.05\nA,0,30,0.5,NA\nC,0,10,1,0.1\n",
    );
    const read = readCores(depths, cores);
    expect(read.map(({ id }) => id)).toEqual(["A", "C"]);
    expect(read[0]!.layers.map(({ top }) => top)).toEqual([0, 0.3]);
    expect([...checkCores(read).masked]).toEqual([
      ["missing carbon", ["A"]],
      ["no position", ["C"]],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(!existsSync(library))(
  "the national wetland survey: counts by reason, stocks in range",
  () => {
    const [survey] = readSources(library, ["Nahlik_Fennessy_2016"]);
    const { kept, masked } = checkCores(survey!.cores);
    const counts = Object.fromEntries([...masked].map(([fault, ids]) => [fault, ids.length]));
    expect(survey!.cores).toHaveLength(328);
    expect(kept).toHaveLength(186);
    expect(counts).toEqual({
      "missing bulk density": 136,
      "missing depth": 5,
      "missing carbon": 1,
    });
    const stocks = kept.map((c) => coreStock(c, 0.3)).filter(Number.isFinite);
    expect(stocks.every((s) => s > 0 && s < 120)).toBe(true);
    const picked = forceProfiles(pickCores(kept, 5));
    expect(picked).toHaveLength(5);
    expect(picked.every(isInside)).toBe(true);
    expect(screenProfiles(picked).kept).toHaveLength(5);
  },
);
