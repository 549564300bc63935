/** Taking the season out of a series, so that two that merely share it no longer look alike. */

import { ArgumentError, datePartsOf } from "../core/index.js";
import { fitLinear } from "../stats/index.js";

const YEAR = 365.2425 * 86400;

/**
 * Take the mean annual cycle (a year and half a year) out of a series.
 *
 * @param times  [s], shape (n)
 * @param values shape (n), finite
 * @returns values less their fitted cycle; the mean stays
 * @throws {ArgumentError} if there are fewer than 8 values
 */
export function deseasonalise(times: ArrayLike<number>, values: ArrayLike<number>): Float64Array {
  if (values.length < 8) {
    throw new ArgumentError({
      what: "series",
      wanted: "at least 8 values",
      got: `${values.length}`,
    });
  }
  const wave = (harmonic: number, shape: (angle: number) => number) =>
    Float64Array.from({ length: values.length }, (_, k) =>
      shape((2 * Math.PI * harmonic * times[k]!) / YEAR),
    );
  const columns = [1, 2].flatMap((harmonic) => [
    wave(harmonic, Math.cos),
    wave(harmonic, Math.sin),
  ]);
  const { coefficients } = fitLinear(columns, values);
  return Float64Array.from({ length: values.length }, (_, k) =>
    columns.reduce((left, column, c) => left - coefficients[c + 1]! * column[k]!, values[k]!),
  );
}

const MONTHS: readonly string[] = Array.from({ length: 12 }, (_, month) =>
  new Date(Date.UTC(2000, month)).toLocaleString("en", { month: "long", timeZone: "UTC" }),
);

/**
 * In words, the months of most and of least, by the mean of the samples whose middle is in each.
 *
 * @param times  [s], shape (n)
 * @param values shape (n), NaN where missing
 */
export function describeSeason(times: ArrayLike<number>, values: ArrayLike<number>): string {
  const means = MONTHS.map((name, month) => {
    const own = Array.from(times as ArrayLike<number>, (time, k) => ({ time, value: values[k]! }))
      .filter(({ time, value }) => {
        return Number.isFinite(value) && datePartsOf(time).month === month + 1;
      })
      .map(({ value }) => value);
    return { name, mean: own.reduce((sum, value) => sum + value, 0) / own.length };
  })
    .filter(({ mean }) => Number.isFinite(mean))
    .sort((a, b) => b.mean - a.mean);
  const [most, least] = [means[0]!, means.at(-1)!];
  return `most in ${most.name}, ${(most.mean / least.mean).toFixed(1)} times as much as in ${least.name}`;
}
