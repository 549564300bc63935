// Compile the kernels of the library (lib/*/*.as) to WebAssembly and write them into the -wasm.ts beside each.
// Needs the AssemblyScript compiler, which is no dependency of the project (its optimiser is 94 MB and
// kernels change rarely):
//   npx --package assemblyscript@0.28.20 -- node scripts/make-kernels.mjs
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Memory that threads share. */
const SHARED = ["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"];

for (const [room, name, more = []] of [
  ["lagrangian", "cruise", SHARED],
  ["ocean", "qg-transform"],
  ["soc", "misfit"],
  ["stats", "lasso"],
  ["stats", "proposal"],
  ["stats", "tridiagonal"],
  ["stats", "warping"],
  ["learn", "combination"],
  ["learn", "optimiser"],
  ["io", "unshuffle"],
]) {
  const path = fileURLToPath(new URL(`../lib/${room}/${name}`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "carbonbook-kernel-"));
  const source = readFileSync(`${path}.as`);
  writeFileSync(join(folder, "kernel.ts"), source);
  const options = [
    ...["kernel.ts", "-o", "kernel.wasm", "-O3", "--noAssert", "--runtime", "stub"],
    ...["--enable", "simd", "--importMemory", "--initialMemory", "1", ...more],
  ];
  const run = spawnSync("asc", options, { cwd: folder, stdio: "inherit" });
  if (run.status !== 0) process.exit(1);
  const wasm = readFileSync(join(folder, "kernel.wasm")).toString("base64");
  const sha256 = createHash("sha256").update(source).digest("hex");
  const constant = name.split("-").at(-1).toUpperCase();
  const lines = wasm.match(/.{1,90}/g).map((line) => `  "${line}",`);
  writeFileSync(
    `${path}-wasm.ts`,
    `/** Made from ${name}.as by scripts/make-kernels.mjs; do not edit. */

/** SHA-256 of the source this was compiled from. */
export const ${constant}_SOURCE_SHA256 =
  "${sha256}";

/** The WebAssembly module, base64. */
export const ${constant}_WASM = [
${lines.join("\n")}
].join("");
`,
  );
  rmSync(folder, { recursive: true });
}
