// Compile lib/lagrangian/cruise.as to WebAssembly and write it into lib/lagrangian/cruise-wasm.ts.
// Needs the AssemblyScript compiler, which is no dependency of the project (its optimiser is 94 MB
// and the kernel changes rarely):
//   npx --package assemblyscript@0.28.20 -- node scripts/make-kernel-lagrangian.mjs
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const room = fileURLToPath(new URL("../lib/lagrangian/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "carbonbook-kernel-"));
const source = readFileSync(join(room, "cruise.as"));
writeFileSync(join(folder, "cruise.ts"), source);
const options = [
  ...["cruise.ts", "-o", "cruise.wasm", "-O3", "--noAssert", "--runtime", "stub"],
  ...["--enable", "simd", "--enable", "threads", "--importMemory", "--sharedMemory"],
  ...["--initialMemory", "1", "--maximumMemory", "65536"],
];
const run = spawnSync("asc", options, { cwd: folder, stdio: "inherit" });
if (run.status !== 0) process.exit(1);
const wasm = readFileSync(join(folder, "cruise.wasm")).toString("base64");
const sha256 = createHash("sha256").update(source).digest("hex");
const lines = wasm.match(/.{1,90}/g).map((line) => `  "${line}",`);
writeFileSync(
  join(room, "cruise-wasm.ts"),
  `/** Made from cruise.as by scripts/make-kernel-lagrangian.mjs; do not edit. */

/** SHA-256 of the source this was compiled from. */
export const CRUISE_SOURCE_SHA256 =
  "${sha256}";

/** The WebAssembly module, base64. */
export const CRUISE_WASM = [
${lines.join("\n")}
].join("");
`,
);
rmSync(folder, { recursive: true });
