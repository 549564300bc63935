/** What members of an ensemble say together, element by element, by a kernel (combination.as). */

import { openKernel } from "../core/index.js";
import { COMBINATION_WASM } from "./combination-wasm.js";

/** Vectors of one length: what members say, and what it comes to. */
export interface Combination {
  /** to be written before `combine` */
  readonly members: readonly Float32Array[];
  readonly median: Float32Array;
  readonly mean: Float32Array;
  /** standard deviation, divided by the number of members */
  readonly spread: Float32Array;
  combine(): void;
}

/** What the kernel exports; all but n are addresses and lengths in bytes. */
interface Kernel {
  free(): number;
  combine(n: number, bytes: number, ...vectors: number[]): void;
}

const MODULE = new WebAssembly.Module(Buffer.from(COMBINATION_WASM, "base64"));

/** Make the vectors of n members, 1 or more, all 0. */
export function makeCombination(n: number, length: number): Combination {
  const padded = 4 * Math.ceil(length / 4);
  const sizes = [...Array.from({ length: n + 3 }, () => padded), 4 * n]; // the last: values of one place
  const { kernel, arrays } = openKernel<Kernel>(MODULE, sizes, "float32");
  const [first, ...others] = [0, n, n + 1, n + 2, n + 3].map((i) => arrays[i]!.byteOffset);
  const vector = (i: number) => arrays[i]!.subarray(0, length);
  return {
    members: Array.from({ length: n }, (_, m) => vector(m)),
    median: vector(n),
    mean: vector(n + 1),
    spread: vector(n + 2),
    combine: () => kernel.combine(n, 4 * padded, first!, ...others),
  };
}
