import { makeRandom } from "carbonbook/core";
import {
  makeColumn2020,
  makeSteadyState,
  PARAMETERS_2020,
  sensitivity2020,
  type Values2020,
} from "carbonbook/soc";
import { expect, test } from "vitest";

const N = 10;
const NPP = { min: 60, max: 140, mean: 100 };

/** Columns that freeze, thaw, and are wet or dry. */
const COLUMNS = [
  { temperature: 268, waterPotential: -3, activeLayer: 0.8 },
  { temperature: 285, waterPotential: -0.5, activeLayer: 8 },
  { temperature: 274, waterPotential: -1e-4, activeLayer: 2.5 },
].map(({ temperature, waterPotential, activeLayer }) =>
  makeColumn2020({
    temperature: new Array(N).fill(temperature),
    waterPotential: new Array(N).fill(waterPotential),
    npp: NPP,
    activeLayer,
  }),
);

test("the adjoint gradient of any weighted sum equals fourth-order central differences", () => {
  const random = makeRandom(21);
  for (const column of COLUMNS) {
    const kp = Array.from({ length: 25 }, () => 0.2 + 0.5 * random.uniform());
    for (const share of [21, 22, 23]) kp[share] = kp[share]! / 2;
    const values = column.valuesOf(kp);
    const weights = Float64Array.from({ length: 7 * N }, () => random.normal());
    const { gradient } = sensitivity2020(column, values, weights);
    for (const name of PARAMETERS_2020) {
      const step = 1e-3 * Math.abs(values[name]);
      const at = (steps: number) => sum({ ...values, [name]: values[name] + steps * step });
      const difference = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step);
      const size = Math.abs(sum(values) / values[name]);
      expect(Math.abs(gradient[name] - difference), name).toBeLessThan(
        1e-6 * Math.abs(difference) + 1e-9 * size,
      );
    }

    function sum(at: Values2020): number {
      const pools = new Float64Array(7 * N);
      makeSteadyState(N).solve(column.rates(at), pools);
      return pools.reduce((total, x, i) => total + x * weights[i]!, 0);
    }
  }
});

test("a parameter that a column does not use has no gradient", () => {
  const [frozen, warm] = COLUMNS;
  const weights = new Float64Array(7 * N).fill(1);
  const values = frozen!.valuesOf(new Array(25).fill(0.3));
  expect(sensitivity2020(frozen!, values, weights).gradient.diffus).toBe(0);
  expect(sensitivity2020(warm!, values, weights).gradient.cryo).toBe(0);
});
