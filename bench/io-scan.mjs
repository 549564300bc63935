/**
 * Reads one variable from end to end, or one slice of it, and prints seconds and peak memory.
 *
 *   node bench/io-scan.mjs FILE VARIABLE [WORKERS] [slice|warm]       (after `npm run build`)
 *
 * `warm` reads the file five times and reports the median of the last four: what a notebook sees
 * whose process has read a file before.
 *
 * The work is cut along the first dimension; each worker opens the file for itself.
 */

import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { open } from "../lib/dist/io/index.js";

/** Read the rows of one share, a row of chunks at a time. */
async function scan({ path, name, share, shares, slice }) {
  const ds = await open(path);
  const variable = ds.variable(name);
  const [first, ...rest] = variable.dimensions;
  const length = variable.shape[0];
  const ready = process.cpuUsage();
  const start = performance.now();
  let values = 0;
  if (slice) {
    const inner = Object.fromEntries(
      rest.map((d, i) => [d, [0, Math.min(512, variable.shape[i + 1])]]),
    );
    values += (await variable.readStored({ ...inner, [first]: [3, Math.min(13, length)] })).data
      .length;
  } else {
    for (let k = share; k < length; k += shares) {
      values += (await variable.readStored({ [first]: k })).data.length;
    }
  }
  const seconds = (performance.now() - start) / 1e3;
  const cpu = process.cpuUsage(ready);
  ds.close();
  return { values, seconds, cpu: (cpu.user + cpu.system) / 1e6 };
}

if (!isMainThread) {
  parentPort.once("message", async () => parentPort.postMessage(await scan(workerData)));
  parentPort.postMessage("up");
} else {
  const [path, name, count = "1", part] = process.argv.slice(2);
  const shares = Number(count);
  const slice = part === "slice";
  if (shares === 1) {
    const passes = [];
    do {
      passes.push(await scan({ path, name, share: 0, shares, slice }));
    } while (part === "warm" && passes.length < 5);
    const { values, seconds, cpu } = passes.at(-1);
    const median = (key) =>
      passes
        .slice(1)
        .map((p) => p[key])
        .sort((a, b) => a - b)[2];
    const found =
      part === "warm" ? { seconds: median("seconds"), cpu: median("cpu") } : { seconds, cpu };
    report({ values, ...found });
  } else {
    const workers = Array.from(
      { length: shares },
      (_, share) =>
        new Worker(new URL(import.meta.url), { workerData: { path, name, share, shares } }),
    );
    await Promise.all(workers.map((w) => new Promise((resolve) => w.once("message", resolve))));
    const cpu = process.cpuUsage();
    const start = performance.now();
    const done = workers.map((w) => new Promise((resolve) => w.once("message", resolve)));
    for (const w of workers) w.postMessage("go");
    const results = await Promise.all(done);
    const used = process.cpuUsage(cpu);
    report({
      seconds: (performance.now() - start) / 1e3,
      cpu: (used.user + used.system) / 1e6,
      values: results.reduce((sum, r) => sum + r.values, 0),
    });
    await Promise.all(workers.map((w) => w.terminate()));
  }
}

function report(found) {
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ ...found, peakMiB: peak })}\n`);
}
