import {
  type CatchmentEvidence,
  type ClaimedRelation,
  describeRelation,
  judgeCatchments,
  relate2024,
  relateMonths,
  type Scores,
  verdictOn,
} from "carbonbook/catchment";
import { expect, test } from "vitest";

/** 240 samples, 24 windows of ten traps; whatever goes by the trap is the same in every window. */
const COUNT = 240;
const samples = Array.from({ length: COUNT }, (_, s) => s);
const of = (value: (trap: number, window: number) => number) =>
  Float64Array.from(samples, (s) => value(s % 10, Math.floor(s / 10)));

function scoresOf(model: string, losses: Float64Array): Scores {
  const meanLoss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const classes = { valid: 0.5, "quasi-valid": 0.25, "non-valid": 0.25 };
  return { model, losses, overlaps: losses.map((loss) => 1 - loss), meanLoss, classes };
}

/** An ocean in which all is as the paper says: the last trap's particles go far and fail. */
const surface = of((trap) => (trap === 9 ? 0.6 : 0.02 * trap));
const AS_CLAIMED: CatchmentEvidence = {
  size: "workshop",
  surface: scoresOf("surface", surface),
  levels: scoresOf(
    "levels",
    surface.map((loss) => 0.9 * loss),
  ),
  single: scoresOf(
    "single",
    surface.map((loss) => loss + 0.01),
  ),
  cnn: scoresOf(
    "cnn",
    surface.map((loss) => loss + 0.3),
  ),
  meanPdf: scoresOf(
    "mean PDF",
    surface.map((loss) => loss + 0.2),
  ),
  block: samples.map((s) => Math.floor(s / 10)),
  massCentre: of((trap) => (trap === 9 ? 210 : 80)),
  entropy: of((trap) => (trap === 9 ? 6.7 : 6)),
  kinetic: of((trap) => (trap === 9 ? 170 : 90)),
  around: {
    vorticity: of((trap) => (trap > 4 ? 0.01 : -0.1)),
    okuboWeiss: of((trap) => trap - 5),
    seaLevel: of((trap) => trap / 10 - 1),
  },
  // all are valid but the tenth of most SD index
  sdIndex: of((trap, window) => trap + window / 24),
  seed: 1,
  draws: 200,
};
const relations = relate2024(AS_CLAIMED);

const outcomes = (relations: readonly ClaimedRelation[]) =>
  Object.fromEntries(relations.map(({ name, outcome }) => [name, outcome]));

test("in an ocean that is as the paper says, every relation holds, but a step is no straight line", () => {
  const failing = relations.filter(({ outcome }) => outcome !== "holds");
  expect(failing.map(({ name }) => name)).toEqual(["r² of its straight line"]);
  const [first] = relations;
  expect(first!.value.mean).toBeCloseTo(0.2, 12);
  expect(first!.bound).toBe(0.15);
  const far = relations.find(({ claim }) => claim === "p1-far-fails")!;
  expect(far.value.mean).toBeCloseTo(0.6 - 0.08, 12);
  expect(far.group).toEqual({ count: 24, all: COUNT });
  expect(describeRelation(far)).toBe(
    "loss with the mass centre beyond 150 km − nearer: 0.520 (95 %: 0.520 to 0.520), 24 of 240 samples",
  );
});

test("a relation that is the other way round differs, and one of few samples is not judged", () => {
  const turned = outcomes(
    relate2024({
      ...AS_CLAIMED,
      levels: AS_CLAIMED.cnn,
      meanPdf: scoresOf(
        "mean PDF",
        surface.map((loss) => loss + 0.1),
      ),
      entropy: of((trap) => (trap === 0 ? 6.7 : 6)),
      massCentre: of((trap, window) => (trap === 9 && window < 9 ? 210 : 80)),
    }),
  );
  expect(turned["surface − 4 levels"]).toBe("differs");
  expect(turned["mean PDF − surface ensemble"]).toBe("differs"); // above zero, below its bound
  expect(turned["loss above 6.6 nat − below"]).toBe("differs");
  expect(turned["loss with the mass centre beyond 150 km − nearer"]).toBe("too few");
});

test("failures that follow the mean flow alone are told from those that follow the eddies", () => {
  const window = Array.from({ length: 30 }, (_, w) => w);
  const monthly = {
    losses: Float64Array.from(
      window.flatMap((w) => samples.slice(0, 30).map((k) => (k < w ? 1 : 0))),
    ),
    block: window.flatMap((w) => Array<number>(30).fill(w)),
    mean: window.flatMap((w) => Array<number>(30).fill(w)),
    eddy: window.flatMap((w) => Array<number>(30).fill((w * 7) % 30)),
    seed: 1,
    draws: 200,
  };
  const [flow, more] = relateMonths(monthly);
  expect(flow).toMatchObject({ outcome: "holds", blocks: 30 });
  expect(flow!.value.mean).toBeCloseTo(1, 12);
  expect(more!.outcome).toBe("holds");
  const [turned] = relateMonths({ ...monthly, mean: monthly.mean.map((energy) => -energy) });
  expect(turned!.outcome).toBe("differs");
  const half = { ...monthly, block: monthly.block.map((w) => Math.floor(w / 2)) };
  expect(relateMonths(half)[0]).toMatchObject({ outcome: "too few", blocks: 15 });
});

test("a claim differs if one of its relations does, and nothing is judged at the quick size", () => {
  expect(verdictOn(["holds", "differs", "too few"])).toBe("differs");
  expect(verdictOn(["holds", "too few"])).toBe("not judged");
  const facts = {
    models: [AS_CLAIMED.surface],
    overlap: [55, 45],
    months: { mean: 0.64, eddy: 0.13, count: 12 },
  } as const;
  const quick = judgeCatchments(relations, { ...facts, size: "quick" });
  const verdicts = new Set(quick.map(({ verdict }) => verdict));
  expect(verdicts).toEqual(new Set(["not judged", "by construction", "not comparable"]));
  const judged = judgeCatchments(relations, { ...facts, size: "workshop" });
  const find = (id: string) => judged.find((finding) => finding.id === id)!;
  expect(find("p1-depth-helps").verdict).toBe("holds");
  expect(find("p1-chaotic-zone").ours).toContain("24 of 240 samples");
  expect(find("p1-table1").ours).toBe("surface 0.13, 50/25/25 %");
  const [better] = relations.filter(({ claim }) => claim === "p1-far-fails");
  const mixed = [...relations, { ...better!, name: "another", outcome: "differs" as const }];
  const [far] = judgeCatchments(mixed, { ...facts, size: "workshop" }).filter(
    ({ id }) => id === "p1-far-fails",
  );
  expect(far).toMatchObject({ verdict: "differs" });
  expect(far!.note).toContain("another: differs");
});
