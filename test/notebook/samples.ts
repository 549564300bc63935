/** Notebooks of other projects, where they are at hand, and notebooks made here. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metadata } from "carbonbook/notebook";

/** Folder of papermill's, nbclient's and nbformat's own test notebooks. */
export const samples = join(process.env.CARBONBOOK_DATA_MIRROR ?? "/absent", "notebooks");

/** Whether those notebooks are at hand. */
export const hasSamples = existsSync(samples);

/** Debian's Python, which has ipykernel and nbformat. */
export const python = "/usr/bin/python3";

/** Whether it has them. */
export const hasPython = has("ipykernel, nbformat, nbclient");

/** Whether it has some modules. */
export function has(modules: string): boolean {
  return spawnSync(python, ["-c", `import ${modules}`]).status === 0;
}

/** A new empty folder. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "carbonbook-test-"));
}

/** A cell of a notebook made here: its source and its tags, or markdown. */
export interface SampleCell {
  readonly source: string;
  readonly tags?: readonly string[];
  readonly type?: "code" | "markdown";
}

/** Write a notebook and give its path. */
export function writeSample(
  path: string,
  cells: readonly (string | SampleCell)[],
  metadata: Metadata = PYTHON,
): string {
  const full = cells.map((cell, i) => {
    const { source, tags = [], type = "code" } = typeof cell === "string" ? { source: cell } : cell;
    const base = { id: `cell-${i}`, cell_type: type, metadata: { tags }, source };
    return type === "code" ? { ...base, outputs: [], execution_count: null } : base;
  });
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { ...PYTHON, ...metadata },
    cells: full,
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

/** Metadata of a Python notebook. */
export const PYTHON: Metadata = {
  kernelspec: { name: "python3", display_name: "Python 3", language: "python" },
  language_info: { name: "python" },
};
