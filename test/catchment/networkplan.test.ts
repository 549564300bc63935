import { fileURLToPath } from "node:url";
import {
  jobs2024,
  jobs2025,
  joinSpeedForecasters,
  mixedLoss,
  PAPER_LOSS,
  PLAIN_LOSS,
  type SpeedForecaster,
  type Training2024,
  type Training2025,
} from "carbonbook/catchment";
import { expect, test } from "vitest";
import { openGraph } from "../../lib/notebook/reproduce.js";
import { listUnits, toldParameters } from "../../lib/notebook/unit.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

test.each(["quick", "workshop"])(
  "notebook 02 declares a round for each member that is trained, %s profile",
  async (profile) => {
    const units = listUnits(await openGraph(root), profile);
    const unit = (name: string) => units.find((one) => one.name === `02-train-unet/${name}`)!;
    const told = toldParameters(unit("networks").node, profile) as unknown;
    const jobs = jobs2024(told as Training2024);
    const deep = jobs2025(told as Training2025);
    expect(unit("networks").tasks).toHaveLength(jobs.length);
    expect(unit("deep").tasks).toHaveLength(deep.length);
    const seeds = jobs.map(({ name, seed }) => `${name} ${seed}`);
    const members = deep.map(({ name, member }) => `${name} ${member}`);
    expect(new Set(seeds).size).toBe(jobs.length);
    expect(new Set(members).size).toBe(deep.length);
  },
);

test("the loss of the code mixes 0.8 and 0.2, that of the text takes filtered PDFs alone", () => {
  expect(mixedLoss(0.8)).toEqual(PAPER_LOSS);
  expect(mixedLoss(1)).toEqual(PLAIN_LOSS);
  expect(() => mixedLoss(1.2)).toThrow("weight of filtered PDFs: expected above 0");
});

test("members of one name become an ensemble in their order, also those of single speeds", () => {
  const member = (name: string, number: number) =>
    ({
      ...{ name, members: [number], histories: [[number]] },
      tuned: new Map([[80, [number + 0.5]]]),
    }) as unknown as SpeedForecaster;
  const joined = joinSpeedForecasters([member("a", 1), member("b", 2), member("a", 3)]);
  expect(joined.map(({ name, members, tuned }) => [name, members, tuned.get(80)])).toEqual([
    ["a", [1, 3], [1.5, 3.5]],
    ["b", [2], [2.5]],
  ]);
});
