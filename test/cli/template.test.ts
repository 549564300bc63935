import { Float } from "carbonbook/notebook";
import { expect, test } from "vitest";
import { fillTemplate } from "../../lib/cli/template.js";

/** Fill `{value…}` with one value. */
function format(field: string, value: unknown): string {
  const given = { value } as Parameters<typeof fillTemplate>[1] extends ReadonlyMap<string, infer G>
    ? G
    : never;
  return fillTemplate({ input: field.replace("{", "{v") }, new Map([["v", given]])).input;
}

// what Python 3.11 prints: "{:03d}".format(7)
test.each<[string, unknown, string]>([
  ["{:03d}", 7, "007"],
  ["{:+d}", 7, "+7"],
  ["{:>6}", "ab", "    ab"],
  ["{:6}", 42, "    42"],
  ["{:*^7}", "ab", "**ab***"],
  ["{:<5d}", -3, "-3   "],
  ["{:=+6d}", 3, "+    3"],
  ["{:06.2f}", -2.5, "-02.50"],
  ["{:.3f}", 2, "2.000"],
  ["{:,}", 1234567, "1,234,567"],
  ["{:_d}", 1234567, "1_234_567"],
  ["{:e}", 12345.678, "1.234568e+04"],
  ["{:.1e}", 0.00012, "1.2e-04"],
  ["{:%}", 0.25, "25.000000%"],
  ["{:x}", 255, "ff"],
  ["{:.2s}", "abcdef", "ab"],
  ["{:010}", -1.5, "-0000001.5"],
  ["{!r}", "it's", `"it's"`],
  ["{!r:>5}", "x", "  'x'"],
  ["{}", null, "None"],
  ["{}", true, "True"],
  ["{}", [1, new Float(2), "a", null, true], "[1, 2.0, 'a', None, True]"],
  ["{}", { k: [1.5e16, 1e-5, 0.0001] }, "{'k': [15000000000000000, 1e-05, 0.0001]}"],
  ["{}", new Float(1e22), "1e+22"],
  ["{}", new Float(-1e15), "-1000000000000000.0"],
  ["{[k][1]}", { k: ["x", "y"] }, "y"],
])("%s of %j", (field, value, printed) => {
  expect(format(field, value)).toBe(printed);
});

test("moments are printed as strftime does", () => {
  const { input } = fillTemplate({ input: "{pm[current_datetime_utc]:%Y-%m-%d %j}" }, new Map());
  const today = new Date().toISOString().slice(0, 10);
  expect(input).toMatch(new RegExp(`^${today} \\d{3}$`));
  const whole = fillTemplate({ input: "{pm[current_datetime_utc]}" }, new Map()).input;
  expect(whole).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00$/);
});

test.each([
  ["a{", "a { alone"],
  ["a}b", "a } alone"],
  ["{zz}", "path template {zz}: expected one of v"],
  ["{v[constructor]}", "path template {v[constructor]}"],
  ["{v:q}", 'got "q" for 1'],
  ["{v:d%}", 'got "d%" for 1'],
  ["{v:.2d}", 'got ".2d" for 1.5'],
])("%s is refused", (input, says) => {
  const value = input === "{v:.2d}" ? 1.5 : 1;
  expect(() => fillTemplate({ input }, new Map([["v", { value }]]))).toThrow(says);
});
