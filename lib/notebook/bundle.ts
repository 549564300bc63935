/**
 * The command line as one file with the modules of loops in it, for jobs: a shared file system takes
 * long to open the hundreds of files of a folder of packages. What has native parts lies beside it,
 * only for this platform.
 */

import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import type { PluginBuild } from "esbuild";
import { EnvironmentError } from "../core/index.js";
import type { Modules } from "../parallel/index.js";
import { writeWhole } from "./atomic.js";
import { sha256 } from "./digest.js";
import { type Rooms, readRooms } from "./fingerprint.js";
import type { Unit } from "./unit.js";

/** Packages with native parts, which cannot be put into one file, and what they load. */
const NATIVE = ["zeromq", "cmake-ts", "h5wasm", "onnxruntime-node", "onnxruntime-common"];

/** Packages that no job's own process needs: they draw, or the kernel's process has them. */
const ELSEWHERE = [
  "@napi-rs/canvas",
  "@resvg/resvg-js",
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-wasm",
  "danfojs-node",
  "jsdom",
  "highlight.js",
  "marked",
  "plotly.js-cartesian-dist-min",
  "plotly.js-gl3d-dist-min",
  "sanitize-html",
  "tslab",
  "webgpu",
];

/** Parts of native packages that are for browsers, other platforms, or for building. */
const OTHERS = /[\\/](?:src|docs|test|vcpkg|script|iife)$|\.(?:map|md|d\.ts)$/;

/** What a bundled program has in it besides itself. */
export interface Packed {
  /** the modules of loops */
  readonly modules: Modules;
  /** the rooms of the library as they were when it was bundled */
  readonly rooms: Rooms;
}

/** What goes into a bundle. */
export interface BundleSource {
  /** the compiled module that exports `main`, which takes arguments and what is packed */
  readonly entry: string;
  /** loops whose modules go along */
  readonly units: readonly Unit[];
}

/**
 * Bundle the command line into `<folder>/bundle`, unless the one there is of the same code.
 *
 * @returns the file to start with node
 * @throws {EnvironmentError} if the bundler is not installed or fails
 */
export async function makeBundle({ entry, units }: BundleSource, folder: string): Promise<string> {
  const bundle = join(folder, "bundle");
  const program = join(bundle, "lib", "dist", "cli", "carbonbook.mjs");
  const library = dirname(dirname(dirname(entry)));
  const modules = modulesOf(units, library);
  const stamp = join(bundle, ".stamp");
  const built = await readFile(join(library, "dist", ".tsbuildinfo"), "utf8").catch(() => "");
  const hashOf = async (imported: readonly string[]) => {
    const paths = [entry, ...modules.values(), ...imported];
    const codes = paths.map((path) => readFile(path, "utf8").catch(() => ""));
    return sha256([built, process.version, ...(await Promise.all(codes))].join("\0"));
  };
  const [hash, ...imported] = (await readFile(stamp, "utf8").catch(() => "")).split("\n");
  if (existsSync(program) && hash === (await hashOf(imported))) return program;
  const draft = `${bundle}.${process.pid}.tmp`;
  await rm(draft, { recursive: true, force: true });
  const names = await readdir(join(library, "dist"), { withFileTypes: true });
  const rooms = names.filter((one) => one.isDirectory()).map(({ name }) => name);
  const packed = { modules, rooms: await readRooms(rooms, join(library, "dist")) };
  const inputs = await pack(entry, packed, join(draft, relative(bundle, program)));
  const own = inputs.filter((path) => !path.startsWith(library) && !/node_modules/.test(path));
  await cp(join(library, "package.json"), join(draft, "lib", "package.json"));
  for (const name of NATIVE) await copyPackage(name, entry, join(draft, "lib", "node_modules"));
  await writeWhole(join(draft, ".stamp"), [await hashOf(own), ...own].join("\n"));
  await rm(bundle, { recursive: true, force: true });
  await rename(draft, bundle);
  return program;
}

/** The files of the modules that loops name. */
function modulesOf(units: readonly Unit[], library: string): Map<string, string> {
  const loops = units.flatMap(({ node, loop }) => (loop === undefined ? [] : [{ node, loop }]));
  return new Map(
    loops.map(({ node, loop: { module } }) => [
      module,
      module.startsWith(".")
        ? resolve(dirname(node.path), module)
        : join(library, "dist", module.replace(/^carbonbook\//, ""), "index.js"),
    ]),
  );
}

/** Bundle, and say which files of the disk went in. */
async function pack(
  entry: string,
  packed: { readonly modules: ReadonlyMap<string, string>; readonly rooms: Rooms },
  outfile: string,
): Promise<string[]> {
  const { build } = await import("esbuild").catch((cause: unknown) => {
    throw new EnvironmentError({
      what: "bundler",
      wanted: "the package esbuild",
      got: "none",
      remedy: "install the project with its development packages: npm run build",
      cause,
    });
  });
  const loaders = Array.from(
    packed.modules,
    ([name, path]) => `${JSON.stringify(name)}: () => import(${JSON.stringify(path)})`,
  );
  const contents = `import { main } from ${JSON.stringify(entry)};
    const modules = { ${loaders.join(", ")} };
    const rooms = ${JSON.stringify(packed.rooms)};
    process.exitCode = await main(process.argv.slice(2), { modules, rooms });`;
  const { metafile } = await build({
    metafile: true,
    stdin: { contents, resolveDir: dirname(entry) },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    minifySyntax: true,
    external: NATIVE,
    plugins: [
      { name: "elsewhere", setup: leaveOut },
      { name: "required", setup: takeRequired },
    ],
    // packages of the old module system ask for Node's own modules by require
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs)
    .filter((name) => !/^(?:elsewhere:|<)/.test(name))
    .map((name) => resolve(name))
    .sort();
}

/** Put a module that throws when it is used in the place of what a job does not need. */
function leaveOut(build: PluginBuild): void {
  const names = ELSEWHERE.map((name) => name.replace(/[./]/g, "\\$&")).join("|");
  build.onResolve({ filter: new RegExp(`^(?:${names})(?:/|$)`) }, ({ path }) => ({
    path,
    namespace: "elsewhere",
  }));
  build.onLoad({ filter: /.*/, namespace: "elsewhere" }, ({ path }) => ({
    contents: `module.exports = new Proxy({}, { get(_, name) {
      if (typeof name === "symbol" || name === "__esModule") return undefined;
      throw new Error("${path} is not part of a job's program");
    } });`,
    loader: "js",
  }));
}

/** Let the bundler see what the library takes by `createRequire`. */
function takeRequired(build: PluginBuild): void {
  build.onLoad({ filter: /[\\/]dist[\\/]learn[\\/].*\.js$/ }, async ({ path }) => ({
    contents: (await readFile(path, "utf8")).replaceAll(
      "createRequire(import.meta.url)(",
      "require(",
    ),
    loader: "js",
  }));
}

/** Copy a package without what only other platforms need. */
async function copyPackage(name: string, from: string, into: string): Promise<void> {
  const target = join(into, name);
  const folder = findPackage(name, from);
  if (folder === undefined) return;
  await mkdir(dirname(target), { recursive: true });
  await cp(folder, target, {
    recursive: true,
    dereference: true,
    filter: (path) => !OTHERS.test(path) && !isForeign(relative(folder, path)),
  });
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
