import { makeRandom } from "carbonbook/core";
import {
  carbonInput,
  makeColumn2023,
  makeSteadyState,
  respiration,
  values2023,
} from "carbonbook/soc";
import { expect, test } from "vitest";
import { denseMatrix, luSolve } from "./dense.js";
import { forcing } from "./forcing2023.js";

const N = 20;

test.each([
  { name: "bioturbated", thaw: 40 },
  { name: "cryoturbated", thaw: 1 },
])("the 140 pools of a $name column equal a dense LU within 1e-9 over the prior", ({ thaw }) => {
  const random = makeRandom(thaw);
  const column = makeColumn2023(forcing(thaw));
  const steady = makeSteadyState(N);
  for (let draw = 0; draw < 6; draw++) {
    const kp = Array.from({ length: 21 }, () => 0.05 + 0.9 * random.uniform());
    const rates = column.rates(values2023(kp));
    const pools = new Float64Array(7 * N);
    steady.solve(rates, pools);
    const source = [...rates.input, ...new Array<number>(3 * N).fill(0)];
    for (const [at, value] of luSolve(denseMatrix(rates), source).entries()) {
      expect(Math.abs(pools[at]! - value)).toBeLessThanOrEqual(1e-9 * Math.abs(value) + 1e-300);
    }
    expect(respiration(rates, pools) / carbonInput(rates)).toBeCloseTo(1, 10);
    expect(carbonInput(rates)).toBeCloseTo(380, 9);
  }
});

test("rates are the mean of the months: twelve equal months are one", () => {
  const kp = new Array<number>(21).fill(0.4);
  const one = forcing(40);
  const flat = (x: ArrayLike<number>) =>
    Float64Array.from({ length: 12 * N }, (_, at) => x[at % N]!);
  const same = { ...one, temperature: flat(one.temperature), water: flat(one.water) };
  const a = makeColumn2023(same).rates(values2023(kp)).decay[0]!;
  const values = values2023(kp);
  const scalar = Math.min(1, values.w_scaling * one.water[0]!) * one.oxygen[0]!;
  const warmth = values.q10 ** ((one.temperature[0]! - 298.15) / 10);
  const cold = values.q10 ** (-2.5 + (one.temperature[0]! - 273.15) / 10);
  const depth = Math.exp(-0.01 / values.efolding);
  const xi = (one.temperature[0]! < 273.15 ? cold : warmth) * scalar * depth;
  expect(a / (xi / (365 * values.tau4cwd))).toBeCloseTo(1, 12);
});

test("nothing mixes across the bedrock", () => {
  const values = values2023(new Array(21).fill(0.5));
  const { exchange, layers } = makeColumn2023(forcing(40, 1.2)).rates(values);
  for (let i = 0; i < N - 1; i++) {
    const isAbove = layers.nodes[i + 1]! < 1.2;
    expect(exchange[i]! > 0).toBe(isAbove);
  }
});

test.each([
  { what: "water", bad: { water: new Float64Array(12 * N).fill(1.5) }, says: "water[0]" },
  { what: "dryness", bad: { water: new Float64Array(12 * N) }, says: "layer 1" },
  { what: "input", bad: { input: [1, 2, -3, 4] }, says: "input[2]" },
  { what: "shape", bad: { oxygen: new Float64Array(N) }, says: "shape (12, 20)" },
])("forcing with wrong $what is refused", ({ bad, says }) => {
  expect(() => makeColumn2023({ ...forcing(40), ...bad })).toThrow(says);
});

test("a proportion outside the prior is refused by name", () => {
  const kp = new Array<number>(21).fill(0.5);
  kp[19] = 1.2;
  expect(() => values2023(kp)).toThrow("w_scaling: expected a proportion in [0, 1]");
});
