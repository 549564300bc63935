/**
 * Read the chunks of common netCDF-4 data sets with Node's own zlib, which is native: in
 * WebAssembly deflate is what takes the time. Deflated, shuffled or plain little-endian numbers
 * under a version 1 B-tree are read here; everything else, and everything damaged, is left to the
 * HDF5 library, which says what is wrong. The two are tested against each other.
 */

import { inflateSync } from "node:zlib";
import { sizeOf } from "../core/index.js";
import { copyBlock } from "./block.js";
import { type ByteFile, viewNumbers } from "./bytes.js";
import type { StoredNumbers } from "./dataset.js";
import { type ChunkLayout, readChunkHeader } from "./hdf5-header.js";
import { addressOf, type Hdf5Dataset, type Hdf5File } from "./hdf5-object.js";
import { hasPlainAddresses } from "./hdf5-superblock.js";
import { findChunks, type StoredChunk } from "./hdf5-tree.js";
import { refuseHuge } from "./limits.js";
import type { Range } from "./selection.js";
import { unshuffle } from "./shuffle.js";

/** Reads ranges of a data set; undefined where the HDF5 library must. */
export type ChunkReader = (ranges: readonly Range[]) => StoredNumbers | undefined;

type Filter = "deflate" | "shuffle";

/** The filters that are undone here, by their numbers in the file. */
const PIPELINES: Readonly<Record<string, readonly Filter[]>> = {
  "": [],
  1: ["deflate"],
  2: ["shuffle"],
  "2,1": ["shuffle", "deflate"],
};
const INTEGER = 0;
const FLOAT = 1;

/** Make the reader of a data set; its header is looked at on the first read. */
export function makeChunkReader(
  bytes: ByteFile,
  file: Hdf5File,
  dataset: Hdf5Dataset,
): ChunkReader {
  let found: { layout: ChunkLayout; filters: readonly Filter[] } | "none" | undefined;
  return (ranges) => {
    found ??= look(bytes, file, dataset) ?? "none";
    if (found === "none" || ranges.some((r) => r.start === r.stop)) return undefined;
    return readChunks(bytes, { ...found, dataset }, ranges);
  };
}

function look(bytes: ByteFile, file: Hdf5File, { name, metadata }: Hdf5Dataset) {
  const { type, littleEndian, chunks, size } = metadata;
  const plain = (type === INTEGER || type === FLOAT) && (littleEndian || size === 1);
  if (!plain || chunks === null || !hasPlainAddresses(bytes)) return undefined;
  const reference = Uint8Array.from(addressOf(file, `/${name}`).split(","), Number);
  const address = Number(new DataView(reference.buffer).getBigUint64(0, true));
  const header = readChunkHeader(bytes, address);
  if (header?.layout.size !== size || `${header.layout.chunks}` !== `${chunks}`) return undefined;
  const filters = PIPELINES[header.filters.join()];
  return filters === undefined ? undefined : { layout: header.layout, filters };
}

function readChunks(
  bytes: ByteFile,
  from: { layout: ChunkLayout; filters: readonly Filter[]; dataset: Hdf5Dataset },
  ranges: readonly Range[],
): StoredNumbers | undefined {
  const { layout, filters, dataset } = from;
  const { chunks, size } = layout;
  const shape = ranges.map((r) => r.stop - r.start);
  refuseHuge(sizeOf(shape) * size, bytes.size, `${bytes.path}:${dataset.name}`);
  const low = ranges.map((r, d) => r.start - (r.start % chunks[d]!));
  const high = ranges.map((r, d) => r.stop - 1 - ((r.stop - 1) % chunks[d]!));
  const wanted = sizeOf(low.map((at, d) => (high[d]! - at) / chunks[d]! + 1));
  const found = findChunks(bytes, layout.tree, [low, high], wanted);
  if (found?.length !== wanted || new Set(found.map((c) => `${c.at}`)).size !== wanted) {
    return undefined;
  }
  const out = new Uint8Array(sizeOf(shape) * size);
  const room = new Uint8Array(sizeOf(chunks) * size);
  for (const chunk of found) {
    const data = unpack(bytes, chunk, { room, size, filters });
    if (data === undefined || chunk.at.some((x, d) => x % chunks[d]! !== 0)) return undefined;
    const start = ranges.map((r, d) => Math.max(r.start, chunk.at[d]!));
    const counts = ranges.map((r, d) => Math.min(r.stop, chunk.at[d]! + chunks[d]!) - start[d]!);
    copyBlock(
      { bytes: data, shape: chunks, at: start.map((x, d) => x - chunk.at[d]!) },
      { bytes: out, shape, at: start.map((x, d) => x - ranges[d]!.start) },
      counts,
      size,
    );
  }
  return viewNumbers(out, dataset.type);
}

/**
 * Undo the filters of a chunk; undefined if what comes out is not one whole chunk.
 *
 * @param as.room as long as a chunk; may be written over, and be the result
 */
function unpack(
  file: ByteFile,
  chunk: StoredChunk,
  as: { room: Uint8Array; size: number; filters: readonly Filter[] },
): Uint8Array | undefined {
  const { room, size, filters } = as;
  const { length } = room;
  if (!(chunk.address + chunk.length <= file.size)) return undefined;
  let data = new Uint8Array(chunk.length);
  file.read(data, chunk.address);
  for (const filter of filters.toReversed()) {
    if (filter === "shuffle") {
      if (data.length !== length) return undefined;
      data = unshuffle(data, size, room);
    } else {
      // One byte more than is wanted: a full buffer would make zlib ask for another.
      const options = { chunkSize: Math.max(64, length + 1), maxOutputLength: length };
      try {
        data = inflateSync(data, options);
      } catch {
        return undefined;
      }
    }
  }
  return data.length === length ? data : undefined;
}
