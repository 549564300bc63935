/** Kernels in WebAssembly (*.as) that work on arrays of numbers in a memory of their own. */

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

/** A kernel that is open: what it exports, and the arrays in its memory, all 0. */
export interface OpenKernel<E, A> {
  readonly kernel: E;
  /** in the order of their sizes; `byteOffset` is the address the kernel knows one by */
  readonly arrays: A[];
}

/**
 * Open a kernel with arrays in its memory, one after the other behind what the kernel itself holds there:
 * at most a page, which ends at `free()`.
 *
 * @param sizes numbers in each array
 * @param of    what the numbers are, "float64" by default
 */
export function openKernel<E extends { free(): number }>(
  module: WebAssembly.Module,
  sizes: readonly number[],
  of?: "float64",
): OpenKernel<E, Float64Array>;
/** The same with arrays of float32. */
export function openKernel<E extends { free(): number }>(
  module: WebAssembly.Module,
  sizes: readonly number[],
  of: "float32",
): OpenKernel<E, Float32Array>;
export function openKernel<E extends { free(): number }>(
  module: WebAssembly.Module,
  sizes: readonly number[],
  of: "float32" | "float64" = "float64",
): OpenKernel<E, Float32Array | Float64Array> {
  const Numbers = of === "float32" ? Float32Array : Float64Array;
  const bytes = Numbers.BYTES_PER_ELEMENT * sizes.reduce((sum, size) => sum + size, 0);
  const memory = new WebAssembly.Memory({ initial: 1 + Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernel = exports as unknown as E;
  let place = 16 * Math.ceil(kernel.free() / 16);
  const arrays = sizes.map((size) => {
    const array = new Numbers(memory.buffer, place, size);
    place += array.byteLength;
    return array;
  });
  return { kernel, arrays };
}
