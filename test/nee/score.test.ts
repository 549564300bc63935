import {
  annualSums,
  anomalyR2,
  deseasonalise,
  normalisedEfficiency,
  pearson,
  rangeOf,
  rmse,
  scoreSeries,
  seasonalCycleOf,
  standardisedAnomalies,
} from "carbonbook/nee";
import { expect, test } from "vitest";

const season = Float64Array.from({ length: 48 }, (_, m) => Math.cos((2 * Math.PI * m) / 12));

test("normalised efficiency is 1, ½ and 0 for perfect, climatology and hopeless", () => {
  expect(normalisedEfficiency(1)).toBe(1);
  expect(normalisedEfficiency(0)).toBe(0.5);
  expect(normalisedEfficiency(Number.NEGATIVE_INFINITY)).toBe(0);
});

test("a season and its anomalies come apart", () => {
  const series = season.map((v, m) => v + Math.floor(m / 12));
  expect(rangeOf(seasonalCycleOf(series))).toBeCloseTo(2, 12);
  expect(deseasonalise(series)[47]).toBeCloseTo(1.5, 12);
  expect(annualSums(series)[3]! - annualSums(series)[2]!).toBeCloseTo(12, 9);
});

test("anomalies know neither trend nor size", () => {
  const a = [1, 3, 2, 5, 4, 4];
  const b = a.map((v, i) => 10 * v + 7 * i - 3);
  expect(anomalyR2(a, b)).toBeCloseTo(1, 12);
  const spread = standardisedAnomalies(a).reduce((sum, v) => sum + v * v, 0) / 5;
  expect(spread).toBeCloseTo(1, 12);
  expect(() => standardisedAnomalies([1, 2, 3, 4])).toThrow(/spread/);
});

test("a model equal to its reference scores 1, and a constant has no correlation", () => {
  const same = scoreSeries(season, season);
  expect(same).toMatchObject({ monthlyRmse: 0, monthlyR: 1, monthlyEfficiency: 1, cycleRmse: 0 });
  expect(pearson([1, 1, 1], [1, 2, 3])).toBeNaN();
  expect(rmse([0, 0], [3, 4])).toBeCloseTo(Math.sqrt(12.5), 12);
});
