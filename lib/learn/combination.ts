/** What members of an ensemble say together, element by element, by a kernel (combination.as). */

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

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

/** Make the vectors of n members, 1 or more, all 0. */
export function makeCombination(n: number, length: number): Combination {
  const bytes = 16 * Math.ceil(length / 4);
  const total = (n + 3) * bytes + 16 * n;
  const memory = new WebAssembly.Memory({ initial: 1 + Math.ceil(total / PAGE) });
  const { exports } = new WebAssembly.Instance(MODULE, { env: { memory } });
  const kernel = exports as unknown as Kernel;
  const first = 16 * Math.ceil(kernel.free() / 16);
  const place = (i: number) => first + i * bytes;
  const vector = (i: number) => new Float32Array(memory.buffer, place(i), length);
  return {
    members: Array.from({ length: n }, (_, m) => vector(m)),
    median: vector(n),
    mean: vector(n + 1),
    spread: vector(n + 2),
    combine: () => kernel.combine(n, bytes, first, ...[0, 1, 2, 3].map((i) => place(n + i))),
  };
}
