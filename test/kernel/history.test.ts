import { expect, test } from "vitest";
import { findHistory } from "../../lib/kernel/history.js";

const entries = ["a = 1", "b = 2", "a = 1", "c"].map((code, i) => ({
  count: i + 1,
  code,
  output: i === 3 ? "3" : null,
}));
const codes = (request: Parameters<typeof findHistory>[1]) =>
  findHistory(entries, request).map(([, count]) => count);

test("the tail, a range, and a search", () => {
  expect(codes({ hist_access_type: "tail", n: 2 })).toEqual([3, 4]);
  expect(codes({ hist_access_type: "tail", n: 0 })).toEqual([]);
  expect(codes({ hist_access_type: "range", session: 0, start: 2, stop: 4 })).toEqual([2, 3]);
  expect(codes({ hist_access_type: "range", session: 9, start: 1 })).toEqual([]);
  expect(codes({ hist_access_type: "search", pattern: "a*" })).toEqual([1, 3]);
  expect(codes({ hist_access_type: "search", pattern: "a*", unique: true })).toEqual([3]);
  expect(codes({ hist_access_type: "search", pattern: "? = ?", n: 1 })).toEqual([3]);
});

test("outputs come along when asked for", () => {
  expect(findHistory(entries, { hist_access_type: "tail", n: 1, output: true })).toEqual([
    [1, 4, ["c", "3"]],
  ]);
});
