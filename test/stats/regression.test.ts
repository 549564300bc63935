import { readFileSync } from "node:fs";
import { fitLinear, fitTrend, tQuantile, tryFitLinear, twoSidedP } from "carbonbook/stats";
import { describe, expect, test } from "vitest";
import { makeRandom } from "../../lib/core/index.js";

function fixture<T>(name: string): T {
  return JSON.parse(
    readFileSync(new URL(`../fixtures/stats/${name}.json`, import.meta.url), "utf8"),
  );
}

interface OlsCase {
  columns: number[][];
  y: number[];
  params: number[];
  bse: number[];
  pvalues: number[];
  rsquared: number;
}

function miss(got: ArrayLike<number>, wanted: readonly number[]): number {
  return Math.max(...wanted.map((w, i) => Math.abs(got[i]! / w - 1)));
}

test("slopes, standard errors and p-values are statsmodels' to 1e-9, or exact where it is not", () => {
  for (const { columns, y, params, bse, pvalues, rsquared } of fixture<OlsCase[]>("ols")) {
    const fit = fitLinear(columns, y);
    expect(miss(fit.coefficients, params)).toBeLessThan(1e-9);
    expect(miss(fit.standardErrors, bse)).toBeLessThan(1e-9);
    expect(miss(fit.pValues, pvalues)).toBeLessThan(1e-9);
    expect(Math.abs(fit.rSquared - rsquared)).toBeLessThan(1e-12);
  }
});

test("two-sided p of Student's t is scipy's to 3e-12 of its own size", () => {
  for (const [t, degrees, p] of fixture<[number, number, number][]>("student")) {
    const got = twoSidedP(t, degrees);
    expect(Math.abs(got - p), `t ${t}, df ${degrees}`).toBeLessThanOrEqual(3e-12 * p);
  }
});

test("the quantile is the inverse of the probability", () => {
  expect(tQuantile(0.05, 1e7)).toBeCloseTo(1.959964, 5);
  expect(twoSidedP(tQuantile(0.04, 21), 21)).toBeCloseTo(0.04, 12);
});

test("an exact plane is found exactly", () => {
  const x = [1, 2, 3, 4, 5, 6];
  const z = [1, 0, 2, 1, 5, 2];
  const y = x.map((xi, i) => 4 + 2 * xi - 3 * z[i]!);
  const { coefficients } = fitLinear([x, z], y);
  expect(Array.from(coefficients, (b) => Math.round(b * 1e12) / 1e12)).toEqual([4, 2, -3]);
});

describe("what cannot be fitted is said", () => {
  const x = [1, 2, 3, 4, 5, 6];
  test("points as many as parameters", () => {
    expect(tryFitLinear([x.slice(0, 3), [1, 4, 9]], [1, 2, 4])).toBe("too few points");
    expect(() => fitLinear([[1, 2]], [1, 2])).toThrow(/too few points/);
  });
  test("a one-valued column, or a one-valued target", () => {
    expect(tryFitLinear([x, [7, 7, 7, 7, 7, 7]], [1, 2, 3, 5, 4, 6])).toBe("constant");
    expect(tryFitLinear([x], [2050.3, 2050.3, 2050.3, 2050.3, 2050.3, 2050.3])).toBe("constant");
  });
  test("collinear columns, even far from the origin", () => {
    const far = x.map((xi) => 2000 + xi / 3);
    expect(tryFitLinear([x, far], [1, 2, 3, 5, 4, 6])).toBe("collinear");
  });
  test("NaN and unequal lengths", () => {
    expect(() => fitLinear([x], [1, 2, Number.NaN, 4, 5, 6])).toThrow(/y.*NaN at 2/);
    expect(() => fitLinear([x], [1, 2])).toThrow(/column 0.*shape/);
  });
});

test("the interval of a trend in AR(1) noise covers the truth as often as it says", () => {
  const years = Array.from({ length: 61 }, (_, i) => i);
  let covered = 0;
  for (let series = 0; series < 400; series++) {
    const random = makeRandom(42, series);
    let noise = 0;
    const y = years.map((year) => {
      noise = 0.5 * noise + random.normal();
      return 0.1 * year + noise;
    });
    const { slope, halfWidth } = fitTrend(years, y);
    if (Math.abs(slope - 0.1) <= halfWidth) covered++;
  }
  // 95 % is wanted; the effective sample size is known to be a little short for strong memory
  expect(covered / 400).toBeGreaterThan(0.9);
  expect(covered / 400).toBeLessThan(0.99);
});

test("a series of one value has no trend, and says so surely", () => {
  const trend = fitTrend([1, 2, 3, 4, 5], [7, 7, 7, 7, 7]);
  expect(trend).toMatchObject({ slope: 0, intercept: 7, halfWidth: 0, pValue: 1 });
  expect(() => fitTrend([1, 2], [7, 7])).toThrow(/too few points/);
});
