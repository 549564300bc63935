import {
  averageScores,
  bhattacharyyaLoss,
  checkMass,
  classOf,
  describeDifference,
  entropy,
  massCentre,
  massLevel,
  meanDistance,
  overlap,
  overlapOfLoss,
  PAPER_GRID,
  samplesOfWindows,
  scorePredictions,
  splitByTime,
  usableSamples,
} from "carbonbook/catchment";
import { expect, test } from "vitest";

const GRID = { n: 201, dx: 1 };

/** A Gaussian of standard deviation `sigma` bins around (east, north). */
function gaussian(east: number, north: number, sigma: number): Float32Array {
  const { n } = GRID;
  const pdf = new Float32Array(n * n);
  let sum = 0;
  for (let k = 0; k < pdf.length; k++) {
    const i = Math.floor(k / n) - 100;
    const j = (k % n) - 100;
    pdf[k] = Math.exp(-((i - east) ** 2 + (j - north) ** 2) / (2 * sigma ** 2));
    sum += pdf[k]!;
  }
  return pdf.map((p) => p / sum);
}

test("BL of two equal-width Gaussians is 1 − exp(−d²/8σ²)", () => {
  const a = gaussian(0, 0, 10);
  for (const d of [0, 5, 10, 20, 30]) {
    const loss = bhattacharyyaLoss(a, gaussian(d, 0, 10));
    expect(loss).toBeCloseTo(1 - Math.exp(-(d ** 2) / 800), 4);
  }
});

test("F of equal PDFs is 1, of PDFs apart 0, and symmetric", () => {
  const [a, b] = [gaussian(-60, 0, 4), gaussian(60, 0, 4)];
  expect(overlap(a, a)).toBeCloseTo(1, 5);
  expect(overlap(a, b)).toBeLessThan(1e-12);
  const c = gaussian(-55, 2, 5);
  expect(overlap(a, c)).toBe(overlap(c, a));
});

test("1 − BL bounds F from above, as Cauchy–Schwarz demands", () => {
  const a = gaussian(0, 0, 8);
  for (const b of [gaussian(3, 4, 8), gaussian(20, -8, 12), gaussian(0, 0, 20)]) {
    expect(overlap(a, b)).toBeLessThanOrEqual(1 - bhattacharyyaLoss(a, b) + 1e-9);
  }
});

test("the quadratic of the 2025 paper gives the values printed for it", () => {
  expect(overlapOfLoss(0.2)).toBeCloseTo(0.579, 3);
  expect(overlapOfLoss(0.3)).toBeCloseTo(0.442, 3);
  expect(overlapOfLoss(0)).toBeCloseTo(0.915, 3);
});

test("classes change at 0.2 and 0.3", () => {
  expect([0.19, 0.2, 0.3, 0.31].map(classOf)).toEqual([
    "valid",
    "quasi-valid",
    "quasi-valid",
    "non-valid",
  ]);
});

test("mass centre is the centroid's distance, not the particles' mean distance", () => {
  const right = gaussian(30, 0, 2);
  const two = gaussian(-30, 0, 2).map((p, k) => (p + right[k]!) / 2);
  expect(massCentre(two, GRID)).toBeLessThan(1e-4);
  expect(meanDistance(two, GRID)).toBeCloseTo(30, 0);
  expect(massCentre(gaussian(30, 40, 3), GRID)).toBeCloseTo(50, 3);
});

test("the code's linspace stretches distances by 100/99", () => {
  const pdf = new Float32Array(10_000);
  pdf[99 * 100 + 50] = 0.5;
  pdf[99 * 100 + 49] = 0.5;
  const ratio = massCentre(pdf, PAPER_GRID, "linspace") / massCentre(pdf, PAPER_GRID);
  expect(ratio).toBeCloseTo(100 / 99, 6);
});

test("entropy of n equal bins is ln n, of a Gaussian ln(2πeσ²)", () => {
  expect(entropy(new Float32Array(64).fill(1 / 64))).toBeCloseTo(Math.log(64), 6);
  const sigma = 10;
  expect(entropy(gaussian(0, 0, sigma))).toBeCloseTo(
    Math.log(2 * Math.PI * Math.E * sigma ** 2),
    3,
  );
});

test("the level of a share encloses that share, and no more than one bin's worth", () => {
  const pdf = gaussian(5, -3, 12);
  for (const share of [0.25, 0.5, 0.75, 0.99]) {
    const level = massLevel(pdf, share);
    const inside = pdf.filter((p) => p >= level).reduce((sum, p) => sum + p, 0);
    expect(inside).toBeGreaterThanOrEqual(share * 0.99999);
    expect(inside).toBeLessThan(share + 0.01);
  }
  expect(() => massLevel(new Float32Array(4), 0.5)).toThrow("some mass");
});

test("the validation part starts a gap after the last training window", () => {
  const day = 86400;
  const times = Array.from({ length: 100 }, (_, i) => i * 10 * day);
  const { train, validation } = splitByTime(times, 0.6, 100 * day);
  expect(train.at(-1)).toBe(59);
  expect(validation[0]).toBe(69);
  expect([...samplesOfWindows([2, 5], 3)]).toEqual([6, 7, 8, 15, 16, 17]);
  expect(() => splitByTime(times, 0.6, 5000 * day)).toThrow(
    "validation part: expected at least one",
  );
});

test("samples of which too few particles arrived are left out and counted", () => {
  const pdfs = { levels: [500, 200], released: 10, inside: Int32Array.of(10, 9, 10, 4, 10, 10) };
  const all = Int32Array.of(0, 1, 2);
  expect(usableSamples(pdfs, all)).toEqual({ samples: Int32Array.of(0, 2), masked: 1 });
  expect(() => usableSamples(pdfs, Int32Array.of(1))).toThrow("got none of 1");
});

test("maps that do not sum to one are refused by number", () => {
  const maps = { data: Float32Array.of(0.5, 0.5, 0.5, 0.4), bins: 2 };
  expect(() => scorePredictions("m", maps, maps)).toThrow(
    "map 1 of the predictions of m: expected a sum of 1, got 0.9000",
  );
  expect(() => checkMass("the PDFs", maps, 0.8)).not.toThrow();
  const whole = { data: Float32Array.of(0.5, 0.5, 0.2, 0.8), bins: 2 };
  const empty = { data: Float32Array.of(0.5, 0.5, 0, 0), bins: 2 };
  expect(() => scorePredictions("m", whole, empty)).toThrow(
    "map 1 of the true PDFs: expected a sum from 0.002 to 1, got 0.000",
  );
});

test("what members score in the mean is the mean of their losses, sample by sample", () => {
  const truth = { data: Float32Array.of(1, 0, 0, 1), bins: 2 };
  const right = scorePredictions("right", truth, truth);
  const wrong = scorePredictions("wrong", { data: Float32Array.of(0, 1, 0, 1), bins: 2 }, truth);
  const mean = averageScores("members", [right, wrong]);
  expect(mean.losses[0]).toBeCloseTo(0.5, 12);
  expect(mean.overlaps[1]).toBeCloseTo(1, 12);
  expect(mean.classes.valid).toBeCloseTo(0.75, 12);
  expect(mean.meanLoss).toBeCloseTo(0.25, 12);
});

test("a difference in words has a true minus sign, and none before nothing", () => {
  const words = describeDifference({ mean: -0.0684, interval: [-0.083, -0.0001] });
  expect(words).toBe("−0.068 (95 %: −0.083 to 0.000)");
});
