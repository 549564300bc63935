/** Random walks: spreading, drift, and what must stay mixed. */

import { makeRandom } from "carbonbook/core";
import { backtrack, EULER, type Release } from "carbonbook/lagrangian";
import { closedFormOcean, type Flow, stillWater } from "carbonbook/ocean";
import { atMost, type Case } from "./case.js";

const DAY = 86400;

function moments(values: Float64Array): { mean: number; std: number; skew: number } {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const moment = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / n;
  return { mean, std: Math.sqrt(moment(2)), skew: moment(3) / moment(2) ** 1.5 };
}

function pointRelease(count: number, x: number, y: number, depth: number): Release {
  const fill = (value: number) => new Float64Array(count).fill(value);
  const trap = new Int32Array(count);
  return { count, x: fill(x), y: fill(y), depth: fill(depth), time: fill(0), trap };
}

function brownian(k: number, count: number, tolerance: number): Case {
  return {
    name: `Brownian, K = ${k} m²/s, 1 d, ${count} particles`,
    quick: true,
    async run() {
      const ocean = closedFormOcean(stillWater(), { nx: 101, ny: 101, dx: 1000 });
      const { origin } = await backtrack(ocean, pointRelease(count, 50, 50, 50), {
        ...{ duration: DAY, timeStep: 600, scheme: EULER, seed: 1, diffusivity: { horizontal: k } },
      });
      const spread = Math.sqrt(2 * k * DAY);
      return [origin.eastward, origin.northward].flatMap((values, axis) => {
        const { mean, std } = moments(values);
        const along = axis === 0 ? "x" : "y";
        return [
          { name: `spread along ${along}`, expected: spread, got: std, tolerance, unit: "m" },
          { name: `mean along ${along}`, expected: 0, got: mean, tolerance, unit: "m" },
        ];
      });
    },
  };
}

/** K(x) rises by tanh from 10 to 110 m²/s, as in the published case in shape. */
const variable: Case = {
  name: "diffusivity that varies along x (tanh), 1 d",
  quick: true,
  async run() {
    const [nx, ny, dx] = [101, 101, 1000];
    const ocean = closedFormOcean(stillWater(), { nx, ny, dx });
    const horizontal = Float64Array.from({ length: nx * ny }, (_, o) => {
      return 60 + 50 * Math.tanh(((o % nx) - 50) / 5);
    });
    const { origin } = await backtrack(ocean, pointRelease(4000, 50, 50, 50), {
      ...{ duration: DAY, timeStep: 600, scheme: EULER, seed: 2, diffusivity: { horizontal } },
    });
    const [x, y] = [moments(origin.eastward), moments(origin.northward)];
    const expected = 0;
    return [
      { name: "mean along x", expected, got: x.mean, tolerance: 2000, unit: "m" },
      { name: "mean along y", expected, got: y.mean, tolerance: 2000, unit: "m" },
      {
        name: "skewness along x is larger",
        expected: 1,
        got: Number(x.skew > y.skew),
        tolerance: 0,
        unit: "1",
      },
    ];
  },
};

/** χ² of counts in equal bins over its degrees of freedom, which is 1 for a uniform cloud. */
function unevenness(values: Float64Array, low: number, high: number, bins: number): number {
  const counts = new Float64Array(bins);
  for (const value of values) {
    counts[Math.min(Math.floor(((value - low) / (high - low)) * bins), bins - 1)]!++;
  }
  const mean = values.length / bins;
  return counts.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0) / (bins - 1);
}

const wellMixed: Case = {
  name: "well-mixed column under a vertical diffusivity with a peak (Visser 1997), 1 d",
  quick: true,
  async run() {
    const heights = Array.from({ length: 21 }, (_, k) => 2 * k - 40);
    const ocean = closedFormOcean(stillWater(), { nx: 11, ny: 11, dx: 1000, heights });
    const count = 2000;
    const random = makeRandom(3);
    const depth = Float64Array.from({ length: count }, () => 40 * random.uniform());
    const release = { ...pointRelease(count, 5, 5, 0), depth };
    const depths = Array.from({ length: 41 }, (_, k) => k);
    const values = depths.map((z) => 1e-4 + 1e-2 * Math.exp(-(((z - 15) / 5) ** 2)));
    const { origin } = await backtrack(ocean, release, {
      ...{
        duration: DAY,
        timeStep: 60,
        scheme: EULER,
        seed: 4,
        diffusivity: { vertical: { depths, values } },
      },
      ...{ surface: "stay", bottom: "stay" },
    });
    return [atMost("χ² over degrees of freedom", unevenness(origin.depth, 0, 40, 20), 1.9, "1")];
  },
};

/** A closed box of overturning eddies without divergence: a uniform cloud must stay uniform. */
const uniformCloud: Case = {
  name: "uniform cloud in closed non-divergent eddies, 10 d",
  quick: true,
  async run() {
    const [n, dx] = [52, 2000];
    const length = (n - 2) * dx;
    const wave = (2 * Math.PI) / length;
    // From a streamfunction at the corners, so that the C-grid's own divergence is zero.
    const psi = (x: number, y: number) =>
      3e3 * Math.sin(wave * x) * Math.sin(wave * y) +
      1e3 * Math.sin((wave * 3 * x) / 2) * Math.sin(wave * y);
    const half = dx / 2;
    const flow: Flow = {
      name: "closed eddies",
      u: (_, x, y) => -(psi(x, y + half) - psi(x, y - half)) / dx,
      v: (_, x, y) => (psi(x + half, y) - psi(x - half, y)) / dx,
    };
    const ocean = closedFormOcean(flow, { nx: n, ny: n, dx, east: -half, north: -half });
    const random = makeRandom(5);
    const count = 10000;
    const spread = () =>
      Float64Array.from({ length: count }, () => 0.5 + (n - 2) * random.uniform());
    const release = { ...pointRelease(count, 1, 1, 50), x: spread(), y: spread() };
    const options = { duration: 10 * DAY, direction: "forward", timeStep: 900 } as const;
    const { origin, ends } = await backtrack(ocean, release, options);
    const cell = origin.x.map((x, p) => {
      const [i, j] = [Math.floor((x - 0.5) / 5), Math.floor((origin.y[p]! - 0.5) / 5)];
      return 10 * Math.min(j, 9) + Math.min(i, 9) + 0.5;
    });
    return [
      atMost("χ² over degrees of freedom, 100 boxes", unevenness(cell, 0, 100, 100), 1.45, "1"),
      {
        name: "particles lost",
        expected: 0,
        got: ends["left the grid"] ?? 0,
        tolerance: 0,
        unit: "1",
      },
    ];
  },
};

/** All cases of this file. */
export const RANDOM_CASES: readonly Case[] = [
  brownian(100, 3000, 250),
  brownian(50, 1000, 200),
  variable,
  wellMixed,
  uniformCloud,
];
