/**
 * Memory of one of the published runs: a lattice of 101 × 101 particles released 60 times
 * (612,060 in all), 8 levels watched, positions every 12 h streamed to disk. The releases follow
 * each other by half an hour instead of 12 h and each particle is followed for a day, which changes
 * the time it takes and not the memory.
 *
 *   npx esbuild bench/lagrangian-memory.ts --bundle --platform=node --format=esm \
 *     --packages=external --tsconfig-raw='{}' --outfile=runs/memory.mjs && node runs/memory.mjs [workers]
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backtrack, createTrackFile, releasePatch } from "carbonbook/lagrangian";
import { windowBytes } from "carbonbook/ocean";
import { eddyOcean } from "../validation/lagrangian/scheme-cases.js";

const workers = Number(process.argv[2] ?? 1);
const HOUR = 3600;
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
const folder = mkdtempSync(join(tmpdir(), "carbonbook-memory-"));
const path = join(folder, "tracks.nc");
const ocean = eddyOcean(3);
const before = process.resourceUsage().maxRSS * 1024;
const trap = { east: 400e3, north: 400e3, depth: 1000 };
const times = Array.from({ length: 60 }, (_, n) => 72 * HOUR - n * 0.5 * HOUR);
const release = releasePatch(ocean, trap, { side: 200e3, across: 101, times });
const file = await createTrackFile(path, ocean, release.count);
const tracks = await backtrack(ocean, release, {
  sinkingSpeed: 300 / 86400,
  duration: 24 * HOUR,
  timeStep: 1800,
  saveEvery: 12 * HOUR,
  levels: [900, 800, 700, 600, 500, 400, 300, 200],
  onSave: file.onSave,
  workers,
});
file.close();
const after = process.resourceUsage().maxRSS * 1024;
console.log(`${release.count} particles, ${workers} workers: ${JSON.stringify(tracks.ends)}`);
console.log(`peak ${megabytes(after)} MB, ${megabytes(before)} MB of them before the release`);
console.log(
  `fields ${megabytes(windowBytes(ocean))} MB, file ${megabytes(statSync(path).size)} MB`,
);
rmSync(folder, { recursive: true });
