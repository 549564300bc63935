import { makeRandom } from "carbonbook/core";
import {
  bestLag,
  bootstrapGain,
  type CatchmentRecord,
  type ChlorophyllRecord,
  CODE_LAG_SPEEDS,
  correlate,
  crossCorrelate,
  deseasonalise,
  judgePeak,
  lagFigure,
  makeTrapRecord,
  OLDER_LAG_SPEEDS,
  PAPER_LAGS,
  pearson,
  significantRSquared,
  speedOfLag,
  travelDays,
  weighChlorophyll,
} from "carbonbook/flux";
import { expect, test } from "vitest";

const DAY = 86400;

/** Catchments of all speeds, one map a date; `place` names the bin that holds all the mass. */
function catchments(dates: number[], place: (date: number) => number, bins = 4): CatchmentRecord[] {
  return [80, 100, 150, 200, 300].map((speed) => {
    const maps = new Float32Array(dates.length * bins);
    for (const [d, date] of dates.entries()) maps[d * bins + place(date)] = 1;
    return { speed, midDates: Float64Array.from(dates, (d) => d * DAY), maps, bins, dx: 16e3 };
  });
}

/** Chlorophyll day + 1000 · bin, so that what was averaged can be read off. */
function chlorophyll(days: number, bins = 4): ChlorophyllRecord {
  const times = Float64Array.from({ length: days }, (_, d) => (d + 0.5) * DAY);
  const maps = Float32Array.from(
    { length: days * bins },
    (_, at) => Math.floor(at / bins) + 1000 * (at % bins),
  );
  return { times, maps, bins };
}

const record = makeTrapRecord("test", [
  { where: "", open: 100 * DAY, close: 120 * DAY, fluxes: { poc: 1 } },
]);
const every = Array.from({ length: 40 }, (_, k) => 10 * k);

test("the code's lags and their speeds", () => {
  expect(PAPER_LAGS).toHaveLength(40);
  expect(PAPER_LAGS.at(-1)).toBe(117);
  const at = (lag: number) => speedOfLag(lag, CODE_LAG_SPEEDS);
  expect([0, 11.9, 12, 18, 25, 33.9, 34, 117].map(at)).toEqual([
    300, 300, 200, 150, 100, 100, 80, 80,
  ]);
  expect(speedOfLag(10, OLDER_LAG_SPEEDS)).toBe(200);
  expect(() => speedOfLag(-1)).toThrow(/0 d or more/);
  expect([80, 100, 150, 200, 300].map((w) => travelDays(w).toFixed(1))).toEqual([
    "35.0",
    "28.0",
    "18.7",
    "14.0",
    "9.3",
  ]);
});

test("C1 to C3 at lag 0: the mean map inside the sample and the mean of the days around it", () => {
  const trap = { name: "trap", kind: "catchments", records: catchments(every, () => 2) } as const;
  const { curves } = weighChlorophyll(record, chlorophyll(200), [trap], { lags: [0] });
  // days 95 to 125, whose middles average 109.5; all weight in bin 2
  expect(curves.get("trap")![0]).toBeCloseTo(2000 + 109.5, 6);
});

test("a lag moves both windows back", () => {
  const moving = catchments(every, (date) => (date < 80 ? 1 : 3));
  const trap = { name: "trap", kind: "catchments", records: moving } as const;
  const { curves } = weighChlorophyll(record, chlorophyll(200), [trap], { lags: [0, 48] });
  expect(curves.get("trap")![0]).toBeCloseTo(3000 + 109.5, 6);
  expect(curves.get("trap")![1]).toBeCloseTo(1000 + 61.5, 6);
});

test("C1's two readings: dates well inside the sample, or anywhere in it", () => {
  const sides = catchments([101, 110, 119], (date) => (date === 110 ? 0 : 1));
  const trap = { name: "trap", kind: "catchments", records: sides } as const;
  const value = (dates: "inside" | "whole") =>
    weighChlorophyll(record, chlorophyll(200), [trap], { lags: [0], dates }).curves.get("trap")![0];
  expect(value("inside")).toBeCloseTo(109.5, 6);
  expect(value("whole")).toBeCloseTo(109.5 + (1000 * 2) / 3, 3);
});

test("where no date is inside, the one nearest to the middle counts; where none is near, none", () => {
  const trap = (dates: number[]) =>
    ({
      name: "trap",
      kind: "catchments",
      records: catchments(dates, (d) => (d === 102 ? 1 : 2)),
    }) as const;
  const value = (dates: number[]) =>
    weighChlorophyll(record, chlorophyll(200), [trap(dates)], { lags: [0] }).curves.get("trap")![0];
  expect(value([101, 102])).toBeCloseTo(1109.5, 6);
  expect(value([60, 160])).toBeNaN();
});

test("C3: clouds take their weight with them, and a sample almost unseen has no value", () => {
  const water = chlorophyll(200);
  for (let at = 1; at < water.maps.length; at += 4) water.maps[at] = Number.NaN;
  const map = [0.25, 0.5, 0.25, 0];
  const value = (weights: number[], gaps: "seen" | "none" = "seen") =>
    weighChlorophyll(record, water, [{ name: "m", kind: "map", map: weights }], {
      lags: [0],
      gaps,
    }).curves.get("m")![0];
  expect(value(map)).toBeCloseTo(1109.5, 6);
  expect(value(map, "none")).toBeCloseTo(1109.5 / 2, 6);
  expect(value([0.001, 0.999, 0, 0])).toBeNaN();
  expect(value([0.02, 0.98, 0, 0])).toBeCloseTo(109.5, 6);
});

test("catchments of a speed that no record has are asked for by name", () => {
  const slow = catchments(every, () => 0).filter(({ speed }) => speed === 80);
  const trap = { name: "trap", kind: "catchments", records: slow } as const;
  expect(() => weighChlorophyll(record, chlorophyll(200), [trap], { lags: [0] })).toThrow(
    /a record for 300 m\/d/,
  );
  expect(() => weighChlorophyll(record, chlorophyll(200, 5), [trap], { lags: [40] })).toThrow(
    /shape/,
  );
});

test("the effective number of pairs of two autoregressive series is Bretherton's", () => {
  const random = makeRandom(7);
  const memory = 0.7;
  const series = () => {
    let value = random.normal();
    return Float64Array.from({ length: 20_000 }, () => {
      value = memory * value + Math.sqrt(1 - memory ** 2) * random.normal();
      return value;
    });
  };
  const { effective, r } = correlate(series(), series());
  expect(effective / 20_000).toBeCloseTo((1 - memory ** 2) / (1 + memory ** 2), 1);
  expect(Math.abs(r)).toBeLessThan(0.05);
});

test("white noise keeps all its pairs and its p is Student's", () => {
  const random = makeRandom(3);
  const x = Float64Array.from({ length: 400 }, () => random.normal());
  const y = x.map((value) => value + 2 * random.normal());
  const { r, rSquared, effective, pValue } = correlate(x, y);
  expect(effective).toBeGreaterThan(320);
  expect(rSquared).toBeCloseTo(r * r, 12);
  expect(r).toBeCloseTo(pearson(x, y), 12);
  expect(pValue).toBeLessThan(1e-6);
});

test("the R² of 5 % is that of the tables of r: 0.361 for thirty pairs, 0.195 for a hundred and one", () => {
  expect(Math.sqrt(significantRSquared(30))).toBeCloseTo(0.361, 3);
  expect(Math.sqrt(significantRSquared(101))).toBeCloseTo(0.1956, 3);
});

test("p-values of unrelated series with memory are uniform; plain ones would not be", () => {
  const random = makeRandom(11);
  let below = 0;
  for (let trial = 0; trial < 400; trial++) {
    const series = () => {
      let value = random.normal();
      return Float64Array.from({ length: 150 }, () => {
        value = 0.8 * value + 0.6 * random.normal();
        return value;
      });
    };
    if (correlate(series(), series()).pValue < 0.05) below++;
  }
  expect(below / 400).toBeGreaterThan(0.02);
  expect(below / 400).toBeLessThan(0.12);
});

test("taking the season out leaves what is not seasonal", () => {
  const times = Float64Array.from({ length: 300 }, (_, k) => k * 12 * DAY);
  const year = 365.2425 * DAY;
  const rest = times.map((_, k) => ((k * 7919) % 101) / 101);
  const values = rest.map(
    (value, k) =>
      value +
      5 * Math.cos((2 * Math.PI * times[k]!) / year) -
      2 * Math.sin((4 * Math.PI * times[k]!) / year),
  );
  expect(pearson(deseasonalise(times, values), rest)).toBeGreaterThan(0.98);
  expect(() => deseasonalise([1, 2], [1, 2])).toThrow(/at least 8/);
});

test("the best lag of a flux made at a lag is that lag, and missing samples are counted", () => {
  const random = makeRandom(5);
  const water = chlorophyll(900, 1);
  let value = 0;
  for (let d = 0; d < 900; d++) {
    value = 0.9 * value + random.normal();
    water.maps[d] = value;
  }
  const rows = Array.from({ length: 45 }, (_, k) => ({
    where: "",
    open: (150 + 16 * k) * DAY,
    close: (166 + 16 * k) * DAY,
    fluxes: {},
  }));
  const cups = makeTrapRecord("test", rows);
  const weighed = weighChlorophyll(cups, water, [{ name: "box", kind: "map", map: [1] }]);
  const flux = weighed.curves
    .get("box")!
    .slice(9 * 45, 10 * 45)
    .map((v) => v + 0.1 * random.normal());
  flux[3] = Number.NaN;
  const result = crossCorrelate(weighed, flux);
  expect(bestLag(result, "box").lag).toBe(27);
  expect([...result.used].every((used) => used === 44)).toBe(true);
  expect(() => bestLag(result, "trap")).toThrow(/box/);
  expect(() => crossCorrelate(weighed, flux.fill(Number.NaN))).toThrow(/at least 10/);
});

test("the bootstrap of a gain holds zero for equal curves and not for a curve of noise", () => {
  const random = makeRandom(9);
  const y = Float64Array.from({ length: 160 }, () => random.normal());
  const good = y.map((value) => value + random.normal());
  const alike = y.map((value) => value + random.normal());
  const noise = y.map(() => random.normal());
  const [low, high] = bootstrapGain(y, good, alike, { seed: 1 }).interval;
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(0);
  expect(bootstrapGain(y, good, noise, { seed: 1 }).interval[0]).toBeGreaterThan(0.1);
});

/** White noise for a curve at each of so many lags, and a flux that knows nothing of it. */
function unrelated(lags: number, samples: number) {
  const random = makeRandom(21);
  const noise = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const numbers = Array.from({ length: lags }, (_, l) => 3 * l);
  const curves = new Map([["box", noise(lags * samples)]]);
  return { weighed: { lags: numbers, samples, curves, random: [] }, flux: noise(samples) };
}

test("the level of a peak is the tables' at one lag, and that of 5 % in all at many", () => {
  const level = (lags: number) => {
    const { weighed, flux } = unrelated(lags, 101);
    const result = crossCorrelate(weighed, flux);
    return judgePeak(weighed, flux, result, { curve: "box", seed: 3, draws: 1000 }).level;
  };
  expect(Math.sqrt(level(1))).toBeCloseTo(0.196, 1);
  const many = significantRSquared(101, 1 - 0.95 ** (1 / 20));
  expect(level(20) / many).toBeGreaterThan(0.8);
  expect(level(20) / many).toBeLessThan(1.25);
});

test("a flux made of a curve stands out of chance, also with gaps; one that is not does not", () => {
  const { weighed, flux } = unrelated(8, 60);
  const judge = (values: Float64Array) =>
    judgePeak(weighed, values, crossCorrelate(weighed, values), { curve: "box", seed: 1 });
  expect(judge(flux).pValue).toBeGreaterThan(0.05);
  const made = flux.map((value, s) => value + 2 * weighed.curves.get("box")![5 * 60 + s]!);
  made[7] = Number.NaN;
  const { lag, pValue, rSquared, level } = judge(made);
  expect(lag).toBe(15);
  expect(pValue).toBeCloseTo(1 / 501, 10);
  expect(rSquared).toBeGreaterThan(level);
  const result = crossCorrelate(weighed, flux);
  expect(() => judgePeak(weighed, flux, result, { curve: "disc", seed: 1 })).toThrow(/box/);
});

test("the pairs of one lag, of the samples that all curves have, and the line through them", () => {
  const samples = 12;
  const rising = Float64Array.from({ length: 2 * samples }, (_, i) => i % samples);
  const gappy = rising.map((value, i) => (i === samples + 3 ? Number.NaN : -value));
  const weighed = {
    lags: [0, 3],
    samples,
    curves: new Map([
      ["box", rising],
      ["catchment", gappy],
    ]),
    random: [],
  };
  const flux = Float64Array.from({ length: samples }, (_, s) => 2 + 3 * s);
  const labels = { id: "lag", study: "test", caption: "by hand", dataLabel: "closed form: a line" };
  const draw = (lag: number, curves: string[]) =>
    lagFigure(weighed, flux, { ...labels, lag, curves });
  const drawn = draw(3, ["box", "catchment"]);
  expect(drawn.title).toBe("3 days before: R² 1.00 by the box");
  const [pairs, line] = drawn.data.slice(2);
  expect(pairs!.x).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map((x) => 0 - x));
  expect(Array.from(line!.y as number[], Math.round)).toEqual([35, 2]);
  expect(() => draw(4, ["box"])).toThrow("lag: expected 0, 3, got 4");
  expect(() => draw(0, ["disc"])).toThrow("curve: expected box, catchment, got disc");
});
