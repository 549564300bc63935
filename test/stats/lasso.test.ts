import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { makeRandom } from "carbonbook/core";
import { lassoPath, makeLasso, predictLasso } from "carbonbook/stats";
import { expect, test } from "vitest";
import { LASSO_SOURCE_SHA256 } from "../../lib/stats/lasso-wasm.js";

const of = (...values: number[]) => Float64Array.from(values);

test("the toy case of scikit-learn: β shrinks linearly and then is zero", () => {
  const fits = lassoPath({ x: of(-1, 0, 1), y: of(-1, 0, 1) }, [1, 0.5, 0.1, 1e-8]);
  const expected = [0, 0.25, 0.85, 1];
  for (const [i, fit] of fits.entries()) expect(fit.coefficients[0]).toBeCloseTo(expected[i]!, 7);
});

test("of two equal columns one carries the weight, and the intercept is free", () => {
  const x = of(0, 0, 1, 1, 2, 2);
  const fit = makeLasso({ x, y: of(0, 1, 2) }).fit(0.1);
  expect(fit.coefficients[0]! + fit.coefficients[1]!).toBeCloseTo(0.85, 8);
  expect(fit.intercept).toBeCloseTo(0.15, 8);
});

test("converged coefficients, where loosely converged ones are often quoted", () => {
  const solver = makeLasso({
    x: of(1, 2.3, 2, 5.4, 3.1, 4.3),
    y: of(1, 2, 3.1),
    intercept: "none",
  });
  for (const [alpha, expected] of [
    [5, [0, 0.2159048]],
    [1, [0, 0.4425765]],
    [0.5, [0.46915237, 0.23668876]],
  ] as const) {
    const { coefficients } = solver.fit(alpha);
    for (const [j, b] of expected.entries()) expect(coefficients[j]).toBeCloseTo(b, 6);
  }
});

test("442 patients by ten measures: scikit-learn's coefficients, intercept and R²", () => {
  const path = new URL("../fixtures/stats/lasso.json", import.meta.url);
  const { x, y, intercept, fits } = JSON.parse(readFileSync(path, "utf8"));
  const solver = makeLasso({ x: Float64Array.from(x), y: Float64Array.from(y) });
  expect(solver.alphaMax).toBeCloseTo(2.14804358, 8);
  for (const expected of fits) {
    const fit = solver.fit(expected.alpha);
    expect(fit.intercept).toBeCloseTo(intercept, 6);
    expect(fit.r2).toBeCloseTo(expected.r2, 8);
    for (const [j, b] of fit.coefficients.entries()) {
      expect(Math.abs(b - expected.coefficients[j])).toBeLessThan(0.02);
    }
    expect(fit.support).toEqual(
      [...fit.coefficients.keys()].filter((j) => expected.coefficients[j]),
    );
  }
});

test("with orthonormal columns β is the soft threshold of Xᵀy", () => {
  const n = 8;
  const p = 4;
  const x = new Float64Array(n * p); // Walsh functions over √8
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) x[i * p + j] = (bitParity(i & (j + 1)) ? -1 : 1) / Math.sqrt(n);
  }
  const random = makeRandom(2);
  const y = Float64Array.from({ length: n }, () => random.normal());
  const alpha = 0.05;
  const { coefficients } = makeLasso({ x, y, intercept: "none" }).fit(alpha);
  for (let j = 0; j < p; j++) {
    const projection = y.reduce((sum, v, i) => sum + v * x[i * p + j]!, 0);
    const soft = Math.sign(projection) * Math.max(Math.abs(projection) - alpha * n, 0);
    expect(coefficients[j]).toBeCloseTo(soft, 9);
  }
});

test("any solution satisfies the optimality conditions, and nothing survives at alphaMax", () => {
  const random = makeRandom(3);
  const [n, p] = [60, 90];
  const x = Float64Array.from({ length: n * p }, () => random.normal());
  const y = Float64Array.from(
    { length: n },
    (_, i) => x[i * p]! - 2 * x[i * p + 5]! + random.normal(),
  );
  const solver = makeLasso({ x, y });
  expect(solver.fit(solver.alphaMax * 1.0001).support).toEqual([]);
  for (const share of [0.5, 0.1, 0.02]) {
    const alpha = share * solver.alphaMax;
    const fit = solver.fit(alpha);
    const fitted = predictLasso(fit, x);
    const residual = y.map((v, i) => v - fitted[i]!);
    for (let j = 0; j < p; j++) {
      let slope = 0;
      for (let i = 0; i < n; i++) slope += (x[i * p + j]! * residual[i]!) / n;
      if (fit.coefficients[j] === 0)
        expect(Math.abs(slope)).toBeLessThanOrEqual(alpha * (1 + 1e-6));
      else expect(slope).toBeCloseTo(alpha * Math.sign(fit.coefficients[j]!), 6);
    }
    expect(fit.gap).toBeLessThanOrEqual(1e-10);
  }
});

test("an exactly sparse bridge is recovered", () => {
  const random = makeRandom(4);
  const [n, p] = [100, 40];
  const x = Float64Array.from({ length: n * p }, () => random.normal());
  const y = Float64Array.from(
    { length: n },
    (_, i) => 3 * x[i * p + 7]! + 1.5 * x[i * p + 31]! + 2,
  );
  const fit = makeLasso({ x, y }).fit(1e-4);
  expect(fit.support).toEqual([7, 31]);
  expect(fit.intercept).toBeCloseTo(2, 3);
  expect(fit.r2).toBeGreaterThan(0.99999);
});

test("the compiled kernel is that of its source", () => {
  const source = readFileSync(new URL("../../lib/stats/lasso.as", import.meta.url));
  expect(createHash("sha256").update(source).digest("hex")).toBe(LASSO_SOURCE_SHA256);
});

test("a problem without samples, or with NaN, is refused", () => {
  expect(() => makeLasso({ x: of(), y: of() })).toThrow("samples");
  expect(() => makeLasso({ x: of(1, Number.NaN), y: of(1, 2) })).toThrow("finite");
  expect(() => makeLasso({ x: of(1, 2, 3), y: of(1, 2) })).toThrow("shape");
});

function bitParity(bits: number): boolean {
  let odd = false;
  for (let rest = bits; rest > 0; rest >>= 1) if (rest & 1) odd = !odd;
  return odd;
}
