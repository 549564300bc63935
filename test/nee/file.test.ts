import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayNumber } from "carbonbook/core";
import { writeNetcdf } from "carbonbook/io";
import {
  annualSkill,
  FLUX_UNITS,
  GCB2022_RESIDUAL,
  makeLandGrid,
  monthlyRecord,
  parseFluxUnit,
  readBudget,
  readCarbonTracker,
  readCardamom,
  readFluxcom,
  readGcpInversions,
  readGfas,
  readGrowthRate,
  readTowerRecord,
  residualLand,
  summariseYears,
  toLandCells,
} from "carbonbook/nee";
import { expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "nee-file-"));
const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "/nowhere";
const at = (path: string) => join(mirror, path);
const text = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test("units of every distributor become gC m⁻² d⁻¹, and an unknown one is refused", () => {
  expect(FLUX_UNITS["umol m-2 s-1"]).toBeCloseTo(1.0378, 4); // 12.011 · 0.0864
  expect(FLUX_UNITS["kg CO2 m-2 s-1"] / FLUX_UNITS["kg C m-2 s-1"]).toBeCloseTo(12 / 44, 3);
  expect(parseFluxUnit("PgC/m2/yr")).toBe("PgC m-2 yr-1");
  expect(parseFluxUnit("gC m-2 d-1")).toBe("gC m-2 d-1");
  expect(parseFluxUnit("kg m**-2 s**-1")).toBe("kg CO2 m-2 s-1");
  expect(parseFluxUnit("µmol CO2 m-2 s-1")).toBe("umol m-2 s-1");
  expect(() => parseFluxUnit("furlong")).toThrow(/flux unit.*furlong/);
});

const flat = (length: number, value: number) => new Float64Array(length).fill(value);
const axes = (north: boolean, start: number) => ({
  time: {
    dimensions: ["time"],
    data: Float64Array.of(15, 45),
    attributes: { units: "days since 2001-01-01", calendar: "standard" },
  },
  latitude: {
    dimensions: ["latitude"],
    data: Float64Array.from({ length: 18 }, (_, j) => (north ? 85 - 10 * j : -85 + 10 * j)),
  },
  longitude: {
    dimensions: ["longitude"],
    data: Float64Array.from({ length: 36 }, (_, i) => start + 10 * i),
  },
});
const sizes = { time: 2, latitude: 18, longitude: 36 };
const map = ["time", "latitude", "longitude"];

test("inversions of the GCP are read member by member, whole or empty, in either naming", async () => {
  const values = new Float64Array(2 * 1296);
  values.fill(1e-15 * 365, 0, 1296);
  values.fill(Number.NaN, 1296);
  for (const name of [
    "land_flux_fossil_cement_and_river_adjusted",
    "land_flux_only_fossil_cement_adjusted",
  ]) {
    const path = join(folder, `${name}.nc`);
    await writeNetcdf(path, {
      dimensions: { ensemble_member: 2, ...sizes },
      variables: {
        ...axes(true, 5),
        ensemble_member_name: { dimensions: ["ensemble_member"], data: ["CAMS  ", "UoE"] },
        [name]: { dimensions: ["ensemble_member", ...map], data: values },
      },
    });
    const { members, empty, riverAdjusted } = await readGcpInversions(path);
    expect(members.map((m) => m.name)).toEqual(["CAMS"]);
    expect(empty).toEqual(["UoE"]);
    expect(riverAdjusted).toBe(name.includes("river"));
    expect(members[0]!.data[0]).toBeCloseTo(1, 6);
    expect(members[0]!.latitude[0]).toBe(-85);
    expect(members[0]!.longitude[0]).toBe(-175);
  }
});

test("CarbonTracker, FLUXCOM and GFAS come in their own units", async () => {
  const write = async (name: string, variables: Record<string, number>) => {
    const path = join(folder, name);
    const fields = Object.entries(variables).map(([key, value]) => [
      key,
      { dimensions: map, data: flat(1296, value) },
    ]);
    await writeNetcdf(path, {
      dimensions: sizes,
      variables: { ...axes(false, -175), ...Object.fromEntries(fields) },
    });
    return path;
  };
  const cte = await write("cte.nc", { biosphere_flux_optimized: 1e-6, fire_flux_imposed: 2e-6 });
  const noaa = await write("ct.nc", { bio_flux_opt: 1e-6 });
  const both = await readCarbonTracker(cte);
  expect(both.biosphere.data[5]).toBeCloseTo(1.0378, 4);
  expect(both.fire?.data[5]).toBeCloseTo(2 * 1.0378, 3);
  expect((await readCarbonTracker(noaa)).fire).toBeUndefined();
  expect((await readFluxcom(await write("fluxcom.nc", { NEE: -1.5 }))).data[0]).toBe(-1.5);
  const gfas = await readGfas(await write("gfas.nc", { co2fire: 1e-8 }));
  expect(gfas.data[0]).toBeCloseTo(1e-8 * 1000 * 86400 * (12.011 / 44.009), 7);
  await expect(readCarbonTracker(await write("none.nc", { x: 1 }))).rejects.toThrow(/bio_flux_opt/);
});

test("a uniform flux stays uniform on land cells, and months that a file lacks are missing", async () => {
  const path = join(folder, "uniform.nc");
  await writeNetcdf(path, {
    dimensions: sizes,
    variables: { ...axes(true, 5), NEE: { dimensions: map, data: flat(1296, 2) } },
  });
  const grid = makeLandGrid(20);
  const cells = grid.area.length;
  const field = toLandCells(await readFluxcom(path), grid, { firstYear: 2001, months: 3 });
  expect(field.subarray(0, 2 * cells).every((v) => Math.abs(v - 2) < 1e-6)).toBe(true);
  expect(field.subarray(2 * cells).every(Number.isNaN)).toBe(true);
});

test("daily FLUXNET: −9999 is missing, poor days are turned away, leap days are kept", () => {
  const path = text(
    "FLX_XX-Abc_FLUXNET2015_SUBSET_DD_2004-2004_1-3.csv",
    "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC\n20040228,-1.5,1\n20040229,-9999,-9999\n20040301,2,0.2\n20040302,3,0.9\n",
  );
  const record = readTowerRecord(path);
  expect(record).toMatchObject({ resolution: "daily", counts: { good: 2, missing: 1, poor: 1 } });
  expect(record.days[2]! - record.days[0]!).toBe(2);
  expect(Array.from(record.nee)).toEqual([-1.5, Number.NaN, Number.NaN, 3]);
});

test("half-hours become days where enough of them are good", () => {
  const rows = Array.from({ length: 96 }, (_, i) => {
    const clock = (half: number) =>
      `${String(half >> 1).padStart(2, "0")}${half % 2 === 0 ? "00" : "30"}`;
    const day = i < 48 ? "20050101" : "20050102";
    return `${day}${clock(i % 48)},${i < 48 || i > 90 ? 1 : -9999},${i % 2}`;
  });
  const path = text("hh.csv", `TIMESTAMP_START,NEE_VUT_REF,NEE_VUT_REF_QC\n${rows.join("\n")}\n`);
  const record = readTowerRecord(path);
  expect(record.nee[0]).toBeCloseTo(1.0378, 4);
  expect(record.nee[1]).toBeNaN();
});

test("La Thuile names are known, monthly and yearly values have their own units", () => {
  const thuile = text("thuile.csv", "Year,DoY,NEE_f\n2001,1,1\n2001,2,2\n");
  expect(readTowerRecord(thuile)).toMatchObject({ dialect: "La Thuile", resolution: "daily" });
  const year = text("yy.csv", "TIMESTAMP,NEE_VUT_REF\n2001,-365.25\n2002,-9999\n");
  expect(readTowerRecord(year).nee[0]).toBeCloseTo(-1, 9);
  const month = readTowerRecord(text("mm.csv", "TIMESTAMP,NEE_VUT_REF\n200101,-2\n200103,4\n"));
  const monthly = monthlyRecord(month, { firstYear: 2001, months: 3 });
  expect(Array.from(monthly)).toEqual([-2, Number.NaN, 4]);
});

test("a timestamp twice, a site with nothing good, and an unknown header are refused by name", () => {
  const head = "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC\n";
  const twice = text("twice.csv", `${head}20010101,1,1\n20010101,2,1\n`);
  expect(() => readTowerRecord(twice)).toThrow(/twice\.csv, row 2.*the same twice/);
  const poor = text("poor.csv", `${head}20010101,1,0\n20010102,-9999,1\n`);
  expect(() => readTowerRecord(poor)).toThrow(/1 missing, 1 of poor quality/);
  expect(() => readTowerRecord(text("odd.csv", "a,b\n1,2\n"))).toThrow(/odd\.csv.*NEE_VUT_REF/);
  const stamp = text("stamp.csv", `${head}2001-1-1,1,1\n`);
  expect(() => readTowerRecord(stamp)).toThrow(/timestamp/);
});

/** Friedlingstein et al. (2022), annual terms 2001–2017: fossil, land use, growth, ocean, cement. */
const GCB2022 = `Year,fossil emissions excluding carbonation,land-use change emissions,atmospheric growth,ocean sink,land sink,cement carbonation sink,,
2001,7.01,1.29,3.93,1.82,2.38,0.09,,
2002,7.17,1.41,5.03,2.17,0.99,0.09,,
2003,7.55,1.54,4.86,2.31,2.31,0.10,,
2004,7.82,1.46,3.29,2.27,3.47,0.11,,
2005,8.08,1.29,5.25,2.33,1.88,0.12,,
2006,8.35,1.38,3.76,2.43,3.11,0.13,,
2007,8.60,1.21,4.50,2.36,2.71,0.14,,
2008,8.76,1.27,3.78,2.38,3.63,0.14,,
2009,8.61,1.37,3.36,2.54,2.99,0.15,,
2010,9.11,1.32,5.14,2.51,3.32,0.16,,
2011,9.41,1.35,3.57,2.55,4.11,0.17,,
2012,9.55,1.32,5.12,2.62,2.32,0.18,,
2013,9.64,1.26,5.20,2.65,3.56,0.18,,
2014,9.71,1.34,4.33,2.78,3.66,0.19,,
2015,9.70,1.47,6.27,2.85,2.01,0.20,,
2016,9.70,1.24,6.03,2.98,2.69,0.20,,
2017,9.85,1.18,4.55,2.85,3.56,0.20,,
,,,,,,,,
`;

test("the budget of 2022 leaves 2.997 ± 0.945 PgC a⁻¹ to the land, 2.847 less cement", () => {
  const budget = readBudget(text("gcb.csv", `\ufeff${GCB2022.replaceAll(",,\n", "\n")}`));
  const residual = residualLand(budget, 2001, 2017);
  const { mean, deviation } = summariseYears(residual);
  expect(mean).toBeCloseTo(-2.997, 3);
  expect(deviation).toBeCloseTo(0.945, 3);
  for (const [i, value] of residual.entries()) expect(value).toBeCloseTo(GCB2022_RESIDUAL[i]!, 9);
  const less = summariseYears(residualLand(budget, 2001, 2017, "subtracted"));
  expect(less.mean).toBeCloseTo(-2.847, 2);
  expect(() => residualLand(budget, 2000, 2017)).toThrow(/no 2000/);
});

test("constants score against the budget what the paper's models score", () => {
  const of = (value: number) => annualSkill(flat(17, value), GCB2022_RESIDUAL);
  expect(of(-3.14).climatology).toBeCloseTo(0.916, 3);
  expect(of(-3.14).rmse).toBeCloseTo(0.928, 3);
  expect(of(-20.28).rmse).toBeCloseTo(17.31, 2);
});

test("a budget without a term is refused by its name", () => {
  const path = text("short.csv", "Year,Fossil,Land-Use,Atmospheric Growth\n2001,1,1,1\n");
  expect(() => readBudget(path)).toThrow(/short\.csv.*ocean/);
});

const gcb2019 = at("carbon-budget/gcb2019/global-carbon-budget.csv");
test.skipIf(!existsSync(gcb2019))("the budget of 2019 leaves 3.185 PgC a⁻¹", () => {
  const { mean } = summariseYears(residualLand(readBudget(gcb2019), 2001, 2017));
  expect(mean).toBeCloseTo(-3.185, 3);
});

const growthFile = at("carbon-budget/co2_ppm/co2-gr-mlo.csv");
test.skipIf(!existsSync(growthFile))("NOAA's growth rate is read past its empty line", () => {
  const { years, growth } = readGrowthRate(growthFile);
  expect(years[0]).toBe(1959);
  expect(growth[0]).toBeCloseTo(0.94 * 2.124, 6);
});

const ameriflux = at("eddy-covariance/ameriflux/AMF_US-xUK_FLUXNET_SUBSET_DD_2017-2021_3-5.csv");
test.skipIf(!existsSync(ameriflux))("AmeriFlux US-xUK: 1826 days of which 996 are good", () => {
  const record = readTowerRecord(ameriflux);
  expect(record.days).toHaveLength(1826);
  expect(record.counts.good).toBe(996);
});

const tharandt = at("eddy-covariance/reddyproc/Example_DETha98.txt");
test.skipIf(!existsSync(tharandt))(
  "DE-Tha 1998 through the same reader, CR-only line ends and all",
  () => {
    const record = readTowerRecord(tharandt);
    expect(record).toMatchObject({ dialect: "REddyProc", resolution: "half-hourly" });
    expect(record.days).toHaveLength(365);
    expect(record.days[0]).toBe(dayNumber(1998, 1, 1));
  },
);

const puechabon = at(
  "eddy-covariance/fluxnet2015/FLX_FR-Pue_FLUXNET2015_FULLSET_MM_2007-2014_2-3.csv",
);
test.skipIf(!existsSync(puechabon))("FR-Pue by month and by year agree", () => {
  const months = readTowerRecord(puechabon, { quality: 0 });
  const years = readTowerRecord(puechabon.replace("_MM_", "_YY_"), { quality: 0 });
  const first = months.nee.subarray(0, 12);
  const mean = first.reduce((sum, v) => sum + v, 0) / 12;
  expect(Math.abs(mean - years.nee[0]!)).toBeLessThan(0.05);
});

const fluxval = at("eddy-covariance/cardamom_fluxval");
test.skipIf(!existsSync(fluxval))(
  "CARDAMOM-FluxVal: 6434 and 6258 months, 200 sites with leaf area",
  () => {
    const { sites, months, leftOut } = readCardamom(fluxval);
    expect(months).toEqual({ cbf: 6434, validation: 6258 });
    expect(sites).toHaveLength(200);
    expect(Object.keys(leftOut).sort()).toEqual(["DE-Akm", "IT-Ro1", "US-Atq", "US-ORv"]);
    expect(sites.filter(({ latitude }) => Math.abs(latitude) < 23.5)).toHaveLength(23);
  },
);
