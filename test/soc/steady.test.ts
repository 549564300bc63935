import { makeRandom } from "carbonbook/core";
import {
  carbonInput,
  carbonProfile,
  carbonStock,
  makeColumn2020,
  makeSteadyState,
  type Rates,
  respiration,
  values2020,
} from "carbonbook/soc";
import { expect, test } from "vitest";
import { denseMatrix, luSolve } from "./dense.js";

const N = 10;

/** The published check case: inputs from upstream's own comment, outputs from two other ports. */
const FORCING = {
  temperature: [
    262.914841588338, 262.912482579549, 262.88314259847, 262.857393519084, 262.834057108561,
    262.828102620443, 262.821913019816, 262.815472284953, 262.82752456665, 262.852219136556,
  ],
  waterPotential: [
    -11.5796332348449, -11.596058187106, -11.0243588082337, -10.9651540086449, -10.8701369821933,
    -10.8359593710241, -11.3317970476424, -15, -15, -14.9922681570053,
  ],
  npp: { min: 55.9, max: 151.6, mean: 92.2231 },
  activeLayer: 0.6198,
};
const KP = [
  0.0390086024999619, 0.495852589607239, 0.156862199306488, 0.708438277244568, 0.496389031410217,
  0.490545690059662, 0.467732012271881, 0.59538346529007, 0.201273083686829, 0.164519175887108,
  0.489019215106964, 0.478766977787018, 0.483924388885498, 0.427478283643723, 0.0530362874269486,
  0.461646556854248, 0.0280526746064425, 0.490527480840683, 0.486660271883011, 0.500131487846375,
  0.29453843832016, 0.466051816940308, 0.44180166721344, 0.442415505647659, 0.454672306776047,
];

const column = makeColumn2020(FORCING);
const steady = makeSteadyState(N);

function solved(kp: readonly number[]): { rates: Rates; pools: Float64Array } {
  const pools = new Float64Array(7 * N);
  const rates = column.rates(values2020(kp, FORCING.npp));
  steady.solve(rates, pools);
  return { rates, pools };
}

test("the check case gives the stock of two independent ports to 1e-9", () => {
  const { rates, pools } = solved(KP);
  const profile = carbonProfile(pools, N);
  const stock = carbonStock(profile, rates.layers);
  expect(Math.abs(stock / 9987.830034 - 1)).toBeLessThan(1e-9);
  expect(carbonInput(rates)).toBeCloseTo(103.762583387, 8);
  const layers = [
    11929.2752, 11779.8357, 11263.7793, 10165.4863, 8539.21563, 6724.11341, 5110.07543, 3777.72689,
    2129.19545,
  ];
  for (const [i, density] of layers.entries()) {
    expect(Math.abs(profile[i]! / density - 1)).toBeLessThan(1e-8);
  }
});

test("the middle of every prior gives the second check value", () => {
  const { rates, pools } = solved(new Array(25).fill(0.5));
  const stock = carbonStock(carbonProfile(pools, N), rates.layers);
  expect(Math.abs(stock / 582111.5447 - 1)).toBeLessThan(1e-9);
});

test("at steady state respiration equals input", () => {
  const { rates, pools } = solved(KP);
  expect(respiration(rates, pools) / carbonInput(rates)).toBeCloseTo(1, 12);
});

test("the structured solution equals a dense LU within 1e-9 over the prior", () => {
  const random = makeRandom(11);
  for (let draw = 0; draw < 40; draw++) {
    const kp = Array.from({ length: 25 }, () => 0.02 + 0.96 * random.uniform());
    for (const share of [21, 22, 23]) kp[share] = kp[share]! / 2;
    const { rates, pools } = solved(kp);
    const matrix = denseMatrix(rates);
    const wanted = luSolve(matrix, [...rates.input, ...new Array<number>(3 * N).fill(0)]);
    for (const [at, value] of wanted.entries()) {
      expect(Math.abs(pools[at]! - value)).toBeLessThanOrEqual(1e-9 * Math.abs(value) + 1e-300);
    }
    const weights = Float64Array.from({ length: 7 * N }, () => random.normal());
    const lambda = new Float64Array(7 * N);
    steady.solveTransposed(rates, weights, lambda);
    const scale = Math.max(...lambda.map(Math.abs));
    for (const [at, value] of luSolve(transpose(matrix), [...weights]).entries()) {
      expect(Math.abs(lambda[at]! - value)).toBeLessThanOrEqual(1e-9 * scale);
    }
  }
});

test("mixing moves carbon and makes none: its columns, weighted by thickness, sum to zero", () => {
  const { rates } = solved(KP);
  const without = denseMatrix({ ...rates, exchange: new Float64Array(N - 1) });
  const matrix = denseMatrix(rates);
  const { thickness } = rates.layers;
  for (let j = N; j < 7 * N; j++) {
    let sum = 0;
    let size = 0;
    for (let i = 0; i < 7 * N; i++) {
      const flow = (matrix[i]![j]! - without[i]![j]!) * thickness[i % N]!;
      sum += flow;
      size += Math.abs(flow);
    }
    expect(Math.abs(sum)).toBeLessThanOrEqual(1e-14 * size);
  }
});

test("without mixing every layer stands alone", () => {
  const { rates } = solved(KP);
  const alone = { ...rates, exchange: new Float64Array(N - 1) };
  const pools = new Float64Array(7 * N);
  steady.solve(alone, pools);
  for (let i = 0; i < N; i++) {
    const flux = (pool: number) => rates.decay[pool * N + i]! * pools[pool * N + i]!;
    expect(flux(0)).toBeCloseTo(rates.input[i]!, 15);
    const slow = rates.transfers.fl3s2 * flux(3) + rates.transfers.fs1s2 * flux(4);
    expect(Math.abs(flux(5) - slow)).toBeLessThanOrEqual(1e-13 * flux(5));
  }
});

test("the fast form of the parameter values equals the checked one", () => {
  expect(column.valuesOf(KP)).toEqual(values2020(KP, FORCING.npp));
});

test("shares of NPP that leave nothing for wood are refused", () => {
  const kp = new Array<number>(25).fill(0.5);
  kp[22] = 1;
  kp[23] = 1;
  expect(() => column.rates(values2020(kp, FORCING.npp))).toThrow("expected a sum below 1");
});

function transpose(matrix: number[][]): number[][] {
  return matrix.map((_, j) => matrix.map((row) => row[j]!));
}
