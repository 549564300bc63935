/**
 * How long weighing and correlating take, and how fast a network predicts.
 *
 *   npx esbuild bench/flux.ts --bundle --platform=node --format=esm --packages=external > bench/.run.mjs
 *   WHAT=correlation N=48 node bench/.run.mjs
 *   WHAT=prediction N=100 COUNT=16 WIDTHS=64,128,256 KERNEL=5 node bench/.run.mjs
 */

import { boxPdf } from "../lib/catchment/index.js";
import { makeRandom, secondsOf } from "../lib/core/index.js";
import {
  type CatchmentRecord,
  crossCorrelate,
  drawFluxes,
  judgePeak,
  meanCatchment,
  twinChlorophyll,
  twinIntervals,
  weighChlorophyll,
} from "../lib/flux/index.js";
import { initialise, predictEnsemble, unet } from "../lib/learn/index.js";

const n = Number(process.env.N ?? 48);
const dx = 768e3 / 48;
const bins = n * n;

function lap(name: string, work: () => void): void {
  const [clock, cpu] = [performance.now(), process.cpuUsage()];
  work();
  report(name, clock, cpu);
}

function report(name: string, clock: number, cpu: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - clock) / 1000;
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${name}: ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} CPU-s, peak ${memory.toFixed(0)} MB`,
  );
  return (user + system) / 1e6;
}

function correlation(): void {
  const span = {
    from: secondsOf({ year: 2008, month: 11 }),
    to: secondsOf({ year: 2019, month: 6 }),
  };
  const cups = twinIntervals(2009, 2019);
  const random = makeRandom(1);
  const dates = Float64Array.from(
    { length: 815 },
    (_, k) => secondsOf({ year: 2000 }) + k * 864000,
  );
  const maps = new Float32Array(dates.length * bins).map(() => random.uniform() / bins);
  const records = [80, 100, 150, 200, 300].map((speed): CatchmentRecord => {
    return { speed, midDates: dates, maps, bins, dx };
  });
  let chlorophyll = twinChlorophyll({ n, dx, ...span, to: span.from + 864e5, seed: 1 });
  lap("chlorophyll of ten years", () => {
    chlorophyll = twinChlorophyll({ n, dx, ...span, seed: 1 });
  });
  const weighers = [
    { name: "predicted", kind: "catchments", records },
    { name: "true", kind: "catchments", records },
    ...[96e3, 112e3, 192e3].map((side) => {
      const map = boxPdf(side, { n, dx });
      return { name: `box ${side / 1000} km`, kind: "map" as const, map };
    }),
    { name: "mean", kind: "map", map: meanCatchment(records[1]!) },
  ] as const;
  lap(`40 lags, 170 samples, ${weighers.length} curves, 100 random draws, peak judged`, () => {
    const weighed = weighChlorophyll(cups, chlorophyll, weighers, {
      randomDraws: 100,
      randomInteger: (count) => random.integer(count),
    });
    const box = weighed.curves.get("box 112 km")!;
    const signal = box.slice(9 * cups.mid.length, 10 * cups.mid.length);
    const flux = drawFluxes(signal, Array.from(cups.mid.keys()), { seed: 1 });
    judgePeak(weighed, flux, crossCorrelate(weighed, flux), { curve: "predicted", seed: 1 });
  });
}

async function prediction(): Promise<void> {
  const widths = (process.env.WIDTHS ?? "8,16,32").split(",").map(Number);
  const kernel = Number(process.env.KERNEL ?? 3);
  const count = Number(process.env.COUNT ?? 256);
  const batchSize = Number(process.env.BATCH ?? 32);
  const channels = 18;
  const network = unet({ channels, size: [n, n], widths, kernel });
  const members = Number(process.env.MEMBERS ?? 1);
  const models = Array.from({ length: members }, (_, m) => {
    return { network, weights: initialise(network, 1 + m) };
  });
  const x = {
    data: new Float32Array(count * channels * bins).fill(0.1),
    shape: [count, channels, n, n],
  };
  const few = {
    data: x.data.slice(0, batchSize * channels * bins),
    shape: [batchSize, channels, n, n],
  };
  const options = { batchNorm: "running", normalise: "maps", batchSize } as const;
  await predictEnsemble(models, { x: few }, options);
  const [clock, cpu] = [performance.now(), process.cpuUsage()];
  await predictEnsemble(models, { x }, options);
  const seconds = report(
    `${count} maps by ${members} members, widths ${widths}, kernel ${kernel}, ${n}×${n}`,
    clock,
    cpu,
  );
  const flop = 2 * forwardMultiplications(channels, widths, kernel, n);
  console.log(
    `${(flop / 1e9).toFixed(2)} GFLOP each: ${((flop * count * members) / 1e9 / seconds).toFixed(1)} GFLOP a CPU second`,
  );
  console.log(
    `815 × 5 × 10 of them: ${((seconds * 40750) / (count * members) / 60 / 2).toFixed(1)} min on 2 cores at this rate`,
  );
}

/** Multiplications of the U-Net's convolutions. */
function forwardMultiplications(
  channels: number,
  widths: readonly number[],
  k: number,
  side: number,
): number {
  let [total, from] = [0, channels];
  for (const [level, width] of widths.entries()) {
    total += (side / 2 ** level) ** 2 * k * k * (from * width + width * width);
    from = width;
  }
  for (let level = widths.length - 2; level >= 0; level--) {
    const [width, below] = [widths[level]!, widths[level + 1]!];
    const area = (side / 2 ** level) ** 2;
    total += area * below * width + area * k * k * (2 * width * width + width * width);
  }
  return total + side * side * k * k * widths[0]! * 8;
}

if ((process.env.WHAT ?? "correlation") === "correlation") correlation();
else await prediction();
