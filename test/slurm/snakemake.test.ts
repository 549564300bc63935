import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { carbonbook } from "../cli/bin.js";
import { makeClusterProject } from "../notebook/cluster-project.js";

const hasSnakemake = spawnSync("snakemake", ["--version"]).status === 0;
const BIN = fileURLToPath(new URL("../../lib/bin/carbonbook.js", import.meta.url));

function snakemake(root: string, ...args: string[]): string {
  const given = ["-s", "Snakefile", "--nocolor", "-j", "2", ...args];
  const { stdout, stderr, status } = spawnSync("snakemake", given, { cwd: root, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return stdout + stderr;
}

test.skipIf(!hasSnakemake)(
  "Snakemake runs the exported file to the same bytes, and both caches agree",
  { timeout: 180_000 },
  async () => {
    const root = makeClusterProject({ count: 3 });
    const program = `node ${BIN}`;
    const exported = await carbonbook([
      "export",
      "snakefile",
      "--root",
      root,
      "--program",
      program,
      "--out",
      join(root, "Snakefile"),
    ]);
    expect(exported.code).toBe(0);
    snakemake(root);
    const local = makeClusterProject({ count: 3 });
    await carbonbook(["reproduce", "--root", local]);
    for (const name of readdirSync(join(local, "runs/quick/artifacts"))) {
      const path = join("runs/quick/artifacts", name);
      expect(readFileSync(join(root, path))).toEqual(readFileSync(join(local, path)));
    }
    const ours = await carbonbook(["reproduce", "--root", root]);
    expect(ours.stdout).toContain("3 up to date");
    expect(snakemake(root)).toContain("Nothing to be done");
    const notebook = join(root, "notebooks/02-double.ipynb");
    const text = readFileSync(notebook, "utf8");
    writeFileSync(notebook, text.replace("import { read", "// a comment\\nimport { read"));
    expect(snakemake(root)).toContain("02-double: up to date, nothing to do");
    rmSync(join(root, "runs/quick/artifacts/double.txt"));
    expect(snakemake(root)).toContain("02-double: completed");
  },
);
