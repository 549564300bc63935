/**
 * One month of the surface ocean, and the screening of it: cells out of the published limits become
 * NaN and are counted; a field in another unit is refused.
 */

import { ArgumentError, shapeError } from "../core/index.js";

/** Fields of one month, all shape (n,), NaN over land. */
export interface OceanMonth {
  /** [°C] */
  readonly temperature: Float64Array;
  /** [µmol kg⁻¹] */
  readonly dic: Float64Array;
  /** [µmol kg⁻¹] */
  readonly alkalinity: Float64Array;
  /** [µatm] */
  readonly fco2: Float64Array;
}

/** Limits of what is kept, in the month's own units. */
export type Limits = Readonly<Record<keyof OceanMonth, readonly [low: number, high: number]>>;

/** The limits of Mohanty et al.: DIC ≥ 1500, alkalinity ≥ 1700, T ≤ 40, fCO2 ≤ 500 (their code). */
export const PUBLISHED_LIMITS: Limits = {
  temperature: [Number.NEGATIVE_INFINITY, 40],
  dic: [1500, Number.POSITIVE_INFINITY],
  alkalinity: [1700, Number.POSITIVE_INFINITY],
  fco2: [Number.NEGATIVE_INFINITY, 500],
};

/** What the median of each field must lie in, or it is in another unit; a thousand values tell it. */
const UNITS: Readonly<Record<keyof OceanMonth, readonly [number, number, string]>> = {
  temperature: [-5, 60, "°C"],
  dic: [500, 5000, "µmol kg⁻¹"],
  alkalinity: [500, 5000, "µmol kg⁻¹"],
  fco2: [50, 5000, "µatm"],
};

/** A screened month and what was left out. */
export interface Screened {
  readonly month: OceanMonth;
  /** cells where all four fields are known and within limits */
  readonly kept: number;
  /** cells without one of the fields */
  readonly missing: number;
  /** cells out of the limits of each field (a cell may count twice) */
  readonly beyond: Readonly<Record<keyof OceanMonth, number>>;
}

/**
 * Screen a month.
 *
 * @throws {ShapeError}    if fields differ in length
 * @throws {ArgumentError} if no cell has all fields, or the median of a field shows another unit
 */
export function screenMonth(month: OceanMonth, limits: Limits = PUBLISHED_LIMITS): Screened {
  const names = Object.keys(limits) as (keyof OceanMonth)[];
  const n = month.temperature.length;
  for (const name of names) {
    if (month[name].length !== n) throw shapeError(name, [n], [month[name].length]);
    checkUnit(name, month[name]);
  }
  const counts = names.map(() => 0);
  const from = names.map((name) => month[name]);
  const to = names.map(() => new Float64Array(n).fill(Number.NaN));
  let missing = 0;
  let kept = 0;
  for (let i = 0; i < n; i++) {
    if (!from.every((field) => Number.isFinite(field[i]))) {
      missing++;
      continue;
    }
    let out = 0;
    for (const [k, field] of from.entries()) {
      const [low, high] = limits[names[k]!];
      if (field[i]! >= low && field[i]! <= high) continue;
      counts[k] = counts[k]! + 1;
      out++;
    }
    if (out > 0) continue;
    for (const [k, field] of from.entries()) to[k]![i] = field[i]!;
    kept++;
  }
  const byName = <T>(values: readonly T[]) =>
    Object.fromEntries(names.map((name, k) => [name, values[k]])) as Record<keyof OceanMonth, T>;
  return { month: byName(to), kept, missing, beyond: byName(counts) };
}

function checkUnit(name: keyof OceanMonth, values: Float64Array): void {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) {
    throw new ArgumentError({ what: name, wanted: "values over the sea", got: "none" });
  }
  const stride = Math.max(1, Math.floor(known.length / 1000));
  const some = known.filter((_, i) => i % stride === 0).sort();
  const median = some[some.length >> 1]!;
  const [low, high, unit] = UNITS[name];
  if (median >= low && median <= high) return;
  throw new ArgumentError({
    what: name,
    wanted: `${unit}, median ${low} to ${high}`,
    got: `median ${median.toPrecision(4)}${median > 0.5 && median < 10 ? ", perhaps mol m⁻³" : ""}`,
    remedy: "convert the field first; slopes are in the units of the fields",
  });
}
