import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLUSTER_DEFAULTS, parseClusterProfile } from "carbonbook/notebook";
import { afterEach, describe, expect, test } from "vitest";
import { proveScript, readArrayLimit } from "../../lib/notebook/slurm-command.js";
import { planBatches, writeScript } from "../../lib/notebook/slurm-plan.js";
import { nextTry, tellEnding } from "../../lib/notebook/slurm-verdict.js";
import type { Unit } from "../../lib/notebook/unit.js";
import { carbonbook } from "../cli/bin.js";
import { makeClusterProject } from "./cluster-project.js";

const node = {} as Unit["node"];
const loop = { name: "loop", module: "./a.mjs", run: "f", count: 1 };

/** A loop of 25 rounds, a notebook that takes them, one that needs it and one apart. */
const UNITS: Unit[] = [
  {
    name: "01/loop",
    node,
    loop,
    needs: [],
    tasks: Array.from({ length: 25 }, (_, i) => `01/loop/${i}`),
  },
  { name: "01", node, needs: ["01/loop"], tasks: ["01"] },
  { name: "02", node, needs: ["01"], tasks: ["02"] },
  { name: "03", node, needs: [], tasks: ["03"] },
];
const DEMANDS = { cpus: 1, memory: 1000, minutes: 60, gpus: 0 };

function plan(more: Partial<Parameters<typeof planBatches>[0]> = {}, cluster = {}) {
  return planBatches({
    units: UNITS,
    pending: new Set(UNITS.flatMap(({ tasks }) => tasks)),
    cluster: { ...CLUSTER_DEFAULTS, packMinutes: 1, arraySize: 4, ...cluster },
    demandsOf: () => DEMANDS,
    secondsOf: ({ loop }) => (loop === undefined ? 100 : 20),
    ...more,
  });
}

describe("the plan", () => {
  test("levels follow the needs, short tasks are packed, long arrays are cut", () => {
    const batches = plan();
    expect(batches.map(({ name, elements, needs }) => [name, elements.length, needs])).toEqual([
      ["level1-01-loop-part1", 4, []],
      ["level1-01-loop-part2", 4, []],
      ["level1-01-loop-part3", 1, []],
      ["level1-notebooks", 1, []],
      ["level2-notebooks", 1, ["01/loop"]],
      ["level3-notebooks", 1, ["01"]],
    ]);
    expect(batches[0]!.elements[1]).toEqual(["01/loop/3", "01/loop/4", "01/loop/5"]);
    expect(batches.flatMap(({ elements }) => elements.flat())).toHaveLength(28);
  });

  test("a pack never fills more than half the time a job may take", () => {
    const tight = plan({ demandsOf: () => ({ ...DEMANDS, minutes: 1 }) }, { packMinutes: 30 });
    expect(tight[0]!.pack).toBe(1);
  });

  test("jobs of one loop take about as long as each other", () => {
    const pending = new Set(UNITS[0]!.tasks.slice(0, 4));
    const [batch] = plan({ pending });
    expect(batch!.elements.map(({ length }) => length)).toEqual([2, 2]); // not 3 and 1
  });

  test("only what is pending is planned; other demands get their own array", () => {
    const pending = new Set(["01/loop/3", "01/loop/7", "02"]);
    const batches = plan({
      pending,
      demandsOf: (_, task) => ({ ...DEMANDS, memory: task === "01/loop/7" ? 2000 : 1000 }),
    });
    expect(batches.map(({ elements, demands }) => [elements, demands.memory])).toEqual([
      [[["01/loop/3"]], 1000],
      [[["01/loop/7"]], 2000],
      [[["02"]], 1000],
    ]);
  });

  test("the script says to Slurm what the cluster file says, and quotes what a shell would break", () => {
    const cluster = parseClusterProfile(
      "partition: night\naccount: a1\nconcurrent: 7\nsetup: [module load nodejs]",
      "c.yaml",
    );
    const [batch] = plan();
    const script = writeScript({ ...batch!, demands: { ...DEMANDS, gpus: 1 } }, cluster, {
      root: "/my work/it's",
      profile: "quick",
      jobName: "carbonbook-1",
      program: "/p/carbonbook.mjs",
      list: "/p/list",
      logs: "/p/logs",
      env: { CARBONBOOK_DATA: "/data $HOME" },
    });
    expect(script).toMatchInlineSnapshot(`
      "#!/bin/bash
      #SBATCH --job-name=carbonbook-1
      #SBATCH --comment=level1-01-loop-part1
      #SBATCH --array=0-3%7
      #SBATCH --partition=night
      #SBATCH --account=a1
      #SBATCH --nodes=1 --ntasks=1
      #SBATCH --cpus-per-task=1
      #SBATCH --mem=1000M
      #SBATCH --time=60
      #SBATCH --gres=gpu:1
      #SBATCH --requeue
      #SBATCH --kill-on-invalid-dep=yes
      #SBATCH --open-mode=append
      #SBATCH --output=/p/logs/%A_%a.log
      set -eu
      module load nodejs
      export CARBONBOOK_DATA='/data $HOME'
      cd '/my work/it'\\''s'
      exec node /p/carbonbook.mjs run-task --root . --profile quick \\
        --from /p/list --lines "$((SLURM_ARRAY_TASK_ID * 3)):3"
      "
    `);
  });
});

describe("what Slurm says where it refuses", () => {
  const folder = mkdtempSync(join(tmpdir(), "carbonbook-test-"));
  const path = process.env.PATH;
  /** Put a command of Slurm on the PATH that says something and ends so. */
  function pretend(program: string, says: string, code: number): void {
    const text = `#!/bin/sh\necho '${says}'\necho '${says}' >&2\nexit ${code}\n`;
    writeFileSync(join(folder, program), text, { mode: 0o755 });
    process.env.PATH = `${folder}:${path}`;
  }
  afterEach(() => {
    process.env.PATH = path;
  });

  test.each([
    ["allocation failure: Resource temporarily unavailable", "busy"],
    ["Slurm temporarily unable to accept job, sleeping and retrying", "busy"],
    ["Job violates accounting/QOS policy (job submit limit, user\u2019s size)", "busy"],
    ["allocation failure: Invalid job array specification", "usage"],
    ["allocation failure: Requested node configuration is not available", "usage"],
    ["allocation failure: Unable to contact slurm controller", "environment"],
  ])("%s is told as %s", async (says, tag) => {
    pretend("sbatch", `sbatch: error: ${says}`, 1);
    const refused = await proveScript("level1.sh").catch((error: unknown) => error);
    expect(refused).toMatchObject({ tag });
    expect(String(refused)).toContain("nothing was submitted");
  });

  test("arrays are as long as the site takes", async () => {
    pretend("scontrol", "MaxArraySize            = 5", 0);
    expect(await readArrayLimit()).toBe(5);
    process.env.PATH = "/nowhere";
    expect(await readArrayLimit()).toBeUndefined();
  });
});

describe("the rule of retries", () => {
  const cluster = { ...CLUSTER_DEFAULTS, retries: 2, growth: 2, maxMemory: 3000 };
  const tries = (times: number, memory = 1000) => ({
    times,
    demands: { ...DEMANDS, memory },
    last: "",
  });
  const evidence = { result: undefined, state: undefined, log: "" };

  test.each([
    { state: "OUT_OF_MEMORY", ending: "memory" },
    { state: "TIMEOUT", ending: "time" },
    { state: "NODE_FAIL", ending: "lost" },
    { state: "CANCELLED", ending: "cancelled" },
    { log: "slurmstepd: error: Detected 1 oom-kill event(s)", ending: "memory" },
    { log: "error: Step exceeded memory limit (2 > 1), being killed", ending: "memory" },
    { log: "*** JOB 3 ON n1 CANCELLED AT … DUE TO TIME LIMIT ***", ending: "time" },
    { ending: "lost" },
  ])("$state $log is $ending", ({ ending, ...more }) => {
    expect(tellEnding({ ...evidence, ...more })).toBe(ending);
  });

  test("memory and time grow to their limits, what was lost stays, what failed is not tried again", () => {
    expect(nextTry("memory", tries(1), cluster)?.memory).toBe(2000);
    expect(nextTry("memory", tries(1, 2000), cluster)?.memory).toBe(3000);
    expect(nextTry("memory", tries(1, 3000), cluster)).toBeUndefined();
    expect(nextTry("time", tries(1), cluster)).toMatchObject({ minutes: 120, memory: 1000 });
    expect(nextTry("lost", tries(2), cluster)).toEqual(DEMANDS);
    expect(nextTry("lost", tries(3), cluster)).toBeUndefined();
    expect(nextTry("failed", tries(1), cluster)).toBeUndefined();
    expect(nextTry("cancelled", tries(1), cluster)).toBeUndefined();
  });
});

describe("cluster files", () => {
  test.each([
    ["memroy: 3", "expected only partition"],
    ["memory: much", 'memory: a number > 0, got "much"'],
    ["retries: -1", "retries: a number ≥ 0, got -1"],
    ["partition: a b; rm", "partition: a name"],
    ["setup: module load x", "setup: a list of lines"],
    ["units: {02-b: {tea: 3}}", "02-b: cpus, memory, minutes, gpus, got tea"],
    ["data: maybe", "data: fetch or here"],
    ["a: [", "expected yaml"],
  ])("%s is refused", (text, message) => {
    expect(() => parseClusterProfile(text, "c.yaml")).toThrow(message);
  });

  test("Slurm that is absent, a unit that is not there and options of the wrong executor are told", async () => {
    const root = makeClusterProject();
    const slurm = ["reproduce", "--root", root, "--executor", "slurm"];
    const absent = await carbonbook(slurm, { env: { PATH: "/nowhere" } });
    expect(absent.stderr).toContain("Slurm: expected the program sinfo, got none on the PATH");
    expect(absent.code).toBe(1);
    const file = join(mkdtempSync(join(tmpdir(), "carbonbook-test-")), "c.yaml");
    writeFileSync(file, "units: {04-x: {cpus: 2}}");
    const unit = await carbonbook([...slurm, "--dry-run", "--cluster", file]);
    expect(unit.stderr).toContain("one of 01-sum/squares, 01-sum, 02-double, 03-apart");
    expect(unit.code).toBe(2);
    const local = await carbonbook(["reproduce", "--root", root, "--dry-run"]);
    expect(local.stderr).toContain("expected --executor slurm, got the local executor");
    expect(local.code).toBe(2);
    const dry = await carbonbook([...slurm, "--dry-run"], { env: { PATH: "/nowhere" } });
    expect(dry.stdout).toContain(
      "# sbatch --parsable --hold --dependency=afterok:<level1-01-sum-squares>",
    );
    expect(dry.code).toBe(0);
  });
});
