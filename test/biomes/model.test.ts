import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detectBiomes, makeBiomeTwin, readMonth, tileCells, tileGrid } from "carbonbook/biomes";
import { writeNetcdf } from "carbonbook/io";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "carbonbook-model-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const box = { west: -60, east: -30, south: 20, north: 60 };
const twin = makeBiomeTwin({ seed: 9, cellDegrees: 0.5, noise: 0, boxes: [box] });
const months = [twin.month(0, 0), twin.month(0, 6)];
const [ny, nx] = [80, 60];
const UNITS = {
  temperature: "degC",
  dic: "umol kg-1",
  alkalinity: "umol kg-1",
  fco2: "uatm",
  salinity: "1",
};

/** The months as a model would write them: (time, y, x), places on (y, x), no value over land. */
async function writeModel(name: string, units: Partial<typeof UNITS> = {}): Promise<string> {
  const path = join(folder, name);
  const fields = Object.entries({ ...UNITS, ...units }).map(([field, unit]) => {
    const data = Float64Array.from(
      months.flatMap((month) => Array.from(month[field as keyof typeof UNITS])),
    );
    data[0] = Number.NaN;
    const attributes = { units: unit, _FillValue: 1e20 };
    return [field, { dimensions: ["time", "y", "x"], data, attributes }];
  });
  const place = (data: Float64Array) => ({ dimensions: ["y", "x"], data });
  await writeNetcdf(path, {
    dimensions: { time: 2, y: ny, x: nx },
    variables: {
      latitude: place(twin.latitude),
      longitude: place(twin.longitude),
      ...Object.fromEntries(fields),
    },
  });
  return path;
}

test("model output in the documented layout is read, and detected as the month in memory is", async () => {
  const path = await writeModel("model.nc");
  const month = await readMonth(path, 1);
  expect(month.dic).toEqual(months[1]!.dic);
  expect(month.longitude).toEqual(twin.longitude);
  expect((await readMonth(path, 0)).fco2[0]).toBeNaN();
  const tiles = tileCells(month.latitude, month.longitude, tileGrid(2));
  expect(detectBiomes(month, tiles).labels).toEqual(detectBiomes(months[1]!, tiles).labels);
});

test("a month that is not there, a missing field and moles per volume are refused by name", async () => {
  const path = await writeModel("good.nc");
  await expect(readMonth(path, 2)).rejects.toThrow(/month.*0 to 1.*2/);
  await expect(readMonth(path, 0.5)).rejects.toThrow(/month.*0 to 1.*0.5/);
  const volume = await writeModel("volume.nc", { alkalinity: "mmol m-3" });
  await expect(readMonth(volume, 0)).rejects.toThrow(/alkalinity.*umol kg-1.*mmol m-3/);
  const bare = join(folder, "bare.nc");
  await writeNetcdf(bare, { dimensions: { x: 1 }, variables: {} });
  await expect(readMonth(bare, 0)).rejects.toThrow(/dic/);
});
