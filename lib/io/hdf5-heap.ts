/** Damaged global heaps, which the HDF5 library would walk for ever. */

const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
const HEADER = 16;

/**
 * Whether bytes read from a file are a global heap whose objects do not follow each other to its
 * end. The library (1.10 to 2.0) steps on by whatever length stands there, 0 included.
 *
 * @param bytes the whole collection or its beginning
 * @see HDF5 File Format Specification 3.0, section III.E
 */
export function isBrokenHeap(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER || SIGNATURE.some((byte, i) => bytes[i] !== byte)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Number(view.getBigUint64(8, true));
  let at = HEADER;
  while (at + HEADER <= Math.min(end, bytes.length)) {
    const isFree = view.getUint16(at, true) === 0;
    const size = Number(view.getBigUint64(at + 8, true));
    if (isFree && size < HEADER) return true;
    at += isFree ? size : HEADER + Math.ceil(size / 8) * 8;
  }
  return at > end;
}
