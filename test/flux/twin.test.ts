import { boxPdf } from "carbonbook/catchment";
import { makeRandom, secondsOf } from "carbonbook/core";
import {
  type CatchmentRecord,
  crossCorrelate,
  drawFluxes,
  judgeRules,
  judgeTwin,
  pearson,
  pickCurves,
  pickWeighed,
  speedOfLag,
  TWIN_CHLOROPHYLL,
  TWIN_CURVES,
  twinChlorophyll,
  twinIntervals,
  twinSignal,
  weighChlorophyll,
} from "carbonbook/flux";
import { expect, test } from "vitest";

const DAY = 86400;
const [n, dx] = [24, 16e3];
const extent = {
  n,
  dx,
  from: secondsOf({ year: 2008, month: 11 }),
  to: secondsOf({ year: 2013, month: 6 }),
};

/** Gaussian catchments of 50 km whose centres wander; `miss` moves the centre by so much [m]. */
function catchments(seed: number, miss: number): CatchmentRecord[] {
  const dates = Float64Array.from({ length: 170 }, (_, k) => extent.from - 40 * DAY + k * 10 * DAY);
  const [walk, error] = [makeRandom(seed), makeRandom(seed, 1)];
  const maps = new Float32Array(dates.length * n * n);
  let [east, north] = [0, 0];
  for (let d = 0; d < dates.length; d++) {
    east = 0.8 * east + 60e3 * walk.normal();
    north = 0.8 * north + 60e3 * walk.normal();
    const [ce, cn] = [east + miss * error.normal(), north + miss * error.normal()];
    let sum = 0;
    for (let b = 0; b < n * n; b++) {
      const x = (Math.floor(b / n) - n / 2 + 0.5) * dx - ce;
      const y = ((b % n) - n / 2 + 0.5) * dx - cn;
      maps[d * n * n + b] = Math.exp(-(x * x + y * y) / (2 * 50e3 ** 2));
      sum += maps[d * n * n + b]!;
    }
    for (let b = 0; b < n * n; b++) maps[d * n * n + b] = maps[d * n * n + b]! / sum;
  }
  return [80, 100, 150, 200, 300].map((speed) => ({
    speed,
    midDates: dates,
    maps,
    bins: n * n,
    dx,
  }));
}

const chlorophyll = twinChlorophyll({ ...extent, seed: 1 });

test("the twin's chlorophyll has the season, the spread and the clouds that are stated", () => {
  const { times, maps, bins } = chlorophyll;
  const clear = maps.filter((value) => !Number.isNaN(value));
  expect(1 - clear.length / maps.length).toBeCloseTo(TWIN_CHLOROPHYLL.clouds, 1);
  const day = (date: number) => Math.floor((date - extent.from) / DAY);
  const spring = day(secondsOf({ year: 2010, month: 5, day: 5 }));
  const winter = day(secondsOf({ year: 2010, month: 1, day: 15 }));
  const mean = (d: number) => {
    const rows = maps.subarray((d - 10) * bins, (d + 11) * bins).filter((v) => !Number.isNaN(v));
    return rows.reduce((sum, v) => sum + v, 0) / rows.length;
  };
  expect(mean(spring)).toBeGreaterThan(0.8);
  expect(mean(winter)).toBeLessThan(0.5);
  expect(times.length * bins).toBe(maps.length);
  const month = { ...extent, to: extent.from + 30 * DAY, seed: 1 };
  const again = twinChlorophyll(month).maps;
  expect(again.every((value, k) => Object.is(value, maps[k]))).toBe(true);
  expect(() => twinChlorophyll({ ...extent, to: extent.from, seed: 1 })).toThrow(/at least 1/);
});

test("anomalies are alike at once and unlike at 300 km", () => {
  const free = { ...TWIN_CHLOROPHYLL, clouds: 0, base: 5, height: 1 };
  const { maps, bins } = twinChlorophyll({ ...extent, seed: 4 }, free);
  const column = (bin: number) =>
    Float64Array.from({ length: 1500 }, (_, d) => maps[d * bins + bin]!);
  const [here, near, far] = [column(5 * n + 5), column(5 * n + 6), column(17 * n + 17)];
  const seasonless = (a: Float64Array, b: Float64Array) => a.map((v, k) => v - b[k]!);
  expect(pearson(here, near)).toBeGreaterThan(0.95);
  const spread = (row: Float64Array) => Math.sqrt(row.reduce((s, v) => s + v * v, 0) / row.length);
  expect(spread(seasonless(here, far))).toBeCloseTo(0.3 * Math.SQRT2, 1);
});

test("cups are open one after another, about fifteen a year", () => {
  const cups = twinIntervals(2009, 2019);
  expect(cups.mid.length).toBe(170);
  for (let s = 1; s < cups.mid.length; s++)
    expect(cups.open[s]!).toBeGreaterThanOrEqual(cups.close[s - 1]!);
});

const cups = twinIntervals(2009, 2013);
const truth = catchments(5, 0);
const twin = twinSignal(cups, chlorophyll, truth, { seed: 1 });

test("noise leaves the share of the variance that is stated", () => {
  const shares = Array.from({ length: 60 }, (_, seed) => {
    const flux = drawFluxes(twin.signal, twin.regular, { seed });
    const pick = (values: Float64Array) => Float64Array.from(twin.regular, (s) => values[s]!);
    return pearson(pick(flux), pick(twin.signal)) ** 2;
  });
  expect(shares.reduce((a, b) => a + b) / 60).toBeCloseTo(0.35, 1);
});

test("no flux is below zero, and few are cut off there", () => {
  const drawn = Array.from({ length: 60 }, (_, seed) => [
    ...drawFluxes(twin.signal, twin.regular, { seed }),
  ]).flat();
  expect(Math.min(...drawn)).toBe(0);
  const share = drawn.filter((value) => value === 0).length / drawn.length;
  expect(share).toBeLessThan(0.01);
});

test("each signal of the null twin has catchments of its own, none of them the true ones", () => {
  const { random, signal } = twinSignal(cups, chlorophyll, truth, { seed: 1, nulls: 3 });
  expect(random).toHaveLength(3);
  for (const [k, values] of random.entries()) {
    expect(values).not.toEqual(random[(k + 1) % 3]);
    expect(values).not.toEqual(signal);
  }
  const draws = { signals: random, regular: twin.regular, lag: twin.lag };
  const weighed = weighChlorophyll(
    cups,
    chlorophyll,
    [{ name: "true", kind: "catchments", records: truth }],
    { lags: [27] },
  );
  const of = (signals: readonly Float64Array[]) =>
    judgeTwin(weighed, { ...draws, signals }, { draws: 3, seed: 1 }).atTruth.get("true")!;
  const alone = random.map((values) => of([values]));
  expect([...of(random)]).toEqual(alone.map((scores, k) => scores[k]));
});

test("curves are picked in the order asked for", () => {
  const weighed = {
    lags: [0],
    samples: 1,
    curves: new Map([
      ["a", Float64Array.of(1)],
      ["b", Float64Array.of(2)],
    ]),
    random: [],
  };
  expect([...pickCurves(weighed, ["b", "a"]).curves.keys()]).toEqual(["b", "a"]);
  expect(() => pickCurves(weighed, ["c"])).toThrow("a, b");
});

test("the analysis finds the true lag, and prefers the true catchment to a box", () => {
  expect(twin.lag).toBe(28);
  expect(speedOfLag(twin.lag)).toBe(100);
  const weighers = [
    { name: TWIN_CURVES.predicted, kind: "catchments", records: catchments(5, 40e3) },
    { name: TWIN_CURVES.truth, kind: "catchments", records: truth },
    { name: TWIN_CURVES.box, kind: "map", map: boxPdf(96e3, { n, dx }) },
  ] as const;
  const lags = [0, 9, 18, 24, 27, 30, 36, 45, 60];
  const weighed = pickWeighed(
    weighChlorophyll(cups, chlorophyll, weighers, { lags }),
    twin.regular,
  );
  const signal = Float64Array.from(twin.regular, (s) => twin.signal[s]!);
  const regular = twin.regular.map((_, s) => s);
  const verdict = judgeTwin(
    weighed,
    { signals: [signal], regular, lag: twin.lag },
    { draws: 20, seed: 1 },
  );
  const mean = (name: string) => verdict.meanAtTruth.get(name)!;
  expect(mean(TWIN_CURVES.truth)).toBeGreaterThan(mean(TWIN_CURVES.box));
  const best = verdict.bestLags.get(TWIN_CURVES.truth)!.toSorted()[10]!;
  expect(Math.abs(best - 28)).toBeLessThanOrEqual(6);
  const times = Float64Array.from(twin.regular, (s) => cups.mid[s]!);
  const options = { draws: 5, seed: 1, season: "removed", times } as const;
  const bare = judgeTwin(weighed, { signals: [signal], regular, lag: twin.lag }, options);
  expect(bare.meanAtTruth.get(TWIN_CURVES.truth)!).toBeLessThan(mean(TWIN_CURVES.truth));
  const flux = drawFluxes(signal, regular, { seed: 1000 });
  const slow = crossCorrelate(weighed, flux, { season: "removed", times });
  const nearest = slow.lags.indexOf(27);
  expect(bare.atTruth.get(TWIN_CURVES.box)![0]!).toBeCloseTo(
    slow.curves.get(TWIN_CURVES.box)!.rSquared[nearest]!,
    10,
  );
  const rules = judgeRules(verdict, verdict);
  expect(rules.map(({ id }) => id)).toEqual(["order", "wins", "lag", "null"]);
});
