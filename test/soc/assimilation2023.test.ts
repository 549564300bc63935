import { makeRandom } from "carbonbook/core";
import {
  assimilateBatch,
  assimilateSites,
  carbonProfile,
  clm5Layers,
  type ForcedProfile2023,
  isEstimate,
  makeBatchCost2023,
  makeColumn2023,
  makePchip,
  makeSiteCost2023,
  makeSoilTwin,
  makeSteadyState,
  PARAMETERS_2023,
  rankWeights,
  sensitivity2023,
  type Values2023,
  values2023,
} from "carbonbook/soc";
import { expect, test } from "vitest";
import { forcing } from "./forcing2023.js";

const N = 20;
const steady = makeSteadyState(N);

/** Months that thaw to 1 m, and months that thaw to 4 m, above a bedrock at 3 m. */
function mixed() {
  const thaw = Float64Array.from({ length: 12 }, (_, month) => (month < 5 ? 1 : 4));
  return { ...forcing(1, 3), activeLayer: thaw, activeLayerLastYear: thaw };
}

test.each([
  { name: "bioturbated", place: forcing(40) },
  { name: "cryoturbated", place: forcing(1) },
  { name: "mixed", place: mixed() },
])("the adjoint gradient of a $name column equals central differences", ({ place }) => {
  const random = makeRandom(31);
  const column = makeColumn2023(place);
  const kp = Array.from({ length: 21 }, () => 0.2 + 0.5 * random.uniform());
  kp[19] = 0.45; // water is held at 1 in some months and not in others
  const values = values2023(kp);
  const weights = Float64Array.from({ length: 7 * N }, () => random.normal());
  const { gradient } = sensitivity2023(column, values, weights);
  const sum = (at: Values2023) => {
    const pools = new Float64Array(7 * N);
    steady.solve(column.rates(at), pools);
    return pools.reduce((total, x, i) => total + x * weights[i]!, 0);
  };
  for (const name of PARAMETERS_2023) {
    const step = 1e-3 * Math.abs(values[name]);
    const at = (steps: number) => sum({ ...values, [name]: values[name] + steps * step });
    const difference = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step);
    const size = Math.abs(sum(values) / values[name]);
    const gap = Math.abs(gradient[name] - difference);
    expect(gap, name).toBeLessThan(1e-6 * Math.abs(difference) + 1e-9 * size);
  }
});

test("monotone interpolation equals scipy's, and is constant beyond the ends", () => {
  const nodes = Float64Array.of(0.01, 0.1, 0.5, 1, 3);
  const depths = [0.05, 0.3, 0.7, 2, 2.9, 0, 9];
  const out = new Float64Array(depths.length);
  makePchip(nodes, depths)([50, 40, 41, 10, 9], out);
  const scipy = [
    44.200540298423896, 40.5, 30.147282868525902, 9.191235059760956, 9.001383466135458,
  ];
  for (const [i, value] of [...scipy, 50, 9].entries()) expect(out[i]).toBeCloseTo(value, 12);
});

test("layers far from the profile's mean depth and carbon count most, none less than 1", () => {
  const weights = rankWeights([0.1, 0.5, 1.5], [9, 5, 1]);
  // ranks by depth: 2, 3, 1 (mean 0.7 m); by carbon: 1, 3, 2 (the first of two as far from the mean)
  const wanted = [1.5, 3, 1.5].map((rank) => Math.max(1, 10 * Math.exp(1 - rank)));
  for (const [i, w] of wanted.entries()) expect(weights[i]).toBeCloseTo(w, 12);
});

/** A profile that the model makes with known parameters, without noise. */
function profileOf(truth: ArrayLike<number>): ForcedProfile2023 {
  const place = forcing(40);
  const pools = new Float64Array(7 * N);
  steady.solve(makeColumn2023(place).rates(values2023(truth)), pools);
  const depth = Float64Array.of(0.05, 0.2, 0.5, 1, 1.8);
  const carbon = new Float64Array(depth.length);
  makePchip(clm5Layers().nodes, depth)(carbonProfile(pools, N), carbon);
  return { id: "made", longitude: -95, latitude: 40, depth, carbon, forcing: place };
}

test("the truth costs nothing; chains over the 21 parameters find a fit, the same on two workers", async () => {
  const truth = Float64Array.from({ length: 21 }, (_, i) => 0.3 + 0.02 * i);
  const profile = profileOf(truth);
  expect(makeSiteCost2023(profile)(truth)).toBeLessThan(1e-20);
  const how = { sampler: "adaptive", steps: 3000, chains: 2, seed: 5 } as const;
  const [one] = await assimilateSites([profile], { ...how, workers: 1 });
  const broken = { ...profile, id: "wet", forcing: { ...profile.forcing, input: [1, 2, -3, 4] } };
  const [two, failed] = await assimilateSites([profile, broken], { ...how, workers: 2 });
  expect(two).toEqual(one);
  expect(isEstimate(one) && one.mean.length).toBe(21);
  expect(isEstimate(one) && one.leastCost).toBeLessThan(0.2);
  expect(failed).toMatchObject({ id: "wet", failure: expect.stringContaining("input[2]") });
});

test("one batch of the 2023 form finds one set for all profiles, and refuses a mixture of forms", async () => {
  const truth = Float64Array.from({ length: 21 }, (_, i) => 0.3 + 0.02 * i);
  const profile = profileOf(truth);
  const shallow = {
    ...profile,
    depth: profile.depth.slice(0, 3),
    carbon: profile.carbon.slice(0, 3),
  };
  const both = makeBatchCost2023([profile, shallow]);
  const middle = new Float64Array(21).fill(0.5);
  const costs = [profile, shallow].map((one) => makeSiteCost2023(one)(middle));
  expect(both(middle)).toBe(costs[0]! + costs[1]!);
  const how = { sampler: "adaptive", steps: 2000, chains: 2, seed: 6 } as const;
  const batch = await assimilateBatch([profile, shallow], { ...how, workers: 2 });
  expect(batch.mean).toHaveLength(21);
  expect(batch.leastCost).toBeLessThan(both(middle) / 4);
  const [older] = makeSoilTwin({ seed: 2, profiles: 1, cellDegrees: 5 }).profiles;
  await expect(assimilateBatch([profile, older!], how)).rejects.toThrow("one form of the model");
});
