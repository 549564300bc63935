/** Kernels in WebAssembly (*.as) that work on arrays of numbers in a memory of their own. */

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

/**
 * Open a kernel with arrays in its memory, one after the other behind what the kernel itself holds there:
 * at most a page, which ends at `free()`.
 *
 * @param sizes numbers in each array
 * @returns what the kernel exports, and the arrays, all 0
 */
export function openKernel<E extends { free(): number }>(
  module: WebAssembly.Module,
  sizes: readonly number[],
): { readonly kernel: E; readonly arrays: Float64Array[] } {
  const bytes = 8 * sizes.reduce((sum, size) => sum + size, 0);
  const memory = new WebAssembly.Memory({ initial: 1 + Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernel = exports as unknown as E;
  let place = 16 * Math.ceil(kernel.free() / 16);
  const arrays = sizes.map((size) => {
    const array = new Float64Array(memory.buffer, place, size);
    place += array.byteLength;
    return array;
  });
  return { kernel, arrays };
}
