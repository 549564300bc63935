import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { carbonbook } from "../cli/bin.js";
import { makeClusterProject } from "../notebook/cluster-project.js";

const hasSnakemake = spawnSync("snakemake", ["--version"]).status === 0;
const BIN = fileURLToPath(new URL("../../lib/bin/carbonbook.js", import.meta.url));

const PROFILES = fileURLToPath(new URL("../../environment/slurm/snakemake", import.meta.url));

function snakemake(root: string): string {
  const given = ["-s", "Snakefile", "--nocolor", "-j", "2"];
  const { stdout, stderr, status } = spawnSync("snakemake", given, { cwd: root, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return stdout + stderr;
}

test.skipIf(!hasSnakemake)(
  "Snakemake runs the exported file to the same bytes, and both caches agree",
  { timeout: 180_000 },
  async () => {
    const root = makeClusterProject({ count: 3, loops: "two" });
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
    const local = makeClusterProject({ count: 3, loops: "two" });
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

describe.each(["config.yaml", "config.v8+.yaml"])("the profiles' %s", (file) => {
  /** What the profile's command hands to the scheduler for a rule of some needs. */
  function submit(profile: string): string {
    const text = readFileSync(join(PROFILES, profile, file), "utf8");
    const options = parse(text) as Record<string, string>;
    const command = options.cluster ?? options["cluster-generic-submit-cmd"]!;
    const needs = { threads: 4, "resources.mem_mb": 8000, "resources.runtime": 200 };
    const filled = Object.entries(needs).reduce(
      (line, [name, value]) => line.replaceAll(`{${name}}`, String(value)),
      command,
    );
    const shell = `qsub() { echo "$@"; }; sbatch() { echo "$@"; }; ${filled} job.sh`;
    return spawnSync("bash", ["-c", shell], { encoding: "utf8" }).stdout.trim();
  }

  test("ask PBS for cores, memory and seconds", () => {
    expect(submit("pbs")).toBe("-l select=1:ncpus=4:mem=8000mb -l walltime=12000 job.sh");
  });

  test("ask Slurm for cores, memory and minutes", () => {
    const needs = "--cpus-per-task=4 --mem=8000 --time=200";
    expect(submit("slurm")).toBe(`--parsable --requeue ${needs} job.sh`);
  });
});
