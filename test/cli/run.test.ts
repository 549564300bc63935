import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metadata } from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { hasPython, makeFolder, writeSample } from "../notebook/samples.js";
import { carbonbook, start } from "./bin.js";

const needsPython = test.skipIf(!hasPython);

const TYPESCRIPT: Metadata = {
  kernelspec: { name: "carbonbook", display_name: "TypeScript", language: "typescript" },
  language_info: { name: "typescript" },
};

/** A notebook of some cells, and where its copy goes. */
function notebook(cells: Parameters<typeof writeSample>[1], metadata?: Metadata) {
  const folder = makeFolder();
  const input = writeSample(join(folder, "in.ipynb"), cells, metadata);
  return { input, output: join(folder, "out.ipynb"), folder };
}

describe("usage", () => {
  test("--version prints the version of the package", async () => {
    const { code, stdout } = await carbonbook(["--version"]);
    expect([code, stdout]).toEqual([0, "0.1.0\n"]);
  });

  test.each([["--help"], ["run", "--help"], ["reproduce", "--help"], ["data", "fetch", "--help"]])(
    "%s %s prints help and ends well",
    async (...args) => {
      const { code, stdout } = await carbonbook(args);
      expect(code).toBe(0);
      expect(stdout).toContain("Usage: carbonbook");
    },
  );

  test.each([
    { args: ["nonsense"], says: "unknown command 'nonsense'" },
    { args: ["run"], says: "input: expected a notebook" },
    { args: ["run", "a", "--nonsense"], says: "unknown option '--nonsense'" },
    { args: ["run", "a", "-p", "x"], says: "-p: expected NAME VALUE, got x" },
    { args: ["run", "a", "--engine", "x"], says: "Allowed choices are embedded, nbconvert" },
    { args: ["run", "a", "--start-timeout", "soon"], says: 'expected seconds ≥ 0, got "soon"' },
    {
      args: ["run", "a", "-y", "[1]"],
      says: "-y: parameters: expected name: value pairs, got [1]",
    },
    { args: ["run", "a", "-f", "/nowhere.yaml"], says: "parameters file" },
    { args: ["run", "a", "out-{b}.ipynb"], says: "path template {b}" },
    { args: ["reproduce", "--jobs", "0"], says: "expected a whole number > 0" },
  ])("$args is refused with 2", async ({ args, says }) => {
    const { code, stderr } = await carbonbook(args);
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });
});

describe("exit codes of run", () => {
  test("3: the notebook is missing, or none", async () => {
    const absent = await carbonbook(["run", "/nowhere.ipynb", "/tmp/out.ipynb"]);
    expect([absent.code, absent.stderr]).toEqual([
      3,
      "error: /nowhere.ipynb: notebook: expected a file, got no such file\n",
    ]);
  });

  test("2: the output's folder does not exist", async () => {
    const { input } = notebook(["1"]);
    expect((await carbonbook(["run", input, "/nowhere/out.ipynb"])).code).toBe(2);
  });

  needsPython("0 and plain lines: all cells ran", async () => {
    const { input, output } = notebook(["print(1)"]);
    const { code, stdout, stderr } = await carbonbook(["run", input, output]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^\S+: done in [\d.]+ s\n$/);
  });

  needsPython(
    "1: a cell failed, and stderr names file, cell, error and where to look",
    async () => {
      const { input, output } = notebook(["1", "raise ValueError('too deep')"]);
      const { code, stderr } = await carbonbook(["run", input, output]);
      expect(code).toBe(1);
      expect(stderr).toContain(`${input}, cell 2: ValueError: too deep`);
      expect(stderr).toContain(output);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal controls are the matter
      expect(stderr).not.toMatch(/\u001b/);
    },
  );

  test("3: data that a cell reads are wrong, in our kernel", async () => {
    const read = 'import { open } from "carbonbook/io";\nawait open("/nowhere.nc");';
    const { input, output } = notebook([read], TYPESCRIPT);
    const cwd = new URL("../..", import.meta.url).pathname;
    const { code, stderr } = await carbonbook(["run", input, output, "--cwd", cwd]);
    expect(stderr).toContain("cell 1: DataError: /nowhere.nc");
    expect(code).toBe(3);
  });

  test("1: a cell's own code is wrong, in our kernel", async () => {
    const { input, output } = notebook(["const a = 1;", "undefinedName"], TYPESCRIPT);
    expect((await carbonbook(["run", input, output])).code).toBe(1);
  });

  needsPython("4: the disk is full, and no part of a file stays", async () => {
    const { input, output, folder } = notebook(["print('x' * 100_000)"]);
    const before = ["bash", "-c", 'ulimit -f 20; exec "$@"', "bash"];
    const { code, stderr } = await carbonbook(["run", input, output], { before });
    expect(stderr).toContain("disk: expected room to write, got a full disk or quota");
    expect(code).toBe(4);
    const { cells } = JSON.parse(readFileSync(output, "utf8"));
    expect(cells.length).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(["in.ipynb", "out.ipynb"]);
  });

  test("4: the folder for temporary files is full, and nothing stays in it", async () => {
    const { input, folder } = notebook(["1"], TYPESCRIPT);
    const full = ["bash", "-c", 'ulimit -f 0; exec "$@"', "bash"];
    const TMPDIR = makeFolder();
    const { code, stderr } = await carbonbook(["run", input, "-"], {
      before: full,
      env: { TMPDIR },
    });
    expect(stderr).toContain(
      `${TMPDIR}: folder for temporary files: expected room to write, got a full disk or quota`,
    );
    expect(stderr).toContain("set TMPDIR to a folder that has room");
    expect(code).toBe(4);
    expect([readdirSync(TMPDIR), readdirSync(folder)]).toEqual([[], ["in.ipynb"]]);
  });

  test("1: the folder for temporary files is not there", async () => {
    const { input } = notebook(["1"], TYPESCRIPT);
    const env = { TMPDIR: join(makeFolder(), "none") };
    const { code, stderr } = await carbonbook(["run", input, "-"], { env });
    expect(stderr).toContain(
      `${env.TMPDIR}: folder for temporary files: expected one to write to, got ENOENT; set TMPDIR`,
    );
    expect(code).toBe(1);
  });

  needsPython("124: a cell took too long", async () => {
    const { input, output } = notebook(["import time; time.sleep(60)"]);
    const { code, stderr } = await carbonbook(["run", input, output, "--execution-timeout", "1"]);
    expect(stderr).toContain("cell 1: CellTimeoutError: the cell took longer than 1 s");
    expect(code).toBe(124);
  });

  needsPython("124: also where the cell does not listen to an interrupt", async () => {
    const deaf =
      "import os, signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n" +
      "print('pid', os.getpid(), flush=True)\ntime.sleep(600)";
    const { input, output } = notebook([deaf, "print('never')"]);
    const { code, stderr } = await carbonbook([
      ...["run", input, output, "--execution-timeout", "1", "--log-output"],
    ]);
    expect(stderr).toContain("cell 1: CellTimeoutError: the cell took longer than 1 s");
    expect(code).toBe(124);
    const pid = Number(/pid (\d+)/.exec(stderr)![1]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  needsPython("130: Ctrl-C ends a cell that does not listen, too", async () => {
    const deaf =
      "import os, signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n" +
      "print('pid', os.getpid(), flush=True)\ntime.sleep(600)";
    const { input, output } = notebook([deaf]);
    const { child, ended, said } = start(["run", input, output, "--log-output"]);
    await said("pid ");
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    const pid = Number(/pid (\d+)/.exec(stderr)![1]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  needsPython("138: the kernel died", async () => {
    const { input, output } = notebook(["import os; os._exit(3)"]);
    const { code, stderr } = await carbonbook(["run", input, output]);
    expect(stderr).toContain("cell 1: DeadKernelError: the kernel died (exit code 3)");
    expect(code).toBe(138);
  });

  test("137: our kernel ran out of memory", async () => {
    const limit = 'import v8 from "node:v8"; v8.getHeapStatistics().heap_size_limit / 1e6';
    const eat =
      "const all: number[][] = [];\nfor (;;) all.push(Array.from({ length: 1e5 }, Math.sqrt));";
    const { input, output } = notebook([limit, eat], TYPESCRIPT);
    const { code, stderr } = await carbonbook(["run", input, output], {
      env: { CARBONBOOK_KERNEL_MEMORY_MB: "200" },
    });
    expect(stderr).toContain("cell 2: OutOfMemoryError: the kernel ran out of memory");
    const [value] = JSON.parse(readFileSync(output, "utf8")).cells[1].outputs;
    const limited = Number(value.data["text/plain"].join("")); // and some for the young generation
    expect(limited).toBeGreaterThanOrEqual(200);
    expect(limited).toBeLessThan(300);
    expect(code).toBe(137);
  });

  needsPython("130: Ctrl-C, which leaves the outputs and no kernel", async () => {
    const source = "import os, time\nprint('pid', os.getpid(), flush=True)\ntime.sleep(60)";
    const { input, output } = notebook([source]);
    const { child, ended, said } = start(["run", input, output, "--log-output"]);
    await said("pid ");
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    const pid = Number(/pid (\d+)/.exec(stderr)![1]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(readFileSync(output, "utf8")).toContain("KeyboardInterrupt");
  });
});

needsPython(
  "--json prints one document on stdout and nothing else, also for a failure",
  async () => {
    const { input, output } = notebook(["raise ValueError('x')"]);
    const failed = await carbonbook(["run", input, output, "--json"]);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      input,
      output,
      exitCode: 1,
      failure: { kind: "error", cell: 0, ename: "ValueError" },
    });
    const absent = await carbonbook(["run", "/nowhere.ipynb", output, "--json"]);
    expect(JSON.parse(absent.stdout)).toMatchObject({ exitCode: 3 });
  },
);

needsPython(
  "the nbconvert engine ends with the same codes and keeps the same outputs",
  async () => {
    const { input, output } = notebook([
      "print('kept')",
      "raise ValueError('x')",
      "print('never')",
    ]);
    const { code, stderr } = await carbonbook(["run", input, output, "--engine", "nbconvert"]);
    expect(stderr).toContain("cell 2: ValueError: x");
    expect(code).toBe(1);
    const { cells } = JSON.parse(readFileSync(output, "utf8"));
    const outputs = cells.map((cell: { outputs?: { output_type: string }[] }) =>
      cell.outputs?.map((o) => o.output_type),
    );
    expect(outputs).toEqual([undefined, ["stream"], undefined, ["error"], []]);
  },
);
