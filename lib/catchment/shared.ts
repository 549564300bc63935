/** Floats in shared memory, which worker threads read without a copy. */

/** Make zeros in shared memory. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}
