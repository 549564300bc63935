/** Files written part by part, and what other programs make of them. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetcdf, type NetcdfLayout, open } from "carbonbook/io";
import { expect, test } from "vitest";

const layout: NetcdfLayout = {
  dimensions: { time: { length: 0, unlimited: true }, lat: 3, lon: 4 },
  variables: {
    time: {
      dimensions: ["time"],
      type: "f64",
      attributes: { units: "days since 2000-01-01", calendar: "standard" },
    },
    lat: {
      dimensions: ["lat"],
      type: "f64",
      attributes: { units: "degrees_north", standard_name: "latitude" },
    },
    lon: {
      dimensions: ["lon"],
      type: "f64",
      attributes: { units: "degrees_east", standard_name: "longitude" },
    },
    t: {
      dimensions: ["time", "lat", "lon"],
      type: "i16",
      attributes: { units: "K", scale_factor: 0.01, add_offset: 273.15, _FillValue: -32768 },
      deflate: 4,
    },
  },
  attributes: { title: "streamed", institution: "carbonbook" },
};

function newPath(): string {
  return join(mkdtempSync(join(tmpdir(), "carbonbook-stream-")), "s.nc");
}

async function writeSteps(path: string, steps: number): Promise<void> {
  const writer = await createNetcdf(path, layout);
  writer.write("lat", [47, 48, 49]);
  writer.write("lon", [-18, -17, -16, -15]);
  for (let k = 0; k < steps; k++) {
    writer.write("time", [k], { time: k });
    const values = Int16Array.from({ length: 12 }, (_, i) => (i === 5 ? -32768 : 100 * k + i));
    writer.write("t", values, { time: k });
  }
  writer.close();
}

test("an unlimited dimension grows with what is written", async () => {
  const path = newPath();
  await writeSteps(path, 5);
  const ds = await open(path);
  expect(ds.dimensions.get("time")).toEqual({ name: "time", length: 5, unlimited: true });
  const { data, shape } = await ds.variable("t").read({ time: 4 });
  expect(shape).toEqual([3, 4]);
  expect(data[0]).toBeCloseTo(277.15, 4);
  expect(data[5]).toBeNaN();
  ds.close();
});

test("nothing stands at the place until the file is closed, and nothing after an abort", async () => {
  const path = newPath();
  const folder = join(path, "..");
  const writer = await createNetcdf(path, layout);
  expect(readdirSync(folder).some((name) => name === "s.nc")).toBe(false);
  writer.abort();
  expect(readdirSync(folder)).toEqual([]);
});

test("an old file stays whole while its successor is written", async () => {
  const path = newPath();
  await writeSteps(path, 2);
  const writer = await createNetcdf(path, layout);
  writer.write("time", [9], { time: 0 });
  const ds = await open(path);
  expect((await ds.variable("time").read()).data).toEqual(Float64Array.of(0, 1));
  ds.close();
  writer.abort();
});

test("what does not fit is refused", async () => {
  const path = newPath();
  const writer = await createNetcdf(path, layout);
  expect(() => writer.write("t", [1, 2], { time: 0 })).toThrow("values of t");
  expect(() => writer.write("t", new Float64Array(12).fill(0.5), { time: 0 })).toThrow(
    "one that i16 holds",
  );
  expect(() => writer.write("u", [1])).toThrow('variable "u"');
  expect(() => writer.write("lat", [1], { lat: 3 })).toThrow("an index from 0 to 2");
  writer.abort();
  const wrong = { ...layout, variables: { x: { dimensions: ["none"], type: "f32" as const } } };
  await expect(createNetcdf(path, wrong)).rejects.toThrow('dimension "none"');
  writeFileSync(path, "");
  await expect(createNetcdf(join(path, "inside.nc"), layout)).rejects.toMatchObject({
    tag: "environment",
  });
});

const has = (tool: string) => spawnSync(tool, ["--version"]).error === undefined;

test.skipIf(!has("ncdump"))(
  "ncdump reads it: dimensions in order, types, fills, creation order",
  async () => {
    const path = newPath();
    await writeSteps(path, 2);
    const text = execFileSync("ncdump", [path], { encoding: "utf8" });
    expect(text).toContain("time = UNLIMITED ; // (2 currently)");
    expect(text).toMatch(
      /double time\(time\)[\s\S]*double lat\(lat\)[\s\S]*double lon\(lon\)[\s\S]*short t\(time, lat, lon\)/,
    );
    expect(text).toContain("t:_FillValue = -32768s ;");
    expect(text).toContain("0, 1, 2, 3,\n  4, _, 6, 7,\n  8, 9, 10, 11,\n  100, 101, 102, 103,");
    expect(execFileSync("ncdump", ["-k", path], { encoding: "utf8" }).trim()).toBe("netCDF-4");
  },
);

const python = "/usr/bin/python3";
const hasXarray = spawnSync(python, ["-c", "import xarray, netCDF4"]).status === 0;
test.skipIf(!hasXarray)("xarray reads it: times, coordinates, gaps", async () => {
  const path = newPath();
  await writeSteps(path, 2);
  const code = `import xarray, sys
d = xarray.open_dataset(sys.argv[1])
print(d.time.values[1], d.t.dims, int(d.t.isnull().sum()), round(float(d.t[1, 0, 0]), 2), sorted(d.coords))`;
  const said = execFileSync(python, ["-c", code, path], { encoding: "utf8" }).trim();
  expect(said).toBe(
    "2000-01-02T00:00:00.000000000 ('time', 'lat', 'lon') 2 274.15 ['lat', 'lon', 'time']",
  );
});

test.skipIf(!has("cdo"))("cdo finds its grid, its times and its values", async () => {
  const path = newPath();
  await writeSteps(path, 2);
  const grid = execFileSync("cdo", ["-s", "griddes", path], { encoding: "utf8" });
  expect(grid).toMatch(/gridtype\s+= lonlat/);
  const dates = execFileSync("cdo", ["-s", "showdate", path], { encoding: "utf8" }).trim();
  expect(dates.split(/\s+/)).toEqual(["2000-01-01", "2000-01-02"]);
  const mean = execFileSync("cdo", ["-s", "outputf,%.4f", "-fldmax", path], { encoding: "utf8" });
  expect(mean.trim().split(/\s+/)).toEqual(["273.2600", "274.2600"]);
});
