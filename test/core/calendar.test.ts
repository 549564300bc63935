import {
  type Calendar,
  datePartsOf,
  dayNumber,
  daysInMonth,
  formatTime,
  isCarbonbookError,
  parseCalendar,
  secondsOf,
} from "carbonbook/core";
import { expect, test } from "vitest";

const CALENDARS: Calendar[] = [
  "standard",
  "proleptic_gregorian",
  "julian",
  "noleap",
  "all_leap",
  "360_day",
];

test.each(CALENDARS)("in %s, day number and date are inverse over 900 years", (calendar) => {
  for (let day = -200_000; day < 130_000; day += 37) {
    const { year, month, day: date } = datePartsOf(day * 86400, calendar);
    expect(dayNumber(year, month, date, calendar)).toBe(day);
  }
});

test("the Gregorian day number agrees with the platform's own clock", () => {
  for (let day = -100_000; day < 100_000; day += 101) {
    const date = new Date(day * 86_400_000);
    const number = dayNumber(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
    if (day >= -141_427) expect(number).toBe(day);
  }
});

test("the day after 4 October 1582 is the 15th in the standard calendar", () => {
  const fourth = dayNumber(1582, 10, 4);
  expect(datePartsOf((fourth + 1) * 86400)).toMatchObject({ year: 1582, month: 10, day: 15 });
});

test("lengths of February tell the calendars apart", () => {
  expect(CALENDARS.map((calendar) => daysInMonth(1900, 2, calendar))).toEqual([
    28, 28, 29, 28, 29, 30,
  ]);
});

test("a time keeps its hours, minutes and seconds", () => {
  const seconds = secondsOf({ year: 2003, month: 7, day: 24, hour: 6, minute: 5, second: 4 });
  expect(seconds).toBe(Date.UTC(2003, 6, 24, 6, 5, 4) / 1000);
  expect(formatTime(seconds)).toBe("2003-07-24T06:05:04Z");
  expect(formatTime(secondsOf({ year: 2003, month: 7, day: 24 }))).toBe("2003-07-24");
});

test("a calendar that CF does not know is refused with the known ones", () => {
  expect(parseCalendar("365_DAY")).toBe("noleap");
  try {
    parseCalendar("lunar");
    expect.unreachable();
  } catch (error) {
    expect(isCarbonbookError(error, "argument")).toBe(true);
    expect(String(error)).toContain("expected one of standard");
  }
});
