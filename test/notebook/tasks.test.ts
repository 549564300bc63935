import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { formatTask, readTask, runTasks } from "carbonbook/parallel";
import { expect, test } from "vitest";
import { openGraph } from "../../lib/notebook/reproduce.js";
import { listUnits } from "../../lib/notebook/unit.js";
import { carbonbook } from "../cli/bin.js";
import { makeClusterProject } from "./cluster-project.js";
import { makeFolder } from "./samples.js";

const SUM = "55 5 2"; // 0 + 1 + 4 + 9 + 16 + 25; the last round's values

test("rounds and notebooks run as tasks, once; the second call says that nothing is to do", async () => {
  const root = makeClusterProject();
  const run = (...ids: string[]) => carbonbook(["run-task", "--root", root, ...ids]);
  const early = await run("02-double");
  expect(early.stderr).toContain("02-double: artifacts/sum.txt is not there");
  expect(early.code).toBe(3);
  const rounds = await run("01-sum/squares");
  expect(rounds.stderr).toContain("01-sum/squares/5: completed");
  const notebook = await run("01-sum", "02-double");
  expect(notebook.stderr).toContain("02-double: completed");
  expect(notebook.code).toBe(0);
  expect(readFileSync(join(root, "runs/quick/artifacts/sum.txt"), "utf8")).toBe(SUM);
  const again = await run("01-sum/squares/3", "01-sum", "02-double");
  for (const id of ["01-sum/squares/3", "01-sum", "02-double"])
    expect(again.stderr).toContain(`${id}: up to date, nothing to do`);
  const kept = await readTask(join(root, "runs/quick"), "01-sum/squares/3");
  expect(kept?.value).toEqual({ square: 9, values: Float64Array.of(3, 2) });
  expect(kept?.result).toMatchObject({ exitCode: 0, parameters: { scale: 2 } });
  expect(kept?.result.hash).toMatch(/^[0-9a-f]{64}$/);
});

test("the local run takes the rounds in worker threads and agrees with the tasks", async () => {
  const root = makeClusterProject();
  const local = await carbonbook(["reproduce", "--root", root, "--only", "02"]);
  expect(local.code).toBe(0);
  expect(readFileSync(join(root, "runs/quick/artifacts/double.txt"), "utf8")).toBe(
    `${SUM}\n${SUM}`,
  );
  const again = await carbonbook(["run-task", "--root", root, "01-sum/squares", "02-double"]);
  expect(again.stderr.match(/nothing to do/g)).toHaveLength(7);
  writeFileSync(
    join(root, "notebooks/rounds.mjs"),
    "export const square = () => ({ square: 1, values: [] })",
  );
  const changed = await carbonbook(["reproduce", "--root", root, "--only", "01", "--explain"]);
  expect(changed.stdout).toContain("01-sum  would run: loop squares changed");
});

test("a round that fails is told by name, keeps the others and is run again", async () => {
  const root = makeClusterProject();
  await carbonbook(["run-task", "--root", root, "01-sum/squares/0"]);
  const flag = join(root, "runs/quick/fail-4");
  writeFileSync(flag, "");
  const failed = await carbonbook(["run-task", "--root", root, "01-sum/squares"]);
  expect(failed.stderr).toContain("01-sum/squares/4: told to fail");
  expect(failed.stderr).toContain("01-sum/squares/5: completed");
  expect(failed.code).toBe(1);
  const local = await carbonbook(["reproduce", "--root", root, "--only", "01"]);
  expect(local.stderr).toContain("task 01-sum/squares/4: expected its result, got told to fail");
  rmSync(flag);
  const mended = await carbonbook(["run-task", "--root", root, "01-sum/squares"]);
  expect(mended.stderr.match(/nothing to do/g)).toHaveLength(5);
  expect(mended.code).toBe(0);
});

test("a task that is not there is refused with those that are; a damaged result counts as none", async () => {
  const root = makeClusterProject();
  const wrong = await carbonbook(["run-task", "--root", root, "01-sum/cubes/1"]);
  expect(wrong.stderr).toContain(
    'one of 01-sum/squares/0 to 5, 01-sum, 02-double, 03-apart, got "01-sum/cubes/1"',
  );
  expect(wrong.code).toBe(2);
  await carbonbook(["run-task", "--root", root, "01-sum/squares/1"]);
  const path = join(root, "runs/quick/.tasks/01-sum/squares/1.task");
  expect(existsSync(path)).toBe(true);
  writeFileSync(path, readFileSync(path).subarray(0, -1));
  const again = await carbonbook(["run-task", "--root", root, "01-sum/squares/1"]);
  expect(again.stderr).toContain("01-sum/squares/1: completed");
});

test("by hand a loop runs in worker threads, whatever their number", async () => {
  const root = makeClusterProject();
  const loop = {
    name: "squares",
    module: relative(process.cwd(), join(root, "notebooks/rounds.mjs")),
    run: "square",
    count: 5,
    parameters: { scale: 3, wait: 0 },
    runFolder: root,
  };
  const one = await runTasks(loop, { workers: 1 });
  expect(one[4]).toEqual({ square: 16, values: Float64Array.of(4, 3) });
  expect(await runTasks(loop, { workers: 3 })).toEqual(one);
  await expect(runTasks({ ...loop, run: "cube" })).rejects.toThrow(
    "expected a function named cube, got half, square",
  );
});

test("a loop that comes after another is told its values, and starts anew when the other does", async () => {
  const root = makeClusterProject({ loops: "two" });
  const early = await carbonbook(["run-task", "--root", root, "01-sum/halves/0"]);
  expect(early.stderr).toContain("task 01-sum/squares/0: expected its result, got none");
  expect(early.code).toBe(3);
  const local = await carbonbook(["reproduce", "--root", root, "--only", "01"]);
  expect(local.code).toBe(0);
  expect(readFileSync(join(root, "runs/quick/artifacts/halves.txt"), "utf8")).toBe("20 35");
  const notebook = join(root, "notebooks/01-sum.ipynb");
  const text = readFileSync(notebook, "utf8");
  writeFileSync(notebook, text.replace("let scale: number = 2", "let scale: number = 4"));
  const explained = await carbonbook(["reproduce", "--root", root, "--only", "01", "--explain"]);
  expect(explained.stdout).toMatch(/loop halves changed.*loop squares changed/);
  writeFileSync(notebook, text.replace('"after":["squares"]', '"after":["cubes"]'));
  expect(readFileSync(notebook, "utf8")).not.toBe(text);
  const wrong = await carbonbook(["reproduce", "--root", root]);
  expect(wrong.stderr).toContain(
    'expected in after, loops that are written before it, got "cubes"',
  );
  expect(wrong.code).toBe(3);
});

test.each([
  ["count + 2 * scale", 10],
  ["3", 3],
  ["sizes * scale", 4],
])("a count of %s rounds is %i", async (count, rounds) => {
  const root = countedProject(count);
  const units = listUnits(await openGraph(root), "quick");
  expect(units.find(({ name }) => name === "01-sum/squares")?.tasks).toHaveLength(rounds);
});

test("a count that is no number, or comes to nothing, is refused", async () => {
  const refused = async (count: string) => {
    const graph = await openGraph(countedProject(count));
    return () => listUnits(graph, "quick");
  };
  expect(await refused("count + more")).toThrow("the parameter more, got no such parameter");
  expect(await refused("count * 0")).toThrow("a whole number > 0 in count * 0, got 0");
  await expect(refused("count - 1")).rejects.toThrow("metadata.carbonbook.tasks");
});

/** A project whose loop has that many rounds; parameters count = 6, scale = 2, sizes = two numbers. */
function countedProject(count: string): string {
  const root = makeClusterProject();
  const path = join(root, "notebooks/01-sum.ipynb");
  const text = readFileSync(path, "utf8")
    .replace('"count":"count"', `"count":"${count}"`)
    .replace("let scale: number = 2;", "let scale: number = 2;\\nlet sizes: number[] = [1, 2];");
  writeFileSync(path, text);
  return root;
}

test("a round that was killed finds its checkpoints again; one that ended well leaves none", async () => {
  const root = makeClusterProject();
  writeFileSync(
    join(root, "notebooks/rounds.mjs"),
    `import { existsSync, mkdirSync } from "node:fs";
     export function square({ checkpoints, index }) {
       if (existsSync(checkpoints)) return { square: index, values: [] };
       mkdirSync(checkpoints, { recursive: true });
       process.kill(process.pid, "SIGKILL");
     }`,
  );
  const run = () => carbonbook(["run-task", "--root", root, "01-sum/squares/0"]);
  const folder = join(root, "runs/quick/.tasks/01-sum/squares/0.checkpoints");
  await run();
  expect(existsSync(folder)).toBe(true);
  const again = await run();
  expect(again.stderr).toContain("01-sum/squares/0: completed");
  expect(existsSync(folder)).toBe(false);
});

test("rounds that run report their share, and stop at the next report when they are asked to", async () => {
  const folder = makeFolder();
  const module = join(folder, "slow.mjs");
  writeFileSync(
    module,
    `import { setTimeout } from "node:timers/promises";
     export async function slow({ report, signal }) {
       for (let i = 0; i < 1000; i++) {
         report(0.5);
         signal.throwIfAborted();
         await setTimeout(10);
       }
     }`,
  );
  const loop = { name: "slow", module: relative(process.cwd(), module), run: "slow", count: 2 };
  const stop = new AbortController();
  const run = runTasks(
    { ...loop, parameters: {}, runFolder: folder },
    {
      workers: 2,
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 1) stop.abort(new Error("enough")); // both are half done
      },
    },
  );
  await expect(run).rejects.toThrow("enough");
});

test("the bytes of a value do not tell who made it", () => {
  const [start, seconds] = ["2026-01-01T00:00:00.000Z", 1];
  const result = {
    version: 1,
    id: "a/b/0",
    hash: "",
    exitCode: 0,
    start,
    end: start,
    seconds,
    host: "",
  } as const;
  const value = { list: [0.5, 1, 1.5].map((v) => 2 * v), text: `${"long, ".repeat(20)}`.slice(3) };
  const made = formatTask(result, { value });
  expect(made).toEqual(formatTask(result, { value: structuredClone(value) }));
});
