/**
 * notebook: run notebooks of any Jupyter kernel without Python, by papermill's contract, alone or
 * as a graph with a cache, and show what came out. Uses `jupyter` for the wire.
 */

export { writeWhole } from "./atomic.js";
export { type GraphNode, readGraph } from "./declaration.js";
export { embedded } from "./embedded.js";
export * from "./engine.js";
export { writeFrontPage } from "./frontpage.js";
export { writeGallery } from "./gallery.js";
export * from "./gallery-entry.js";
export { type Graph, makeGraph, selectNodes } from "./graph.js";
export { type NotebookPageOptions, notebookToHtml } from "./html.js";
export {
  findKernel,
  type KernelSpec,
  kernelFolders,
  listKernels,
  repositoryFolder,
} from "./kernelspec.js";
export * from "./nbformat.js";
export {
  describeParameters,
  type Given,
  inspectParameters,
  type Parameter,
} from "./parameters.js";
export * from "./provenance.js";
export type { RunRecord } from "./record.js";
export * from "./reproduce.js";
export * from "./run.js";
export { describeValue, type Kind, type Value } from "./value.js";
