import { resolve } from "node:path";
import { openEngine } from "carbonbook/learn";
import { runTasks } from "carbonbook/parallel";
import {
  assimilateBatch,
  assimilateSites,
  extentOf,
  makeSoilTwin,
  makeTwinProfiles,
  networkRound,
  type SiteEstimate,
  screenProfiles,
  splitProfiles,
  summariseChains,
  trainFold,
  trainParameterNetwork,
  withEstimates,
} from "carbonbook/soc";
import type { Chain } from "carbonbook/stats";
import { expect, test } from "vitest";

const parameters = { seed: 3, profiles: 9, steps: 1000, sampler: "adaptive", batchProfiles: 5 };
const loop = { module: "carbonbook/soc", parameters, runFolder: resolve("unused") };
const sites = { ...loop, name: "sites", run: "siteRound" };
const { kept } = screenProfiles(makeTwinProfiles(3, 0, 9));

test("blocks of profiles are the same whatever their number and the workers", async () => {
  const one = await runTasks<SiteEstimate[]>({ ...sites, count: 1 }, { workers: 1 });
  const four = await runTasks<SiteEstimate[]>({ ...sites, count: 4 }, { workers: 2 });
  expect(four).toHaveLength(4);
  expect(four.flat()).toEqual(one.flat());
  expect(one.flat().map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
});

test("a block is what single profiles give with the same random numbers", async () => {
  const { steps, seed } = parameters;
  const [first] = (await runTasks<SiteEstimate[]>({ ...sites, count: 9 }, { workers: 2 })).flat();
  const how = { sampler: "adaptive", steps, seed } as const;
  expect(first).toEqual((await assimilateSites(kept.slice(0, 1), how))[0]);
});

test("chains of one batch are those of the batch over the first profiles", async () => {
  const { steps, seed } = parameters;
  const tasks = { ...loop, name: "batch", run: "batchRound", count: 2 };
  const chains = await runTasks<Chain[]>(tasks, { workers: 2 });
  const how = { sampler: "adaptive", steps, seed, chains: 2 } as const;
  expect(summariseChains(chains.flat())).toEqual(await assimilateBatch(kept.slice(0, 5), how));
});

test("networks are trained on the estimates of the profiles that the split and the folds say", async () => {
  const { steps, seed } = parameters;
  const estimates = await assimilateSites(kept, { sampler: "adaptive", steps, seed });
  const sizes = { cellDegrees: 5, epochs: 1, throughEpochs: 1, folds: 3, threads: 1 };
  const told = { count: 5, parameters: { ...parameters, ...sizes }, runFolder: "" };
  const rest = { earlier: { sites: [estimates] }, report: () => undefined };
  const { signal } = new AbortController();
  const round = (index: number) => networkRound({ ...told, ...rest, index, signal });

  const twin = makeSoilTwin({ seed, profiles: 9, cellDegrees: 5 });
  const extent = extentOf(twin.cells.map(({ covariates }) => covariates));
  const fitted = withEstimates(screenProfiles(twin.profiles).kept, estimates);
  const rows = fitted.map(({ covariates }) => covariates);
  const targets = fitted.map(({ estimate }) => estimate.mean);
  const options = { seed, epochs: 1, engine: await openEngine({ threads: 1 }) };
  const seen = Array.from(splitProfiles(fitted.length, seed).learn);
  const pick = <T>(all: readonly T[]) => seen.map((i) => all[i]!);
  const own = await trainParameterNetwork(pick(rows), pick(targets), extent, options);
  expect((await round(0)).history).toEqual(own.history);
  const through = await round(1);
  expect(through.history).toHaveLength(1);
  expect(through.extent).toEqual(extent);
  const fold = await trainFold({ rows, targets, extent }, { ...options, folds: 3 }, 1);
  expect((await round(3)).history).toEqual(fold.history);
});
