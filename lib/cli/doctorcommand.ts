/** `carbonbook doctor`: what is installed, what is missing and what that costs. */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { addJson, type Finish, formatBytes } from "./command.js";
import { makeConsole } from "./console.js";
import { EXIT } from "./exit.js";
import { findRoot } from "./root.js";

/** One thing looked at. */
interface Finding {
  readonly name: string;
  readonly state: "ok" | "missing" | "broken";
  readonly found: string;
  /** what is lost without it, where it is not there */
  readonly cost?: string;
  /** the one command that mends it */
  readonly remedy?: string;
  readonly needed: boolean;
}

const INSTALL = "npm install --ignore-scripts";

/** Packages with native parts, and what each is for. */
const PACKAGES = [
  ["zeromq", "no notebook can run", true],
  ["@napi-rs/canvas", "no figure can be drawn", true],
  ["@resvg/resvg-js", "no PNG can be drawn", true],
  ["h5wasm", "no netCDF-4 can be read or written", true],
  ["onnxruntime-node", "no network can be trained", true],
  ["@tensorflow/tfjs-node-gpu", "tfjs trains without a GPU", false],
  ["@tensorflow/tfjs-node", "tfjs trains in WebAssembly", false],
  ["webgpu", "tfjs cannot use WebGPU", false],
] as const;

/** Programs outside npm, what each is for, and Debian's package of it. */
const PROGRAMS = [
  ["chromium", ["--version"], "pages are not tested in a browser", "chromium"],
  ["ncdump", [], "artifacts cannot be listed with ncdump; reading needs none", "netcdf-bin"],
  ["sbatch", ["--version"], "--executor slurm cannot be used", "slurm-wlm"],
  ["nvidia-smi", ["-L"], "training uses the processor", undefined],
  ["git", ["--version"], "runs do not record their commit", "git"],
] as const;

/** Add the command to the program. */
export function addDoctor(program: Command, finish: Finish): void {
  addJson(program.command("doctor"))
    .description("say what is installed, what is missing and what that costs")
    .option("--root <folder>", "root of the project (the present folder, or this package's)")
    .action(async (options: { root?: string; json: boolean }) => finish(await doctor(options)));
}

async function doctor(options: { root?: string; json: boolean }): Promise<number> {
  const console = makeConsole({ json: options.json });
  const findings = [
    node(),
    machine(),
    await disk(findRoot(options.root)),
    ...(await Promise.all(PACKAGES.map(([name, cost, needed]) => tryPackage(name, cost, needed)))),
    await kernel(),
    await jupyter(),
    ...PROGRAMS.map(([name, args, cost, debian]) => program(name, args, cost, debian)),
    await data(),
  ];
  for (const { name, state, found, cost, remedy } of findings) {
    const sign = state === "ok" ? "ok     " : state === "missing" ? "missing" : "broken ";
    console.print(`${sign}  ${name.padEnd(26)}  ${found}${cost === undefined ? "" : `; ${cost}`}`);
    if (remedy !== undefined) console.print(`${" ".repeat(37)}to mend it: ${remedy}`);
  }
  const broken = findings.filter(({ state, needed }) => needed && state !== "ok");
  console.print(
    broken.length === 0
      ? "all that is needed is here"
      : `${broken.length} needed things are not right`,
  );
  console.document(findings);
  return broken.length === 0 ? EXIT.done : EXIT.failed;
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const right = major > 20 || (major === 20 && minor >= 19);
  const facts = { name: "Node", found: process.version, needed: true };
  return right
    ? { ...facts, state: "ok" }
    : { ...facts, state: "broken", cost: "20.19 or newer is needed" };
}

function machine(): Finding {
  const found = `${cpus().length} cores, ${formatBytes(totalmem())} memory`;
  return { name: "machine", state: "ok", found, needed: false };
}

async function disk(root: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  const facts = { name: "disk", found: `${formatBytes(free)} free`, needed: false };
  return free > 2e9
    ? { ...facts, state: "ok" }
    : { ...facts, state: "broken", cost: "a run may need 2 GB" };
}

async function tryPackage(name: string, cost: string, needed: boolean): Promise<Finding> {
  try {
    checkName(name);
    await import(name);
    return { name, state: "ok", found: "loads", needed };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    const [found = ""] = (error as Error).message.split("\n");
    return {
      name,
      state: missing ? "missing" : "broken",
      found: missing ? "not installed" : found,
      cost,
      ...(needed ? { remedy: INSTALL } : {}),
      needed,
    };
  }
}

/** See that a package is what its name says and not one that was put in its place. */
function checkName(name: string): void {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => join(folder, name, "package.json")).find(existsSync);
  if (file === undefined) return; // then it cannot be imported either
  const found = JSON.parse(readFileSync(file, "utf8")) as { name: string };
  if (found.name === name) return;
  throw Object.assign(new Error(`${found.name} in its place`), { code: "ERR_MODULE_NOT_FOUND" });
}

/** Start our kernel and see that it answers. */
async function kernel(): Promise<Finding> {
  const name = "kernel carbonbook";
  try {
    const { proveKernel } = await import("../notebook/index.js");
    const seconds = await proveKernel("carbonbook");
    return {
      name,
      state: "ok",
      found: `starts in ${seconds.toFixed(1)} s, its errors are seen`,
      needed: true,
    };
  } catch (error) {
    const found = (error as Error).message;
    return {
      name,
      state: "broken",
      found,
      cost: "no notebook of the project can run",
      remedy: "npm run build",
      needed: true,
    };
  }
}

/** A Jupyter that `carbonbook lab` can start. */
async function jupyter(): Promise<Finding> {
  const { findJupyter, JUPYTER_REMEDY } = await import("../kernel/index.js");
  const name = "jupyter";
  const here = findJupyter();
  if (here !== undefined) return { name, state: "ok", found: here.program, needed: false };
  const cost = "notebooks cannot be opened by hand; running them needs none";
  const found = "not installed";
  return { name, state: "missing", found, cost, remedy: JUPYTER_REMEDY, needed: false };
}

function program(
  name: string,
  args: readonly string[],
  cost: string,
  debian: string | undefined,
): Finding {
  const { error, stdout } = spawnSync(name, args, { encoding: "utf8", timeout: 10_000 });
  if (error !== undefined) {
    const remedy = debian === undefined ? {} : { remedy: `apt-get install -y ${debian}` };
    return { name, state: "missing", found: "not installed", cost, ...remedy, needed: false };
  }
  const [first = ""] = stdout.trim().split("\n");
  return { name, state: "ok", found: first || "installed", needed: false };
}

async function data(): Promise<Finding> {
  const { dataFolders, listData } = await import("../data/index.js");
  const name = "data";
  try {
    const all = listData();
    const here = all.filter((d) => d.here > 0 && d.here === d.files).length;
    const folders = dataFolders().join(", ");
    const place = folders === "" ? "; no folder is named" : ` in ${folders}`;
    const found = `${here} of ${all.length} data sets${place}`;
    const facts = { name, found, needed: false };
    if (here > 0) return { ...facts, state: "ok" };
    return {
      ...facts,
      state: "missing",
      cost: "notebooks use twins; set CARBONBOOK_DATA_MIRROR for real data",
    };
  } catch (error) {
    return { name, state: "broken", found: (error as Error).message, needed: false };
  }
}
