/**
 * The widgets that a kernel opens while it runs cells, kept as nbclient keeps them: their state goes
 * into the notebook's metadata, so that a page can draw them without the kernel, and what a cell puts
 * out inside an Output widget goes into that widget.
 *
 * @see https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */

import type { Fields, Message } from "../jupyter/index.js";
import type { Metadata } from "./nbformat.js";
import type { OutputHolder } from "./outputs.js";

/** The widgets of one run. */
export interface WidgetBook {
  /**
   * Take a message that the kernel broadcasts for a cell.
   *
   * @returns the Output widget that this message goes to, where it is not the cell
   */
  take(message: Message): OutputHolder | undefined;
  /** What `metadata.widgets` of the notebook is to be; undefined where no widget was opened. */
  metadata(): Metadata | undefined;
  /** Contents of the `comm_msg`s that tell the kernel what its Output widgets took since the last call. */
  news(): Fields[];
}

interface Widget {
  readonly state: Metadata;
  /** binary values, by their path in the state */
  readonly buffers: Map<string, WidgetBuffer>;
}

interface WidgetBuffer {
  readonly data: string;
  readonly encoding: "base64";
  readonly path: readonly (string | number)[];
}

const STATE = "application/vnd.jupyter.widget-state+json";

/** Where Output widgets come from: ipywidgets since 7, and 6. */
const OUTPUT_MODULES: readonly unknown[] = ["@jupyter-widgets/output", "jupyter-js-widgets"];

/** What an Output widget takes in the cell's place. */
const CAPTURED = new Set(["stream", "display_data", "execute_result", "error", "clear_output"]);

/** Make the book of a run, empty. */
export function makeWidgetBook(): WidgetBook {
  const widgets = new Map<string, Widget>();
  /** Output widgets and the requests whose outputs they take; the last one of a request takes them. */
  let captures: { readonly id: string; readonly request: unknown }[] = [];
  const fresh = new Set<string>();

  function keep({ header, content, buffers }: Message): void {
    const id = String(content.comm_id);
    const data = (content.data ?? {}) as Metadata;
    const update = stateIn(header.msg_type, data);
    if (update === undefined) return;
    const widget = widgets.get(id) ?? { state: {}, buffers: new Map() };
    widgets.set(id, widget);
    merge(widget, update, buffersIn(data, buffers));
    if (isOutputWidget(widget.state) && "msg_id" in update) capture(id, update.msg_id);
  }

  /** Let an Output widget take what is put out for a request, or no more where it names none. */
  function capture(id: string, request: unknown): void {
    captures = captures.filter((one) => one.id !== id);
    if (request) captures.push({ id, request });
  }

  return {
    take(message) {
      const { msg_type } = message.header;
      if (msg_type === "comm_open" || msg_type === "comm_msg") keep(message);
      if (captures.length === 0 || !CAPTURED.has(msg_type)) return undefined;
      const taker = captures.findLast(({ request }) => request === message.parent_header.msg_id);
      if (taker === undefined) return undefined;
      fresh.add(taker.id);
      return holderIn(widgets.get(taker.id)!);
    },
    metadata: () => metadataOf(widgets),
    news() {
      const contents = [...fresh].map((comm_id) => {
        const { outputs } = holderIn(widgets.get(comm_id)!);
        return { comm_id, data: { method: "update", state: { outputs }, buffer_paths: [] } };
      });
      fresh.clear();
      return contents;
    },
  };
}

/** The part of a widget's state that a message carries; undefined for other comms and messages of a widget's own. */
function stateIn(type: string, data: Metadata): Metadata | undefined {
  if (typeof data.state === "object" && data.state !== null) return data.state as Metadata;
  return type === "comm_open" && "_model_name" in data ? data : undefined; // ipywidgets 6
}

function buffersIn(data: Metadata, buffers: Message["buffers"]): WidgetBuffer[] {
  const names = (data.buffers ?? []) as string[]; // ipywidgets 6
  const paths = (data.buffer_paths ?? names.map((name) => [name])) as WidgetBuffer["path"][];
  return paths.slice(0, buffers.length).map((path, i) => ({
    data: Buffer.from(buffers[i]!).toString("base64"),
    encoding: "base64",
    path,
  }));
}

/** Put an update into a widget; it replaces a key whole, and with it the key's binary values. */
function merge(widget: Widget, update: Metadata, buffers: readonly WidgetBuffer[]): void {
  Object.assign(widget.state, update);
  for (const [key, { path }] of widget.buffers) {
    if (String(path[0]) in update) widget.buffers.delete(key);
  }
  for (const buffer of buffers) widget.buffers.set(JSON.stringify(buffer.path), buffer);
}

function isOutputWidget({ _model_name: name, _model_module: module }: Metadata): boolean {
  return name === "OutputModel" && OUTPUT_MODULES.includes(module);
}

/** The state of an Output widget as a place for outputs. */
function holderIn({ state }: Widget): OutputHolder {
  if (!Array.isArray(state.outputs)) state.outputs = [];
  return state as Metadata & OutputHolder;
}

function metadataOf(widgets: ReadonlyMap<string, Widget>): Metadata | undefined {
  const models = [...widgets].filter(([, { state }]) => "_model_name" in state);
  if (models.length === 0) return undefined;
  const state = Object.fromEntries(models.map(([id, widget]) => [id, modelOf(widget)]));
  return { [STATE]: { state, version_major: 2, version_minor: 0 } };
}

function modelOf({ state, buffers }: Widget): Metadata {
  return {
    model_name: state._model_name,
    model_module: state._model_module,
    model_module_version: state._model_module_version,
    state,
    ...(buffers.size > 0 && { buffers: [...buffers.values()] }),
  };
}
