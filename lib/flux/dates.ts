/** Dates as trap files spell them. */

import { DataError, secondsOf } from "../core/index.js";

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?Z?)?$/;
const BRITISH = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * Read a date: `2004-07-24`, with or without a time, or `24/07/2004`, day first, as BODC writes it.
 *
 * @returns [s since 1970-01-01]
 * @throws {DataError} if it is no such date, or no day of the calendar
 */
export function parseDate(text: string, where: string): number {
  const iso = ISO.exec(text);
  const [year, month, day, ...time] = iso
    ? iso.slice(1)
    : (([d, m, y, ...rest]) => [y, m, d, ...rest])(BRITISH.exec(text)?.slice(1) ?? []);
  const [hour = 0, minute = 0, second = 0] = time.map((part) => Number(part ?? 0));
  const date = { year: Number(year), month: Number(month), day: Number(day), hour, minute, second };
  const valid =
    date.month >= 1 &&
    date.month <= 12 &&
    date.day >= 1 &&
    date.day <= lastDay(date.year, date.month);
  if (valid && hour < 25 && minute < 60 && second < 60) return secondsOf(date);
  throw new DataError({
    where,
    what: "date",
    wanted: "YYYY-MM-DD, with or without a time, or DD/MM/YYYY",
    got: text === "" ? "nothing" : `"${text}"`,
  });
}

function lastDay(year: number, month: number): number {
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  return Math.round((secondsOf(next) - secondsOf({ year, month })) / 86400);
}
