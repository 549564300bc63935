/**
 * kernel: the Jupyter kernel for TypeScript.
 */
export { type KernelOptions, MEMORY_VARIABLE, runKernel } from "./main.js";
