import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cutExperiments,
  followShard,
  joinShards,
  type PlannedExperiment,
  plan2024,
  QUICK_2024,
  readPdfs,
  runExperiment,
  storeShards,
  studyLattice,
  trapLattice,
} from "carbonbook/catchment";
import { makeTwin, type Ocean, openTwin, twinOfTask } from "carbonbook/ocean";
import type { TaskInput } from "carbonbook/parallel";
import { afterAll, expect, test } from "vitest";

const DAY = 86400;
const folder = mkdtempSync(join(tmpdir(), "shards-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = { n: 64, spinUpN: 64, spinUpDays: 0, days: 14, outputHours: 12 };

/** All that a plan asks of a twin. */
const OCEAN = { kind: "twin", times: Float64Array.of(0), grid: {} } as unknown as Ocean;

/** What a round is told. */
function inputOf(index: number, count: number): TaskInput {
  const signal = new AbortController().signal;
  const told = { parameters: { size: SIZE }, runFolder: folder, earlier: {}, signal };
  return { ...told, index, count, report: () => undefined };
}

test("shards put together are one pass over all windows, and their number does not matter", async () => {
  await makeTwin(inputOf(0, 1));
  const ocean = await openTwin(await twinOfTask(inputOf(0, 1), 1));
  const start = ocean.times[0]!;
  const middle = { east: 512e3, north: 512e3 };
  const experiment = {
    ...QUICK_2024,
    collection: { duration: 2 * DAY, releases: 2 },
    patch: { side: 4e3, across: 2 },
    levels: [250, 200],
    grid: { n: 12, dx: 8e3 },
  };
  const common = { seed: 1, experiment };
  const windows = Float64Array.from([4, 6, 8, 12], (day) => start + day * DAY);
  const traps = trapLattice(middle, { across: 2, spacing: 100e3, depth: 300 });
  const experiments: PlannedExperiment[] = [
    { ...common, traps, windows },
    {
      ...common,
      traps: traps.slice(1),
      windows: windows.slice(2),
      speeds: [3, 4, 5].map((v) => v / 1e4),
    },
  ];
  const whole = [];
  for (const { traps, windows, speeds } of experiments) {
    whole.push(
      await runExperiment(ocean, traps, windows, { experiment, ...(speeds && { speeds }) }),
    );
  }
  ocean.close();
  for (const count of [3]) {
    const shards = [];
    for (let k = 0; k < count; k++) {
      shards.push(structuredClone(await followShard(experiments, inputOf(k, count))));
    }
    expect(joinShards(experiments, shards)).toEqual(whole);
    const files = ["a", "b"].map((name) => ({
      path: join(folder, `${name}.nc`),
      attributes: { title: "test" },
    }));
    const stored = await storeShards(experiments, shards, files);
    for (const [k, { path }] of stored.entries()) expect(await readPdfs(path)).toEqual(whole[k]);
    const lost = files.map(({ path, attributes }) => ({ path: `${path}.lost`, attributes }));
    await expect(storeShards(experiments, shards.slice(1), lost)).rejects.toThrow("in a row");
    expect(readdirSync(folder).filter((name) => /lost|part$/.test(name))).toEqual([]);
  }
});

test("shards have about equal work, whole windows and all of them", () => {
  const sizes = {
    ...{ size: "quick" as const, trainingWindows: 28, validationWindows: 4 },
    ...{ windowSpacing: 14, testWindows: 18, testAcross: 4 },
  };
  const plan = plan2024(sizes, OCEAN);
  expect(plan.map(({ windows, traps }) => windows.length * traps.length)).toEqual([1152, 288, 72]);
  const shards = cutExperiments(plan, 4);
  const work = shards.map((pieces) =>
    pieces.reduce(
      (sum, { experiment, from, to }) => sum + (to - from) * plan[experiment]!.traps.length,
      0,
    ),
  );
  for (const part of work) expect(Math.abs(part - 1512 / 4)).toBeLessThan(36);
  const windows = cutExperiments(plan, 1000).flat();
  expect(windows).toHaveLength(32 + 18 + 2);
  expect(studyLattice(OCEAN, { across: 2, depth: 9 })[3]).toEqual({
    east: 768e3,
    north: 768e3,
    depth: 9,
  });
  const near = plan2024({ ...sizes, nearAcross: 6 }, OCEAN);
  expect(near[0]!.traps.slice(36)).toEqual(plan[2]!.traps);
});

test("a shard that is missing is told", () => {
  const plan = [
    {
      seed: 1,
      experiment: QUICK_2024,
      traps: studyLattice(OCEAN, { across: 1, depth: 9 }),
      windows: Float64Array.of(0),
    },
  ];
  expect(() => joinShards(plan, [[]])).toThrow(
    "shards of experiment 1: expected 1 windows in a row, got 0",
  );
});
