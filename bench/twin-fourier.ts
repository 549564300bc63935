/**
 * The twin's Fourier kernel against fft.js, and what a model step costs.
 *
 *   npx esbuild bench/twin-fourier.ts --bundle --packages=external --platform=node --format=esm |
 *     node --input-type=module -
 *
 * One item is the transform of two real fields of n × n points to their grids. fft.js does it as the
 * kernel does, both fields in one complex field: n transforms along columns, gathered and scattered,
 * and n along rows. Pairs are interleaved; user CPU time of one thread.
 */
import { makeRandom } from "carbonbook/core";
import FFT from "fft.js";
import { makeFourier, makeSpectrum } from "../lib/ocean/qg-fourier.js";
import { startTwin, twinLargestStep } from "../lib/ocean/twin-simulation.js";

for (const n of [64, 128]) {
  const [kernel, peer] = [kernelPair(n), peerPair(n)];
  const items = n === 64 ? 2000 : 500;
  const times = { kernel: [] as number[], peer: [] as number[] };
  for (let pair = 0; pair < 7; pair++) {
    times.kernel.push(cpuOf(kernel, items));
    times.peer.push(cpuOf(peer, items));
  }
  const [own, other] = [median(times.kernel), median(times.peer)];
  const ratios = times.peer.map((time, i) => time / times.kernel[i]!);
  console.log(
    `${n} × ${n}: kernel ${own.toFixed(0)} µs, fft.js ${other.toFixed(0)} µs a pair of fields, ` +
      `ratio ${median(ratios).toFixed(1)}`,
  );
}
for (const n of [64, 128]) {
  const simulation = startTwin(n, Math.floor(twinLargestStep(n)), 1, 0);
  simulation.advance(50);
  const times = Array.from({ length: 5 }, () => cpuOf(() => simulation.advance(1), 40));
  console.log(`${n} × ${n}: a model step ${(median(times) / 1000).toFixed(2)} ms`);
}

function kernelPair(n: number): () => void {
  const fourier = makeFourier(n);
  const [a, b] = [makeSpectrum(n), makeSpectrum(n)];
  a.re[n + 3] = 1;
  const [x, y] = [new Float64Array(n * n), new Float64Array(n * n)];
  return () => fourier.toGrid(a, b, x, y);
}

function peerPair(n: number): () => void {
  const fft = new FFT(n);
  const random = makeRandom(1);
  const field = Float64Array.from({ length: 2 * n * n }, () => random.normal());
  const work = new Float64Array(2 * n * n);
  const [line, out] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  return () => {
    work.set(field);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        line[2 * j] = work[2 * (j * n + i)]!;
        line[2 * j + 1] = work[2 * (j * n + i) + 1]!;
      }
      fft.transform(out, line);
      for (let j = 0; j < n; j++) {
        work[2 * (j * n + i)] = out[2 * j]!;
        work[2 * (j * n + i) + 1] = out[2 * j + 1]!;
      }
    }
    for (let j = 0; j < n; j++) {
      const row = work.subarray(2 * j * n, 2 * (j + 1) * n);
      fft.transform(out, row);
      row.set(out);
    }
  };
}

/** User CPU time of one item [µs]. */
function cpuOf(work: () => void, items: number): number {
  const start = process.cpuUsage().user;
  for (let i = 0; i < items; i++) work();
  return (process.cpuUsage().user - start) / items;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
