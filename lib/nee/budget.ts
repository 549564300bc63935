/**
 * The residual land sink of the Global Carbon Budget: what fossil and land-use emissions leave after
 * the growth of the air and the uptake of the sea. With sign as NEE: below zero is uptake.
 */

import { DataError } from "../core/index.js";
import { readTable } from "../io/index.js";
import { deviationOf, meanOf, rmse } from "./score.js";

/** Annual terms of a budget [PgC a⁻¹]. */
export interface BudgetYears {
  readonly years: Int32Array;
  readonly fossil: Float64Array;
  readonly landUse: Float64Array;
  readonly growth: Float64Array;
  readonly ocean: Float64Array;
  /** uptake by cement; zeros where the table has none */
  readonly cement: Float64Array;
}

/** What a column may be called in the tables of the years 2019 to 2024 and their repackagings. */
const COLUMNS: Readonly<Record<Exclude<keyof BudgetYears, "years">, RegExp>> = {
  fossil: /^fossil/i,
  landUse: /^land[ -]?use/i,
  growth: /^atmospheric[ -]growth/i,
  ocean: /^ocean[ -]sink/i,
  cement: /^cement/i,
};

/**
 * Read a budget from its annual table as CSV; rows without a year are left out.
 *
 * @throws {DataError} naming the term that no column holds, or that two do
 */
export function readBudget(path: string): BudgetYears {
  const table = readTable(path, { shortRows: "fill" });
  const yearColumn = table.names.findIndex((name) => /^year$/i.test(name));
  if (yearColumn === -1) {
    throw new DataError({
      where: path,
      what: "header",
      wanted: "a column Year",
      got: table.names.join(", "),
    });
  }
  const all = table.numbers(yearColumn);
  const rows = Array.from(all.keys()).filter((i) => Number.isFinite(all[i]!));
  const term = (name: keyof typeof COLUMNS) => {
    const found = Array.from(table.names.keys()).filter((i) => COLUMNS[name].test(table.names[i]!));
    if (found.length === 0 && name === "cement") return new Float64Array(rows.length);
    if (found.length !== 1) {
      const got = found.map((i) => table.names[i]).join(", ") || "none";
      throw new DataError({ where: path, what: name, wanted: "one column", got });
    }
    const values = table.numbers(found[0]!);
    return Float64Array.from(rows, (i) => values[i]!);
  };
  return {
    years: Int32Array.from(rows, (i) => all[i]!),
    fossil: term("fossil"),
    landUse: term("landUse"),
    growth: term("growth"),
    ocean: term("ocean"),
    cement: term("cement"),
  };
}

/**
 * Residual land flux of some years [PgC a⁻¹], below zero where the land takes up.
 *
 * @param cement "kept" leaves its uptake in the land's, as the paper does; "subtracted" takes it out
 * @throws {DataError} naming the years that the table lacks
 */
export function residualLand(
  budget: BudgetYears,
  from: number,
  to: number,
  cement: "kept" | "subtracted" = "kept",
): Float64Array {
  const wanted = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const missing = wanted.filter((year) => !budget.years.includes(year));
  if (missing.length > 0) {
    throw new DataError({
      what: "budget",
      wanted: `${from} to ${to}`,
      got: `no ${missing.join(", ")}`,
    });
  }
  return Float64Array.from(wanted, (year) => {
    const i = budget.years.indexOf(year);
    const sources = budget.fossil[i]! + budget.landUse[i]!;
    const sinks = budget.growth[i]! + budget.ocean[i]!;
    return sinks - sources + (cement === "subtracted" ? budget.cement[i]! : 0);
  });
}

/**
 * Residual land flux 2001–2017 of the Global Carbon Budget 2022 [PgC a⁻¹]: fossil + land use −
 * growth − ocean, negated; cement is not subtracted. Mean −2.997, SD 0.945.
 *
 * @see Friedlingstein et al. (2022), Earth Syst. Sci. Data 14, 4811
 */
export const GCB2022_RESIDUAL: readonly number[] = [
  -2.55, -1.38, -1.92, -3.72, -1.79, -3.54, -2.95, -3.87, -4.08, -2.78, -4.64, -3.13, -3.05, -3.94,
  -2.05, -1.93, -3.63,
];

/** RMSE of an annual series, of its own mean, and of the reference's mean, against a reference. */
export interface AnnualSkill {
  readonly rmse: number;
  /** of a constant at the model's mean: what its variation between years adds is the difference */
  readonly constant: number;
  /** of a constant at the reference's mean: the climatology */
  readonly climatology: number;
}

/** Judge an annual series beside what a constant would score. */
export function annualSkill(model: ArrayLike<number>, reference: ArrayLike<number>): AnnualSkill {
  const flat = (value: number) => new Float64Array(reference.length).fill(value);
  return {
    rmse: rmse(model, reference),
    constant: rmse(flat(meanOf(model)), reference),
    climatology: rmse(flat(meanOf(reference)), reference),
  };
}

/** Mean and standard deviation between years. */
export function summariseYears(annual: ArrayLike<number>): { mean: number; deviation: number } {
  return { mean: meanOf(annual), deviation: deviationOf(annual) };
}

/** Grams of carbon in the air for each part per million of CO₂ [PgC ppm⁻¹] (Ballantyne et al. 2012). */
export const PGC_PER_PPM = 2.124;

/**
 * Read NOAA's annual growth rate of CO₂.
 *
 * @returns years and growth [PgC a⁻¹]
 */
export function readGrowthRate(path: string): { years: Int32Array; growth: Float64Array } {
  const table = readTable(path, { shortRows: "fill" });
  const years = table.numbers(0);
  const ppm = table.numbers(1);
  const rows = Array.from(years.keys()).filter((i) => Number.isFinite(years[i]! + ppm[i]!));
  return {
    years: Int32Array.from(rows, (i) => years[i]!),
    growth: Float64Array.from(rows, (i) => ppm[i]! * PGC_PER_PPM),
  };
}
