import { ArgumentError, NumericError } from "carbonbook/core";
import { describe, expect, test } from "vitest";
import { shortenSteps } from "../../lib/ocean/twin-run.js";
import { twinSteps } from "../../lib/ocean/twin-size.js";

const size = { n: 128, spinUpN: 64, spinUpDays: 450, days: 100, outputHours: 24 };
const going = () => false;

/** A run that a flow outruns at the first of its step lengths. */
const outrun = (failing: number, error: Error = new NumericError({ what: "flow" })) => {
  const tried: number[] = [];
  const run = async (halvings: number) => {
    tried.push(halvings);
    if (halvings < failing) throw error;
    return twinSteps(size, halvings).dt;
  };
  return { tried, run };
};

describe("a flow that outruns its steps", () => {
  test("starts again with half of them, and records stay where they are", async () => {
    const { tried, run } = outrun(1);
    const whole = twinSteps(size);
    const half = twinSteps(size, 1);
    expect(await shortenSteps(run, going)).toBe(whole.dt / 2);
    expect(tried).toEqual([0, 1]);
    expect(half.spinUpDt).toBe(whole.spinUpDt / 2);
    expect(half.perRecord * half.dt).toBe(86400);
  });

  test("is given up after a quarter, at once when cancelled or where another thing is wrong", async () => {
    const always = outrun(9);
    await expect(shortenSteps(always.run, going)).rejects.toThrow("flow");
    expect(always.tried).toEqual([0, 1, 2]);
    const cancelled = outrun(9);
    await expect(shortenSteps(cancelled.run, () => true)).rejects.toThrow("flow");
    expect(cancelled.tried).toEqual([0]);
    const wrong = outrun(9, new ArgumentError({ what: "size" }));
    await expect(shortenSteps(wrong.run, going)).rejects.toThrow("size");
    expect(wrong.tried).toEqual([0]);
  });
});
