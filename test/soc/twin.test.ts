import {
  COVARIATES,
  cellArea,
  checkProfile,
  clm45Layers,
  covariatesOf,
  EARTH_RADIUS,
  isInside,
  landGrid,
  makeLand,
  makeSoilTwin,
  OBSERVATION_NOISE,
  sampleAt,
  splineSampling,
} from "carbonbook/soc";
import { expect, test } from "vitest";

test("the cells of a grid cover the country: 8.08 million km² within 2 %", () => {
  const { area } = landGrid(0.5);
  const total = area.reduce((sum, a) => sum + a, 0);
  expect(Math.abs(total / 8.08e12 - 1)).toBeLessThan(0.02);
});

test("cells of all latitudes cover the sphere", () => {
  let total = 0;
  for (let row = 0; row < 360; row++) total += 720 * cellArea(-89.75 + 0.5 * row, 0.5);
  expect(total / (4 * Math.PI * EARTH_RADIUS ** 2)).toBeCloseTo(1, 4);
});

test("a twin has one value for each of the sixty covariates, and they are finite", () => {
  const site = makeLand(3)({ longitude: -95, latitude: 40 });
  expect(COVARIATES).toHaveLength(60);
  expect(new Set(COVARIATES).size).toBe(60);
  const values = covariatesOf(site);
  expect(values).toHaveLength(60);
  expect(values.every(Number.isFinite)).toBe(true);
});

test("a twin is the same for the same seed, and its first profiles do not depend on how many", () => {
  const few = makeSoilTwin({ seed: 4, profiles: 5, cellDegrees: 4 });
  const many = makeSoilTwin({ seed: 4, profiles: 9, cellDegrees: 3 });
  expect(many.profiles.slice(0, 5)).toEqual(few.profiles);
  for (const profile of many.profiles) {
    expect(() => checkProfile(profile)).not.toThrow();
    expect(isInside(profile)).toBe(true);
    expect(profile.truth.every((kp) => kp > 0 && kp < 1)).toBe(true);
  }
});

test("noise has the mean and spread it says", () => {
  const { profiles } = makeSoilTwin({ seed: 5, profiles: 1500, cellDegrees: 5 });
  const ratios = profiles.flatMap((p) => Array.from(p.carbon, (c, i) => c / p.trueCarbon[i]!));
  const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
  const spread = Math.sqrt(ratios.reduce((a, b) => a + (b - mean) ** 2, 0) / ratios.length);
  expect(Math.abs(mean - 1)).toBeLessThan(0.03);
  expect(Math.abs(spread - OBSERVATION_NOISE)).toBeLessThan(0.06);
});

test("the spline goes through its nodes, is exact for lines and constant beyond the ends", () => {
  const { nodes } = clm45Layers();
  const through = sampleAt(splineSampling(nodes, nodes), nodes.map(Math.cos));
  for (const [i, z] of nodes.entries()) expect(through[i]).toBeCloseTo(Math.cos(z), 12);
  const depths = [0.05, 0.4, 2];
  const line = sampleAt(
    splineSampling(nodes, depths),
    nodes.map((z) => 3 - 2 * z),
  );
  for (const [i, z] of depths.entries()) expect(line[i]).toBeCloseTo(3 - 2 * z, 12);
  const beyond = sampleAt(splineSampling(nodes, [0, 9]), nodes);
  expect([...beyond]).toEqual([nodes[0], nodes[9]]);
});

test.each([
  { name: "missing carbon", depth: [0.1, 0.3], carbon: [1000, Number.NaN], says: "carbon[1]" },
  { name: "negative carbon", depth: [0.1], carbon: [-3], says: "carbon[0]" },
  { name: "depths that go back", depth: [0.3, 0.1], carbon: [1, 1], says: "depth[1]" },
  { name: "no layer", depth: [], carbon: [], says: "layers" },
])("a profile with $name is refused by its id", ({ depth, carbon, says }) => {
  const profile = {
    id: "P7",
    longitude: 0,
    latitude: 0,
    depth: Float64Array.from(depth),
    carbon: Float64Array.from(carbon),
  };
  expect(() => checkProfile(profile)).toThrow(`profile P7: ${says}`);
});
