import { existsSync, readFileSync } from "node:fs";
import {
  boxAxes,
  checkGeostrophy,
  checkRange,
  cubicGrid,
  DUACS_LIKE,
  degrade,
  geostrophicFlow,
  OSTIA_LIKE,
  observe,
  readSatelliteMaps,
  recordDates,
  regrid,
  type SatelliteMaps,
  standinsOf,
  surfaceDate,
  throughSatellite,
} from "carbonbook/catchment";
import { expect, test } from "vitest";

const data = `${process.env.CARBONBOOK_DATA_MIRROR}/satellite`;
const globalHeight = `${data}/ssh/nrt_global_allsat_phy_l4_20190223_20190226.nc`;
const mediterranean = `${data}/ssh/dt_med_allsat_phy_l4_2005T2.nc`;
const ostia = `${data}/sst/20170605120000-UKMO-L4_GHRSST-SSTfnd-OSTIAanom-GLOB-v02.0-fv02.0.nc`;
const chlorophyll = `${data}/chl/ESACCI-OC-MAPPED-OC_PRODUCTS-MERGED-1M_MONTHLY_1degree_PML_OC4v6_QAA-201001-fv0.95.nc`;

test("cubic splines are scipy's and xarray's", () => {
  const file = new URL("../fixtures/catchment/cubic.json", import.meta.url);
  const { x, y, values, xi, yi, scipy, xarray } = JSON.parse(readFileSync(file, "utf8"));
  const ours = cubicGrid({ x, y, values }, { xi, yi });
  for (let k = 0; k < ours.length; k++) {
    expect(ours[k]).toBeCloseTo(scipy[k], 10);
    expect(ours[k]).toBeCloseTo(xarray[k], 10);
  }
});

test("cubic splines give cubics back exactly", () => {
  const f = (x: number, y: number) => x ** 3 - 2 * x * y ** 2 + y ** 3 - 1;
  const [x, y] = [
    [0, 1, 2.5, 3, 5],
    [-1, 0, 1, 4],
  ];
  const values = y.flatMap((b) => x.map((a) => f(a, b)));
  const [xi, yi] = [
    [0.3, 4.9],
    [-0.9, 3],
  ];
  const ours = cubicGrid({ x, y, values }, { xi, yi });
  expect([...ours].map((v) => v.toFixed(8))).toEqual(
    yi.flatMap((b) => xi.map((a) => f(a, b).toFixed(8))),
  );
  expect(() => cubicGrid({ x, y, values }, { xi: [5.1], yi })).toThrow(/inside|0 … 5/);
  expect(() => cubicGrid({ x: [0, 1, 1, 2, 3], y, values }, { xi, yi })).toThrow(/increasing/);
  expect(() => cubicGrid({ x: [0, 1, 2], y, values }, { xi, yi })).toThrow();
});

const wave = (n: number, length: number) =>
  Float32Array.from({ length: n * n }, (_, at) => Math.sin((2 * Math.PI * (at % n)) / length));
const rms = (field: Float32Array) => Math.sqrt(field.reduce((s, v) => s + v * v, 0) / field.length);

test("a coarser instrument keeps long waves and loses short ones", () => {
  const long = wave(80, 40);
  const kept = degrade(long, 80, 16e3, 80e3);
  expect(rms(kept) / rms(long)).toBeGreaterThan(0.93);
  const short = wave(80, 5);
  expect(rms(degrade(short, 80, 16e3, 80e3)) / rms(short)).toBeLessThan(0.1);
  expect(degrade(short, 80, 16e3, 16e3)).toEqual(short);
  expect(() => degrade(short, 80, 16e3, 400e3)).toThrow(/five blocks/);
});

test("blocks of no whole number of cells keep a constant and a mean", () => {
  const flat = new Float32Array(50 * 50).fill(3);
  expect(degrade(flat, 50, 16e3, 28e3).every((v) => Math.abs(v - 3) < 1e-6)).toBe(true);
});

/** A map on a quarter degree of any function of longitude and latitude. */
function made(f: (lon: number, lat: number) => number, lon0 = -30, lat0 = 35): SatelliteMaps {
  const longitude = Float64Array.from({ length: 120 }, (_, i) => lon0 + 0.25 * i);
  const latitude = Float64Array.from({ length: 110 }, (_, j) => lat0 + 0.25 * j);
  const values = new Float32Array(120 * 110);
  for (let j = 0; j < 110; j++) {
    for (let i = 0; i < 120; i++) values[j * 120 + i] = f(longitude[i]!, latitude[j]!);
  }
  return { quantity: "adt", units: "m", longitude, latitude, times: new Float64Array(1), values };
}

const PAP = { longitude: -16.5, latitude: 49, n: 48, dx: 16e3 };

test("a box of cells takes the value of the map where the cells are", () => {
  const { xi, yi } = boxAxes(PAP);
  expect((yi[47]! - yi[0]!) * 111.195).toBeCloseTo(47 * 16, 3);
  const { values, missing } = regrid(
    made((lon, lat) => 0.1 * lon - 0.2 * lat),
    PAP,
  );
  expect(missing).toBe(0);
  expect(values[5 * 48 + 7]!).toBeCloseTo(0.1 * xi[7]! - 0.2 * yi[5]!, 5);
});

test("land is missing, its neighbours are not rung by it, and a box of land is refused", () => {
  const island = made((lon, lat) => (Math.hypot(lon + 16.5, lat - 49) < 1 ? Number.NaN : 1));
  const { values, missing } = regrid(island, PAP);
  expect(missing).toBeGreaterThan(0.03);
  expect(missing).toBeLessThan(0.2);
  expect(values.every((v) => Number.isNaN(v) || Math.abs(v - 1) < 1e-4)).toBe(true);
  expect(() =>
    regrid(
      made(() => Number.NaN),
      PAP,
    ),
  ).toThrow(/at sea and seen/);
  expect(() =>
    regrid(
      made(() => 1, 0, 0),
      PAP,
    ),
  ).toThrow();
  expect(() =>
    regrid(
      made(() => 1),
      PAP,
      3,
    ),
  ).toThrow(/0 to 0/);
});

test("the flow of a tilted surface is the tilt's", () => {
  const slope = 1e-6;
  const { u, v } = geostrophicFlow(made((_, lat) => slope * 111_195 * lat));
  const at = 56 * 120 + 60;
  const f = 2 * 7.292115e-5 * Math.sin((49 * Math.PI) / 180);
  expect(u[at]!).toBeCloseTo((-9.81 / f) * slope, 3);
  expect(v[at]!).toBeCloseTo(0, 6);
  expect(u[0]).toBeNaN();
});

test("the twin seen through satellites is itself, but for pixels and the mapping's error", () => {
  const field = Float32Array.from(
    { length: 96 * 96 },
    (_, at) =>
      0.2 *
      Math.sin((2 * Math.PI * (at % 96)) / 24) *
      Math.cos((2 * Math.PI * Math.floor(at / 96)) / 32),
  );
  const clean = throughSatellite(field, { n: 96, dx: 16e3 }, { ...DUACS_LIKE, noise: 0 }, 1);
  const worst = Math.max(...clean.map((v, k) => Math.abs(v - field[k]!)));
  expect(worst).toBeLessThan(0.01);
  const noisy = throughSatellite(field, { n: 96, dx: 16e3 }, DUACS_LIKE, 1);
  const error = rms(noisy.map((v, k) => v - clean[k]!));
  expect(error).toBeGreaterThan(0.008);
  expect(error).toBeLessThan(0.022);
  expect(throughSatellite(field, { n: 96, dx: 16e3 }, DUACS_LIKE, 1)).toEqual(noisy);
  const { longitude } = observe(field, { n: 96, dx: 16e3 }, OSTIA_LIKE, 1);
  expect(longitude[1]! - longitude[0]!).toBeCloseTo(0.05, 9);
});

test("values like the training's raise no warning, those of another sea do", () => {
  const trained = Float64Array.from({ length: 5000 }, (_, k) => Math.sin(k));
  expect(
    checkRange(
      "ssh",
      "m",
      trained,
      trained.map((v) => 0.98 * v),
    ).warning,
  ).toBeUndefined();
  const other = checkRange(
    "ssh",
    "m",
    trained,
    trained.map((v) => v + 5),
  );
  expect(other.outside).toBeGreaterThan(0.9);
  expect(other.distance).toBeCloseTo(1, 6);
  expect(other.warning).toMatch(/do not trust/);
});

test("twenty years of dates fall on the same season at another place each year", () => {
  const dates = recordDates();
  expect(dates.length).toBe(815);
  const windows = Array.from({ length: 37 }, (_, k) => 75 + 10 * k);
  const standins = standinsOf(dates, windows, 23);
  const places = new Set(standins.map(({ place }) => place));
  expect(places.size).toBe(23);
  for (let k = 1; k < dates.length; k++) {
    const [a, b] = [standins[k - 1]!, standins[k]!];
    if (a.place === b.place) expect(b.window - a.window).toBe(1);
  }
  expect(() => standinsOf(dates, [100, 200], 23)).toThrow(/80 to 430/);
  expect((surfaceDate(0, 100) - surfaceDate(0, 200)) / 86400).toBe(-14);
});

test.skipIf(!existsSync(globalHeight))("geostrophy agrees with DUACS' own velocities", async () => {
  const { u, v } = await checkGeostrophy(globalHeight, [20, 60]);
  for (const { correlation, ratio, points } of [u, v]) {
    expect(points).toBeGreaterThan(300_000);
    expect(correlation).toBeGreaterThan(0.99);
    expect(ratio).toBeGreaterThan(0.97);
    expect(ratio).toBeLessThan(1.03);
  }
});

test.skipIf(!existsSync(mediterranean))(
  "91 days of the Mediterranean are regridded one by one",
  async () => {
    const maps = await readSatelliteMaps(mediterranean, "adt");
    expect(maps.times.length).toBe(91);
    const box = { longitude: 5.5, latitude: 39.5, n: 24, dx: 16e3 };
    const first = regrid(maps, box, 0);
    const next = regrid(maps, box, 1);
    const change = rms(Float32Array.from(first.values, (v, k) => v - next.values[k]! || 0));
    expect(change).toBeGreaterThan(0);
    expect(change).toBeLessThan(0.02);
  },
);

const reference = JSON.parse(
  readFileSync(new URL("../fixtures/catchment/real-maps.json", import.meta.url), "utf8"),
);
const realMaps = ["mediterranean", "ostia"].map((name) => ({ name, ...reference[name] }));

test.skipIf(!existsSync(mediterranean)).each(realMaps)(
  "the real map $file lies on a box's cells as xarray and scipy put it there",
  async ({ file, variable, index, box, scipy, xarray }) => {
    const { values, missing } = regrid(
      await readSatelliteMaps(`${data}/${file}`, variable),
      box,
      index,
    );
    expect(missing).toBe(0);
    for (const [k, value] of values.entries()) {
      expect(Math.abs(value - xarray[k])).toBeLessThan(5e-5); // the same pixels, but for kelvin in float32
      expect(Math.abs(value - scipy[k])).toBeLessThan(1e-3); // of a wider piece of the map
    }
  },
);

test("a cell of many fine pixels is their mean, not one of them", () => {
  const fine = (f: (lon: number, lat: number) => number): SatelliteMaps => {
    const longitude = Float64Array.from({ length: 160 }, (_, i) => -20.5 + 0.05 * i);
    const latitude = Float64Array.from({ length: 100 }, (_, j) => 46.5 + 0.05 * j);
    const values = new Float32Array(160 * 100);
    for (let k = 0; k < values.length; k++)
      values[k] = f(longitude[k % 160]!, latitude[Math.floor(k / 160)]!);
    return {
      quantity: "sst",
      units: "°C",
      longitude,
      latitude,
      times: new Float64Array(1),
      values,
    };
  };
  const box = { ...PAP, n: 12 };
  const ripple = fine((lon) => Math.sin((2 * Math.PI * lon) / 0.2));
  expect(rms(regrid(ripple, box).values)).toBeLessThan(0.25);
  const plane = regrid(
    fine((lon, lat) => lon - 2 * lat),
    box,
  ).values;
  const { xi, yi } = boxAxes(box);
  expect(plane[5 * 12 + 7]!).toBeCloseTo(xi[7]! - 2 * yi[5]!, 4);
});

test.skipIf(!existsSync(ostia))("OSTIA's kelvin become °C, east of Greenwich or west", async () => {
  const maps = await readSatelliteMaps(ostia, "analysed_sst");
  expect(maps.units).toBe("°C");
  const { values, missing } = regrid(maps, PAP);
  expect(missing).toBe(0);
  expect(values.every((v) => v > 10 && v < 20)).toBe(true);
});

test.skipIf(!existsSync(chlorophyll))(
  "a file that does not say where its pixels lie is refused",
  async () => {
    await expect(readSatelliteMaps(chlorophyll, "chlor_a")).rejects.toThrow(
      /says where its pixels lie/,
    );
  },
);
