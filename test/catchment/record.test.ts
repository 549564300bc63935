import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  askCatchment,
  channelRanges,
  checkChannels,
  commonShare,
  compareRecord,
  coveredDates,
  datesOfSpeed,
  filesOf,
  flowsOfMaps,
  type ImageSource,
  judgeRecord,
  type Maps,
  mapOf,
  meanAround,
  predictRecord,
  RECORD_CURVES,
  type SatelliteMaps,
  type SourcePdfs,
  type SpeedForecaster,
  trueRecord,
  twinOfRecord,
  writeCatchments,
} from "carbonbook/catchment";
import { open } from "carbonbook/io";
import { initialise, unet } from "carbonbook/learn";
import { afterAll, expect, test } from "vitest";

const DAY = 86400;
const folder = mkdtempSync(join(tmpdir(), "record-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Maps of a quarter degree around the trap, one every ten days from the first. */
function maps(quantity: string, count: number, value: (lat: number, k: number) => number) {
  const longitude = Float64Array.from({ length: 80 }, (_, i) => -26.5 + 0.25 * i);
  const latitude = Float64Array.from({ length: 60 }, (_, j) => 41.5 + 0.25 * j);
  const size = 80 * 60;
  return {
    ...{ quantity, units: "m", longitude, latitude },
    times: Float64Array.from({ length: count }, (_, k) => 10 * k * DAY),
    values: Float32Array.from({ length: count * size }, (_, at) =>
      value(latitude[Math.floor((at % size) / 80)]!, Math.floor(at / size)),
    ),
  } satisfies SatelliteMaps;
}

const network = unet({ channels: 13, size: [16, 16], maps: 2, widths: [4, 8], kernel: 3 });
const net: SpeedForecaster = {
  ...{ name: "sst-ssh", kind: "sst-ssh", network, histories: [], tuned: new Map(), maps: 2 },
  normalisation: { mean: new Float64Array(13), sd: new Float64Array(13).fill(1) },
  members: [1, 2].map((seed) => ({ network, weights: initialise(network, seed) })),
  ...{ speeds: [80, 300], grid: { n: 16, dx: 16e3 } },
  ranges: Array.from({ length: 10 }, () => [-1, 1] as const),
};
const trap = { longitude: -16.5, latitude: 49 };
const ssh = maps("adt", 12, (lat, k) => 0.1 * Math.sin(lat + k));
const sst = maps("analysed_sst", 12, (lat, k) => Math.cos(lat * 2 + k));

test("a record is what asking for each of its dates gives", async () => {
  const ends = coveredDates(
    Float64Array.from({ length: 12 }, (_, k) => 10 * k * DAY),
    net.speeds,
    [ssh, sst],
  );
  expect([...ends].map((end) => end / DAY)).toEqual([50, 60, 70, 80, 90, 100]);
  const found = await predictRecord(net, { ...trap, ssh, sst, speed: 80, ends });
  for (const [k, end] of ends.entries()) {
    const { pdf, spread } = await askCatchment(net, { ...trap, ssh, sst, speed: 80, end });
    expect(Math.max(...mapOf(found.median, k).map((p, b) => Math.abs(p - pdf[b]!)))).toBeLessThan(
      1e-6,
    );
    expect(
      Math.max(...mapOf(found.spread, k).map((p, b) => Math.abs(p - spread[b]!))),
    ).toBeLessThan(1e-6);
  }
  expect(found.warnings).toEqual([]);
  const warm = { ...sst, values: sst.values.map((value) => value + 20) };
  const other = await predictRecord(net, { ...trap, ssh, sst: warm, speed: 80, ends });
  expect(other.warnings.join()).toMatch(/^sst: 100 % .*-1.00 to 1.00 °C.*do not trust/);
});

test("dates that the maps do not cover, half of the files and a day that is none are refused", () => {
  const late = Float64Array.of(400 * DAY);
  expect(() => coveredDates(late, [100], [ssh])).toThrow(
    /1971-02-05.*adt from 1970-01-01 to 1970-04-21/s,
  );
  const place = { ...trap, firstDate: "2016-07-01" };
  expect(filesOf({ ...place, sshFiles: [], sstFiles: [] })).toBeUndefined();
  const files = filesOf({ ...place, sshFiles: ["a.nc"], sstFiles: ["b.nc"] })!;
  expect(new Date(1000 * files.first).toISOString()).toBe("2016-07-01T00:00:00.000Z");
  expect(() => filesOf({ ...place, sshFiles: ["a.nc"], sstFiles: [] })).toThrow(/files of both/);
  const both = { sshFiles: ["a.nc"], sstFiles: ["b.nc"] };
  expect(() => filesOf({ ...trap, ...both, firstDate: "July" })).toThrow(/"2016-07-01"/);
  expect(twinOfRecord("quick")).toBe("quick");
  expect(() => twinOfRecord("paper")).toThrow(/no twin is as large.*predictRecord/s);
});

test("the files' coordinates say where a bin lies and when its particles were near the surface", async () => {
  const path = join(folder, "record.nc");
  const ends = Float64Array.of(16800 * DAY, 16810 * DAY);
  const data = new Float32Array(2 * 16).fill(1 / 16);
  const grid = { n: 4, dx: 8e3 };
  await writeCatchments(path, { speed: 100, ends, maps: { data, bins: 16 }, grid }, {});
  const file = await open(path);
  expect([...(await file.variable("dx").read()).data]).toEqual([-12e3, -4e3, 4e3, 12e3]);
  expect([...(await file.variable("dy").read()).data]).toEqual([-12e3, -4e3, 4e3, 12e3]);
  const days = [...(await file.variable("time").readTimes()).data].map((time) => time / DAY);
  expect(days).toEqual([16800 - 33, 16810 - 33]);
  file.close();
});

test("percentiles of a training's channels are those of its values, and others are outside", () => {
  const images: ImageSource = {
    layout: { name: "two", depths: [0], dates: [0], pdfChannels: 1, channels: 3 },
    ...{ n: 14, count: 50 },
    fill: (sample, out) => {
      for (let at = 0; at < 196; at++) out[at] = sample + at / 196;
      out.fill(50 - sample, 196, 392);
    },
  };
  const ranges = channelRanges(
    images,
    Int32Array.from({ length: 50 }, (_, k) => k),
  );
  expect(ranges).toHaveLength(2);
  expect(ranges[0]![0]).toBeCloseTo(0.5, 0);
  expect(ranges[0]![1]).toBeCloseTo(49.5, 0);
  expect(ranges[1]).toEqual([1, 50]);
  const [trained] = ranges;
  const inside = checkChannels("sst", "°C", [{ trained: trained!, values: [10, 20, Number.NaN] }]);
  expect(inside).toMatchObject({ outside: 0, trained });
  const half = checkChannels("sst", "°C", [{ trained: trained!, values: [10, 90] }]);
  expect(half.outside).toBe(0.5);
  expect(half.warning).toMatch(/50 % of the values/);
});

test("currents along a season's maps are those of their slope", () => {
  const slope = 1e-6;
  const height = maps("adt", 6, (lat, k) => slope * k * 111_195 * lat);
  const box = { ...trap, n: 8, dx: 16e3 };
  const [flow] = flowsOfMaps(height, box, [50 * DAY], 80);
  expect(datesOfSpeed(80).map((date) => 5 + date / (10 * DAY))).toEqual([0, 1, 2, 3, 4]);
  const f = 2 * 7.292115e-5 * Math.sin((49 * Math.PI) / 180);
  expect(flow!.u[4 * 8 + 4]! / ((-9.81 * 2 * slope) / f)).toBeCloseTo(1, 1);
  expect(Math.abs(flow!.v[4 * 8 + 4]!)).toBeLessThan(1e-4);
});

test("days around a date are averaged where they were seen", () => {
  const times = Float64Array.of(0, DAY, 2 * DAY, 9 * DAY);
  const seen = Float32Array.of(1, 2, Number.NaN, 4, 3, Number.NaN, 100, 100);
  expect([...meanAround({ times, maps: seen, bins: 2 }, DAY, 1.5 * DAY)]).toEqual([2, 3]);
  const never = meanAround({ times, maps: seen, bins: 2 }, 2.5 * DAY, 0.6 * DAY);
  expect([...never]).toEqual([3, Number.NaN]);
});

test("maps that stand still have all in common, and only pairs of one sea count", () => {
  const still: Maps = {
    data: Float32Array.from({ length: 16 }, (_, k) => (k % 4 === 0 ? 1 : 0)),
    bins: 4,
  };
  const dates = [0, 10, 20, 30].map((d) => d * DAY);
  expect(commonShare(still, dates, 20)).toEqual({ days: [10, 20], share: [1, 1] });
  const pairs: number[] = [];
  commonShare(still, dates, 10, (a, b) => pairs.push(a, b) > 0);
  expect(pairs).toEqual([0, 1, 1, 2, 2, 3]);
  expect(commonShare(still, dates, 30, () => false).days).toEqual([]);
});

/** A truth of two places, two windows and two speeds whose maps lie in one of 144 bins each. */
function smallTruth(): { truth: SourcePdfs; bin: (sample: number) => number } {
  const bin = (sample: number) => 60 + 7 * sample;
  const filtered = new Float32Array(8 * 144);
  for (let s = 0; s < 8; s++) filtered[s * 144 + bin(s)] = 1;
  const place = { east: 0, north: 0, depth: 3000 };
  const truth = {
    ...{ filtered, raw: filtered, levels: [200], grid: { n: 12, dx: 16e3 }, released: 10 },
    ...{ traps: [place, place, place, place], windows: Float64Array.of(0, DAY) },
    inside: Int32Array.from([10, 10, 10, 10, 10, 3, 10, 10]),
  } as unknown as SourcePdfs;
  return { truth, bin };
}

test("a record that is the truth loses nothing, and dates whose particles left are left out of all", () => {
  const { truth, bin } = smallTruth();
  const trueStandins = [
    { place: 0, window: 0 },
    { place: 1, window: 0 },
    { place: 0, window: 1 },
    { place: 1, window: 1 },
  ];
  const plan = { later: [1, 2, 3, 4], compared: [0, 3], trueStandins };
  const at = (bins: readonly number[]): Maps => {
    const data = new Float32Array(bins.length * 144);
    for (const [k, b] of bins.entries()) data[k * 144 + b] = 1;
    return { data, bins: 144 };
  };
  // samples of the dates compared: 0 and 5 at 80 m/d, of which 5 lost its particles; 2 and 7 at 300,
  // of which 7 goes with it
  const part = (speed: number, right: readonly number[]) => {
    const median = at([0, right[0]!, 0, 0, right[1]!].map((s, k) => (k % 3 === 1 ? bin(s) : 0)));
    const undisturbed = at([0, 1]);
    return { speed, median, undisturbed, spread: median, ends: new Float64Array(5), warnings: [] };
  };
  const record = [part(80, [0, 5]), part(300, [2, 7])];
  const compared = compareRecord(plan, record, truth, { n: 12, dx: 16e3 });
  expect([compared.masked, ...compared.block]).toEqual([1, 0]);
  const losses = (name: string) =>
    compared.models.find(({ model }) => model === name)!.scores.map(({ meanLoss }) => meanLoss);
  for (const loss of losses(RECORD_CURVES.satellites)) expect(loss).toBeCloseTo(0, 5);
  for (const loss of losses(RECORD_CURVES.fields)) expect(loss).toBeCloseTo(1, 5);
  const whole = { ...truth, inside: new Int32Array(8).fill(10) };
  const both = compareRecord(plan, record, whole, { n: 12, dx: 16e3 });
  expect(both.models[2]!.scores[1]!.meanLoss).toBeCloseTo(1 - Math.SQRT1_2, 5);
  expect(both.masked).toBe(0);
  expect(judgeRecord(compared, "quick").map(({ verdict }) => verdict)).toEqual([
    "not judged",
    "not judged",
  ]);
  const [holds, differs] = judgeRecord(compared, "workshop");
  expect([holds!.verdict, differs!.verdict]).toEqual(["differs", "differs"]); // alone, a mean is the truth
  expect(holds!.ours).toContain("1 dates, 1 more left out");
  const [slow] = trueRecord(plan, truth, [80, 300]);
  expect([0, 1, 2, 3].map((k) => mapOf(slow!.maps, k).indexOf(1))).toEqual([0, 1, 4, 5].map(bin));
});
