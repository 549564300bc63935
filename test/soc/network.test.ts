import { makeRandom } from "carbonbook/core";
import {
  extentOf,
  foldProfiles,
  makeSiteLoss,
  makeSoilTwin,
  predictFolds,
  predictParameters,
  scaleRows,
  trainFold,
  trainParameterNetwork,
  trainThroughModel,
} from "carbonbook/soc";
import { expect, test } from "vitest";

const twin = makeSoilTwin({ seed: 12, profiles: 24, cellDegrees: 5 });
const rows = twin.profiles.map(({ covariates }) => covariates);
const extent = extentOf(twin.cells.map(({ covariates }) => covariates));

test("covariates are scaled by the map's least and greatest", () => {
  const cells = twin.cells.map(({ covariates }) => covariates);
  const { data, shape } = scaleRows(cells, extent);
  expect(shape).toEqual([cells.length, 60]);
  expect(Math.min(...data)).toBe(0);
  expect(Math.max(...data)).toBe(1);
});

test("folds test every profile once, by a network that did not learn from it", () => {
  const folds = foldProfiles(23, 5, 1);
  const tested = folds.flatMap(({ test: own }) => [...own]).sort((a, b) => a - b);
  expect(tested).toEqual(Array.from({ length: 23 }, (_, i) => i));
  for (const { learn, test: own } of folds) {
    expect(learn.length + own.length).toBe(23);
    expect([...learn].some((i) => own.includes(i))).toBe(false);
  }
  expect(() => foldProfiles(3, 5, 1)).toThrow("folds");
});

test("the network's loss falls, and its predictions stay inside the box", async () => {
  const targets = twin.profiles.map(({ truth }) => truth);
  const options = { seed: 1, epochs: 30, hidden: [32, 32] };
  const network = await trainParameterNetwork(rows, targets, extent, options);
  expect(network.history.at(-1)!.loss).toBeLessThan(network.history[0]!.loss / 2);
  const predicted = await predictParameters(network, rows);
  expect(predicted).toHaveLength(24);
  expect(predicted.every((kp) => kp.length === 25 && kp.every((x) => x > 0 && x < 1))).toBe(true);
});

test("cross-validation predicts each profile as a network of the others does", async () => {
  const targets = twin.profiles.map(({ truth }) => truth);
  const options = { seed: 3, epochs: 2, hidden: [8] };
  const networks = [0, 1, 2].map((fold) =>
    trainFold({ rows, targets, extent }, { ...options, folds: 3 }, fold),
  );
  const crossed = await predictFolds(await Promise.all(networks), rows, 3);
  const [first] = foldProfiles(rows.length, 3, 3);
  const pick = <T>(all: readonly T[], some: Int32Array) => Array.from(some, (i) => all[i]!);
  const own = await trainParameterNetwork(
    pick(rows, first!.learn),
    pick(targets, first!.learn),
    extent,
    options,
  );
  const wanted = await predictParameters(own, pick(rows, first!.test));
  expect(pick(crossed, first!.test)).toEqual(wanted);
  expect(crossed.every((kp) => kp.length === 25)).toBe(true);
});

test("the gradient of a profile's loss equals central differences", () => {
  const random = makeRandom(9);
  for (const profile of twin.profiles.slice(0, 4)) {
    const lossAt = makeSiteLoss(profile, 0.01);
    const kp = Float64Array.from({ length: 25 }, () => 0.3 + 0.3 * random.uniform());
    const { gradient } = lossAt(kp);
    const size = Math.max(...gradient.map(Math.abs));
    for (let k = 0; k < 25; k++) {
      const at = (h: number) => lossAt(kp.map((x, i) => (i === k ? x + h : x))).loss;
      const difference = (8 * (at(1e-4) - at(-1e-4)) - (at(2e-4) - at(-2e-4))) / (12 * 1e-4);
      expect(Math.abs(gradient[k]! - difference)).toBeLessThan(1e-5 * size);
    }
  }
});

test("without wood the loss pushes the shares of NPP down", () => {
  const kp = new Float64Array(25).fill(0.5);
  for (const share of [21, 22, 23]) kp[share] = 0.99;
  const { loss, gradient } = makeSiteLoss(twin.profiles[0]!, 0)(kp);
  expect(loss).toBeGreaterThan(0);
  for (const share of [21, 22, 23]) expect(gradient[share]!).toBeGreaterThan(0);
});

test("a network trained through the model fits profiles better than it did, the same each time", async () => {
  const options = { seed: 2, epochs: 12, hidden: [16], batchSize: 8, learningRate: 5e-3 };
  const one = await trainThroughModel(twin.profiles, rows, extent, options);
  expect(one.history.at(-1)!.loss).toBeLessThan(0.7 * one.history[0]!.loss);
  const two = await trainThroughModel(twin.profiles, rows, extent, options);
  expect(two.history).toEqual(one.history);
  const [kp] = await predictParameters(one, rows.slice(0, 1));
  expect(kp).toHaveLength(25);
});
