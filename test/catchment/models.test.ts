import {
  exampleFigure,
  failureShare,
  influenceFigure,
  pickExamples,
  type Scores,
  scoreboard,
  scorePredictions,
  scoreTable,
} from "carbonbook/catchment";
import { makeRandom } from "carbonbook/core";
import { expect, test } from "vitest";

const LABELS = {
  id: "scores",
  study: "test",
  title: "A network beats the mean",
  caption: "Scores.",
  dataLabel: "twin (synthetic)",
};
const GRID = { n: 8, dx: 10e3 };
const random = makeRandom(1);

function maps(count: number) {
  const data = new Float32Array(count * 64);
  for (let s = 0; s < count; s++) {
    const map = data.subarray(s * 64, (s + 1) * 64);
    for (let k = 0; k < 64; k++) map[k] = random.uniform() ** 4;
    const sum = map.reduce((total, p) => total + p, 0);
    for (let k = 0; k < 64; k++) map[k] = map[k]! / sum;
  }
  return { data, bins: 64 };
}

const truth = maps(40);
const scores = [
  scorePredictions("network", truth, truth),
  scorePredictions("mean", maps(40), truth),
];

test("the scoreboard names every model, the bound and the data", () => {
  const text = JSON.stringify(scoreboard(scores, LABELS));
  for (const part of ["network", "mean", "valid below", "twin (synthetic)"]) {
    expect(text).toContain(part);
  }
});

test("the table's classes sum to 100 percent", () => {
  const { columns } = scoreTable(scores, LABELS);
  const share = (name: string) => columns.find((c) => c.name === name)!.values as number[];
  for (const row of [0, 1]) {
    const sum = share("valid")[row]! + share("quasi-valid")[row]! + share("non-valid")[row]!;
    expect(sum).toBeCloseTo(100, 9);
  }
});

test("failures rise with a property that causes them, and not with another", () => {
  const cause = Float64Array.from({ length: 400 }, () => random.uniform());
  const other = Float64Array.from({ length: 400 }, () => random.uniform());
  const losses = cause.map((x) => (x > 0.5 ? 0.4 : 0.1));
  const rising = failureShare(losses, { values: cause, bins: 4 }, 0.2);
  expect([...rising.share].map((s) => Math.round(s))).toEqual([0, 0, 1, 1]);
  const flat = failureShare(losses, { values: other, bins: 4 }, 0.2);
  for (const share of flat.share) expect(Math.abs(share - 0.5)).toBeLessThan(0.2);
  expect(() => failureShare(losses, { values: cause, bins: 200 }, 0.2)).toThrow("at least 5");
  const dates = { seed: 1, draws: 200, block: losses.map((_, s) => s % 20) };
  const { share, interval } = failureShare(losses, { values: other, bins: 4 }, 0.2, dates);
  for (const [b, value] of share.entries()) {
    expect(interval!.low[b]).toBeLessThan(value);
    expect(interval!.high[b]).toBeGreaterThan(value);
  }
});

test("figures of examples and influences hold a panel for each", () => {
  const samples = pickExamples(scores[1]!.losses, 3);
  const predicted = scores.map((one) => ({ scores: one, maps: truth }));
  const surface = Float32Array.from({ length: 64 }, (_, k) => k);
  const offset = { east: 4e3, north: -3e3 };
  const examples = exampleFigure({
    ...{ ...LABELS, samples, truth, predicted, grid: GRID },
    surfaceOf: () => ({ ssh: surface, u: surface, v: surface, offset }),
  });
  const text = JSON.stringify(examples);
  for (const s of samples) expect(text).toContain(`No. ${s}, true`);
  const loss = scores[1]!.losses[samples[2]!]!;
  expect(text).toContain(`mean, BL ${loss.toFixed(2)}`);
  // cell n / 2 of the image lies where its middle is, not half a cell beside the trap
  const [sea] = examples.data.filter(({ type }) => type === "heatmap") as {
    x: number[];
    y: number[];
  }[];
  expect([sea!.x[4], sea!.y[4]]).toEqual([4, -3]);
  const models: Scores[] = [scores[0]!, scores[1]!];
  const property = { label: "Mass centre", units: "km", values: scores[1]!.overlaps, bins: 4 };
  const influence = influenceFigure(models, [property], {
    ...LABELS,
    ...{ bound: 0.2, block: truth.data.subarray(0, 40).map((_, s) => s % 5), seed: 1 },
  });
  expect(JSON.stringify(influence)).toContain("Mass centre (km)");
});
