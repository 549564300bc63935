import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNotebook } from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { given, run } from "./run-sample.js";
import { hasPython, makeFolder, python, writeSample } from "./samples.js";

const needsPython = test.skipIf(!hasPython);

describe("a run", () => {
  needsPython("replaces the parameters injected by an earlier one", async () => {
    const first = join(makeFolder(), "first.ipynb");
    const input = writeSample(join(makeFolder(), "in.ipynb"), [
      { source: "a = 1", tags: ["parameters"] },
      "print(a)",
    ]);
    await runNotebook({ input, output: first, parameters: given({ a: "2" }) });
    const { cells, code } = await run(first, { parameters: given({ a: "3" }) });
    expect(cells.map((cell) => cell.source)).toEqual([
      "a = 1",
      "# Parameters\na = 3\n",
      "print(a)",
    ]);
    expect(code[2]!.outputs).toMatchObject([{ text: "3\n" }]);
  });

  needsPython("saves after each cell, so that a watcher sees how far it is", async () => {
    const folder = makeFolder();
    const output = join(folder, "out.ipynb");
    const watch = `import time, json
for _ in range(100):
    cells = json.load(open(${JSON.stringify(output)}))["cells"]
    if cells[0]["metadata"]["papermill"]["status"] == "completed": break
    time.sleep(0.1)
else: raise SystemExit("never saved")`;
    const input = writeSample(join(folder, "in.ipynb"), ["print(1)", watch]);
    const { failure } = await runNotebook({ input, output });
    expect(failure).toBeUndefined();
  });

  needsPython("saves while a long cell runs", async () => {
    const folder = makeFolder();
    const output = join(folder, "out.ipynb");
    const input = writeSample(join(folder, "in.ipynb"), [
      `import time, json
print("early", flush=True)
for _ in range(100):
    time.sleep(0.1)
    if "early" in str(json.load(open(${JSON.stringify(output)}))["cells"][0]["outputs"]): break
else: raise SystemExit("never saved")`,
    ]);
    const { failure } = await runNotebook({ input, output, autosaveEvery: 0.2 });
    expect(failure).toBeUndefined();
  });

  needsPython(
    "stops when it is told to, keeps the outputs and leaves no kernel behind",
    async () => {
      const input = writeSample(join(makeFolder(), "in.ipynb"), [
        "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)",
        "print('never')",
      ]);
      const stop = new AbortController();
      const onStream = () => stop.abort();
      const { failure, code } = await run(input, { signal: stop.signal, onStream });
      expect(failure).toMatchObject({ kind: "interrupted", cell: 0 });
      expect(code[1]!.execution_count).toBeNull();
      const pid = Number((code[0]!.outputs[0] as { text: string }).text);
      expect(() => process.kill(pid, 0)).toThrow();
    },
  );

  needsPython("honours skip-execution and raises-exception", async () => {
    const input = writeSample(join(makeFolder(), "in.ipynb"), [
      { source: "raise ValueError('no')", tags: ["skip-execution"] },
      { source: "raise ValueError('yes')", tags: ["raises-exception"] },
      "print('on')",
    ]);
    const { failure, code } = await run(input);
    expect(failure).toBeUndefined();
    expect(code.map((cell) => cell.outputs.map((o) => o.output_type))).toEqual([
      [],
      ["error"],
      ["stream"],
    ]);
  });

  needsPython.each([
    ["DataError", "x.nc: netCDF file: expected ...", "data"],
    ["MissingVariableError", "", "data"],
    ["PositionError", "", "data"],
    ["OSError", "[Errno 28] No space left on device", "busy"],
    ["ValueError", "", "error"],
  ])("tells a %s as a failure of its kind", async (ename, evalue, kind) => {
    const source = `class ${ename}(Exception): pass\nraise ${ename}(${JSON.stringify(evalue)})`;
    const { failure } = await run(writeSample(join(makeFolder(), "in.ipynb"), [source]));
    expect(failure).toMatchObject({ kind, ename, evalue });
  });
});

needsPython("a kernel whose port was taken at the last moment starts again on others", async () => {
  const script = join(makeFolder(), "late.py");
  writeFileSync(script, LATE_KERNEL);
  const { folder, env } = kernelFolder("late", [python, script, "{connection_file}"]);
  const { failure } = await withJupyterPath(folder, () => run(env, { kernel: "late" }));
  expect(failure).toBeUndefined();
  expect(existsSync(join(folder, "taken"))).toBe(true);
});

describe("a run is refused", () => {
  test("for a kernel that is not installed, with those that are", async () => {
    const input = writeSample(join(makeFolder(), "in.ipynb"), ["1"]);
    await expect(run(input, { kernel: "nowhere" })).rejects.toThrow(
      'kernel "nowhere": expected one of ',
    );
  });

  needsPython("for a kernel that reports success for a cell that must fail", async () => {
    const script = join(makeFolder(), "lying.py");
    writeFileSync(script, LYING_KERNEL);
    const { folder, env } = kernelFolder("lying", [python, script, "-f", "{connection_file}"]);
    await expect(withJupyterPath(folder, () => run(env, { kernel: "lying" }))).rejects.toThrow(
      'kernel "lying": expected an error from a cell that must fail, got success',
    );
  });

  test("for a kernel whose program is missing", async () => {
    const { folder, env } = kernelFolder("gone", ["/nowhere/bin/kernel", "{connection_file}"]);
    await expect(withJupyterPath(folder, () => run(env, { kernel: "gone" }))).rejects.toThrow(
      "to start /nowhere/bin/kernel",
    );
  });

  test("for a kernel that dies at its start, with what it said", async () => {
    const { folder, env } = kernelFolder("dying", ["/bin/sh", "-c", "echo no licence >&2; exit 3"]);
    await expect(withJupyterPath(folder, () => run(env, { kernel: "dying" }))).rejects.toThrow(
      /its end \(exit code 3\): no licence/,
    );
  });

  test("for a kernel that does not answer in time", async () => {
    const { folder, env } = kernelFolder("mute", ["/bin/sleep", "60"]);
    await expect(
      withJupyterPath(folder, () => run(env, { kernel: "mute", startTimeout: 0.5 })),
    ).rejects.toThrow("an answer within 0.5 s");
  });

  test("where the output's folder does not exist", async () => {
    const input = writeSample(join(makeFolder(), "in.ipynb"), ["1"]);
    const run = runNotebook({ input, output: join(makeFolder(), "no", "out.ipynb") });
    await expect(run).rejects.toThrow("folder of the output notebook: expected one that exists");
  });

  test("where the output cannot be written, and leaves no part of it", async () => {
    const folder = makeFolder();
    const input = writeSample(join(folder, "in.ipynb"), ["1"]);
    mkdirSync(join(folder, "out.ipynb"));
    await expect(
      runNotebook({ input, output: join(folder, "out.ipynb"), prepareOnly: true }),
    ).rejects.toThrow();
    chmodSync(folder, 0o755);
    expect(existsSync(join(folder, "out.ipynb"))).toBe(true);
  });
});

/** A kernel that never tells of an error. */
const LYING_KERNEL = `
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

class LyingKernel(Kernel):
    implementation, implementation_version, banner = "lying", "1", ""
    language_info = {"name": "python"}
    def do_execute(self, *args, **kwargs):
        return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}

IPKernelApp.launch_instance(kernel_class=LyingKernel)
`;

/** A kernel that finds its port in use when it is started for the first time. */
const LATE_KERNEL = `
import json, os, socket, sys

marker = os.path.join(os.environ["JUPYTER_PATH"], "taken")
taken = socket.socket()
if not os.path.exists(marker):
    open(marker, "w").close()
    taken.bind(("127.0.0.1", json.load(open(sys.argv[1]))["shell_port"]))
    taken.listen()

from ipykernel.kernelapp import IPKernelApp
IPKernelApp.launch_instance(["-f", sys.argv[1]])
`;

/** A folder for JUPYTER_PATH with one kernel, and a notebook. */
function kernelFolder(name: string, argv: readonly string[]): { folder: string; env: string } {
  const folder = makeFolder();
  mkdirSync(join(folder, "kernels", name), { recursive: true });
  const spec = { argv, display_name: name, language: "python" };
  writeFileSync(join(folder, "kernels", name, "kernel.json"), JSON.stringify(spec));
  return { folder, env: writeSample(join(folder, "in.ipynb"), ["1"]) };
}

async function withJupyterPath<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const before = process.env.JUPYTER_PATH;
  process.env.JUPYTER_PATH = folder;
  try {
    return await action();
  } finally {
    if (before === undefined) delete process.env.JUPYTER_PATH;
    else process.env.JUPYTER_PATH = before;
  }
}
