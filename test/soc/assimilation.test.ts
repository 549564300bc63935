import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  assimilateBatch,
  assimilateSites,
  chainsOf,
  clm45Layers,
  isEstimate,
  knownPosterior,
  makeBatchCost,
  makeSiteCost,
  makeSoilTwin,
  modelProfile,
  priorMiddle,
  sampleAt,
  screenProfiles,
  splineSampling,
} from "carbonbook/soc";
import { expect, test } from "vitest";

const { profiles } = makeSoilTwin({ seed: 11, profiles: 12, cellDegrees: 5 });
const how = { sampler: "adaptive", steps: 1000, seed: 3 } as const;

test("the cost of a profile is the weighted misfit of the model run there", () => {
  for (const profile of profiles.slice(0, 4)) {
    const kp = priorMiddle();
    const model = modelProfile(profile.forcing, kp);
    const at = sampleAt(splineSampling(clm45Layers().nodes, profile.depth), model);
    const wanted = at.reduce((sum, m, i) => {
      const o = profile.carbon[i]!;
      return sum + (Math.exp(-profile.depth[i]!) * (m - o) ** 2) / (2 * (0.6 * o) ** 2);
    }, 0);
    expect(makeSiteCost(profile)(kp) / wanted).toBeCloseTo(1, 11);
  }
});

test("the truth without noise costs nothing, and a batch is the sum of its sites", () => {
  const clean = { ...profiles[0]!, carbon: profiles[0]!.trueCarbon };
  expect(makeSiteCost(clean)(clean.truth)).toBeLessThan(1e-20);
  const kp = priorMiddle();
  const sum = profiles.reduce((total, p) => total + makeSiteCost(p)(kp), 0);
  expect(makeBatchCost(profiles)(kp) / sum).toBeCloseTo(1, 12);
});

test("proportions that leave nothing for wood cost infinitely much", () => {
  const kp = priorMiddle();
  for (const share of [21, 22, 23]) kp[share] = 0.99;
  expect(makeSiteCost(profiles[0]!)(kp)).toBe(Number.POSITIVE_INFINITY);
});

test("estimates do not depend on the number of workers", async () => {
  const one = await assimilateSites(profiles, { ...how, workers: 1 });
  const two = await assimilateSites(profiles, { ...how, workers: 2 });
  expect(two).toEqual(one);
  expect(one.map(({ id }) => id)).toEqual(profiles.map(({ id }) => id));
});

test("a run goes on from what is kept, and does not take what was made otherwise", async () => {
  const folder = mkdtempSync(join(tmpdir(), "soc-"));
  try {
    const first = await assimilateSites(profiles.slice(0, 2), { ...how, folder });
    const [file] = readdirSync(folder);
    const again = await assimilateSites(profiles.slice(0, 2), { ...how, folder });
    expect(again).toEqual(first);
    writeFileSync(join(folder, file!), JSON.stringify([{ id: "kept", failure: "from the file" }]));
    const kept = await assimilateSites(profiles.slice(0, 2), { ...how, folder });
    expect(kept).toEqual([{ id: "kept", failure: "from the file" }]);
    const other = await assimilateSites(profiles.slice(0, 2), { ...how, seed: 4, folder });
    expect(other.every(isEstimate)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a profile that cannot be used fails by its own name, the others go on", async () => {
  const broken = { ...profiles[1]!, id: "broken", carbon: profiles[1]!.carbon.map(() => -1) };
  const estimates = await assimilateSites([profiles[0]!, broken], how);
  expect(isEstimate(estimates[0])).toBe(true);
  expect(estimates[1]).toMatchObject({ id: "broken" });
  expect(isEstimate(estimates[1]) ? "" : estimates[1]!.failure).toContain(
    "profile broken: carbon[0]",
  );
});

test("a signal stops a run", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(assimilateSites(profiles, { ...how, signal })).rejects.toThrow("enough");
});

test("chains of a batch have the shape of the parameters and agree on their number", async () => {
  const batch = await assimilateBatch(profiles, { ...how, chains: 2, workers: 2 });
  expect(batch.mean).toHaveLength(25);
  expect(batch.rhat).toHaveLength(25);
  expect(batch.mean.every((kp) => kp > 0 && kp < 1)).toBe(true);
});

test("the adaptive sampler has the spread of a known posterior, the published rule has less", () => {
  const profile = profiles.reduce((a, b) => (b.depth.length > a.depth.length ? b : a));
  const cost = makeSiteCost({ ...profile, carbon: profile.trueCarbon });
  const known = knownPosterior(cost, profile.truth, ["efolding", "tau4s3"], 120);
  const adaptive = chainsOf(known.cost, 2, {
    sampler: "adaptive",
    steps: 20_000,
    seed: 1,
    chains: 2,
  });
  const rule = chainsOf(known.cost, 2, { sampler: "published", steps: 20_000, seed: 1, chains: 2 });
  for (const k of [0, 1]) {
    expect(Math.abs(adaptive.mean[k]! - known.mean[k]!)).toBeLessThan(0.15 * known.deviation[k]!);
    expect(Math.abs(adaptive.deviation[k]! / known.deviation[k]! - 1)).toBeLessThan(0.1);
    expect(rule.deviation[k]!).toBeLessThan(0.95 * known.deviation[k]!);
    expect(adaptive.rhat[k]!).toBeLessThan(1.02);
  }
  expect(rule.deviation[1]!).toBeLessThan(0.7 * known.deviation[1]!);
});

test("profiles that cannot be fitted are masked with their ids, by reason", () => {
  const base = profiles.find((p) => p.depth.at(-1)! > 0.5)!;
  const { forcing } = base;
  const cases = [
    { ...base, id: "ok" },
    { ...base, id: "nan", carbon: base.carbon.map(() => Number.NaN) },
    { ...base, id: "frozen", forcing: { ...forcing, activeLayer: 0 } },
    { ...base, id: "dry", forcing: { ...forcing, waterPotential: new Array(10).fill(-30) } },
    { ...base, id: "no T", forcing: { ...forcing, temperature: new Array(10).fill(Number.NaN) } },
    { ...base, id: "two", depth: base.depth.slice(0, 2), carbon: base.carbon.slice(0, 2) },
    { ...base, id: "shallow", depth: base.depth.map((z) => z / 10) },
  ];
  const { kept, masked } = screenProfiles(cases);
  expect(kept.map(({ id }) => id)).toEqual(["ok"]);
  expect([...masked]).toEqual([
    ["bad layers", ["nan"]],
    ["never thaws", ["frozen"]],
    ["always too dry", ["dry"]],
    ["bad forcing", ["no T"]],
    ["too few layers", ["two"]],
    ["too shallow", ["shallow"]],
  ]);
});
