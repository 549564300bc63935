import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Clip, makeStepper, type Optimiser } from "../../lib/learn/optimiser.js";
import { OPTIMISER_SOURCE_SHA256 } from "../../lib/learn/optimiser-wasm.js";

const rules: { name: string; optimiser: Optimiser; clip?: Clip }[] = [
  { name: "sgd", optimiser: { kind: "sgd" } },
  { name: "momentum", optimiser: { kind: "sgd", momentum: 0.9 }, clip: { value: 0.5 } },
  { name: "adam", optimiser: { kind: "adam", weightDecay: 0.1 } },
  { name: "adadelta", optimiser: { kind: "adadelta" }, clip: { norm: 0.7 } },
];

/** Gradient of step t at element i. */
const slope = (i: number, t: number) => Math.sin(3 * i + t);

/** One element of n after three steps of rate 0.1, in float64 and written out from the papers. */
function follow({ optimiser, clip }: (typeof rules)[number], i: number, n: number): number {
  let [w, first, second] = [i / 7 - 0.5, 0, 0];
  for (const t of [1, 2, 3]) {
    let g = slope(i, t);
    const all = Array.from({ length: n }, (_, j) => slope(j, t) ** 2).reduce((a, b) => a + b);
    if (clip && "value" in clip) g = Math.max(-clip.value, Math.min(clip.value, g));
    if (clip && "norm" in clip) g *= Math.min(1, clip.norm / Math.sqrt(all));
    g += (optimiser.weightDecay ?? 0) * w;
    if (optimiser.kind === "sgd") {
      first = (optimiser.momentum ?? 0) * first + g;
      w -= 0.1 * first;
    } else if (optimiser.kind === "adam") {
      first = 0.9 * first + 0.1 * g;
      second = 0.999 * second + 0.001 * g * g;
      w -= (0.1 * first) / (1 - 0.9 ** t) / (Math.sqrt(second / (1 - 0.999 ** t)) + 1e-8);
    } else {
      first = 0.9 * first + 0.1 * g * g;
      const update = g * Math.sqrt((second + 1e-6) / (first + 1e-6));
      second = 0.9 * second + 0.1 * update * update;
      w -= 0.1 * update;
    }
  }
  return w;
}

test.each(rules)("$name moves every weight as its paper says, whatever their number", (rule) => {
  for (const n of [1, 4, 7, 30]) {
    const stepper = makeStepper(n, rule.optimiser, rule.clip);
    stepper.weights.forEach((_, i, w) => {
      w[i] = i / 7 - 0.5;
    });
    for (const t of [1, 2, 3]) {
      stepper.gradient.forEach((_, i, g) => {
        g[i] = slope(i, t);
      });
      const squares = stepper.gradient.reduce((sum, g) => sum + g * g, 0);
      expect(stepper.step(0.1, t)).toBeCloseTo(Math.sqrt(squares), 6);
    }
    for (const [i, w] of stepper.weights.entries()) expect(w).toBeCloseTo(follow(rule, i, n), 5);
  }
});

test("a gradient that is not finite moves nothing and is told by its norm", () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const stepper = makeStepper(6, { kind: "adam" });
    stepper.gradient[5] = bad;
    expect(stepper.step(0.1, 1)).not.toSatisfy(Number.isFinite);
    expect([...stepper.weights, ...stepper.slots.flatMap((slot) => [...slot])]).toEqual(
      new Array(18).fill(0),
    );
  }
});

test("a bound of the clipping that is not above 0 is refused", () => {
  expect(() => makeStepper(1, { kind: "sgd" }, { norm: 0 })).toThrow(
    "clip: expected a bound above 0, got 0",
  );
});

test("the kernel was compiled from the source beside it", () => {
  const source = readFileSync(new URL("../../lib/learn/optimiser.as", import.meta.url));
  expect(createHash("sha256").update(source).digest("hex")).toBe(OPTIMISER_SOURCE_SHA256);
});
