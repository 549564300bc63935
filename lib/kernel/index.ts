/**
 * kernel: the Jupyter kernel for TypeScript. One thread keeps the wire, the other computes; the
 * compiler and its completion are tslab's, all else is our own. Notebooks import from here what
 * talks to the reader: `display`, `update`, `clear`, `input`, `cellSignal`.
 */
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
  listKernels,
  ownKernelFolder,
  type Place,
} from "./kernelspec.js";
export type { KernelOptions } from "./main.js";
export { type Bundle, bundleOf } from "./mime.js";
export { startKernel } from "./start.js";
