import {
  ArgumentError,
  coriolis,
  DataError,
  isCarbonbookError,
  ndarray,
  shapeError,
  stridesOf,
} from "carbonbook/core";
import { expect, test } from "vitest";

test("a message says where, what, wanted, got and remedy, in this order", () => {
  const error = new DataError({
    where: "ocean.nc",
    what: "length of the file",
    wanted: "7780000 bytes",
    got: "2097152",
    remedy: "download it again",
  });
  expect(error.message).toBe(
    "ocean.nc: length of the file: expected 7780000 bytes, got 2097152; download it again",
  );
  expect(error.name).toBe("DataError");
});

test("parts that are not given leave no gap", () => {
  expect(new ArgumentError({ what: "dt is zero" }).message).toBe("dt is zero");
});

test("the cause is kept, and the tag tells the kinds apart", () => {
  const cause = new Error("underneath");
  const error = new DataError({ what: "x", cause });
  expect(error.cause).toBe(cause);
  expect(isCarbonbookError(error)).toBe(true);
  expect(isCarbonbookError(error, "data")).toBe(true);
  expect(isCarbonbookError(error, "shape")).toBe(false);
  expect(isCarbonbookError(cause)).toBe(false);
});

test("a shape that does not hold the numbers is refused with both", () => {
  expect(shapeError("u", [40, 61], [40, 60]).message).toBe(
    "u: expected shape (40, 61), got (40, 60)",
  );
  expect(() => ndarray(new Float32Array(5), [2, 3])).toThrow("expected shape (2, 3), got (5,)");
});

test("the last dimension is the fastest", () => {
  expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
});

test("the Coriolis parameter is odd in latitude and 1.0313e-4 at 45 degrees", () => {
  expect(coriolis(45)).toBeCloseTo(1.0313e-4, 8);
  expect(coriolis(-45)).toBe(-coriolis(45));
});
