import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QUICK_2024, runExperiment, runExperiments, trapLattice } from "carbonbook/catchment";
import { makeTwinOcean, openOcean, openTwin } from "carbonbook/ocean";
import { afterAll, expect, test } from "vitest";

const DAY = 86400;
const folder = mkdtempSync(join(tmpdir(), "experiments-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("oceans on threads of their own give what one gives here, from a twin and from a CROCO file", async () => {
  const size = { n: 64, spinUpN: 64, spinUpDays: 0, days: 14, outputHours: 12 };
  const [run] = await makeTwinOcean({ size, seeds: [1], folder });
  const traps = trapLattice(
    { east: 512e3, north: 512e3 },
    { across: 2, spacing: 100e3, depth: 300 },
  );
  const experiment = {
    ...QUICK_2024,
    collection: { duration: 2 * DAY, releases: 2 },
    patch: { side: 4e3, across: 2 },
    levels: [250, 200],
    grid: { n: 12, dx: 8e3 },
  };
  const [twin, file] = [await openTwin(run!.path), await openOcean(run!.path)];
  const windows = Float64Array.of(twin.times[0]! + 6 * DAY, twin.times[0]! + 12 * DAY);
  const task = { path: run!.path, traps, windows };
  const shares: number[] = [];
  const [fromTwin, fromFile] = await runExperiments(
    [
      { ...task, kind: "twin" },
      { ...task, kind: "model output" },
    ],
    { experiment, onProgress: (done, total) => shares.push(done / total) },
  );
  expect(fromTwin).toEqual(await runExperiment(twin, traps, windows, { experiment }));
  expect(fromFile).toEqual(await runExperiment(file, traps, windows, { experiment }));
  expect(shares.at(-1)).toBe(1);
  twin.close();
  file.close();
});
