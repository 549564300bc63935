/**
 * CF time coordinates: `days since 1950-01-01 00:00:00` in any CF calendar, as seconds since
 * 1970-01-01. Units of months and years are refused: their length is not fixed.
 */

import { type Calendar, DataError, daysInMonth, parseCalendar, secondsOf } from "../core/index.js";

/** A CF time unit taken apart. */
export interface TimeUnits {
  /** seconds in one unit */
  readonly step: number;
  /** the reference date [s since 1970-01-01] */
  readonly start: number;
  readonly calendar: Calendar;
}

const STEPS: Readonly<Record<string, number>> = {
  nanosecond: 1e-9,
  microsecond: 1e-6,
  microsec: 1e-6,
  millisecond: 1e-3,
  millisec: 1e-3,
  msec: 1e-3,
  second: 1,
  sec: 1,
  s: 1,
  minute: 60,
  min: 60,
  hour: 3600,
  hr: 3600,
  h: 3600,
  day: 86400,
  d: 86400,
  week: 604800,
};
const UNITS = /^\s*([a-zμ]+?)s?\s+since\s+(.*?)\s*$/i;
const DATE =
  /^([+-]?\d{1,6})-(\d{1,2})-(\d{1,2})(?:[T\s]\s*(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?)?\s*(.*)$/i;
const ZONE = /^(?:z|utc|gmt)?\s*(?:([+-]?)(\d{1,2}):?(\d{2})?)?$/i;

/**
 * Read `days since 1950-01-01 00:00:00` in a calendar.
 *
 * @throws {DataError} if the unit, the date or the calendar is none of CF's
 */
export function parseTimeUnits(units: string, calendar: string, where: string): TimeUnits {
  const name = parseCalendarOf(calendar, where);
  const [, unit, date] = UNITS.exec(units) ?? [];
  const step = unit === undefined ? undefined : (STEPS[unit.toLowerCase()] ?? STEPS[`${unit}s`]);
  const parts = date === undefined ? null : DATE.exec(date);
  const zone = parts === null ? null : ZONE.exec(parts[7] ?? "");
  if (step === undefined || parts === null || zone === null) {
    throw new DataError({
      where,
      what: "time units",
      wanted: '"<seconds, minutes, hours, days or weeks> since <date>"',
      got: `"${units}"`,
    });
  }
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((x) => (x === undefined ? undefined : Number(x))) as [number, number, number];
  const last = month >= 1 && month <= 12 ? daysInMonth(year, month, name) : 0;
  if (day < 1 || day > Math.max(last, name === "standard" ? 28 : 0) || hour > 24 || minute > 59) {
    throw new DataError({
      where,
      what: "reference date",
      wanted: `a date of the ${name} calendar`,
      got: `"${date}"`,
    });
  }
  const start = secondsOf({ year, month, day, hour, minute, second }, name) - zoneSeconds(zone);
  return { step, start, calendar: name };
}

/** Decode the values of a time coordinate by its `units` and `calendar` attributes. */
export function decodeTimes(
  data: Float32Array | Float64Array,
  attributes: Readonly<Record<string, unknown>>,
  where: string,
): { data: Float64Array; calendar: Calendar } {
  const { units, calendar } = attributes;
  const { step, start, ...rest } = parseTimeUnits(
    typeof units === "string" ? units : "",
    typeof calendar === "string" ? calendar : "standard",
    where,
  );
  return { data: Float64Array.from(data, (t) => t * step + start), calendar: rest.calendar };
}

function parseCalendarOf(calendar: string, where: string): Calendar {
  try {
    return parseCalendar(calendar);
  } catch (cause) {
    throw new DataError({
      where,
      what: "calendar",
      wanted: "one of CF's",
      got: `"${calendar}"`,
      cause,
    });
  }
}

function zoneSeconds(zone: RegExpExecArray): number {
  const [, sign, hours = "0", minutes = "0"] = zone;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
