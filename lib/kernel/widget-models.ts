/**
 * Controls as ipywidgets' front end knows them: the state of its models, for each of the three
 * generations in use. 7 and 8 differ in version alone; 6, which Debian 12 ships, has other names
 * and takes its state at another place. One `comm_open` serves all three.
 */
import type { Fields } from "../jupyter/index.js";
import { type Comm, type CommReceiver, openComm, registerTarget } from "./comm.js";

/** A model of the front end. */
export interface WidgetModel {
  /** as `FloatSlider`; its model and its view are called after it */
  readonly name: string;
  /** the part of the front end that has it */
  readonly part: "base" | "controls";
  readonly state: Fields;
}

const TARGET = "jupyter.widget";
/** Versions of the front end's parts that have the models used here. */
const VERSIONS = { base: "^1.2.0 || ^2.0.0", controls: "^1.5.0 || ^2.0.0" } as const;
const VERSIONS_6 = "~2.1.4";

let isGeneration6 = false;

/** Answer the page of ipywidgets 6, which asks on its start which version is wanted. */
export function greetOldPages(): void {
  registerTarget("jupyter.widget.version", (comm) => {
    isGeneration6 = true;
    comm.send({ version: VERSIONS_6 });
    return () => undefined;
  });
}

/** Whether the page has shown itself to be of ipywidgets 6. */
export function isOldPage(): boolean {
  return isGeneration6;
}

/**
 * Make a model on the page.
 *
 * @param onChange gets what the reader has changed
 */
export function openModel(model: WidgetModel, onChange: (changed: Fields) => unknown): Comm {
  const state = () => (isGeneration6 ? stateOf6(model) : stateOf(model));
  const receive: CommReceiver = async (data) => {
    if (data.method === "request_state") comm.send({ method: "update", state: state() });
    const changed = data.method === "backbone" ? data.sync_data : data.state;
    if (typeof changed === "object" && changed !== null) await onChange(changed as Fields);
  };
  const data = { ...stateOf6(model), state: stateOf(model), buffer_paths: [] };
  const comm = openComm(TARGET, { data, metadata: { version: "2.1.0" } }, receive);
  return comm;
}

function stateOf({ name, part, state }: WidgetModel): Fields {
  const module = `@jupyter-widgets/${part}`;
  return named(name, module, VERSIONS[part], state);
}

function stateOf6({ name, state }: WidgetModel): Fields {
  return named(name, "jupyter-js-widgets", VERSIONS_6, state);
}

function named(name: string, module: string, version: string, state: Fields): Fields {
  const isDrawn = !/Layout|Style/.test(name);
  return {
    _model_name: `${name}Model`,
    _model_module: module,
    _model_module_version: version,
    _view_name: isDrawn ? `${name}View` : `${name.replace(/.*(?=Style)/, "")}View`,
    _view_module: isDrawn ? module : module.replace("controls", "base"),
    _view_module_version: isDrawn ? version : module.startsWith("@") ? VERSIONS.base : version,
    ...state,
  };
}
