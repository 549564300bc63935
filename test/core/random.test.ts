import { makeRandom, shuffle } from "carbonbook/core";
import { expect, test } from "vitest";

const N = 200_000;

test("the first numbers of a seed never change", () => {
  const random = makeRandom(1);
  expect([random.bits(), random.bits(), random.bits()]).toMatchInlineSnapshot(`
    [
      1445912269,
      1662245264,
      3148154714,
    ]
  `);
});

test("uniform numbers have the moments of U(0, 1)", () => {
  const random = makeRandom(7);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < N; i++) {
    const x = random.uniform();
    sum += x;
    squares += x * x;
  }
  const fourSigma = 4 / Math.sqrt(12 * N);
  expect(Math.abs(sum / N - 1 / 2)).toBeLessThan(fourSigma);
  expect(Math.abs(squares / N - 1 / 3)).toBeLessThan(fourSigma * 1.1);
});

test("normal numbers have mean 0, variance 1 and kurtosis 3", () => {
  const random = makeRandom(8);
  const moments = [0, 0, 0, 0];
  for (let i = 0; i < N; i++) {
    const x = random.normal();
    for (let p = 0; p < 4; p++) moments[p] = (moments[p] ?? 0) + x ** (p + 1) / N;
  }
  const sigma = [1, Math.sqrt(2), Math.sqrt(15), Math.sqrt(96)];
  for (const [p, expected] of [0, 1, 0, 3].entries()) {
    const miss = Math.abs((moments[p] ?? 0) - expected);
    expect(miss).toBeLessThan((4 * (sigma[p] ?? 0)) / Math.sqrt(N));
  }
});

test("two streams of one seed, and two seeds, are not correlated", () => {
  for (const other of [makeRandom(3, 1), makeRandom(4)]) {
    const first = makeRandom(3);
    let product = 0;
    for (let i = 0; i < N; i++) product += first.normal() * other.normal();
    expect(Math.abs(product / N)).toBeLessThan(4 / Math.sqrt(N));
  }
});

test("integers below n are equally likely", () => {
  const random = makeRandom(5);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) {
    const k = random.integer(7);
    counts[k] = (counts[k] ?? 0) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(22.5); // 99.9 % quantile of chi-square with 6 degrees of freedom
});

test("a shuffle keeps every item", () => {
  const shuffled = shuffle(
    Int32Array.from({ length: 100 }, (_, i) => i),
    makeRandom(2),
  );
  expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect([...shuffled.slice(0, 10)]).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
