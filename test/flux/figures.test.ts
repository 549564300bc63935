import { makeRandom } from "carbonbook/core";
import {
  bloomFigure,
  correlatePeriods,
  correlationFigure,
  describeSeason,
  EARLY_YEARS,
  makeTrapRecord,
  periodPanel,
  pickSamples,
  samplesWithout,
  twinIntervals,
} from "carbonbook/flux";
import { expect, test } from "vitest";

const labels = {
  id: "f",
  study: "test",
  title: "t",
  caption: "by hand",
  dataLabel: "closed form: a wave",
};
const cups = twinIntervals(2010, 2015);
const samples = cups.mid.length;
const random = makeRandom(2);
const noise = (n: number) => Float64Array.from({ length: n }, () => random.normal());

test("every flux is correlated in both periods, and titles say how many samples the lags have", () => {
  const lags = [0, 3, 6];
  const predicted = noise(3 * samples);
  predicted[samples + 40] = Number.NaN;
  const weighed = { lags, samples, curves: new Map([["predicted", predicted]]), random: [] };
  const poc = predicted.slice(2 * samples).map((value) => value + 0.1 * random.normal());
  const fluxes = new Map([
    ["Dry weight", noise(samples)],
    ["POC", poc],
  ]);
  const regular = samplesWithout(cups, EARLY_YEARS);
  const results = correlatePeriods({ fluxes, weighed, regular, without: EARLY_YEARS }, 1);
  expect(results.map(({ title }) => title)).toEqual([
    "Dry weight, all years",
    "Dry weight, without 2011 and 2013",
    "POC, all years",
    "POC, without 2011 and 2013",
  ]);
  const whole = periodPanel(results[2]!, 6);
  expect(whole.title).toBe("POC, all years: 84–85 of 85 samples");
  expect(results[3]!.result.samples).toBe(regular.length);
  expect([results[2]!.peak.lag, results[3]!.peak.lag]).toEqual([6, 6]);
  const { data, layout } = correlationFigure([whole, periodPanel(results[3]!)], labels);
  const names = data.map(({ name }) => name);
  expect(names).toContain("true lag");
  expect(names.filter((name) => name === "5 % by chance at the best lag")).toHaveLength(2);
  const limits = (layout.shapes as { x0: number }[]).map(({ x0 }) => x0);
  expect(limits).toEqual([12, 18, 25, 34, 12, 18, 25, 34]);
});

test("fluxes and chlorophyll share one axis, and the years of use are shaded", () => {
  const twin = { ...cups, fluxes: { mass: noise(samples).map(Math.abs) } };
  const day = (year: number) => Date.UTC(year) / 1000;
  const rows = [1998, 1999].map((year) => ({
    where: "",
    open: day(year),
    close: day(year) + 864e3,
    fluxes: { mass: 3, poc: 1, pon: 1 },
  }));
  const records = new Map([
    ["measured", makeTrapRecord("test", rows)],
    ["twin", twin],
  ]);
  const used = pickSamples(twin, samplesWithout(twin, EARLY_YEARS));
  const chlorophyll = new Map([["predicted", noise(samples)]]);
  const series = { records, used, mid: cups.mid, chlorophyll, lag: 27 };
  const { data, layout } = bloomFigure(series, labels);
  const axes = Object.keys(layout).filter((key) => key.startsWith("xaxis"));
  expect(axes).toHaveLength(3); // dry weight, POC, chlorophyll; no PIC, and PON is not the paper's
  for (const axis of axes) {
    expect((layout[axis] as { range: string[] }).range).toEqual(["1998-01-01", "2015-02-17"]);
  }
  const shades = data.filter(({ fill, x }) => fill === "tonexty" && x !== undefined);
  const starts = shades.slice(0, 3).map(({ x }) => (x as string[])[0]);
  expect(starts).toEqual(["2010-04-01", "2011-12-09", "2013-12-09"]);
  expect(shades).toHaveLength(9);
});

test("the season in words names the months of most and least", () => {
  const times = Float64Array.from({ length: 36 }, (_, k) => Date.UTC(2000, k, 15) / 1000);
  const values = times.map((_, k) => (k % 12 === 6 ? 30 : k % 12 === 1 ? 5 : 10));
  values[0] = Number.NaN;
  expect(describeSeason(times, values)).toBe("most in July, 6.0 times as much as in February");
});
