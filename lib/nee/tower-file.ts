/**
 * Records of towers as their networks distribute them: FLUXNET2015, AmeriFlux and ICOS (ONEFlux names,
 * half-hourly to yearly), La Thuile, and the text of REddyProc. What they share is a table of dialects.
 */

import { DataError, dayNumber, daysInMonth } from "../core/index.js";
import { readTable, type Table } from "../io/index.js";
import { FLUX_UNITS, type FluxUnit } from "./flux-unit.js";

/** How a record counts time. */
export type Resolution = "half-hourly" | "daily" | "monthly" | "yearly";

/** A record of NEE in days or longer steps. */
export interface TowerRecord {
  readonly path: string;
  readonly dialect: string;
  readonly resolution: Resolution;
  /** first day of each value [days since 1970-01-01], ascending */
  readonly days: Int32Array;
  /** [gC m⁻² d⁻¹]; NaN where nothing good was measured */
  readonly nee: Float64Array;
  /** of the file's rows: good, missing, and turned away for their quality */
  readonly counts: { readonly good: number; readonly missing: number; readonly poor: number };
}

/** How a network writes its files. */
interface Dialect {
  readonly name: string;
  readonly nee: string;
  readonly quality?: string;
  /** µmol m⁻² s⁻¹ for half-hours; longer steps of ONEFlux are gC m⁻² d⁻¹, years gC m⁻² a⁻¹ */
  readonly header?: { readonly units: "row" };
}

const DIALECTS: readonly Dialect[] = [
  { name: "FLUXNET", nee: "NEE_VUT_REF", quality: "NEE_VUT_REF_QC" },
  { name: "La Thuile", nee: "NEE_f", quality: "NEE_GPP_qc" },
  { name: "REddyProc", nee: "NEE", header: { units: "row" } },
];

const UNITS: Readonly<Record<Resolution, FluxUnit>> = {
  "half-hourly": "umol m-2 s-1",
  daily: "gC m-2 d-1",
  monthly: "gC m-2 d-1",
  yearly: "gC m-2 yr-1",
};

/** What is good enough. */
export interface TowerOptions {
  /** least share of measured or well filled data in a day or longer step, 0.5 by default */
  readonly quality?: number;
  /** least share of good half-hours in a day, 0.5 by default */
  readonly coverage?: number;
}

/**
 * Read a tower's record; half-hours become days.
 *
 * @throws {DataError} if no column of NEE is known, a timestamp comes twice or out of order, or nothing
 *         good is left
 */
export function readTowerRecord(path: string, options: TowerOptions = {}): TowerRecord {
  const { table, dialect } = openDialect(path);
  const raw = table.numbers(dialect.nee);
  const { resolution, times } = timesOf(table, path);
  checkTimes(times, path);
  const isGood = qualityTest(table, dialect, resolution, options.quality ?? 0.5);
  const factor = FLUX_UNITS[UNITS[resolution]];
  const counts = { good: 0, missing: 0, poor: 0 };
  const nee = raw.map((value, row) => {
    if (!Number.isFinite(value)) counts.missing++;
    else if (!isGood(row)) counts.poor++;
    else {
      counts.good++;
      return value * factor;
    }
    return Number.NaN;
  });
  if (counts.good === 0) {
    const got = `${counts.missing} missing, ${counts.poor} of poor quality`;
    throw new DataError({ where: path, what: dialect.nee, wanted: "valid values", got });
  }
  const facts = { path, dialect: dialect.name, resolution, counts };
  if (resolution !== "half-hourly") return { ...facts, days: Int32Array.from(times), nee };
  return { ...facts, ...daysOf(times, nee, options.coverage ?? 0.5) };
}

/** Monthly means of a daily record: the mean of its good days where at least a share of them is there. */
export function monthlyRecord(
  record: TowerRecord,
  axis: { readonly firstYear: number; readonly months: number },
  least = 0.5,
): Float64Array {
  const sums = new Float64Array(axis.months);
  const counts = new Int32Array(axis.months);
  for (let m = 0; m < axis.months; m++) {
    const year = axis.firstYear + Math.floor(m / 12);
    const month = 1 + (m % 12);
    const start = dayNumber(year, month, 1);
    const length = daysInMonth(year, month);
    for (const [i, day] of record.days.entries()) {
      if (day < start || day >= start + length || !Number.isFinite(record.nee[i]!)) continue;
      sums[m] = sums[m]! + record.nee[i]!;
      counts[m] = counts[m]! + 1;
    }
    const enough = record.resolution === "monthly" ? 1 : least * length;
    sums[m] = counts[m]! >= enough ? sums[m]! / counts[m]! : Number.NaN;
  }
  return sums;
}

function openDialect(path: string): { table: Table; dialect: Dialect } {
  const plain = readTable(path);
  const dialect = DIALECTS.find(({ nee }) => plain.names.includes(nee));
  if (dialect === undefined) {
    const wanted = `a column ${DIALECTS.map(({ nee }) => nee).join(", ")}`;
    throw new DataError({
      where: path,
      what: "NEE",
      wanted,
      got: plain.names.slice(0, 6).join(", "),
    });
  }
  return { table: dialect.header === undefined ? plain : readTable(path, dialect.header), dialect };
}

/** Starts of the rows [days since 1970-01-01, with fractions for half-hours]. */
function timesOf(table: Table, path: string): { resolution: Resolution; times: Float64Array } {
  if (table.names.includes("TIMESTAMP_START")) {
    return { resolution: "half-hourly", times: stamps(table.texts("TIMESTAMP_START"), path) };
  }
  if (table.names.includes("TIMESTAMP")) {
    const texts = table.texts("TIMESTAMP");
    const kinds: Readonly<Record<number, Resolution>> = { 4: "yearly", 6: "monthly", 8: "daily" };
    const resolution = kinds[texts[0]!.length];
    if (resolution !== undefined) return { resolution, times: stamps(texts, path) };
  }
  const names = ["Year", "DoY"];
  if (names.every((name) => table.names.includes(name))) {
    const [year, day] = [table.numbers("Year"), table.numbers("DoY")];
    const hourName = ["Hour", "Time"].find((name) => table.names.includes(name));
    const hour = hourName === undefined ? undefined : table.numbers(hourName);
    const times = Float64Array.from(year, (y, i) => {
      // an hour marks the end of its half-hour
      return dayNumber(y, 1, 1) + day[i]! - 1 + (hour === undefined ? 0 : (hour[i]! - 0.5) / 24);
    });
    return { resolution: hour === undefined ? "daily" : "half-hourly", times };
  }
  const wanted = "TIMESTAMP, TIMESTAMP_START, or Year and DoY";
  throw new DataError({
    where: path,
    what: "time",
    wanted,
    got: table.names.slice(0, 6).join(", "),
  });
}

function stamps(texts: readonly string[], path: string): Float64Array {
  return Float64Array.from(texts, (text, row) => {
    const parts = /^(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?$/.exec(text);
    if (parts === null) {
      throw new DataError({
        where: `${path}, row ${row + 1}`,
        what: "timestamp",
        wanted: "YYYYMMDDHHMM",
        got: text,
      });
    }
    const [year, month = 1, day = 1, hour = 0, minute = 0] = parts
      .slice(1)
      .filter((part) => part !== undefined)
      .map(Number) as [number, number?, number?, number?, number?];
    return dayNumber(year, month, day) + (hour + minute / 60) / 24;
  });
}

function checkTimes(times: Float64Array, path: string): void {
  for (let i = 1; i < times.length; i++) {
    if (times[i]! > times[i - 1]!) continue;
    const got = times[i] === times[i - 1] ? "the same twice" : "an earlier one";
    throw new DataError({
      where: `${path}, row ${i + 1}`,
      what: "timestamp",
      wanted: "a later one",
      got,
    });
  }
}

/** Quality of half-hours: 0 measured to 3 poor; of longer steps: share of measured or well filled. */
function qualityTest(
  table: Table,
  { quality }: Dialect,
  resolution: Resolution,
  least: number,
): (row: number) => boolean {
  if (quality === undefined || !table.names.includes(quality)) return () => true;
  const flags = table.numbers(quality);
  if (resolution === "half-hourly") return (row) => flags[row]! <= 1;
  return (row) => flags[row]! >= least;
}

/** Means of days with enough good half-hours; other days are NaN. */
function daysOf(
  times: Float64Array,
  nee: Float64Array,
  coverage: number,
): { days: Int32Array; nee: Float64Array } {
  const perDay = Math.round(1 / (times[1]! - times[0]!));
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [i, time] of times.entries()) {
    const day = Math.floor(time + 1e-9);
    const own = sums.get(day) ?? { sum: 0, count: 0 };
    if (Number.isFinite(nee[i]!)) {
      own.sum += nee[i]!;
      own.count++;
    }
    sums.set(day, own);
  }
  const days = Int32Array.from(sums.keys());
  const means = Float64Array.from(
    [...sums.values()].map(({ sum, count }) =>
      count >= coverage * perDay ? sum / count : Number.NaN,
    ),
  );
  return { days, nee: means };
}
