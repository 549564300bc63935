/** HDF5's shuffle filter: the first bytes of all values, then the second ones, and so on. */

/**
 * Put shuffled bytes back in order; a rest shorter than a value stays at the end.
 *
 * @param size bytes of one value
 * @param out  where to, as long as `bytes`, beginning at a multiple of 4 in its buffer
 */
export function unshuffle(
  bytes: Uint8Array,
  size: number,
  out = new Uint8Array(bytes.length),
): Uint8Array {
  const count = Math.floor(bytes.length / size);
  if (size === 1 || count < 2) return bytes;
  if (size === 2) unshuffle2(bytes, new Uint16Array(out.buffer, out.byteOffset, count));
  else if (size === 4) unshuffle4(bytes, new Uint32Array(out.buffer, out.byteOffset, count));
  else {
    for (let b = 0; b < size; b++) {
      for (let i = 0, at = b * count; i < count; i++) out[i * size + b] = bytes[at + i]!;
    }
  }
  out.set(bytes.subarray(count * size), count * size);
  return out;
}

function unshuffle2(bytes: Uint8Array, out: Uint16Array): void {
  const n = out.length;
  for (let i = 0; i < n; i++) out[i] = bytes[i]! | (bytes[n + i]! << 8);
}

function unshuffle4(bytes: Uint8Array, out: Uint32Array): void {
  const n = out.length;
  for (let i = 0; i < n; i++) {
    out[i] =
      bytes[i]! | (bytes[n + i]! << 8) | (bytes[2 * n + i]! << 16) | (bytes[3 * n + i]! << 24);
  }
}
