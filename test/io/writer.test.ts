import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NetcdfContent, open, writeNetcdf } from "carbonbook/io";
import { expect, test, vi } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "carbonbook-io-"));

const content: NetcdfContent = {
  dimensions: { time: { length: 2, unlimited: true }, lat: 3, lon: 4, station: 2 },
  variables: {
    time: {
      dimensions: ["time"],
      data: [0, 366],
      attributes: { units: "days since 2000-02-01", calendar: "noleap" },
    },
    lat: {
      dimensions: ["lat"],
      data: Float32Array.of(47, 48, 49),
      attributes: { units: "degrees_north" },
    },
    u: {
      dimensions: ["time", "lat", "lon"],
      data: Float32Array.from({ length: 24 }, (_, i) => (i === 3 ? Number.NaN : i / 10)),
      attributes: { units: "m s-1" },
    },
    name: { dimensions: ["station"], data: ["PAP", "Öland"] },
    flag: {
      dimensions: ["lat"],
      data: Int16Array.of(1, -1, 3),
      attributes: { flag_values: [1, 2, 3], flag_meanings: "sea land ice", _FillValue: -1 },
    },
  },
  attributes: { title: "tést" },
};

test("what is written is read back: values, names, units, gaps, texts and times", async () => {
  const path = join(folder, "a.nc");
  await writeNetcdf(path, content);
  const ds = await open(path);
  expect(ds.attributes).toEqual({ Conventions: "CF-1.11", title: "tést" });
  expect(ds.dimensions.get("time")).toEqual({ name: "time", length: 2, unlimited: true });
  const u = ds.variable("u");
  expect([u.dimensions, u.shape, u.units]).toEqual([["time", "lat", "lon"], [2, 3, 4], "m s-1"]);
  expect((await u.read()).data).toEqual(content.variables.u?.data);
  expect(await ds.variable("flag").read()).toEqual({
    data: Float32Array.of(1, Number.NaN, 3),
    shape: [3],
  });
  expect((await ds.variable("name").readText()).data).toEqual(["PAP", "Öland"]);
  const days = (Date.UTC(2001, 1, 2) - Date.UTC(2000, 1, 1)) / 86400e3;
  expect(days).toBe(367); // the leap day that "noleap" does not have
  const { data, calendar } = await ds.variable("time").readTimes();
  expect([calendar, data[1]! - data[0]!]).toEqual(["noleap", 366 * 86400]);
  ds.close();
});

test("a slice keeps ranges and drops indices", async () => {
  const path = join(folder, "b.nc");
  await writeNetcdf(path, content);
  const ds = await open(path);
  const slice = await ds.variable("u").read({ time: 1, lon: [1, 3] });
  expect(slice).toEqual({ data: Float32Array.of(1.3, 1.4, 1.7, 1.8, 2.1, 2.2), shape: [3, 2] });
  await expect(ds.variable("u").read({ depth: 0 })).rejects.toThrow('got "depth"');
  await expect(ds.variable("u").read({ lat: 3 })).rejects.toThrow("an index from 0 to 2, got 3");
  ds.close();
});

test("a writer that fails leaves no file behind, whole or half", async () => {
  const place = mkdtempSync(join(tmpdir(), "carbonbook-io-"));
  const wrong = { ...content, variables: { u: { dimensions: ["lat"], data: [1, 2] } } };
  await expect(writeNetcdf(join(place, "c.nc"), wrong)).rejects.toThrow("values of u");
  expect(readdirSync(place)).toEqual([]);
});

test("an unknown variable is refused with the names there are", async () => {
  const path = join(folder, "d.nc");
  await writeNetcdf(path, content);
  const ds = await open(path);
  expect(() => ds.variable("v")).toThrow('variable "v": expected it in the file, got time, lat');
  ds.close();
});

test("the same content is the same bytes whenever it is written", async () => {
  const [early, late] = [join(folder, "early.nc"), join(folder, "late.nc")];
  await writeNetcdf(early, content);
  const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 1e9);
  await writeNetcdf(late, content);
  now.mockRestore();
  expect(readFileSync(late).equals(readFileSync(early))).toBe(true);
});
