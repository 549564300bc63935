/**
 * Numerics of the bridges: the Lasso path, warped distances, eigenvectors, and one epoch of EC-ATM, in
 * user CPU time; the numerics alone with the argument `numerics`. Peers: `bench/nee-peers.py`
 * (scikit-learn, numpy) and `bench/nee-warping.c`.
 */

import { makeRandom } from "carbonbook/core";
import { openEngine } from "carbonbook/learn";
import {
  fitBridges,
  makeLandTwin,
  operatorOf,
  pairData,
  prepareStudy,
  trainEcAtm,
  upscale,
} from "carbonbook/nee";
import { lassoPath, symmetricEigen, warpingMatrix } from "carbonbook/stats";

async function measure(name: string, run: () => unknown, repeats = 5): Promise<void> {
  const seconds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = process.cpuUsage();
    await run();
    seconds.push(process.cpuUsage(start).user / 1e6);
  }
  console.log(`${name}: ${seconds.map((s) => s.toFixed(3)).join(", ")} s`);
}

const random = makeRandom(1);
const normal = (count: number) => Float64Array.from({ length: count }, () => random.normal());

const [n, p] = [204, 500];
const x = normal(n * p);
const y = Float64Array.from({ length: n }, (_, i) => {
  let sum = random.normal();
  for (let j = 0; j < 10; j++) sum += x[i * p + j]!;
  return sum;
});
await measure("Lasso path, N 204, P 500, 100 penalties, gap 1e-4", () =>
  lassoPath({ x, y }, undefined, { tolerance: 1e-4 }),
);

const short = normal(1000 * 12);
await measure("warping, 1000 series of 12", () => warpingMatrix(short, 12));
const long = normal(200 * 204);
await measure("warping, 200 series of 204", () => warpingMatrix(long, 204));

const matrix = normal(1_000_000);
await measure("eigenvectors, all 1000 of 1000", () => symmetricEigen(matrix, 1000));
await measure("eigenvectors, 10 of 1000", () => symmetricEigen(matrix, 1000, 10));

if (process.argv[2] === "numerics") process.exit();

const engine = await openEngine({ threads: 1 });
const study = prepareStudy(makeLandTwin({ seed: 1 }), 1);
const field = (await upscale(study, { seed: 1, members: 1, epochs: 5, engine })).field;
const days = study.twin.steps.daysOfMonth;
const bridges = fitBridges(study.twin.grid, { field, days }, { seed: 1 });
const data = pairData(study, operatorOf(study, bridges));
const epoch = (epochs: number) => () => trainEcAtm(data, { seed: 1, fold: 0, epochs, engine });
await measure("EC-ATM, 1 epoch of 60 windows, with compiling", epoch(1));
await measure("EC-ATM, 11 epochs of 60 windows, with compiling", epoch(11), 1);
