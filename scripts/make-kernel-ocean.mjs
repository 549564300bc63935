// Compile lib/ocean/qg-transform.as to WebAssembly and write it into lib/ocean/qg-transform-wasm.ts.
// Needs the AssemblyScript compiler, which is no dependency of the project:
//   npx --package assemblyscript@0.28.20 -- node scripts/make-kernel-ocean.mjs
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const room = fileURLToPath(new URL("../lib/ocean/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "carbonbook-kernel-"));
const source = readFileSync(join(room, "qg-transform.as"));
writeFileSync(join(folder, "transform.ts"), source);
const options = [
  ...["transform.ts", "-o", "transform.wasm", "-O3", "--noAssert", "--runtime", "stub"],
  ...["--enable", "simd", "--importMemory", "--initialMemory", "1"],
];
const run = spawnSync("asc", options, { cwd: folder, stdio: "inherit" });
if (run.status !== 0) process.exit(1);
const wasm = readFileSync(join(folder, "transform.wasm")).toString("base64");
const sha256 = createHash("sha256").update(source).digest("hex");
const lines = wasm.match(/.{1,90}/g).map((line) => `  "${line}",`);
writeFileSync(
  join(room, "qg-transform-wasm.ts"),
  `/** Made from qg-transform.as by scripts/make-kernel-ocean.mjs; do not edit. */

/** SHA-256 of the source this was compiled from. */
export const TRANSFORM_SOURCE_SHA256 =
  "${sha256}";

/** The WebAssembly module, base64. */
export const TRANSFORM_WASM = [
${lines.join("\n")}
].join("");
`,
);
rmSync(folder, { recursive: true });
