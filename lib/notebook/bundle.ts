/**
 * The command line as one file, for jobs: a shared file system takes long to open the hundreds of
 * files of a folder of packages. What has native parts lies beside it, only for this platform.
 */

import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import type { PluginBuild } from "esbuild";
import { EnvironmentError } from "../core/index.js";
import { writeWhole } from "./atomic.js";
import { sha256 } from "./digest.js";

/** Packages that jobs need and that cannot be put into one file. */
const NATIVE = ["zeromq"];

/** Packages that a job's own process does not load: they draw, or the kernel's process has them. */
const ELSEWHERE = [
  "@napi-rs/canvas",
  "@resvg/resvg-js",
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-wasm",
  "danfojs-node",
  "h5wasm",
  "jsdom",
  "onnxruntime-node",
  "onnx-proto",
  "highlight.js",
  "marked",
  "plotly.js-cartesian-dist-min",
  "plotly.js-gl3d-dist-min",
  "sanitize-html",
  "tslab",
  "webgpu",
];

/** Folders of native packages that are for other platforms, or for building. */
const OTHERS = /[\\/](?:src|docs|test|vcpkg|script)$|\.(?:map|md|d\.ts)$/;

/**
 * Bundle the command line into `<folder>/bundle`, unless the one there is of the same code.
 *
 * @param entry the compiled module that exports `main`
 * @returns the file to start with node
 * @throws {EnvironmentError} if the bundler is not installed or fails
 */
export async function makeBundle(entry: string, folder: string): Promise<string> {
  const bundle = join(folder, "bundle");
  const program = join(bundle, "lib", "dist", "cli", "carbonbook.mjs");
  const library = dirname(dirname(dirname(entry)));
  const stamp = join(bundle, ".stamp");
  const built = await readFile(join(library, "dist", ".tsbuildinfo"), "utf8").catch(() => "");
  const hash = sha256(`${built}\0${process.version}\0${await readFile(entry, "utf8")}`);
  if (existsSync(program) && (await readFile(stamp, "utf8").catch(() => "")) === hash)
    return program;
  const draft = `${bundle}.${process.pid}.tmp`;
  await rm(draft, { recursive: true, force: true });
  await pack(entry, join(draft, relative(bundle, program)));
  await cp(join(library, "package.json"), join(draft, "lib", "package.json"));
  for (const name of NATIVE) await copyPackage(name, entry, join(draft, "lib", "node_modules"));
  await writeWhole(join(draft, ".stamp"), hash);
  await rm(bundle, { recursive: true, force: true });
  await rename(draft, bundle);
  return program;
}

async function pack(entry: string, outfile: string): Promise<void> {
  const { build } = await import("esbuild").catch((cause: unknown) => {
    throw new EnvironmentError({
      what: "bundler",
      wanted: "the package esbuild",
      got: "none",
      remedy: "install the project with its development packages: npm run build",
      cause,
    });
  });
  await build({
    stdin: {
      contents: `import { main } from ${JSON.stringify(entry)};\nprocess.exitCode = await main(process.argv.slice(2));`,
      resolveDir: dirname(entry),
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minifySyntax: true,
    external: NATIVE,
    plugins: [{ name: "elsewhere", setup: leaveOut }],
    // packages of the old module system ask for Node's own modules by require
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "silent",
  });
}

/** Put a module that throws in the place of what a job does not load. */
function leaveOut(build: PluginBuild): void {
  const names = ELSEWHERE.map((name) => name.replace(/[./]/g, "\\$&")).join("|");
  build.onResolve({ filter: new RegExp(`^(?:${names})(?:/|$)`) }, ({ path }) => ({
    path,
    namespace: "elsewhere",
  }));
  build.onLoad({ filter: /.*/, namespace: "elsewhere" }, ({ path }) => ({
    contents: `throw new Error("${path} is not part of a job's program");`,
    loader: "js",
  }));
}

/** Copy a package and those it needs, without what only other platforms need. */
async function copyPackage(name: string, from: string, into: string): Promise<void> {
  const target = join(into, name);
  if (existsSync(target)) return;
  const folder = findPackage(name, from);
  if (folder === undefined) return;
  await mkdir(dirname(target), { recursive: true });
  await cp(folder, target, {
    recursive: true,
    dereference: true,
    filter: (path) => !OTHERS.test(path) && !isForeign(relative(folder, path)),
  });
  const text = await readFile(join(folder, "package.json"), "utf8");
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
  for (const need of Object.keys(dependencies)) await copyPackage(need, join(folder, "_"), into);
}

function findPackage(name: string, from: string): string | undefined {
  const folders = createRequire(from).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
}

/** Whether a path inside a package is of another platform or processor. */
function isForeign(path: string): boolean {
  const parts = path.split(/[\\/]/);
  const systems = ["darwin", "win32", "linux"].filter((system) => system !== process.platform);
  const processors = ["arm64", "x64", "ia32", "arm"].filter((one) => one !== process.arch);
  return parts.some((part) => systems.includes(part) || processors.includes(part));
}
