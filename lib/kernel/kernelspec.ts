/** Kernelspecs: where Jupyter looks for kernels, and putting ours there. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { EnvironmentError } from "../core/index.js";
import { PACKAGE } from "./installation.js";
import { makeSnapshot } from "./snapshot.js";

/** Where to install: for this user, below a folder, or in the active Python environment. */
export type Place = "user" | "sys-prefix" | { readonly prefix: string };

/** A kernel that Jupyter can find. */
export interface KernelSpec {
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
  readonly argv: readonly string[];
  /** the folder that holds `kernel.json` */
  readonly folder: string;
}

/** What an installation did. */
export interface Installation {
  readonly folder: string;
  /** what is still missing before Jupyter can use it; undefined when nothing is */
  readonly advice: string | undefined;
}

const NAME = "carbonbook";

/** The folder of the kernelspec that travels with this installation. */
export function ownKernelFolder(): string {
  return join(dirname(PACKAGE), "kernels", NAME);
}

/** The command that starts the kernel of this installation on this Node. */
export function kernelCommand(connectionFile: string): readonly string[] {
  const start = join(PACKAGE, "bin", "carbonbook-kernel");
  return process.platform === "win32"
    ? [process.execPath, `${start}.js`, connectionFile]
    : ["sh", `${start}.sh`, process.execPath, connectionFile];
}

/**
 * Put the kernelspec where Jupyter finds it. It points at this installation and this Node; nothing
 * is installed globally.
 *
 * @throws {EnvironmentError} when the place cannot be written, or no Python environment is active
 */
export function installKernel(place: Place): Installation {
  const folder = join(dataFolder(place), "kernels", NAME);
  const own = ownKernelFolder();
  const spec = JSON.parse(readFileSync(join(own, "kernel.json"), "utf8"));
  spec.argv = kernelCommand("{connection_file}");
  try {
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(own)) cpSync(join(own, file), join(folder, file));
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  } catch (cause) {
    throw new EnvironmentError({
      what: "kernelspec",
      wanted: `a folder that can be written at ${folder}`,
      got: (cause as Error).message,
      remedy: "choose another place with --prefix DIR",
      cause,
    });
  }
  makeSnapshot(); // without it, kernels start all the same
  return { folder, advice: adviceFor(folder) };
}

/** The kernels that Jupyter would find, first found first, and ours in any case. */
export function listKernels(): readonly KernelSpec[] {
  const folders = searchPath().flatMap((path) => subfolders(join(path, "kernels")));
  const found = new Map<string, KernelSpec>();
  for (const folder of [...folders, ownKernelFolder()]) {
    const spec = readSpec(folder);
    if (spec !== undefined && !found.has(spec.name)) found.set(spec.name, spec);
  }
  return [...found.values()];
}

function readSpec(folder: string): KernelSpec | undefined {
  const path = join(folder, "kernel.json");
  if (!existsSync(path)) return undefined;
  try {
    const { argv, display_name: displayName, language } = JSON.parse(readFileSync(path, "utf8"));
    return { name: basename(folder).toLowerCase(), displayName, language, argv, folder };
  } catch {
    return undefined; // Jupyter skips broken kernelspecs too
  }
}

/** Jupyter's data folders, in the order in which it searches them. */
function searchPath(): string[] {
  const { JUPYTER_PATH = "", VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  return [
    ...JUPYTER_PATH.split(delimiter),
    userFolder(),
    ...[VIRTUAL_ENV, CONDA_PREFIX, "/usr/local", "/usr"].map((prefix) =>
      prefix === undefined ? "" : join(prefix, "share", "jupyter"),
    ),
  ].filter((path) => path !== "");
}

function dataFolder(place: Place): string {
  if (place === "user") return userFolder();
  return join(place === "sys-prefix" ? pythonPrefix() : place.prefix, "share", "jupyter");
}

function userFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? homedir(), "jupyter");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}

function pythonPrefix(): string {
  const { VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  const active = VIRTUAL_ENV ?? CONDA_PREFIX;
  if (active !== undefined) return active;
  const asked = spawnSync("python3", ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" });
  if (asked.status === 0) return asked.stdout.trim();
  throw new EnvironmentError({
    what: "--sys-prefix",
    wanted: "an active Python environment",
    got: "no Python",
    remedy: "use --user, or --prefix DIR",
  });
}

function adviceFor(folder: string): string | undefined {
  const programs = (process.env.PATH ?? "").split(delimiter);
  if (
    !programs.some((path) =>
      ["jupyter", "jupyter.exe"].some((name) => existsSync(join(path, name))),
    )
  ) {
    return "Jupyter was not found; to open notebooks: python3 -m pip install jupyterlab";
  }
  const seen = searchPath().some((path) => join(path, "kernels", NAME) === folder);
  return seen
    ? undefined
    : `Jupyter does not search there: set JUPYTER_PATH=${dirname(dirname(folder))}`;
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return []; // most of the places do not exist
  }
}
