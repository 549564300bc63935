import {
  carbonInput,
  makeColumn2020,
  makeSteadyState,
  type Rates,
  respiration,
  runTransient,
} from "carbonbook/soc";
import { expect, test } from "vitest";

const N = 10;
const column = makeColumn2020({
  temperature: new Array(N).fill(284),
  waterPotential: new Array(N).fill(-0.05),
  npp: { min: 300, max: 600, mean: 450 },
  activeLayer: 10,
});
const kp = new Array<number>(25).fill(0.35);
const rates = column.rates(column.valuesOf(kp));

function steady(): Float64Array {
  const pools = new Float64Array(7 * N);
  makeSteadyState(N).solve(rates, pools);
  return pools;
}

function total(pools: Float64Array, { layers }: Rates = rates): number {
  return pools.reduce((sum, x, at) => sum + x * layers.thickness[at % N]!, 0);
}

test("a steady state stays as it is", () => {
  const start = steady();
  const { pools } = runTransient(() => rates, { years: 50, start });
  for (const [at, x] of pools.at(-1)!.entries()) {
    expect(Math.abs(x - start[at]!)).toBeLessThanOrEqual(1e-9 * start[at]!);
  }
});

test("one step of a million years reaches the steady state", () => {
  const { pools } = runTransient(() => rates, { years: 1e6 * 100, step: 1e8 });
  const wanted = total(steady());
  expect(Math.abs(total(pools[0]!) / wanted - 1)).toBeLessThan(1e-3);
});

test("what comes in and does not leave is stored, at every step", () => {
  const { pools } = runTransient(() => rates, { years: 5, step: 0.5 });
  let before = 0;
  for (const after of pools) {
    const stored = total(after) - before;
    const balance = 0.5 * (carbonInput(rates) - respiration(rates, after));
    expect(Math.abs(stored / balance - 1)).toBeLessThan(1e-10);
    before = total(after);
  }
});

test("backward Euler is of first order", () => {
  const at = (step: number) => total(runTransient(() => rates, { years: 4, step }).pools.at(-1)!);
  const exact = 2 * at(1 / 512) - at(1 / 256);
  const ratio = (at(1 / 8) - exact) / (at(1 / 16) - exact);
  expect(Math.log2(ratio)).toBeCloseTo(1, 1);
});

test("rates may change with time: without input carbon only falls", () => {
  const none = { ...rates, input: new Float64Array(4 * N) };
  const { pools, years } = runTransient(() => none, { years: 30, every: 10, start: steady() });
  expect([...years]).toEqual([10, 20, 30]);
  const totals = pools.map((x) => total(x));
  expect(totals[0]!).toBeGreaterThan(totals[1]!);
  expect(totals[1]!).toBeGreaterThan(totals[2]!);
});

test("a time without length is refused", () => {
  expect(() => runTransient(() => rates, { years: 0 })).toThrow("years: expected a number above 0");
});
