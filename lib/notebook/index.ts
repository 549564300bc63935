/**
 * notebook: run notebooks of any Jupyter kernel without Python, by papermill's contract, alone or
 * as a graph with a cache, and show what came out. Uses `jupyter` for the wire.
 *
 * The gallery is loaded by `publish` when there is something to show: it draws, and what draws
 * takes a second to load.
 */

export { writeWhole } from "./atomic.js";
export type { Packed } from "./bundle.js";
export { gatherClaims } from "./claims.js";
export { type CodecheckFacts, describeCodecheck } from "./codecheck.js";
export { describeCrate } from "./crate.js";
export { type GraphNode, readGraph } from "./declaration.js";
export { embedded, proveKernel } from "./embedded.js";
export * from "./engine.js";
export * from "./gallery-entry.js";
export { type Graph, makeGraph, selectNodes } from "./graph.js";
export {
  findKernel,
  type KernelSpec,
  kernelFolders,
  listKernels,
  repositoryFolder,
} from "./kernelspec.js";
export { takeLock } from "./lock.js";
export type { Loop } from "./loop.js";
export * from "./manifest.js";
export * from "./nbformat.js";
export {
  describeParameters,
  type Given,
  inspectParameters,
  type Parameter,
} from "./parameters.js";
export * from "./provenance.js";
export { type PublishOptions, publish } from "./publish.js";
export type { RunRecord } from "./record.js";
export {
  listDeclaredData,
  type NodeResult,
  type ReproduceEvent,
  type ReproduceOptions,
  type ReproduceResult,
  reproduce,
} from "./reproduce.js";
export * from "./run.js";
export {
  cancelOnSlurm,
  planOnSlurm,
  reproduceOnSlurm,
  type SlurmResult,
} from "./slurm.js";
export {
  CLUSTER_DEFAULTS,
  type ClusterProfile,
  type Demands,
  parseClusterProfile,
  readClusterProfile,
} from "./slurm-profile.js";
export type { SlurmEvent, SlurmOptions } from "./slurm-watch.js";
export { type SnakefileOptions, writeSnakefile } from "./snakefile.js";
export { runTaskIds, type TaskOutcome, type TaskRunOptions } from "./taskrun.js";
export {
  coerce,
  describeValue,
  Float,
  floatOf,
  type Kind,
  printFloat,
  type Value,
} from "./value.js";
