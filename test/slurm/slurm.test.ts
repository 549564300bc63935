import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readTask } from "carbonbook/parallel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { carbonbook, start } from "../cli/bin.js";
import { makeClusterProject } from "../notebook/cluster-project.js";
import { type Cluster, hasSlurm, startCluster } from "./cluster.js";

let cluster: Cluster;

const arguments_ = (root: string, file: string, ...more: string[]) => [
  ...["reproduce", "--root", root, "--executor", "slurm", "--cluster", file],
  ...more,
];
const run = (root: string, file: string, ...more: string[]) =>
  carbonbook(arguments_(root, file, ...more), { env: cluster.env });

/** All that a run computed: artifacts, and the values of its rounds. */
async function bytesOf(root: string): Promise<Record<string, unknown>> {
  const folder = join(root, "runs/quick");
  const artifacts = readdirSync(join(folder, "artifacts")).map((name) => [
    name,
    readFileSync(join(folder, "artifacts", name), "latin1"),
  ]);
  const rounds = readdirSync(join(folder, ".tasks/01-sum/squares")).map(async (name) => {
    const found = await readTask(folder, `01-sum/squares/${name.replace(".task", "")}`);
    return [name, found?.result.value?.sha256];
  });
  return Object.fromEntries([...artifacts, ...(await Promise.all(rounds))]);
}

/** Jobs in the queue. */
const queued = () => cluster.ask("squeue", "--noheader", "--array", "--format=%F_%K %T %N").trim();

/** Those that wait or run: what has ended is in the queue until its nodes are cleared. */
const unfinished = () =>
  queued()
    .replace(/^.* COMPLETING .*$/gm, "")
    .trim();

/** Wait until the queue looks as wanted. */
async function until(isSo: (queue: string) => boolean): Promise<void> {
  for (let i = 0; i < 150 && !isSo(queued()); i++) await sleep(200);
  expect(isSo(queued())).toBe(true);
}

describe.skipIf(!hasSlurm)("on a real Slurm of two nodes", { timeout: 180_000 }, () => {
  beforeAll(() => {
    cluster = startCluster(18817);
  });
  afterAll(() => cluster?.stop());

  test("the graph runs through arrays and equals the local run byte by byte", async () => {
    const root = makeClusterProject({ loops: "two", library: "installed" });
    const file = cluster.file("probeSeconds: 30");
    const slurm = await run(root, file);
    expect(slurm.stderr).toContain("submitted 11 tasks as jobs");
    expect(slurm.stdout).toContain("3 run in");
    expect(slurm.code).toBe(0);
    const local = makeClusterProject({ loops: "two" });
    await carbonbook(["reproduce", "--root", local]);
    expect(await bytesOf(root)).toEqual(await bytesOf(local));
    const kept = await readTask(join(root, "runs/quick"), "01-sum/squares/1");
    expect(kept?.result.host).toMatch(/^node[12]$/);
    expect(kept?.result.job).toMatch(/^\d+_1$/);
    const again = await run(root, file);
    expect(again.stdout).toContain("3 up to date");
    expect(again.stderr).not.toContain("submitted");
  });

  test("a thousand tiny tasks are packed, submitted once and collected", async () => {
    const root = makeClusterProject({ count: 1000, seconds: 0.05 });
    const { stderr, code } = await run(root, cluster.file("packMinutes: 0.4"), "--only", "01");
    expect(stderr.match(/submitted/g)).toHaveLength(1);
    expect(code).toBe(0);
    const lists = readdirSync(join(root, "runs/quick/.slurm/logs")).filter((f) =>
      f.endsWith(".log"),
    );
    expect(lists).toHaveLength(3 + 1); // at most 480 rounds each, and the notebook
    const sum = (999 * 1000 * 1999) / 6;
    expect(readFileSync(join(root, "runs/quick/artifacts/sum.txt"), "utf8")).toBe(`${sum} 999 2`);
  });

  test("a node that is lost in the middle does not keep the run from completing", async () => {
    const root = makeClusterProject({ count: 4, wait: 4000 });
    const running = start(arguments_(root, cluster.file(), "--only", "01"), { env: cluster.env });
    await until((queue) => /RUNNING node2/.test(queue));
    cluster.act("node", "node2", "kill");
    const { code, stderr } = await running.ended; // Slurm misses the node after half a minute
    expect(stderr).not.toContain("error");
    expect(code).toBe(0);
    expect(readFileSync(join(root, "runs/quick/artifacts/sum.txt"), "utf8")).toBe("14 3 2");
    const hosts = [0, 1, 2, 3].map(async (i) => {
      const found = await readTask(join(root, "runs/quick"), `01-sum/squares/${i}`);
      return found?.result.host;
    });
    expect(await Promise.all(hosts)).toContain("node1");
    cluster.act("node", "node2", "start");
    const isBack = () => cluster.ask("sinfo", "--noheader", "--format=%T").trim() === "idle";
    for (let i = 0; i < 100 && !isBack(); i++) await sleep(200);
  });

  test("the controller may be restarted", async () => {
    const root = makeClusterProject({ count: 2, wait: 3000 });
    const running = start(arguments_(root, cluster.file(), "--only", "01"), { env: cluster.env });
    await until((queue) => /RUNNING/.test(queue));
    cluster.act("controller", "stop");
    await sleep(4000);
    cluster.act("controller", "start");
    const { code } = await running.ended;
    expect(code).toBe(0);
    expect(readFileSync(join(root, "runs/quick/artifacts/sum.txt"), "utf8")).toBe("1 1 2");
  });

  test("a task that needs more memory is tried again with more, then told by name", async () => {
    const root = makeClusterProject({ count: 3 });
    await mkdir(join(root, "runs/quick"), { recursive: true });
    writeFileSync(join(root, "runs/quick/swell-1"), "");
    const tight = cluster.file("memory: 120", "retries: 1", "units: {01-sum: {memory: 1000}}");
    const failed = await run(root, tight, "--only", "01");
    expect(failed.stderr).toContain(
      "01-sum/squares/1: ran out of memory with 120 MB; tried again with 240 MB",
    );
    expect(failed.stderr).toContain(
      "01-sum/squares/1: ran out of memory with 240 MB (tried 2 times)",
    );
    expect(failed.code).toBe(137);
    const wide = cluster.file("memory: 240", "units: {01-sum: {memory: 1000}}");
    const mended = await run(root, wide, "--only", "01");
    expect(mended.stderr).toContain("tried again with 480 MB");
    expect(mended.code).toBe(0);
  });

  test("a round that throws is told by name and not tried again; what needs it is not run", async () => {
    const root = makeClusterProject({ count: 3 });
    await mkdir(join(root, "runs/quick"), { recursive: true });
    writeFileSync(join(root, "runs/quick/fail-2"), "");
    const { stderr, stdout, code } = await run(root, cluster.file(), "--only", "02");
    expect(stderr).toContain("01-sum/squares/2: told to fail");
    expect(stderr.match(/submitted/g)).toHaveLength(1);
    expect(stdout).toContain("1 failed, 1 not run");
    expect(code).toBe(1);
    expect(unfinished()).toBe("");
  });

  test("Ctrl-C leaves the jobs and says how to come back; --cancel ends them", async () => {
    const root = makeClusterProject({ count: 2, wait: 6000 });
    const file = cluster.file();
    const first = start(arguments_(root, file, "--only", "01"), { env: cluster.env });
    await until((queue) => /RUNNING/.test(queue));
    first.child.kill("SIGINT");
    const left = await first.ended;
    expect(left.stdout).toContain("come back with: carbonbook reproduce --executor slurm");
    expect(left.code).toBe(130);
    expect(queued()).toContain("RUNNING");
    const beside = await carbonbook(["reproduce", "--root", root], { env: cluster.env });
    expect(beside.stderr).toContain("run folder: expected no jobs of a cluster in it");
    expect(beside.code).toBe(4);
    const back = await run(root, file, "--only", "01");
    expect(back.stderr).toContain("back with jobs");
    expect(back.stderr).not.toContain("submitted");
    expect(back.code).toBe(0);
    const more = makeClusterProject({ count: 4, wait: 60_000 });
    const second = start(arguments_(more, file), { env: cluster.env });
    await until((queue) => /RUNNING/.test(queue));
    second.child.kill("SIGINT");
    await second.ended;
    const ended = await run(more, file, "--cancel");
    expect(ended.stdout).toContain("ended jobs");
    await until((queue) => queue === "");
  });

  test("what the cluster cannot give is refused with nothing half-submitted", async () => {
    const root = makeClusterProject();
    const refused = async (file: string) => {
      const ended = await run(root, file);
      expect(unfinished()).toBe("");
      return ended;
    };
    const partition = await refused(cluster.file("partition: night"));
    expect(partition.stderr).toContain(
      'partition of the cluster file: expected one of main, got "night"',
    );
    expect(partition.code).toBe(2);
    const memory = await refused(cluster.file("units: {02-double: {memory: 9000000}}"));
    expect(memory.stderr).toContain(
      "Requested node configuration is not available; nothing was submitted",
    );
    expect(memory.code).toBe(2);
    const clock = cluster.file("probeSeconds: 20", `setup: ['date() { echo 1000000; }']`);
    const skewed = await refused(clock);
    expect(skewed.stderr).toMatch(
      /clock of node node[12]: expected within 60 s .* nothing was submitted/,
    );
    cluster.ask("sbatch", "--array=0-1", "--output=/dev/null", "--wrap=sleep 30");
    await until((queue) => queue.match(/RUNNING/g)?.length === 2);
    const full = await run(root, cluster.file("probeSeconds: 2"));
    expect(full.stderr).toContain(
      "expected a free node within 2 s, got a full queue; nothing was submitted",
    );
    expect(full.code).toBe(4);
    cluster.ask("scancel", "--user=root");
    await until((queue) => queue === "");
  });

  test("a folder that a node does not share is found out before anything is submitted", async () => {
    const root = makeClusterProject();
    cluster.act("node", "node2", "stop");
    cluster.act("node", "node2", "start", root);
    const isIdle = () => cluster.ask("sinfo", "--noheader", "--format=%T").trim() === "idle";
    for (let i = 0; i < 100 && !isIdle(); i++) await sleep(200);
    const { stderr, code } = await run(root, cluster.file("probeSeconds: 20"));
    expect(stderr).toContain("node node2: expected to read the token written there, got nothing");
    expect(code).toBe(1);
    expect(unfinished()).toBe("");
    cluster.act("node", "node2", "stop");
    cluster.act("node", "node2", "start");
  });
});
