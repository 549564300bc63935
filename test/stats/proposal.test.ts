import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { makeRandom } from "carbonbook/core";
import { describe, expect, test } from "vitest";
import { makeProposal } from "../../lib/stats/proposal.js";
import { PROPOSAL_SOURCE_SHA256 } from "../../lib/stats/proposal-wasm.js";

/** Steps of a proposal from the middle of the box, shape (n, d). */
function drawMany(proposal: ReturnType<typeof makeProposal>, n: number): Float64Array[] {
  proposal.center.fill(0.5);
  return Array.from({ length: n }, () => {
    proposal.drawInBox();
    return proposal.point.map((x) => x - 0.5);
  });
}

test("steps are normal, in the middle and in the tail", () => {
  const proposal = makeProposal(25, makeRandom(3));
  proposal.setSpread(0.01);
  const z = drawMany(proposal, 40_000).flatMap((step) => Array.from(step, (x) => x / 0.01));
  // probabilities of abs(z) above, from the complementary error function
  const above = [
    [0.5, 0.6170750774519738],
    [1, 0.31731050786291415],
    [2, 0.04550026389635842],
    [3, 0.0026997960632601866],
    [3.5, 0.00046525815807105],
    [4, 6.334248366623996e-5],
  ] as const;
  for (const [edge, probability] of above) {
    const share = z.filter((x) => Math.abs(x) > edge).length / z.length;
    const error = Math.sqrt((probability * (1 - probability)) / z.length);
    expect(Math.abs(share - probability) / error).toBeLessThan(4);
  }
  const positive = z.filter((x) => x > 0).length / z.length;
  expect(Math.abs(positive - 0.5) * 2 * Math.sqrt(z.length)).toBeLessThan(4);
});

describe.each([2, 3])("in %i dimensions", (d) => {
  test("steps have the covariance that was set", () => {
    const proposal = makeProposal(d, makeRandom(d));
    const wanted = Float64Array.from({ length: d * d }, (_, at) => {
      const [i, j] = [Math.floor(at / d), at % d];
      return 1e-4 * (i === j ? i + 1 : 0.5);
    });
    proposal.setCovariance(wanted, 2);
    const n = 100_000;
    const steps = drawMany(proposal, n);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const got = steps.reduce((sum, step) => sum + step[i]! * step[j]!, 0) / n;
        const [own, other, both] = [i * d + i, j * d + j, i * d + j].map((at) => 2 * wanted[at]!);
        const error = Math.sqrt((own! * other! + both! ** 2) / n);
        expect(Math.abs(got - both!) / error).toBeLessThan(4);
      }
    }
  });

  test("wide steps fill the box evenly, by either way of keeping to it", () => {
    const proposal = makeProposal(d, makeRandom(10 + d));
    proposal.setSpread(30);
    const n = 20_000;
    const draws: readonly (() => unknown)[] = [
      proposal.drawWrapped,
      () => proposal.drawUniform(30),
    ];
    for (const draw of draws) {
      proposal.center.fill(0.5);
      const means = new Float64Array(d);
      for (let i = 0; i < n; i++) {
        draw();
        for (let k = 0; k < d; k++) means[k] = means[k]! + proposal.point[k]! / n;
      }
      for (const mean of means) expect(Math.abs(mean - 0.5) * Math.sqrt(12 * n)).toBeLessThan(4);
    }
  });
});

test("the compiled kernel is that of its source", () => {
  const source = readFileSync(new URL("../../lib/stats/proposal.as", import.meta.url));
  expect(createHash("sha256").update(source).digest("hex")).toBe(PROPOSAL_SOURCE_SHA256);
});
