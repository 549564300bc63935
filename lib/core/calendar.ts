/**
 * Dates as numbers: seconds since 1970-01-01T00:00:00Z in a CF calendar. A date in a 360-day or
 * no-leap calendar has no place on the real time axis, so a `Calendar` always travels with it.
 */

import { ArgumentError } from "./errors.js";

/** Calendars of the CF conventions (section 4.4.1). */
export type Calendar =
  | "standard"
  | "proleptic_gregorian"
  | "julian"
  | "noleap"
  | "all_leap"
  | "360_day";

/** A date taken apart; month and day count from 1. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAYS_NOLEAP = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_LEAP = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ALIASES: Readonly<Record<string, Calendar>> = {
  standard: "standard",
  gregorian: "standard",
  none: "standard",
  proleptic_gregorian: "proleptic_gregorian",
  julian: "julian",
  noleap: "noleap",
  "365_day": "noleap",
  all_leap: "all_leap",
  "366_day": "all_leap",
  "360_day": "360_day",
};

/** First day of the Gregorian calendar, 15 October 1582, as a day number from 1970-01-01. */
const GREGORIAN_START = -141427;

/**
 * Read the name of a calendar as CF spells it.
 *
 * @throws {ArgumentError} if CF knows no such calendar
 */
export function parseCalendar(name: string): Calendar {
  const calendar = ALIASES[name.trim().toLowerCase()];
  if (calendar === undefined) {
    throw new ArgumentError({
      what: "calendar",
      wanted: `one of ${Object.keys(ALIASES).join(", ")}`,
      got: `"${name}"`,
    });
  }
  return calendar;
}

/**
 * Count days from 1970-01-01 to the start of a date.
 *
 * @param year  astronomical year (0 is 1 BC)
 * @param month 1 to 12
 * @param day   1 to 31
 */
export function dayNumber(
  year: number,
  month: number,
  day: number,
  calendar: Calendar = "standard",
): number {
  switch (calendar) {
    case "360_day":
      return (year - 1970) * 360 + (month - 1) * 30 + day - 1;
    case "noleap":
      return (year - 1970) * 365 + daysBefore(month, DAYS_NOLEAP) + day - 1;
    case "all_leap":
      return (year - 1970) * 366 + daysBefore(month, DAYS_LEAP) + day - 1;
    case "julian":
      return julianDay(year, month, day);
    case "proleptic_gregorian":
      return gregorianDay(year, month, day);
    case "standard": {
      const days = gregorianDay(year, month, day);
      return days >= GREGORIAN_START ? days : julianDay(year, month, day);
    }
  }
}

/** Take a time [s since 1970-01-01] apart into a date of a calendar. */
export function datePartsOf(seconds: number, calendar: Calendar = "standard"): DateParts {
  const days = Math.floor(seconds / 86400);
  const rest = seconds - days * 86400;
  const { year, month, day } = dateOfDay(days, calendar);
  const hour = Math.floor(rest / 3600);
  const minute = Math.floor((rest - hour * 3600) / 60);
  return { year, month, day, hour, minute, second: rest - hour * 3600 - minute * 60 };
}

/** Seconds since 1970-01-01 of a date. */
export function secondsOf(
  date: Partial<DateParts> & { readonly year: number },
  calendar: Calendar = "standard",
): number {
  const { year, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = date;
  return dayNumber(year, month, day, calendar) * 86400 + hour * 3600 + minute * 60 + second;
}

/** Write a time [s since 1970-01-01] as `2004-07-24` or `2004-07-24T12:00:00Z`. */
export function formatTime(seconds: number, calendar: Calendar = "standard"): string {
  const { year, month, day, hour, minute, second } = datePartsOf(Math.round(seconds), calendar);
  const date = `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
  if (hour === 0 && minute === 0 && second === 0) return date;
  return `${date}T${pad(hour)}:${pad(minute)}:${pad(second)}Z`;
}

/** Days in a month of a calendar. */
export function daysInMonth(year: number, month: number, calendar: Calendar = "standard"): number {
  const next = month === 12 ? [year + 1, 1] : [year, month + 1];
  return dayNumber(next[0]!, next[1]!, 1, calendar) - dayNumber(year, month, 1, calendar);
}

function dateOfDay(days: number, calendar: Calendar): { year: number; month: number; day: number } {
  const lengths = { "360_day": 360, noleap: 365, all_leap: 366 } as Partial<
    Record<Calendar, number>
  >;
  let year = 1970 + Math.floor(days / (lengths[calendar] ?? 365.2425));
  while (dayNumber(year, 1, 1, calendar) > days) year--;
  while (dayNumber(year + 1, 1, 1, calendar) <= days) year++;
  let month = 12;
  while (dayNumber(year, month, 1, calendar) > days) month--;
  let day = days - dayNumber(year, month, 1, calendar) + 1;
  const reform = calendar === "standard" && year === 1582 && month === 10;
  if (reform && days >= GREGORIAN_START) day = days - GREGORIAN_START + 15;
  return { year, month, day };
}

function gregorianDay(year: number, month: number, day: number): number {
  const { y, dayOfYear } = marchYear(year, month, day);
  return (
    365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719469
  );
}

function julianDay(year: number, month: number, day: number): number {
  const { y, dayOfYear } = marchYear(year, month, day);
  return 365 * y + Math.floor(y / 4) + dayOfYear - 719471;
}

/** The year counted from 1 March, so that the leap day comes last; days count from 1 March as 1. */
function marchYear(year: number, month: number, day: number): { y: number; dayOfYear: number } {
  const shifted = (month + 9) % 12;
  const y = month <= 2 ? year - 1 : year;
  return { y, dayOfYear: Math.floor((153 * shifted + 2) / 5) + day };
}

function daysBefore(month: number, lengths: readonly number[]): number {
  let days = 0;
  for (let m = 0; m < month - 1; m++) days += lengths[m]!;
  return days;
}

function pad(n: number): string {
  return String(Math.floor(n)).padStart(2, "0");
}
