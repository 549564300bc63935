import { resolve } from "node:path";
import { runTasks } from "carbonbook/parallel";
import {
  assimilateBatch,
  assimilateSites,
  makeTwinProfiles,
  type SiteEstimate,
  screenProfiles,
  summariseChains,
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
