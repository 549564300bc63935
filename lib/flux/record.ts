/**
 * Fluxes of a sediment trap: samples that were open one after the other, each with what fell into
 * it. Every exclusion is counted, so that a figure can state it.
 */

import { DataError, datePartsOf, formatTime } from "../core/index.js";

/** What is weighed in a sample: dry mass, particulate organic and inorganic carbon, nitrogen. */
export type FluxName = "mass" | "poc" | "pic" | "pon";

/** The kinds of flux, in the order of the papers. */
export const FLUX_NAMES: readonly FluxName[] = ["mass", "poc", "pic", "pon"];

/** One row of a file, before it is checked. */
export interface TrapRow {
  /** where the row stands, for messages */
  readonly where: string;
  /** names of the columns of its dates, for messages */
  readonly columns?: string;
  /** [s since 1970-01-01] */
  readonly open: number;
  readonly close: number;
  /** [mg m⁻² d⁻¹], NaN where missing */
  readonly fluxes: Readonly<Partial<Record<FluxName, number>>>;
}

/** What was left out or changed on reading. */
export interface Exclusions {
  readonly read: number;
  /** rows that cover more than a year: means of many samples */
  readonly means: number;
  /** overlaps of at most a day, which were cut off the earlier sample */
  readonly clipped: number;
  /** rows that overlap the one before by more than a day */
  readonly overlapping: number;
}

/** Samples of a trap in order of time. */
export interface TrapRecord {
  readonly source: string;
  /** [s since 1970-01-01], shape (samples) each */
  readonly open: Float64Array;
  readonly mid: Float64Array;
  readonly close: Float64Array;
  /** [mg m⁻² d⁻¹], NaN where missing, shape (samples) each */
  readonly fluxes: Readonly<Partial<Record<FluxName, Float64Array>>>;
  readonly exclusions: Exclusions;
}

const DAY = 86400;

/**
 * Put rows in order of time and check them.
 *
 * @param overlap what to do with samples that overlap by more than a day: refuse the file (default)
 *                or leave the later one out and count it. Up to a day is a convention of noon and
 *                midnight, which is cut off and counted.
 * @throws {DataError} if a sample closes before it opens, or overlaps another and that is refused
 */
export function makeTrapRecord(
  source: string,
  rows: readonly TrapRow[],
  { overlap = "refuse" }: { readonly overlap?: "refuse" | "exclude" } = {},
): TrapRecord {
  for (const row of rows) checkInterval(row);
  const single = rows.filter((row) => row.close - row.open <= 366 * DAY);
  const ordered = single.toSorted((a, b) => a.open - b.open || a.close - b.close);
  const kept: TrapRow[] = [];
  let [clipped, overlapping] = [0, 0];
  for (const row of ordered) {
    const before = kept.at(-1);
    const shared = before === undefined ? 0 : before.close - row.open;
    if (shared > DAY && overlap === "refuse") throw overlapError(before!, row);
    if (shared > DAY) {
      overlapping++;
      continue;
    }
    if (shared > 0) {
      clipped++;
      kept[kept.length - 1] = { ...before!, close: row.open };
    }
    kept.push(row);
  }
  const means = rows.length - single.length;
  return columnsOf(source, kept, { read: rows.length, means, clipped, overlapping });
}

/** Say in words what was left out, for the caption of a figure. */
export function describeExclusions({ read, means, clipped, overlapping }: Exclusions): string {
  const rows = (count: number) => `${count} row${count === 1 ? "" : "s"}`;
  return (
    `${rows(read)} read, ${means} left out as a mean over more than a year, ` +
    `${overlapping} as overlapping by more than a day; ${clipped} overlaps of up to a day clipped.`
  );
}

/** Some samples of a record, by number and in order. */
export function pickSamples(record: TrapRecord, samples: readonly number[]): TrapRecord {
  const pick = (values: Float64Array) => Float64Array.from(samples, (s) => values[s]!);
  const fluxes = Object.fromEntries(
    Object.entries(record.fluxes).map(([name, values]) => [name, pick(values)]),
  );
  const { open, mid, close } = record;
  return { ...record, open: pick(open), mid: pick(mid), close: pick(close), fluxes };
}

/** The two years whose pulse came before the bloom; the paper leaves them out of its second set. */
export const EARLY_YEARS: readonly number[] = [2011, 2013];

/**
 * The samples that the paper correlates, as its code chooses them: those that closed in 2009 to 2020,
 * without the last two rows of the file.
 *
 * @returns their numbers, in order of time
 */
export function paperSamples({ close }: Pick<TrapRecord, "close">): number[] {
  return Array.from(close.keys()).filter((s) => {
    const { year } = datePartsOf(close[s]!);
    return s < close.length - 2 && year >= 2009 && year <= 2020;
  });
}

/** The samples that closed in none of some years, such as `EARLY_YEARS`. */
export function samplesWithout(
  { close }: Pick<TrapRecord, "close">,
  years: readonly number[],
): number[] {
  return Array.from(close.keys()).filter((s) => !years.includes(datePartsOf(close[s]!).year));
}

function columnsOf(source: string, rows: readonly TrapRow[], exclusions: Exclusions): TrapRecord {
  const column = (value: (row: TrapRow) => number) => Float64Array.from(rows, value);
  const present = FLUX_NAMES.filter((name) =>
    rows.some((row) => Number.isFinite(row.fluxes[name])),
  );
  return {
    source,
    open: column((row) => row.open),
    mid: column((row) => (row.open + row.close) / 2),
    close: column((row) => row.close),
    fluxes: Object.fromEntries(
      present.map((name) => [name, column((row) => row.fluxes[name] ?? Number.NaN)]),
    ),
    exclusions,
  };
}

function checkInterval(row: TrapRow): void {
  const { open, close } = row;
  if (close > open) return;
  throw new DataError({
    where: placeOf(row),
    what: "interval",
    wanted: "a sample that closes after it opens",
    got: `open ${formatTime(open)}, close ${formatTime(close)}`,
    remedy: "swap the two dates in the file if they were entered the wrong way round",
  });
}

/** Where a row's interval stands: the row and, where it is known, its columns. */
function placeOf({ where, columns }: TrapRow): string {
  return columns === undefined ? where : `${where}, columns ${columns}`;
}

function overlapError(before: TrapRow, row: TrapRow): DataError {
  return new DataError({
    where: placeOf(row),
    what: "interval",
    wanted: `one that opens at most a day before the sample of ${before.where} closes`,
    got: `open ${formatTime(row.open)}, while the other closes ${formatTime(before.close)}`,
    remedy: 'correct the dates, or leave such samples out with overlap: "exclude"',
  });
}
