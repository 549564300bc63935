/**
 * kernel: the Jupyter kernel for TypeScript. One thread keeps the wire, the other computes; the
 * compiler and its completion are tslab's, all else is our own. Notebooks import from here what
 * talks to the reader: `display`, `update`, `clear`, `input`, `cellSignal`, and `explore` with its
 * sliders.
 */
export { checkpointFile } from "./checkpoint.js";
export {
  cellSignal,
  clear,
  type Displayable,
  display,
  input,
  mime,
  page,
  update,
} from "./display.js";
export {
  type Installation,
  installKernel,
  type KernelSpec,
  kernelCommand,
  listKernels,
  ownKernelFolder,
  type Place,
} from "./kernelspec.js";
export type { KernelOptions } from "./main.js";
export { type Bundle, bundleOf } from "./mime.js";
export {
  findJupyter,
  JUPYTER_REMEDY,
  type Jupyter,
  type ServerCommand,
  type ServerOptions,
  serverCommand,
} from "./server.js";
export { makeSnapshot } from "./snapshot.js";
export { makeConnectionFile, startKernel } from "./start.js";
export {
  type Control,
  type DropdownOptions,
  dropdown,
  explore,
  type Settings,
  type SliderOptions,
  slider,
} from "./widget.js";
