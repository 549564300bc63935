import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readChlorophyll, readSatelliteMaps } from "carbonbook/catchment";
import { open, writeNetcdf } from "carbonbook/io";
import { expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "chlorophyll-"));
const box = { longitude: -16.5, latitude: 49, n: 8, dx: 16e3 };
const range = (n: number, from: number, step: number) =>
  Float64Array.from({ length: n }, (_, k) => from + k * step);
/** A quarter degree from 47.1 °N and 19.9 °W, rows from the south. */
const axes = { longitude: range(30, -19.9, 0.25), latitude: range(20, 47.1, 0.25) };

interface Written {
  readonly name: string;
  readonly days: readonly number[];
  readonly values: (day: number, latitude: number, longitude: number) => number;
  readonly units?: string;
  readonly variable?: string;
}

/** Maps in a file, rows from the north as many products have them. */
async function write({ name, days, values, units = "mg m-3", variable = "CHL" }: Written) {
  const { longitude } = axes;
  const latitude = axes.latitude.toReversed();
  const data = Float32Array.from(
    days.flatMap((day) =>
      [...latitude].flatMap((y) => [...longitude].map((x) => values(day, y, x))),
    ),
  );
  const path = join(folder, name);
  const axis = (name: string, units: string, data: Float64Array) => ({
    [name]: { dimensions: [name], data, attributes: { units } },
  });
  await writeNetcdf(path, {
    dimensions: { time: days.length, lat: latitude.length, lon: longitude.length },
    attributes: {},
    variables: {
      ...axis("time", "days since 2010-01-01", Float64Array.from(days)),
      ...axis("lat", "degrees_north", latitude),
      ...axis("lon", "degrees_east", longitude),
      [variable]: { dimensions: ["time", "lat", "lon"], data, attributes: { units } },
    },
  });
  return path;
}

test("what is linear in longitude and latitude is given back at the bins, east by north, by date", async () => {
  const plane = (day: number, y: number, x: number) => day + 0.1 * (y - 49) + 0.01 * (x + 16.5);
  const late = await write({ name: "late.nc", days: [8, 16], values: plane });
  const early = await write({ name: "early.nc", days: [0], values: plane, variable: "chlor_a" });
  const { times, maps, bins } = await readChlorophyll([late, early], box);
  expect([...times].map((time) => (time - Date.UTC(2010, 0, 1) / 1000) / 86400)).toEqual([
    0, 8, 16,
  ]);
  expect(bins).toBe(64);
  const shrink = Math.cos((49 * Math.PI) / 180);
  for (const [k, day] of [0, 8, 16].entries()) {
    for (const [i, j] of [
      [0, 0],
      [7, 2],
      [3, 6],
    ] as const) {
      const [east, north] = [i, j].map((at) => ((at - 3.5) * 16e3) / 111_195) as [number, number];
      const expected = day + 0.1 * north + (0.01 * east) / shrink;
      expect(maps[k * 64 + i * 8 + j]).toBeCloseTo(expected, 5);
    }
  }
});

test("a file of many dates is read in parts", async () => {
  const days = [...range(150, 0, 1)];
  const path = await write({ name: "many.nc", days, values: (day) => day });
  const { times, maps } = await readChlorophyll([path], box);
  expect(times).toHaveLength(150);
  expect(days.map((day) => maps[day * 64 + 9])).toEqual(days);
});

test("a bin next to an unseen pixel is unseen, and kilograms become milligrams", async () => {
  const hole = axes.latitude[7]!;
  const values = (_: number, y: number) => (y === hole ? Number.NaN : 2e-6);
  const path = await write({ name: "hole.nc", days: [1], values, units: "kg m-3" });
  const { maps } = await readChlorophyll([path], box);
  const rows = range(8, 49 - (3.5 * 16e3) / 111_195, 16e3 / 111_195);
  for (let j = 0; j < 8; j++) {
    const unseen = Math.abs(rows[j]! - hole) < 0.25;
    expect(Number.isNaN(maps[3 * 8 + j])).toBe(unseen);
    if (!unseen) expect(maps[3 * 8 + j]).toBeCloseTo(2, 5);
  }
});

test("what is no record of chlorophyll is refused by name", async () => {
  const values = () => 1;
  const log = await write({ name: "log.nc", days: [1], values, units: "lg(re 1mg/m3)" });
  await expect(readChlorophyll([log], box)).rejects.toThrow(/log\.nc.*lg\(re 1mg/s);
  const other = await write({ name: "other.nc", days: [1], values, variable: "KD490" });
  await expect(readChlorophyll([other], box)).rejects.toThrow(/other\.nc.*CHL.*KD490/s);
  const [a, b] = [
    await write({ name: "a.nc", days: [1, 2], values }),
    await write({ name: "b.nc", days: [2], values }),
  ];
  await expect(readChlorophyll([a, b], box)).rejects.toThrow(/b\.nc.*2010-01-03.*a\.nc/s);
  await expect(readChlorophyll([a], { ...box, n: 48 })).rejects.toThrow(/400 km beyond the trap/);
  await expect(readChlorophyll([], box)).rejects.toThrow(/some/);
});

const real = `${process.env.CARBONBOOK_DATA_MIRROR}/satellite/chl/ESACCI-OC-MAPPED-OC_PRODUCTS-MERGED-1M_MONTHLY_1degree_PML_OC4v6_QAA-201004-fv0.95.nc`;

test.skipIf(!existsSync(real))(
  "a real map without dates and positions is refused; with them it is scipy's",
  async () => {
    await expect(readChlorophyll([real], box)).rejects.toThrow(
      /dates of the maps.*latitude, longitude/s,
    );
    await expect(readSatelliteMaps(real, "chlor_a", box)).rejects.toThrow(/positions/);
    const file = await open(real);
    const { data } = await file.variable("chlor_a").read();
    file.close();
    const path = join(folder, "global.nc");
    await writeNetcdf(path, {
      dimensions: { time: 1, latitude: 180, longitude: 360 },
      attributes: {},
      variables: {
        time: { dimensions: ["time"], data: [0], attributes: { units: "days since 2010-04-16" } },
        latitude: { dimensions: ["latitude"], data: range(180, 89.5, -1) },
        longitude: { dimensions: ["longitude"], data: range(360, -179.5, 1) },
        chlor_a: {
          dimensions: ["time", "latitude", "longitude"],
          data: Float32Array.from(data),
          attributes: { units: "milligram m-3" },
        },
      },
    });
    const fixture = new URL("../fixtures/catchment/linear.json", import.meta.url);
    const { places } = JSON.parse(readFileSync(fixture, "utf8"));
    for (const { map, ...place } of places) {
      const { maps } = await readChlorophyll([path], place);
      for (const [k, value] of maps.entries()) {
        if (map[k] === null) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(map[k], 5);
      }
    }
  },
);
