/** What real files do to their readers: one test for each trap. */

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coordinateOf, type Dataset, open, writeNetcdf } from "carbonbook/io";
import { expect, test } from "vitest";

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";
const folder = mkdtempSync(join(tmpdir(), "carbonbook-traps-"));

function trap(file: string, name: string, check: (ds: Dataset) => Promise<void>): void {
  const path = join(mirror, file);
  test.skipIf(!existsSync(path))(name, async () => {
    const ds = await open(path);
    await check(ds);
    ds.close();
  });
}

const nordic = "ocean-model/roms_nordic/Nordic_subset.nc";
trap(
  nordic,
  "shorts everywhere are unpacked, and a fill value they cannot hold marks nothing",
  async (ds) => {
    const hc = await ds.variable("hc").read();
    expect([hc.data[0], ds.variable("hc").type]).toEqual([30, "i16"]);
    const h = await ds.variable("h").read();
    expect(Math.min(...h.data)).toBeCloseTo(10.0478, 4);
    expect(ds.variable("u").attributes._FillValue).toBeGreaterThan(9e36);
    const u = await ds.variable("u").read();
    expect(u.data.some((x) => Number.isNaN(x))).toBe(false);
  },
);

trap(nordic, "a valid range in unpacked units does not blank packed values", async (ds) => {
  const stretching = await ds.variable("Cs_w").read();
  expect([stretching.data[0], stretching.data[35]]).toEqual([-1, 0]);
});

trap(
  nordic,
  "u, v and rho points of one shape are told apart by names, not by shapes",
  async (ds) => {
    const [u, v, h] = ["u", "v", "h"].map((name) => ds.variable(name));
    expect(u?.shape.slice(2)).toEqual(h?.shape);
    expect(u?.dimensions.slice(2)).toEqual(["eta_u", "xi_u"]);
    expect(v?.dimensions.slice(2)).toEqual(["eta_v", "xi_v"]);
    expect(coordinateOf(ds, u!, "longitude").name).toBe("lon_u");
    expect(coordinateOf(ds, v!, "longitude").name).toBe("lon_v");
  },
);

const chlorophyll =
  "satellite/chl/ESACCI-OC-MAPPED-OC_PRODUCTS-MERGED-1M_MONTHLY_1degree_PML_OC4v6_QAA-201001-fv0.95.nc";
trap(chlorophyll, "a map without coordinates is not given any", async (ds) => {
  expect(() => coordinateOf(ds, ds.variable("chlor_a"), "latitude")).toThrow(
    /latitude coordinate: expected .* got none; .*give the coordinates yourself/,
  );
});

const takahashi =
  "ocean-carbon/takahashi09/M2001001.1200.a7.all_products.BIN.01jan011200.v1.20132321105.data.nc";
trap(takahashi, "units are passed on as they are labelled, wrong or absent", async (ds) => {
  expect(ds.variable("wind_t").units).toBe("ms^-1");
  expect(ds.variable("pCO2_sw").units).toBe("");
  expect(coordinateOf(ds, ds.variable("pCO2_sw"), "latitude").units).toBe("degrees_north");
});

trap(
  "formats/netcdf-c/nc_test/f03tst_open_mem.nc",
  "data never written are missing, not what memory held",
  async (ds) => {
    for (let i = 0; i < 3; i++) {
      const { data } = await ds.variable("var2").read();
      expect([...data].every(Number.isNaN)).toBe(true);
    }
  },
);

trap(
  "formats/netcdf4-python/20171025_2056.Cloud_Top_Height.nc",
  "_Unsigned holds for values, fills and ranges",
  async (ds) => {
    const { data } = await ds.variable("HT").read();
    const heights = data.filter((x) => !Number.isNaN(x));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...heights)).toBeGreaterThan(10_000);
  },
);

for (const [name, days] of [
  ["360_day", 360],
  ["365_day", 365],
  ["366_day", 366],
] as const) {
  trap(
    `formats/netcdf-c/ncdump/ref_test_${name}_1900.nc`,
    `${name} years have ${days} days`,
    async (ds) => {
      const { data, calendar } = await ds.variable("time").readTimes();
      expect(calendar).toBe({ 360: "360_day", 365: "noleap", 366: "all_leap" }[days]);
      expect(Number.isFinite(data[0])).toBe(true);
    },
  );
}

const biomes = join(mirror, "ocean-carbon/fay_mckinley/Time_Varying_Biomes.nc");
test.skipIf(!existsSync(biomes))(
  "of a file that is cut off, what is whole is read when asked for, and nothing past its end",
  async () => {
    const ds = await open(biomes, { truncated: "open" });
    const mean = Array.from((await ds.variable("MeanBiomes").read()).data).filter(Number.isFinite);
    expect([mean.length, mean.reduce((a, b) => a + b, 0)]).toEqual([36184, 373213]);
    const varying = ds.variable("TimeVaryingBiomes");
    expect((await varying.read({ lon: [0, 56] })).shape).toEqual([56, 180, 13]);
    for (const past of [{ lon: [56, 57] }, { lon: 359, lat: 179, year: 12 }, {}] as const) {
      await expect(varying.read(past)).rejects.toMatchObject({ tag: "data" });
    }
    ds.close();
  },
);

trap(
  "ocean-carbon/reccap2/fgco2_lacroix-river_v20220615.nc",
  "the rivers' flux over the area of the cells is the sum over the file's basins",
  async (ds) => {
    const fluxes = Array.from((await ds.variable("fgco2").read()).data); // mol m⁻² s⁻¹
    const radians = Math.PI / 180;
    const perYear = 12.011e-15 * 365.25 * 86400; // PgC/yr of a mol/s
    const total = fluxes.reduce((sum, flux, k) => {
      const south = (Math.floor(k / 360) - 90) * radians;
      const area = radians * 6371e3 ** 2 * (Math.sin(south + radians) - Math.sin(south)); // m²
      return Number.isNaN(flux) ? sum : sum + flux * area * perYear;
    }, 0);
    const basins = Array.from((await ds.variable("fgco2_basin").read()).data).reduce(
      (a, b) => a + b,
    );
    expect(basins).toBeCloseTo(-0.65, 6);
    expect(Math.abs(total - basins)).toBeLessThan(2e-4);
  },
);

test.each([
  ["formats/netcdf-c/nc_test/bad_cdf5_begin.nc", /file size.*expected \d+ bytes, got 220/],
  ["formats/netcdf-c/ncdump/L512.bin", "format: expected netCDF, HDF5 or Zarr"],
  ["formats/netcdf-c/hdf4_test/ref_contiguous.hdf4", "got first bytes 0e 03 13 01"],
  ["formats/netcdfjs/not_nc.txt", "format: expected netCDF, HDF5 or Zarr"],
  [
    "ocean-carbon/fay_mckinley/Time_Varying_Biomes.nc",
    'end of variable "TimeVaryingBiomes"): expected 7781316 bytes, got 2097152',
  ],
])("%s is refused", async (file, message) => {
  const path = join(mirror, file);
  if (existsSync(path)) await expect(open(path)).rejects.toThrow(message);
  else expect(mirror).toBe("");
});

test("a missing, an empty and a cut-off file are refused with the sizes", async () => {
  await expect(open(join(folder, "none.nc"))).rejects.toThrow("got nothing there; check the path");
  await expect(open(folder)).rejects.toMatchObject({ tag: "data" });
  writeFileSync(join(folder, "empty.nc"), "");
  await expect(open(join(folder, "empty.nc"))).rejects.toThrow("got an empty file");
  const path = join(folder, "whole.nc");
  await writeNetcdf(path, {
    dimensions: { x: 9 },
    variables: { x: { dimensions: ["x"], data: new Float64Array(9) } },
  });
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 1));
  await expect(open(path)).rejects.toThrow(
    `expected ${bytes.length} bytes, got ${bytes.length - 1}`,
  );
});
