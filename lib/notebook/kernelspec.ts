/** Installed kernels: the folders Jupyter keeps them in, and ours. */

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EnvironmentError } from "../core/index.js";

/** A kernel as its kernel.json describes it. */
export interface KernelSpec {
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
  /** the command; `{connection_file}` and `{resource_dir}` are still in it */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** how a running cell is stopped */
  readonly interrupt: "signal" | "message";
  /** whether it says of itself that it also takes connections over sockets in a folder */
  readonly sockets: boolean;
  /** the folder kernel.json is in */
  readonly folder: string;
}

/** The folders searched for kernels, the first hit wins: JUPYTER_PATH, ours, the user's, the system's. */
export function kernelFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const named = (env.JUPYTER_PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const home = homedir();
  const user =
    env.JUPYTER_DATA_DIR ??
    (process.platform === "darwin"
      ? join(home, "Library", "Jupyter")
      : process.platform === "win32"
        ? join(env.APPDATA ?? home, "jupyter")
        : join(env.XDG_DATA_HOME ?? join(home, ".local", "share"), "jupyter"));
  const beside = (env.PATH ?? "")
    .split(delimiter)
    .map((bin) => join(bin, "..", "share", "jupyter"));
  const system = ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  const roots = [...named, repositoryFolder(), user, ...beside, ...system];
  return [...new Set(roots.map((root) => join(root, "kernels")))];
}

/** All kernels found, by name. */
export async function listKernels(
  env: NodeJS.ProcessEnv = process.env,
): Promise<Map<string, KernelSpec>> {
  const specs = new Map<string, KernelSpec>();
  for (const folder of kernelFolders(env)) {
    const names = await readdir(folder).catch(() => [] as string[]);
    for (const name of names.sort()) {
      const spec = await readSpec(join(folder, name), name);
      if (spec !== undefined && !specs.has(spec.name)) specs.set(spec.name, spec);
    }
  }
  return specs;
}

/**
 * Find a kernel by name.
 *
 * @throws {EnvironmentError} if it is not installed, with the ones that are
 */
export async function findKernel(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<KernelSpec> {
  for (const folder of kernelFolders(env)) {
    const spec = await readSpec(join(folder, name.toLowerCase()), name);
    if (spec !== undefined) return spec;
  }
  const installed = [...(await listKernels(env)).keys()];
  throw new EnvironmentError({
    what: `kernel "${name}"`,
    wanted: `one of ${installed.join(", ") || "the installed kernels, of which there is none"}`,
    got: "a kernel that is not installed",
    remedy: "install it, add its folder to JUPYTER_PATH, or name another with -k",
  });
}

/** The root of this repository, or of the package where it was installed. */
export function repositoryFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "kernels")) && dirname(folder) !== folder)
    folder = dirname(folder);
  return folder;
}

async function readSpec(folder: string, name: string): Promise<KernelSpec | undefined> {
  const text = await readFile(join(folder, "kernel.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const raw = JSON.parse(text) as {
    argv?: string[];
    display_name?: string;
    language?: string;
    env?: Record<string, string>;
    interrupt_mode?: string;
    metadata?: { transports?: unknown };
  };
  if (!Array.isArray(raw.argv) || raw.argv.length === 0) return undefined;
  const transports = raw.metadata?.transports;
  return {
    name: name.toLowerCase(),
    displayName: raw.display_name ?? name,
    language: raw.language ?? "",
    argv: raw.argv,
    env: raw.env ?? {},
    interrupt: raw.interrupt_mode === "message" ? "message" : "signal",
    sockets: Array.isArray(transports) && transports.includes("ipc"),
    folder,
  };
}
