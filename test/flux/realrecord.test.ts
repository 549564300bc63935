import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boxPdf, readChlorophyll, writeCatchments } from "carbonbook/catchment";
import { formatTime, makeRandom, secondsOf } from "carbonbook/core";
import {
  correlatePeriods,
  EARLY_YEARS,
  paperSamples,
  periodPanel,
  pickSamples,
  readCatchmentSpeeds,
  readPapFluxes,
  samplesWithout,
  weighChlorophyll,
} from "carbonbook/flux";
import { filesAt, writeNetcdf } from "carbonbook/io";
import { beforeAll, expect, test } from "vitest";

const DAY = 86400;
const folder = mkdtempSync(join(tmpdir(), "real-"));
const grid = { n: 8, dx: 16e3 };
const start = secondsOf({ year: 2008, month: 7 });
/** Chlorophyll of the whole region, one value every four days: no season, a memory of days. */
const series = (() => {
  const random = makeRandom(8);
  let value = 0;
  return Float64Array.from({ length: 640 }, () => {
    value = 0.8 * value + random.normal();
    return Math.exp(0.3 * value);
  });
})();

/** What the trap caught: the mean of the days around a sample, 27 days before. */
function caught(open: number, close: number): number {
  const [from, to] = [open - 32 * DAY, close - 22 * DAY];
  const days = Array.from(series).filter((_, k) => {
    const time = start + 4 * k * DAY;
    return time >= from && time <= to;
  });
  return (100 * days.reduce((sum, value) => sum + value, 0)) / days.length;
}

beforeAll(async () => {
  const day = (time: number) => formatTime(time).slice(0, 10);
  const rows = ["Open,Close,Dry Weight [mg/m2/d],PIC [mg/m2/d]"];
  for (let open = start + 150 * DAY; open < start + 2500 * DAY; open += 21 * DAY) {
    const flux = caught(open, open + 21 * DAY).toFixed(4);
    rows.push(`${day(open)},${day(open + 21 * DAY)},${flux},${rows.length === 30 ? "" : flux}`);
  }
  writeFileSync(join(folder, "trap.csv"), rows.join("\n"));
  const [latitude, longitude] = [48, -18].map((first) =>
    Float64Array.from({ length: 14 }, (_, k) => first + 0.25 * k),
  ) as [Float64Array, Float64Array];
  const chlorophyll = join(folder, "chlorophyll");
  for (const [from, to] of [
    [0, 300],
    [300, 640],
  ] as const) {
    const times = Float64Array.from({ length: to - from }, (_, k) => start / DAY + 4 * (from + k));
    const maps = Float32Array.from({ length: times.length * 196 }, (_, at) =>
      at % 196 === 7 ? Number.NaN : series[from + Math.floor(at / 196)]!,
    );
    const axis = (name: string, data: Float64Array) => ({ [name]: { dimensions: [name], data } });
    await writeNetcdf(join(chlorophyll, `${from}.nc`), {
      dimensions: { time: times.length, lat: 14, lon: 14 },
      attributes: {},
      variables: {
        time: { dimensions: ["time"], data: times, attributes: { units: "days since 1970-01-01" } },
        ...axis("lat", latitude),
        ...axis("lon", longitude),
        CHL: {
          dimensions: ["time", "lat", "lon"],
          data: maps,
          attributes: { units: "milligram m-3" },
        },
      },
    });
  }
  const ends = Float64Array.from({ length: 270 }, (_, k) => start + 10 * k * DAY);
  const box = boxPdf(64e3, grid);
  const data = Float32Array.from({ length: 270 * 64 }, (_, at) => box[at % 64]!);
  for (const speed of [80, 100, 150, 200, 300]) {
    const record = { speed, ends, maps: { data, bins: 64 }, grid };
    await writeCatchments(join(folder, `own-w${speed}.nc`), record, {});
  }
});

test("a record of files is correlated as the paper does, and finds the lag it was made with", async () => {
  const trap = readPapFluxes(join(folder, "trap.csv"));
  const record = pickSamples(trap, paperSamples(trap));
  const water = await readChlorophyll(filesAt([join(folder, "chlorophyll")]), {
    longitude: -16.4,
    latitude: 49.5,
    ...grid,
  });
  const records = await readCatchmentSpeeds(join(folder, "own-w{speed}.nc"));
  const weighers = [
    { name: "predicted", kind: "catchments", records },
    { name: "box 112 km", kind: "map", map: boxPdf(112e3, grid) },
  ] as const;
  const weighed = weighChlorophyll(record, water, weighers, { lags: [0, 15, 24, 27, 30, 45] });
  const results = correlatePeriods(
    {
      fluxes: new Map([
        ["Dry weight", record.fluxes.mass!],
        ["PIC", record.fluxes.pic!],
      ]),
      weighed,
      regular: samplesWithout(record, EARLY_YEARS),
      without: EARLY_YEARS,
    },
    1,
  );
  expect(results).toHaveLength(4);
  for (const { peak, result, flux } of results) {
    expect(peak.lag).toBe(27);
    expect(peak.rSquared).toBeGreaterThan(0.999);
    expect(result.curves.get("box 112 km")!.rSquared[3]).toBeGreaterThan(0.999);
    expect(flux).toHaveLength(result.samples);
  }
  expect(record.mid).toHaveLength(trap.mid.length - 2 - 1); // one closed in 2008, two are the last
  expect(periodPanel(results[2]!).title).toBe(
    `PIC, all years: ${record.mid.length - 1} of ${record.mid.length} samples`,
  );
});
