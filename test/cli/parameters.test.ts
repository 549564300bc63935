import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasPython, makeFolder, writeSample } from "../notebook/samples.js";
import { carbonbook } from "./bin.js";

const needsPython = test.skipIf(!hasPython);

/** A notebook of some cells, and where its copy goes. */
function notebook(cells: Parameters<typeof writeSample>[1]) {
  const folder = makeFolder();
  const input = writeSample(join(folder, "in.ipynb"), cells);
  return { input, output: join(folder, "out.ipynb"), folder };
}

describe("parameters on the command line", () => {
  const cells = [
    { source: "a = 1 # first\nb: str = 'x' # second", tags: ["parameters"] },
    "print(repr(a), repr(b))",
  ];

  needsPython("merge in papermill's order, the later wins", async () => {
    const { input, output, folder } = notebook(cells);
    const file = join(folder, "p.yaml");
    writeFileSync(file, "a: 2\nb: file");
    const base64 = Buffer.from("a: 1.5\nb: base64").toString("base64");
    const texts = async (...more: string[]) => {
      await carbonbook(["run", input, output, "--prepare-only", "-b", base64, ...more]);
      return JSON.parse(readFileSync(output, "utf8")).cells[1].source.join("");
    };
    expect(await texts()).toBe('# Parameters\na = 1.5\nb = "base64"\n');
    expect(await texts("-f", file)).toBe('# Parameters\na = 2\nb = "file"\n');
    expect(await texts("-p", "a", "-4", "-f", file, "-y", "a: 3")).toBe(
      '# Parameters\na = -4\nb = "file"\n',
    );
    expect(await texts("-r", "b", "raw", "-p", "b", "7")).toBe(
      '# Parameters\na = 1.5\nb = "raw"\n',
    );
    expect(await texts("-y", "b: 2001-01-01")).toBe('# Parameters\na = 1.5\nb = "2001-01-01"\n');
  });

  test("an unknown name is wrong usage, and lists the known ones", async () => {
    const { input, output } = notebook(cells);
    const { code, stderr } = await carbonbook(["run", input, output, "-p", "c", "1"]);
    expect(stderr).toContain(
      'parameter "c": expected one of a: number, b: str, got an unknown name',
    );
    expect(code).toBe(2);
  });

  test("paths are templates", async () => {
    const { input, folder } = notebook(cells);
    const output = join(folder, "out-{a}-{{b}}.ipynb");
    await carbonbook(["run", input, output, "--prepare-only", "-p", "a", "2.50"]);
    expect(readFileSync(join(folder, "out-2.5-{b}.ipynb"), "utf8")).toContain("a = 2.5");
  });

  test("are read as PyYAML and papermill read them, in papermill's spelling, too", async () => {
    const { input, output } = notebook(["print(1)"]);
    const { code, stderr } = await carbonbook([
      ...["run", input, output, "--prepare-execute", "--prepare-only", "--allow-unknown"],
      ...["--parameters_yaml", "n: 3\ny: 1.0\nlist: [on, 1.5, 2., {x: 0x1F}]", "-p", "e", "1e3"],
      ...["--parameters_raw", "r", "1", "--start_timeout", "5", "--log-level", "ERROR"],
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    const { cells, metadata } = JSON.parse(readFileSync(output, "utf8"));
    expect(cells[0].source.join("")).toBe(
      '# Parameters\nn = 3\ny = 1.0\nlist = [True, 1.5, 2.0, {"x": 31}]\ne = 1000.0\nr = "1"\n',
    );
    expect(metadata.papermill.parameters).toMatchObject({ y: 1, list: [true, 1.5, 2, { x: 31 }] });
  });

  test("--prepare-only leaves the outputs as they are, and says nothing of a run", async () => {
    const { input, output } = notebook(cells);
    const before = JSON.parse(readFileSync(input, "utf8"));
    const text = { output_type: "stream", name: "stdout", text: ["kept\n"] };
    Object.assign(before.cells[1], { outputs: [text], execution_count: 7 });
    writeFileSync(input, JSON.stringify(before));
    await carbonbook(["run", input, output, "--prepare-only", "-p", "a", "2"]);
    const after = JSON.parse(readFileSync(output, "utf8"));
    expect(after.cells[2]).toMatchObject({ outputs: [text], execution_count: 7 });
    expect(after.cells[2].metadata.papermill).toEqual({});
    expect(after.cells[1].metadata).toEqual({ tags: ["injected-parameters"] });
    expect(after.metadata.papermill).not.toHaveProperty("start_time");
  });

  test("a notebook that is piped in, or out, needs no name", async () => {
    const { input, output } = notebook(cells);
    const piped = ["bash", "-c", `cat ${input} | "$@" | cat`, "bash"];
    const { stdout } = await carbonbook(["run", "--prepare-only", "-p", "a", "3"], {
      before: piped,
    });
    expect(JSON.parse(stdout).cells[1].source).toContain("a = 3\n");
    await carbonbook(["run", output, "--prepare-only", "-p", "a", "4"], { before: piped });
    expect(readFileSync(output, "utf8")).toContain("a = 4");
  });

  test("--help-notebook prints name, type, default and comment", async () => {
    const { input } = notebook(cells);
    const { code, stdout } = await carbonbook(["run", input, "--help-notebook"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "  a: number (default 1)\n      first\n  b: str (default 'x')\n      second\n",
    );
  });

  needsPython("--inject-paths, - for stdout, and --log-output", async () => {
    const { input } = notebook(["print(PAPERMILL_INPUT_PATH)"]);
    const { code, stdout, stderr } = await carbonbook([
      "run",
      input,
      "-",
      "--inject-paths",
      "--allow-unknown",
      "--log-output",
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).cells[1].outputs[0].text).toEqual([`${input}\n`]);
    expect(stderr).toContain(input);
  });
});
