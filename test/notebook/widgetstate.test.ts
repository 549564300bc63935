import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CodeCell, type Metadata, type Output, readNotebook } from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { type Fields, makeMessage } from "../../lib/jupyter/index.js";
import { makeWidgetBook } from "../../lib/notebook/widgetstate.js";
import { run } from "./run-sample.js";
import { has, hasPython, hasSamples, makeFolder, PYTHON, samples, writeSample } from "./samples.js";

const needsPython = test.skipIf(!hasPython);
const needsWidgets = test.skipIf(!hasPython || !hasSamples || !has("ipywidgets"));

const cell = makeMessage("execute_request", {}, { session: "s" });

function told(type: string, content: Fields, buffers: Uint8Array[] = []) {
  return makeMessage(type, content, { session: "s", parent: cell, buffers });
}

interface Model {
  readonly model_name: string;
  readonly model_module: string;
  readonly state: Metadata & { readonly outputs?: readonly Output[] };
}

/** The widgets in `metadata.widgets`, by id. */
function modelsIn(metadata: Metadata): Record<string, Model> {
  const { state } = metadata["application/vnd.jupyter.widget-state+json"] as {
    state: Record<string, Model>;
  };
  return state;
}

const image = { _model_name: "ImageModel", _model_module: "m", _model_module_version: "2.0.0" };
const bytes = (text: string) => new TextEncoder().encode(text);

describe("the book of widgets", () => {
  test("is empty where no widget was opened, whatever other comms send", () => {
    const book = makeWidgetBook();
    book.take(told("comm_open", { comm_id: "a", target_name: "other", data: { state: { b: 1 } } }));
    book.take(told("comm_msg", { comm_id: "a", data: { method: "custom", content: {} } }));
    book.take(told("comm_close", { comm_id: "a" }));
    expect(book.metadata()).toBeUndefined();
  });

  test("keeps state key by key, and bytes until their key gets another value", () => {
    const book = makeWidgetBook();
    const data = { state: { ...image, width: 1 }, buffer_paths: [["value"], ["masks", 0]] };
    const send = (data: Fields, buffers?: Uint8Array[]) =>
      book.take(told("comm_msg", { comm_id: "a", data }, buffers));
    book.take(told("comm_open", { comm_id: "a", data }, [bytes("old"), bytes("mask")]));
    send({ method: "update", state: { width: 2 }, buffer_paths: [["value"]] }, [bytes("123")]);
    send({ method: "update", state: { masks: null } });
    expect(book.metadata()).toEqual({
      "application/vnd.jupyter.widget-state+json": {
        version_major: 2,
        version_minor: 0,
        state: {
          a: {
            model_name: "ImageModel",
            model_module: "m",
            model_module_version: "2.0.0",
            state: { ...image, width: 2, masks: null },
            buffers: [{ data: "MTIz", encoding: "base64", path: ["value"] }],
          },
        },
      },
    });
  });

  test("reads how ipywidgets 6 opens a widget and names its bytes", () => {
    const book = makeWidgetBook();
    book.take(told("comm_open", { comm_id: "a", data: { ...image, width: 1 } }));
    const data = { method: "update", state: {}, buffers: ["value"] };
    book.take(told("comm_msg", { comm_id: "a", data }, [bytes("123")]));
    expect(modelsIn(book.metadata()!).a).toMatchObject({
      state: { ...image, width: 1 },
      buffers: [{ data: "MTIz", path: ["value"] }],
    });
  });
});

/** What ipywidgets 8 sends, without ipywidgets, and with ids that stay the same. */
const WIDGETS = `import sys
from IPython.display import clear_output, display
from ipykernel.comm import Comm

def model(name, module, id, buffers=None, paths=(), **state):
    state.update(_model_name=name, _model_module=module, _model_module_version="2.0.0")
    data = {"state": state, "buffer_paths": list(paths)}
    return Comm("jupyter.widget", data, {"version": "2.1.0"}, buffers, comm_id=id)

def update(comm, buffers=None, paths=(), **state):
    comm.send({"method": "update", "state": state, "buffer_paths": list(paths)}, buffers=buffers)

class Output:
    def __init__(self, id):
        self.comm = model("OutputModel", "@jupyter-widgets/output", id, outputs=[], msg_id="")
        self.comm.on_msg(self.hear)
    def hear(self, message):
        self.outputs = message["content"]["data"]["state"]["outputs"]
    def point(self, id):
        sys.stdout.flush()
        update(self.comm, msg_id=id)
    def __enter__(self):
        self.point(get_ipython().kernel.get_parent("shell")["header"]["msg_id"])
    def __exit__(self, kind, error, trace):
        if kind: get_ipython().showtraceback((kind, error, trace), tb_offset=0)
        self.point("")
        return True

slider = model("IntSliderModel", "@jupyter-widgets/controls", "slider", value=3, max=10)
picture = model("ImageModel", "@jupyter-widgets/controls", "picture", [b"old"], [["value"]], width=1)
other = Comm("other", {"state": {"a": 1}}, comm_id="other")
first, second, third = Output("first"), Output("second"), Output("third")
`;

const CELLS = [
  WIDGETS,
  `update(slider, value=7)
slider.send({"method": "custom", "content": {"event": "click"}})
update(picture, [b"new"], [["value"]], width=2)`,
  `print("before")
with first:
    print("in first")
    with second:
        print("in second")
    print("again in first")
    display("shown")
    1 / 0
print("after")`,
  "print([o.get('text') or o['output_type'] for o in first.outputs], len(second.outputs))",
  `with second:
    clear_output(wait=True)
    print("cleared")
with third:
    print("gone")
    clear_output()`,
];

/** `metadata.widgets` as nbclient 0.7.2 writes it for these cells (jupyter nbconvert --execute), tracebacks emptied. */
const NBCLIENT = fileURLToPath(
  new URL("../fixtures/notebook/widgets-nbclient.json", import.meta.url),
);

needsPython("state, bytes and what Output widgets took are nbclient's", async () => {
  const input = writeSample(join(makeFolder(), "in.ipynb"), CELLS);
  const { code, failure, notebook } = await run(input);
  expect(failure).toBeUndefined();
  expect(code.map(({ outputs }) => outputs)).toEqual([
    [],
    [],
    [{ output_type: "stream", name: "stdout", text: "before\nafter\n" }],
    [
      {
        output_type: "stream",
        name: "stdout",
        text: "['in first\\nagain in first\\n', 'display_data', 'error'] 1\n",
      },
    ],
    [],
  ]);
  const ours = notebook.metadata.widgets as Metadata;
  expect(withoutTraces(ours)).toEqual(JSON.parse(readFileSync(NBCLIENT, "utf8")));
  const ids = Object.keys(modelsIn(ours)).sort();
  expect(ids).toEqual(["first", "picture", "second", "slider", "third"]);
});

describe("nbclient's own notebooks, with the ipywidgets that is installed", () => {
  needsWidgets("JupyterWidgets: the state of what is shown is in the metadata", async () => {
    const input = join(samples, "nbclient", "JupyterWidgets.ipynb");
    const { failure, code, notebook } = await run(input);
    expect(failure).toBeUndefined();
    const [label] = shown(code, notebook.metadata);
    expect(label).toMatchObject({ model_name: "LabelModel", state: { value: "Hello World" } });
    expect(label!.model_module).toEqual(expect.any(String));
  });

  needsWidgets("Output: each takes what is put out inside it, and the cell the rest", async () => {
    const raw = JSON.parse(readFileSync(join(samples, "nbclient", "Output.ipynb"), "utf8"));
    raw.metadata.kernelspec = PYTHON.kernelspec; // its own has no name, which the schema wants
    const input = join(makeFolder(), "in.ipynb");
    writeFileSync(input, JSON.stringify(raw));
    const { failure, code, notebook } = await run(input);
    expect(failure).toBeUndefined();
    const { cells, metadata } = await readNotebook(input);
    const stated = cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
    expect(code.map((cell) => inShort(cell.outputs))).toEqual(
      stated.map((cell) => inShort(cell.outputs)),
    );
    const taken = shown(code, notebook.metadata).map(({ state }) => inShort(state.outputs));
    expect(taken).toEqual(shown(stated, metadata).map(({ state }) => inShort(state.outputs)));
    expect(taken.length).toBe(7);
  });
});

/** The widgets that cells show, in order, as the metadata keep them. */
function shown(code: readonly CodeCell[], metadata: Metadata): Model[] {
  const models = modelsIn(metadata.widgets as Metadata);
  const views = code.flatMap(({ outputs }) =>
    outputs.map((output) => "data" in output && output.data[VIEW]),
  );
  return views.filter(Boolean).map((view) => models[(view as { model_id: string }).model_id]!);
}

const VIEW = "application/vnd.jupyter.widget-view+json";

/** Outputs, each as its text, its error or its kind; without what ipywidgets 6 warns of where no page listens. */
function inShort(outputs: readonly Output[] = []): string[] {
  return outputs.flatMap((output) => {
    if (output.output_type === "stream") return output.name === "stderr" ? [] : [output.text];
    return [output.output_type === "error" ? output.evalue : output.output_type];
  });
}

/** A copy without tracebacks, which name the kernel's process. */
function withoutTraces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part) => (key === "traceback" ? [] : part)));
}
