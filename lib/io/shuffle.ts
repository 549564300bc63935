/** HDF5's shuffle filter: the first bytes of all values, then the second ones, and so on. */

import { UNSHUFFLE_WASM } from "./unshuffle-wasm.js";

/**
 * Put shuffled bytes back in order; a rest shorter than a value stays at the end.
 *
 * @param size bytes of one value
 * @param out  where to, as long as `bytes`
 */
export function unshuffle(
  bytes: Uint8Array,
  size: number,
  out = new Uint8Array(bytes.length),
): Uint8Array {
  const count = Math.floor(bytes.length / size);
  if (size === 1 || count < 2) return bytes;
  if (size === 2 || size === 4) unshuffleFast(bytes, size, out.subarray(0, count * size));
  else {
    for (let b = 0; b < size; b++) {
      for (let i = 0, at = b * count; i < count; i++) out[i * size + b] = bytes[at + i]!;
    }
  }
  out.set(bytes.subarray(count * size), count * size);
  return out;
}

/** What the kernel exports; from and to are addresses in bytes, n counts values. */
interface Kernel {
  unshuffle2(from: number, to: number, n: number): void;
  unshuffle4(from: number, to: number, n: number): void;
}

const PAGE = 2 ** 16;
/** Bytes that the kernel takes at once: what it reads and writes stays in the processor's cache. */
const PIECE = 2 * PAGE;
let loaded: { readonly memory: WebAssembly.Memory; readonly kernel: Kernel } | undefined;

/**
 * In WebAssembly, which is fast from its first value on: in a new process the same loop in JavaScript took
 * longer to be compiled than the first chunks of a file take to be unpacked.
 */
function unshuffleFast(bytes: Uint8Array, size: 2 | 4, out: Uint8Array): void {
  loaded ??= load();
  const { memory, kernel } = loaded;
  // piece by piece, so that the kernel's memory stays small however large a chunk is
  const count = out.length / size;
  const most = Math.floor(PIECE / size);
  const room = new Uint8Array(memory.buffer);
  for (let first = 0; first < count; first += most) {
    const n = Math.min(most, count - first);
    for (let b = 0; b < size; b++) {
      const at = b * count + first;
      room.set(bytes.subarray(at, at + n), b * n);
    }
    (size === 2 ? kernel.unshuffle2 : kernel.unshuffle4)(0, PIECE, n);
    out.set(room.subarray(PIECE, PIECE + n * size), first * size);
  }
}

function load() {
  const memory = new WebAssembly.Memory({ initial: (2 * PIECE) / PAGE });
  const module = new WebAssembly.Module(Buffer.from(UNSHUFFLE_WASM, "base64"));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, kernel: exports as unknown as Kernel };
}
