/**
 * Messages of an HDF5 object header, as far as finding the chunks of a data set needs them. What
 * is unusual is left to the HDF5 library: the readers here say `undefined`, never an error.
 *
 * @see HDF5 File Format Specification 3.0, sections IV.A.1 and IV.A.2.i
 */

import type { ByteFile } from "./bytes.js";

/** How a data set is cut into chunks, and where the tree of them stands. */
export interface ChunkLayout {
  /** the root of a version 1 B-tree */
  readonly tree: number;
  readonly chunks: readonly number[];
  /** bytes of one value */
  readonly size: number;
}

/** What the header of a chunked data set says. */
export interface ChunkHeader {
  readonly layout: ChunkLayout;
  /** numbers of the filters that chunks went through, in this order */
  readonly filters: readonly number[];
}

const LAYOUT = 8;
const FILTERS = 11;
/** A message whose contents stand elsewhere. */
const SHARED = 2;
const CONTINUATION = 16;
const MOST_BLOCKS = 64;
const LARGEST_BLOCK = 2 ** 20;

interface Block {
  readonly address: number;
  readonly length: number;
}

/** Read bytes that a damaged file may not have. */
export function readPart(file: ByteFile, address: number, length: number): DataView | undefined {
  const fits = address >= 0 && length >= 0 && address + length <= file.size;
  if (!fits || length > LARGEST_BLOCK) return undefined;
  const bytes = new Uint8Array(length);
  file.read(bytes, address);
  return new DataView(bytes.buffer);
}

/** Read the header of a data set whose chunks stand in a version 1 B-tree. */
export function readChunkHeader(file: ByteFile, address: number): ChunkHeader | undefined {
  const head = readPart(file, address, 64);
  if (head === undefined) return undefined;
  const isNew = head.getUint32(0) === 0x4f484452;
  const flags = isNew ? head.getUint8(5) : 0;
  const first = isNew ? firstBlock(head, address, flags) : oldFirstBlock(head, address);
  const shape = isNew ? { head: (flags & 4) === 0 ? 4 : 6, edge: 4 } : { head: 8, edge: 0 };
  const blocks = first === undefined ? [] : [first];
  let layout: ChunkLayout | undefined;
  let filters: readonly number[] | undefined = [];
  for (let i = 0; i < blocks.length && i < MOST_BLOCKS; i++) {
    const view = readPart(file, blocks[i]!.address, blocks[i]!.length);
    if (view === undefined) return undefined;
    for (const { type, at, flags } of messagesOf(view, shape.head, isNew)) {
      if (type === LAYOUT) layout = parseLayout(view, at);
      if (type === FILTERS) filters = (flags & SHARED) === 0 ? parseFilters(view, at) : undefined;
      if (type !== CONTINUATION || at + 16 > view.byteLength) continue;
      // Later blocks of the new form stand between a signature and a checksum.
      const next = { address: wide(view, at) + shape.edge, length: wide(view, at + 8) };
      blocks.push({ ...next, length: next.length - 2 * shape.edge });
    }
  }
  if (blocks.length > MOST_BLOCKS || layout === undefined || filters === undefined)
    return undefined;
  return { layout, filters };
}

function oldFirstBlock(head: DataView, address: number): Block | undefined {
  if (head.getUint8(0) !== 1) return undefined;
  return { address: address + 16, length: head.getUint32(8, true) };
}

function firstBlock(head: DataView, address: number, flags: number): Block | undefined {
  if (head.getUint8(4) !== 2) return undefined;
  const at = 6 + ((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4);
  const width = 1 << (flags & 3);
  const length =
    width === 1
      ? head.getUint8(at)
      : width === 2
        ? head.getUint16(at, true)
        : width === 4
          ? head.getUint32(at, true)
          : wide(head, at);
  return { address: address + at + width, length };
}

function* messagesOf(view: DataView, head: number, isNew: boolean) {
  for (let at = 0; at + head <= view.byteLength; ) {
    const type = isNew ? view.getUint8(at) : view.getUint16(at, true);
    const length = view.getUint16(at + (isNew ? 1 : 2), true);
    yield { type, at: at + head, flags: view.getUint8(at + (isNew ? 3 : 4)) };
    at += head + length;
  }
}

/** Version 3 of the layout message, class "chunked": rank + 1, address, lengths, size of a value. */
function parseLayout(view: DataView, at: number): ChunkLayout | undefined {
  if (at + 11 > view.byteLength) return undefined;
  const [version, kind, count] = [0, 1, 2].map((i) => view.getUint8(at + i));
  if (version !== 3 || kind !== 2 || count! < 2) return undefined;
  if (at + 11 + 4 * count! > view.byteLength) return undefined;
  const lengths = Array.from({ length: count! }, (_, d) => view.getUint32(at + 11 + 4 * d, true));
  return { tree: wide(view, at + 3), chunks: lengths.slice(0, -1), size: lengths.at(-1)! };
}

/** Version 1 or 2 of the pipeline message: the number of each filter, its name and its parameters. */
function parseFilters(view: DataView, start: number): number[] | undefined {
  if (start + 2 > view.byteLength) return undefined;
  const [version, count] = [view.getUint8(start), view.getUint8(start + 1)];
  if (version !== 1 && version !== 2) return undefined;
  const filters: number[] = [];
  let at = start + (version === 1 ? 8 : 2);
  for (let i = 0; i < count; i++) {
    if (at + 8 > view.byteLength) return undefined;
    const id = view.getUint16(at, true);
    const named = version === 1 || id >= 256;
    const name = named ? view.getUint16(at + 2, true) : 0;
    const parameters = view.getUint16(at + (named ? 6 : 4), true);
    const padded = version === 1 ? parameters + (parameters % 2) : parameters;
    filters.push(id);
    at += (named ? 8 : 6) + name + 4 * padded;
  }
  return filters;
}

/** A 64-bit number; one too large for a position compares as past every end. */
export function wide(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
