/** Where a run came from: code, versions, machine, times, and what went in and out. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { arch, cpus, hostname, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { NodeResult, ReproduceResult } from "./reproduce.js";

/** The state of the code. */
export interface CodeState {
  /** hash of the git commit; null outside a repository */
  readonly commit: string | null;
  /** whether files differ from that commit; null outside a repository */
  readonly dirty: boolean | null;
}

/** Code, versions and machine: where something ran. */
export interface Origin {
  readonly code: CodeState;
  readonly versions: Readonly<Record<string, string>>;
  readonly host: Readonly<Record<string, string | number>>;
}

/** The provenance of a run of the graph, as `run.json` holds it; each notebook's record has its own origin. */
export interface Provenance extends Origin {
  readonly version: 1;
  readonly profile: string;
  /** ISO 8601, UTC */
  readonly start: string;
  readonly end: string;
  readonly notebooks: readonly Omit<NodeResult, "executed">[];
}

/** Folders whose files make results. */
const SOURCES = ["--", "notebooks", "lib", "kernels"];

/** Collect the provenance of a run. */
export async function collectProvenance(
  root: string,
  profile: string,
  run: { readonly result: ReproduceResult; readonly start: Date; readonly end: Date },
): Promise<Provenance> {
  return {
    version: 1,
    profile,
    ...(await findOrigin(root)),
    start: run.start.toISOString(),
    end: run.end.toISOString(),
    notebooks: run.result.results.map(({ executed: _, ...rest }) => rest),
  };
}

/** What code is here, on what machine. */
export async function findOrigin(root: string): Promise<Origin> {
  return {
    code: await readCodeState(root),
    versions: {
      carbonbook: await ownVersion(root),
      node: process.version,
      v8: process.versions.v8,
    },
    host: {
      name: hostname(),
      platform: `${platform()} ${release()} ${arch()}`,
      processor: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memory: totalmem(),
    },
  };
}

/**
 * The git commit of a folder and whether it is dirty; nulls without git. Dirty is what git tracks and
 * finds changed, and a notebook or source that it does not track.
 */
export async function readCodeState(root: string): Promise<CodeState> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", ["-C", root, ...args])).stdout.trim();
  try {
    const commit = await git("rev-parse", "HEAD");
    const changed = await git("status", "--porcelain", "--untracked-files=no");
    const unknown = await git("ls-files", "--others", "--exclude-standard", ...SOURCES);
    return { commit, dirty: changed !== "" || unknown !== "" };
  } catch {
    return { commit: null, dirty: null };
  }
}

async function ownVersion(root: string): Promise<string> {
  const text = await readFile(join(root, "lib", "package.json"), "utf8").catch(() => "{}");
  return (JSON.parse(text) as { version?: string }).version ?? "unknown";
}
