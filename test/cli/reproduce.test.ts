import {
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { edit, makeProject, put, result, WRITE_B } from "../notebook/project.js";
import { hasPython, makeFolder, writeSample } from "../notebook/samples.js";
import { carbonbook, start } from "./bin.js";
import { checkCrate } from "./crate.js";

const needsPython = test.skipIf(!hasPython);

async function reproduce(root: string, ...args: string[]) {
  const ended = await carbonbook(["reproduce", "--json", ...args], { cwd: root });
  const document = ended.stdout === "" ? {} : JSON.parse(ended.stdout);
  const notebooks = (document.notebooks ?? []) as {
    notebook: string;
    status: string;
    reasons: string[];
  }[];
  const statuses = Object.fromEntries(notebooks.map((n) => [n.notebook, n.status]));
  const reasons = Object.fromEntries(notebooks.map((n) => [n.notebook, n.reasons]));
  return { ...ended, statuses, reasons };
}

describe("what goes wrong", () => {
  test("a provider of networks that does not load is refused with the reason, and nothing runs", async () => {
    const { code, stderr, statuses } = await reproduce(makeProject(), "--provider", "cuda");
    expect(stderr).toMatch(/provider cuda: expected a provider that loads, got no libonnx\S+cuda/);
    expect(stderr).toContain('use the provider "cpu"');
    expect([code, statuses]).toEqual([1, {}]);
  });

  needsPython("a declared output that is not written fails the run", async () => {
    const root = makeProject(["1"]);
    const { code, stderr } = await reproduce(root);
    expect(stderr).toContain(
      "declared outputs: expected each to be written, got none of artifacts/b.txt",
    );
    expect(code).toBe(1);
  });

  needsPython("a figure that the manifest lists and no notebook draws fails the run", async () => {
    const root = makeProject();
    const figure = {
      id: "f1",
      study: "s1",
      number: "1",
      kind: "figure",
      notebook: "01-a",
      shows: "x",
      data: "twin",
    };
    const manifest = {
      version: 1,
      studies: [{ id: "s1", title: "S" }],
      figures: [figure],
      claims: [],
    };
    writeFileSync(join(root, "notebooks/figures.json"), JSON.stringify(manifest));
    const { code, stderr } = await reproduce(root, "--only", "01-a");
    expect(stderr).toContain("figures/s1/f1.svg");
    expect(code).toBe(1);
    const lost = { ...manifest, figures: [{ ...figure, notebook: "09-z" }] };
    writeFileSync(join(root, "notebooks/figures.json"), JSON.stringify(lost));
    const refused = await reproduce(root);
    expect(refused.stderr).toContain('a notebook for s1/f1: 01-a, 02-b, got "09-z"');
    expect(refused.code).toBe(3);
  });

  test("a folder without notebooks is refused", async () => {
    const { code, stderr } = await carbonbook(["reproduce", "--root", makeFolder()]);
    expect(stderr).toContain("notebooks: expected at least one .ipynb file, got none");
    expect(code).toBe(3);
  });

  test("a declaration with an unknown word is refused", async () => {
    const root = makeProject();
    put(root, "03-c", ["1"], { output: ["x"] });
    const { code, stderr } = await reproduce(root);
    expect(stderr).toContain("metadata.carbonbook: expected only studies, inputs");
    expect(code).toBe(3);
  });
});

describe("interruptions", () => {
  const SLEEP = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)";
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  /** The pid that the sleeping notebook printed, from its autosaved copy or the list of processes. */
  async function until<T>(find: () => T | undefined, what: string): Promise<T> {
    for (let i = 0; i < 300; i++) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`${what} did not come`);
  }

  needsPython(
    "kill -9 loses the running notebook alone, and its kernel ends by itself",
    async () => {
      const pidFile = join(makeFolder(), "pid");
      const root = makeProject([
        SLEEP.replace(
          "print(",
          `print(open(${JSON.stringify(pidFile)}, 'w').write(str(os.getpid())), `,
        ),
        WRITE_B,
      ]);
      const { child, ended } = start(["reproduce"], { cwd: root });
      const read = () =>
        existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) || undefined : undefined;
      const pid = await until(read, "the kernel");
      child.kill("SIGKILL");
      await ended;
      await until(() => (isAlive(pid) ? undefined : true), "the end of the kernel");
      edit(root, "02-b", "time.sleep(60)", "time.sleep(0)");
      const draft = join(root, `runs/quick/artifacts/b.txt.${pid}.0.tmp`);
      writeFileSync(draft, "half");
      utimesSync(draft, 1e9, 1e9); // long ago
      const { code, statuses } = await reproduce(root);
      expect(existsSync(draft)).toBe(false);
      expect(statuses).toEqual({ "01-a": "current", "02-b": "completed" });
      expect(code).toBe(0);
    },
  );

  test("a training that was killed goes on from its last epoch, to the same bytes", async () => {
    const folder = makeFolder();
    const whole = makeTraining();
    expect((await reproduce(whole)).code).toBe(0);
    expect(result(whole, "artifacts/log.txt")).toBe("from 0\n");

    const killed = makeTraining(join(folder, "third"));
    const { child, ended } = start(["reproduce"], { cwd: killed });
    await until(() => existsSync(join(folder, "third")) || undefined, "the third epoch");
    child.kill("SIGKILL");
    await ended;
    expect((await reproduce(killed)).code).toBe(0);
    expect(result(killed, "artifacts/log.txt")).toBe("from 3\n");
    const weights = (root: string) => readFileSync(join(root, "runs/quick/artifacts/net.nc"));
    expect(weights(killed).equals(weights(whole))).toBe(true);
    expect(existsSync(join(killed, "runs/quick/.state/checkpoints/01-train"))).toBe(false);
  }, 240_000); // three runs that load the training engine

  needsPython("Ctrl-C leaves no process behind, also of a cell that does not listen", async () => {
    const pidFile = join(makeFolder(), "pid");
    const deaf = `import os, signal, subprocess, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"])
print(open(${JSON.stringify(pidFile)}, "w").write(f"{os.getpid()} {child.pid}"), flush=True)
time.sleep(600)`;
    const { child, ended } = start(["reproduce"], { cwd: makeProject([deaf, WRITE_B]) });
    const read = () => (existsSync(pidFile) && readFileSync(pidFile, "utf8")) || undefined;
    const pids = (await until(read, "the kernel")).split(" ").map(Number);
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    for (const pid of pids) await until(() => (isAlive(pid) ? undefined : true), `end of ${pid}`);
  });

  needsPython(
    "a second run in the folder ends with 4; Ctrl-C ends the first with 130",
    async () => {
      const root = makeProject([SLEEP, WRITE_B]);
      const { child, ended, said } = start(["reproduce"], { cwd: root });
      await said("02-b: running");
      const second = await reproduce(root);
      expect(second.stderr).toContain(`a lock held by process ${child.pid}`);
      expect(second.code).toBe(4);
      await new Promise((done) => setTimeout(done, 3000));
      child.kill("SIGINT");
      const first = await ended;
      expect(first.code).toBe(130);
      expect(first.stderr).toContain("KeyboardInterrupt");
      expect(existsSync(join(root, "runs/quick/.lock"))).toBe(false);
      expect((await reproduce(root, "--explain")).statuses).toEqual({
        "01-a": "current",
        "02-b": "would-run",
      });
    },
  );

  needsPython("a disk that is full while a notebook writes ends with 4", async () => {
    const root = makeProject(["print('x' * 200_000)", WRITE_B]);
    const before = ["bash", "-c", 'ulimit -f 60; exec "$@"', "bash"];
    const { code, stderr } = await carbonbook(["reproduce"], { cwd: root, before });
    expect(stderr).toContain("a full disk or quota");
    expect(code).toBe(4);
    expect((await reproduce(root)).statuses).toEqual({ "01-a": "current", "02-b": "completed" });
  });
});

describe("what is made of a run", () => {
  needsPython(
    "claims, RO-Crate, codecheck.yml and clean",
    async () => {
      const root = makeProject();
      const manifest = {
        version: 1,
        studies: [
          {
            id: "s1",
            title: "A paper",
            reference: "https://doi.org/10.1/x",
            authors: [{ name: "A. B.", orcid: "0000-0002-1825-0097" }],
          },
        ],
        figures: [],
        claims: [
          { id: "c1", study: "s1", claim: "it rises", paper: "3" },
          { id: "c2", study: "s1", claim: "it falls", paper: "4" },
        ],
      };
      writeFileSync(join(root, "notebooks/figures.json"), JSON.stringify(manifest));
      put(
        root,
        "03-c",
        [
          "import json, os\nos.makedirs(runFolder + '/claims', exist_ok=True)",
          "json.dump([{'id': 'c1', 'ours': '3.1', 'verdict': 'holds'}], open(runFolder + '/claims/03-c.json', 'w'))",
        ],
        { outputs: ["claims/03-c.json"] },
      );
      expect((await reproduce(root)).code).toBe(0);
      const claims = await carbonbook(["claims", "--json"], { cwd: root });
      expect(JSON.parse(claims.stdout)).toMatchObject([
        { id: "c1", paper: "3", ours: "3.1", verdict: "holds" },
        { id: "c2", paper: "4", ours: "", verdict: "not judged" },
      ]);
      checkCrate(JSON.parse(result(root, "ro-crate-metadata.json")), join(root, "runs/quick"));
      const codecheck = await carbonbook(["export", "codecheck", "--study", "s1"], { cwd: root });
      expect(codecheck.stdout).toMatch(
        /^---\nversion: https:\/\/codecheck.org.uk\/spec\/config\/2.0\/\n/,
      );
      expect(codecheck.stdout).toContain("ORCID: 0000-0002-1825-0097");
      const run = () => JSON.parse(result(root, "run.json")).notebooks;
      const before = run();
      expect((await reproduce(root, "--only", "s1", "--force")).code).toBe(0);
      expect(run().map((n: { status: string }) => n.status)).toEqual([
        "completed",
        "earlier",
        "earlier",
      ]);
      expect(run()[1].record).toEqual(before[1].record);
      expect(run()[1].record.origin).toMatchObject({
        code: { commit: null, dirty: null },
        versions: { node: process.version },
        host: { name: hostname() },
      });
      expect(result(root, "index.html")).toContain("Notebook 02-b");
      expect((await carbonbook(["clean", "--yes"], { cwd: root })).code).toBe(0);
      expect(existsSync(join(root, "runs/quick"))).toBe(false);
      expect((await carbonbook(["claims"], { cwd: root })).code).toBe(3);
    },
    180_000,
  ); // ten command lines
});

/**
 * A project of one notebook that trains for six epochs.
 *
 * @param third a file that it makes after the third epoch if it is not there, to wait for its end
 */
function makeTraining(third = "/"): string {
  const root = makeFolder();
  mkdirSync(join(root, "notebooks"));
  symlinkSync(fileURLToPath(new URL("../../lib", import.meta.url)), join(root, "lib"));
  const cells = [
    { source: 'let runFolder: string = ""; // where to write', tags: ["parameters"] },
    `import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { checkpointFile } from "carbonbook/kernel";
import { arraySource, mlp, resumable, train, writeCheckpoint } from "carbonbook/learn";
const network = mlp({ features: 1, hidden: [4], outputs: 1, dropout: 0.25 });
const x = Float32Array.from({ length: 20 }, (_, i) => i / 20);
const data = { train: arraySource({ x: { data: x, shape: [20, 1] }, y: { data: x, shape: [20, 1] } }) };
const { resume, onEpoch } = await resumable(checkpointFile("net.nc"), network);
appendFileSync(runFolder + "/artifacts/log.txt", \`from \${resume?.history.length ?? 0}\\n\`);`,
    `const { state } = await train(network, data, {
  loss: { kind: "mse" }, batchSize: 8, epochs: 6, seed: 5, learningRate: 0.01,
  ...(resume && { resume }),
  onEpoch: async (record, state) => {
    await onEpoch?.(record, state);
    if (state.history.length !== 3 || existsSync(${JSON.stringify(third)})) return;
    writeFileSync(${JSON.stringify(third)}, "");
    await new Promise(() => setTimeout(() => undefined, 600_000));
  },
});
await writeCheckpoint(runFolder + "/artifacts/net.nc", network, state);`,
  ];
  const kernelspec = { name: "carbonbook", display_name: "TypeScript", language: "typescript" };
  writeSample(join(root, "notebooks", "01-train.ipynb"), cells, {
    kernelspec,
    language_info: { name: "typescript" },
    carbonbook: { study: "s1", outputs: ["artifacts/net.nc", "artifacts/log.txt"] },
  });
  return root;
}
