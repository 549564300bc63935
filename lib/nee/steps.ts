/** The time axis: months cut into steps, days or longer ones. */

import { ArgumentError, dayNumber, daysInMonth } from "../core/index.js";

/** Steps from January of the first year on. */
export interface Steps {
  readonly firstYear: number;
  readonly years: number;
  /** 12 × years */
  readonly months: number;
  readonly count: number;
  /** month of each step, from 0 */
  readonly monthOf: Int32Array;
  /** length of each step [d] */
  readonly days: Float64Array;
  /** middle of each step as day of the year, 0 to 366 */
  readonly dayOfYear: Float64Array;
  /** step within its year, from 0: the same number is the same season */
  readonly stepOfYear: Int32Array;
  /** steps of a mean year: 12 per step of a month, or 366 for days */
  readonly perYear: number;
  /** days of each month, shape (months) */
  readonly daysOfMonth: Float64Array;
}

/**
 * Make the axis.
 *
 * @param perMonth equal steps in each month (3: dekads), or "daily"
 */
export function makeSteps(
  firstYear: number,
  years: number,
  perMonth: number | "daily" = "daily",
): Steps {
  if (perMonth !== "daily" && !(Number.isInteger(perMonth) && perMonth >= 1)) {
    throw new ArgumentError({
      what: "perMonth",
      wanted: 'an integer or "daily"',
      got: `${perMonth}`,
    });
  }
  const monthOf: number[] = [];
  const days: number[] = [];
  const dayOfYear: number[] = [];
  const stepOfYear: number[] = [];
  const daysOfMonth = new Float64Array(12 * years);
  for (let m = 0; m < 12 * years; m++) {
    const year = firstYear + Math.floor(m / 12);
    const length = daysInMonth(year, 1 + (m % 12));
    const start = dayNumber(year, 1 + (m % 12), 1) - dayNumber(year, 1, 1);
    const leap = daysInMonth(year, 2) === 29;
    daysOfMonth[m] = length;
    const parts = perMonth === "daily" ? length : perMonth;
    for (let k = 0; k < parts; k++) {
      monthOf.push(m);
      days.push(length / parts);
      dayOfYear.push(start + ((k + 0.5) * length) / parts);
      // 29 February keeps a place of its own, so that 1 March is the same season every year
      const seasonal = start + k + (!leap && m % 12 >= 2 ? 1 : 0);
      stepOfYear.push(perMonth === "daily" ? seasonal : (m % 12) * perMonth + k);
    }
  }
  return {
    firstYear,
    years,
    months: 12 * years,
    count: monthOf.length,
    monthOf: Int32Array.from(monthOf),
    days: Float64Array.from(days),
    dayOfYear: Float64Array.from(dayOfYear),
    stepOfYear: Int32Array.from(stepOfYear),
    perYear: perMonth === "daily" ? 366 : 12 * perMonth,
    daysOfMonth,
  };
}

/**
 * Monthly means of a field on steps.
 *
 * @param field shape (steps, n)
 * @returns shape (months, n)
 */
export function monthlyMeans(steps: Steps, field: Float32Array, n: number): Float32Array {
  const means = new Float32Array(steps.months * n);
  for (let s = 0; s < steps.count; s++) {
    const m = steps.monthOf[s]!;
    const share = steps.days[s]! / steps.daysOfMonth[m]!;
    for (let i = 0; i < n; i++) {
      means[m * n + i] = means[m * n + i]! + share * field[s * n + i]!;
    }
  }
  return means;
}
