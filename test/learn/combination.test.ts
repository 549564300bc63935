import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { makeRandom } from "carbonbook/core";
import { expect, test } from "vitest";
import { makeCombination } from "../../lib/learn/combination.js";
import { COMBINATION_SOURCE_SHA256 } from "../../lib/learn/combination-wasm.js";

test.each([1, 2, 3, 4, 7, 10])(
  "%i members give the median, mean and spread of each element",
  (n) => {
    const random = makeRandom(n);
    const length = 13;
    const together = makeCombination(n, length);
    for (const member of together.members) {
      for (let i = 0; i < length; i++) member[i] = Math.fround(random.normal());
    }
    together.combine();
    for (let i = 0; i < length; i++) {
      const sorted = together.members.map((member) => member[i]!).sort((a, b) => a - b);
      const mean = together.members.reduce((sum, member) => sum + member[i]!, 0) / n;
      const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const middle = (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2;
      expect(together.median[i]).toBe(Math.fround(middle));
      expect(together.mean[i]).toBe(Math.fround(mean));
      expect(together.spread[i]).toBe(Math.fround(Math.sqrt(squares / n)));
    }
  },
);

test("the kernel was compiled from the source beside it", () => {
  const source = readFileSync(new URL("../../lib/learn/combination.as", import.meta.url));
  expect(createHash("sha256").update(source).digest("hex")).toBe(COMBINATION_SOURCE_SHA256);
});
