import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CodeCell,
  type Metadata,
  type Output,
  type RunOptions,
  readNotebook,
  tagsOf,
} from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { given, run } from "./run-sample.js";
import { has, hasPython, hasSamples, makeFolder, samples } from "./samples.js";

const needsSamples = test.skipIf(!hasPython || !hasSamples);

function papermill(name: string, options: Partial<RunOptions> = {}) {
  return run(join(samples, "papermill", `${name}.ipynb`), options);
}

function statuses(cells: readonly { metadata: Metadata }[]): unknown[] {
  return cells.map(({ metadata }) => (metadata.papermill as Metadata | undefined)?.status);
}

// what papermill/tests/test_execute.py states of its notebooks
describe("papermill's notebooks end as papermill says", () => {
  needsSamples(
    "simple_execute: parameters after their cell, metadata of notebook and cells",
    async () => {
      const {
        cells,
        code,
        papermill: block,
        failure,
      } = await papermill("simple_execute", {
        parameters: given({ msg: "Hello" }),
      });
      expect(failure).toBeUndefined();
      expect(cells[1]!.source).toBe('# Parameters\nmsg = "Hello"\n');
      expect(tagsOf(cells[1]!)).toEqual(["injected-parameters"]);
      expect(code[2]!.outputs).toEqual([
        { output_type: "stream", name: "stdout", text: "Hello\n" },
      ]);
      expect(statuses(cells)).toEqual(["completed", "completed", "completed", "completed"]);
      expect(Object.keys(block).sort()).toEqual([
        "default_parameters",
        "duration",
        "end_time",
        "environment_variables",
        "exception",
        "input_path",
        "output_path",
        "parameters",
        "start_time",
        "version",
      ]);
      expect(block.parameters).toEqual({ msg: "Hello" });
      expect(block.exception).toBeNull();
      expect(block.start_time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/);
      expect(Object.keys(cells[0]!.metadata.papermill as Metadata).sort()).toEqual([
        "duration",
        "end_time",
        "exception",
        "start_time",
        "status",
      ]);
    },
  );

  needsSamples("no_parameters: the injected cell comes first, with a warning", async () => {
    const warnings: string[] = [];
    const { cells } = await papermill("no_parameters", {
      parameters: given({ msg: 'a "b"' }),
      unknown: "allow",
      onWarning: (text) => warnings.push(text),
    });
    expect(cells[0]!.source).toBe('# Parameters\nmsg = "a \\"b\\""\n');
    expect(warnings).toEqual([
      "Passed unknown parameter: msg",
      "Input notebook does not contain a cell with tag 'parameters'",
    ]);
  });

  needsSamples("broken1: old banners go, new ones come, later cells stay pending", async () => {
    const { cells, papermill: block, failure } = await papermill("broken1");
    const of = (i: number) => cells[i] as CodeCell;
    expect(failure).toMatchObject({ kind: "error", ename: "AssertionError" });
    expect(cells[0]!.source).toMatch(
      /^<span .*<a href="#papermill-error-cell".*In \[2\].*<\/span>$/,
    );
    expect(tagsOf(cells[0]!)).toEqual(["papermill-error-cell-tag"]);
    expect(of(2).execution_count).toBe(1);
    const kinds = cells.slice(3, 6).map((cell) => cell.cell_type);
    expect(kinds).toEqual(["markdown", "markdown", "markdown"]);
    expect(cells[5]!.source).toMatch(/^<span id="papermill-error-cell" .*<\/span>$/);
    expect(of(6).execution_count).toBe(2);
    expect(of(6).outputs[0]!.output_type).toBe("error");
    expect(of(7).execution_count).toBeNull();
    expect(statuses([of(2), of(6), of(7)])).toEqual(["completed", "failed", "pending"]);
    expect(block.exception).toBe(true);
  });

  needsSamples("broken2: outputs before the error are kept", async () => {
    const { cells } = await papermill("broken2");
    expect(cells[2]!.source).toContain('id="papermill-error-cell"');
    expect((cells[3] as CodeCell).outputs.map((o) => o.output_type)).toEqual([
      "display_data",
      "error",
    ]);
    expect((cells[4] as CodeCell).execution_count).toBeNull();
  });

  needsSamples.each(["sysexit", "sysexit0", "systemexit"])(
    "%s ends early, and well",
    async (name) => {
      const { code, failure, papermill: block } = await papermill(name);
      expect(failure).toBeUndefined();
      expect(code[1]!.outputs[0]).toMatchObject({ output_type: "error", ename: "SystemExit" });
      expect(code[2]!.execution_count).toBeNull();
      expect(block.exception).toBeNull();
    },
  );

  needsSamples("sysexit1 fails", async () => {
    expect((await papermill("sysexit1")).failure).toMatchObject({
      ename: "SystemExit",
      evalue: "1",
    });
  });

  needsSamples("line_magic_error: an error that only the reply tells of is one", async () => {
    const { failure, code } = await papermill("line_magic_error");
    expect(failure?.kind).toBe("error");
    expect(code[0]!.outputs.some((output) => output.output_type === "error")).toBe(true);
    expect(code[1]!.execution_count).toBeNull();
  });

  needsSamples("read_check: the kernel runs in --cwd, which is recorded", async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, "check.txt"), "here");
    const { failure, notebook } = await papermill("read_check", { cwd });
    expect(failure).toBeUndefined();
    expect(notebook.metadata["carbonbook-run"]).toEqual({ cwd, engine: "embedded" });
  });

  needsSamples("report_mode_test: the inputs are hidden", async () => {
    const { code } = await papermill("report_mode_test", {
      reportMode: true,
      parameters: given({ a: "2" }),
    });
    const hidden = code.map((cell) => (cell.metadata.jupyter as Metadata).source_hidden);
    expect(hidden).toEqual([true, true, true, true]);
    expect(code[3]!.outputs).toMatchObject([{ text: "3\n" }]);
  });

  needsSamples(
    "result_no_exec: a parameters cell of an earlier run is read and followed",
    async () => {
      const { cells } = await papermill("result_no_exec", { parameters: given({ foo: "2" }) });
      expect(cells.map((cell) => cell.source)).toContain("# Parameters\nfoo = 2\n");
    },
  );

  needsSamples(
    "broken, s3-simple_notebook, test_notebooknode_io: each as its cells say",
    async () => {
      const [broken, simple, hello] = await Promise.all([
        papermill("broken"),
        papermill("s3/s3_in/s3-simple_notebook", { parameters: given({ msg: "Hallo" }) }),
        papermill("test_notebooknode_io"),
      ]);
      expect(broken.failure).toMatchObject({ kind: "error", cell: 0, ename: "SyntaxError" });
      expect(simple.code[2]!.outputs).toMatchObject([{ text: "Hallo\n" }]);
      expect(hello.code[0]!.outputs).toMatchObject([{ text: "Hello World\n" }]);
    },
  );

  needsSamples("notimplemented_translator: runs where no parameter is passed", async () => {
    const { cells } = await papermill("notimplemented_translator", { prepareOnly: true });
    expect(cells.length).toBe(1);
  });

  needsSamples("nb_version_4.4 is written as 4.5 with ids", async () => {
    const { output } = await papermill("nb_version_4.4");
    const written = JSON.parse(readFileSync(output, "utf8"));
    expect([written.nbformat, written.nbformat_minor]).toEqual([4, 5]);
    expect(written.cells.every((cell: { id: string }) => cell.id.length === 8)).toBe(true);
  });
});

// as nbclient/tests/test_client.py compares: addresses and tracebacks aside
describe("nbclient's notebooks put out what they state", () => {
  needsSamples.each([
    "Check History in Memory",
    "Clear Output",
    "Empty Cell",
    "Factorials",
    "HelloWorld",
    "SVG",
    "Skip Exceptions with Cell Tags",
    "Skip Execution with Cell Tag",
    "Unicode",
    "UnicodePy3",
    "update-display-id",
    "Inline Image",
  ])("%s", async (name) => {
    const input = join(samples, "nbclient", `${name}.ipynb`);
    const stated = (await readNotebook(input)).cells.flatMap((c) =>
      c.cell_type === "code" ? [c.outputs] : [],
    );
    const cwd = name === "Inline Image" ? imageFolder(stated) : makeFolder();
    const { code, failure } = await run(input, { cwd });
    expect(failure).toBeUndefined();
    expect(code.map((cell) => cell.outputs.map(comparable))).toEqual(
      stated.map((o) => o.map(comparable)),
    );
  });

  needsSamples("Other Comms: a comm that nobody here knows does no harm", async () => {
    const folder = makeFolder();
    if (!has("comm")) writeFileSync(join(folder, "comm.py"), COMM);
    const input = join(samples, "nbclient", "Other Comms.ipynb");
    const { failure, notebook } = await run(input, { env: { PYTHONPATH: folder } });
    expect(failure).toBeUndefined();
    expect(notebook.metadata.widgets).toBeUndefined();
  });

  needsSamples("Error, and what of it is kept", async () => {
    const { failure } = await run(join(samples, "nbclient", "Error.ipynb"));
    expect(failure).toMatchObject({
      kind: "error",
      cell: 0,
      ename: "ZeroDivisionError",
      evalue: "division by zero",
    });
  });

  needsSamples("Disable Stdin: nobody is asked", async () => {
    const { failure } = await run(join(samples, "nbclient", "Disable Stdin.ipynb"));
    expect(failure?.ename).toBe("StdinNotImplementedError");
  });

  needsSamples("Autokill: a dead kernel is seen at once and named", async () => {
    const { failure, cells } = await run(join(samples, "nbclient", "Autokill.ipynb"));
    expect(failure).toMatchObject({ kind: "dead", cell: 0, evalue: "the kernel died (SIGTERM)" });
    expect((cells[2] as CodeCell).outputs).toMatchObject([{ ename: "DeadKernelError" }]);
  });

  needsSamples("Interrupt: a cell beyond its time is stopped, with its traceback", async () => {
    const { failure, code } = await run(join(samples, "nbclient", "Interrupt.ipynb"), {
      cellTimeout: 1,
    });
    expect(failure).toMatchObject({
      kind: "timeout",
      cell: 0,
      evalue: "the cell took longer than 1 s",
    });
    expect(code[0]!.outputs).toMatchObject([
      { ename: "KeyboardInterrupt" },
      { ename: "CellTimeoutError" },
    ]);
  });

  needsSamples("Parallel Execute: two kernels at once do not take each other's ports", async () => {
    const env = { NBEXECUTE_TEST_PARALLEL_TMPDIR: makeFolder() };
    const both = ["A", "B"].map((name) =>
      run(join(samples, "nbclient", `Parallel Execute ${name}.ipynb`), { env }),
    );
    expect((await Promise.all(both)).map(({ failure }) => failure)).toEqual([undefined, undefined]);
  });
});

/** The package comm, where it is older than its split from ipykernel. */
const COMM = `from ipykernel.comm import Comm
def create_comm(target_name, data):
    return Comm(target_name, data)
`;

function imageFolder(stated: readonly Output[][]): string {
  const folder = makeFolder();
  const result = stated[1]![0]! as { data: Record<string, string> };
  writeFileSync(join(folder, "python.png"), Buffer.from(result.data["image/png"]!, "base64"));
  return folder;
}

function comparable(output: Output): unknown {
  if (output.output_type === "error") return { ename: output.ename, evalue: output.evalue };
  if (output.output_type === "stream") return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    // addresses, line ends and the order of attributes differ from version to version
    [
      ...String(value)
        .replace(/0x[0-9a-f]+/g, "0x")
        .replace(/\s/g, ""),
    ]
      .sort()
      .join(""),
  ]);
  return { ...output, execution_count: null, data: Object.fromEntries(data) };
}
