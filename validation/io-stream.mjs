/**
 * Writes a 1 GiB variable step by step and prints seconds and peak memory; ends with 1 if the
 * process took more than 500 MiB.
 *
 *   node validation/io-stream.mjs [deflate level, 0 by default]       (after `npm run build`)
 */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetcdf } from "../lib/dist/io/index.js";

const deflate = Number(process.argv[2] ?? 0);
const folder = mkdtempSync(join(tmpdir(), "carbonbook-stream-"));
const path = join(folder, "big.nc");
const [steps, ny, nx] = [256, 1024, 1024];
const start = performance.now();
const writer = await createNetcdf(path, {
  dimensions: { time: { length: 0, unlimited: true }, y: ny, x: nx },
  variables: { a: { dimensions: ["time", "y", "x"], type: "f32", deflate } },
});
const field = new Float32Array(ny * nx);
for (let k = 0; k < steps; k++) {
  for (let i = 0; i < field.length; i++) field[i] = Math.round(i / 64) + k;
  writer.write("a", field, { time: k });
}
writer.close();
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
const seconds = ((performance.now() - start) / 1e3).toFixed(1);
console.log({ seconds, peakMiB: peak, fileMiB: Math.round(statSync(path).size / 2 ** 20) });
rmSync(folder, { recursive: true });
process.exitCode = peak <= 500 ? 0 : 1;
