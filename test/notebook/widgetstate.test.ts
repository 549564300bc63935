import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CodeCell, type Metadata, type Output, readNotebook } from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { type Fields, makeMessage } from "../../lib/jupyter/index.js";
import { nbconvert } from "../../lib/notebook/nbconvert.js";
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

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../fixtures/notebook/${name}`, import.meta.url)), "utf8");

/** What ipywidgets 8 sends, without ipywidgets, and with ids that stay the same. */
const [WIDGETS, ...USES] = fixture("widgets.py").split("# %%\n").slice(1) as [string, ...string[]];

needsPython("state, bytes and what Output widgets took are nbclient's", async () => {
  const input = writeSample(join(makeFolder(), "in.ipynb"), [WIDGETS, ...USES]);
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
  expect(withoutTraces(ours)).toEqual(JSON.parse(fixture("widgets-nbclient.json")));
  const ids = Object.keys(modelsIn(ours)).sort();
  expect(ids).toEqual(["first", "picture", "second", "slider", "third"]);
});

/**
 * nbclient's loop is kept busy each time it is about to send, so that the kernel's reply is there
 * before: of that reply jupyter_client's own wait never hears.
 */
const SLOW_SENDING = `import time
from nbclient.output_widget import OutputWidget
send = OutputWidget.send
def late(self, *args, **more):
    time.sleep(0.4)
    send(self, *args, **more)
OutputWidget.send = late
`;

needsPython("nbconvert's engine hears of a reply that comes while nbclient sends", async () => {
  const cells = [WIDGETS, 'with first: print("taken")\nprint("after")'];
  const folder = makeFolder();
  const input = writeSample(join(folder, "in.ipynb"), cells);
  writeFileSync(join(folder, "sitecustomize.py"), SLOW_SENDING);
  const env = { PYTHONPATH: folder };
  const { failure, code, notebook } = await run(input, { engine: nbconvert, env });
  expect(failure).toBeUndefined();
  expect(code[1]!.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "after\n" }]);
  const { first } = modelsIn(notebook.metadata.widgets as Metadata);
  expect(inShort(first!.state.outputs)).toEqual(["taken\n"]);
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
