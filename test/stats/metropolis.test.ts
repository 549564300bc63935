import { makeRandom } from "carbonbook/core";
import {
  adaptiveMetropolis,
  annealedMetropolis,
  type Chain,
  effectiveSampleSize,
  splitRhat,
} from "carbonbook/stats";
import { expect, test } from "vitest";

/** J of a normal around the middle of the box with standard deviations 0.05 and 0.1, r = 0.8. */
function normalCost(point: Float64Array): number {
  const a = (point[0]! - 0.5) / 0.05;
  const b = (point[1]! - 0.5) / 0.1;
  return (a * a - 1.6 * a * b + b * b) / (2 * (1 - 0.64));
}

function columnOf({ draws, d }: Chain, i: number): Float64Array {
  return Float64Array.from({ length: draws.length / d }, (_, n) => draws[n * d + i]!);
}

function momentsOf(x: Float64Array): { mean: number; sd: number } {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const sd = Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length);
  return { mean, sd };
}

const chains = [1, 2, 3].map((seed) =>
  adaptiveMetropolis(normalCost, [0.3, 0.7], { steps: 40_000, seed }),
);

test("the adaptive sampler finds a correlated normal's moments", () => {
  const a = momentsOf(columnOf(chains[0]!, 0));
  const b = momentsOf(columnOf(chains[0]!, 1));
  const error = 4 / Math.sqrt(effectiveSampleSize(chains.slice(0, 1).map((c) => columnOf(c, 0))));
  expect(Math.abs(a.mean - 0.5) / 0.05).toBeLessThan(error);
  expect(Math.abs(b.mean - 0.5) / 0.1).toBeLessThan(error);
  expect(Math.abs(a.sd / 0.05 - 1)).toBeLessThan(error);
  expect(Math.abs(b.sd / 0.1 - 1)).toBeLessThan(error);
  expect(chains[0]!.acceptance).toBeGreaterThan(0.2);
  expect(chains[0]!.acceptance).toBeLessThan(0.5);
});

test("a uniform target fills the box evenly, edges included", () => {
  const chain = adaptiveMetropolis(() => 0, [0.5], { steps: 60_000, seed: 4 });
  const { mean, sd } = momentsOf(columnOf(chain, 0));
  const error = 4 / Math.sqrt(effectiveSampleSize([columnOf(chain, 0)]));
  expect(Math.abs(mean - 0.5) * Math.sqrt(12)).toBeLessThan(error);
  expect(Math.abs(sd * Math.sqrt(12) - 1)).toBeLessThan(error);
});

test("chains of one posterior have R-hat near 1; chains apart do not", () => {
  expect(splitRhat(chains.map((chain) => columnOf(chain, 0)))).toBeLessThan(1.01);
  const apart = [columnOf(chains[0]!, 0), columnOf(chains[1]!, 0).map((x) => x + 0.2)];
  expect(splitRhat(apart)).toBeGreaterThan(2);
});

test("effective sample size of an AR(1) series is n(1 − φ)/(1 + φ)", () => {
  const random = makeRandom(5);
  for (const phi of [0, 0.5, 0.9]) {
    const series = new Float64Array(100_000);
    let x = 0;
    for (let i = 0; i < series.length; i++) {
      x = phi * x + random.normal();
      series[i] = x;
    }
    const theory = (series.length * (1 - phi)) / (1 + phi);
    expect(Math.abs(effectiveSampleSize([series]) / theory - 1)).toBeLessThan(0.1);
  }
});

test("the published annealed rule finds the mode but is narrower than the posterior", () => {
  const chain = annealedMetropolis(normalCost, [0.3, 0.7], {
    stage1: 4000,
    stage2: 12_000,
    seed: 6,
  });
  const { mean, sd } = momentsOf(columnOf(chain, 0));
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  // cooled by ln(step + 2) ≈ 9, the spread shrinks by about √9
  expect(sd / 0.05).toBeLessThan(0.6);
});

test("the published rule gives up where it accepts every step, after its sixth attempt", () => {
  let costs = 0;
  const flat = () => {
    costs++;
    return 0;
  };
  const steps = { stage1: 500, stage2: 1000, seed: 2 };
  expect(() => annealedMetropolis(flat, [0.5, 0.5], steps)).toThrow(
    "annealed chain: expected 0.1 to 0.5 of its steps accepted, got 1.000 at attempt 6",
  );
  expect(costs).toBe(1 + 6 * 1500);
});

test("the same seed gives the same chain", () => {
  const again = adaptiveMetropolis(normalCost, [0.3, 0.7], { steps: 40_000, seed: 1 });
  expect(again.draws).toEqual(chains[0]!.draws);
});

test("a start outside the box, or without a finite cost, is refused", () => {
  expect(() => adaptiveMetropolis(normalCost, [0.5, 1.2], { steps: 10, seed: 1 })).toThrow("start");
  expect(() => adaptiveMetropolis(() => Number.NaN, [0.5], { steps: 10, seed: 1 })).toThrow(
    "finite",
  );
});
