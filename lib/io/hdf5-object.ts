/** Types, attributes and values of HDF5 objects, through h5wasm's module. */

import type { Metadata } from "h5wasm";
import { DataError, sizeOf } from "../core/index.js";
import { bytesOf, viewNumbers } from "./bytes.js";
import type { StorageType, StoredAttribute, StoredNumbers } from "./dataset.js";
import { fillWith } from "./fill.js";
import { type Engine, guarded, type Hdf5Module, withMemory } from "./hdf5-engine.js";
import { refuseHuge } from "./limits.js";
import type { Range } from "./selection.js";
import { decodeText } from "./text.js";

/** An open HDF5 file. */
export interface Hdf5File {
  readonly engine: Engine;
  readonly id: bigint;
  readonly path: string;
  readonly size: number;
}

/** What is needed of a data set to read it. */
export interface Hdf5Dataset {
  readonly name: string;
  readonly metadata: Metadata;
  readonly shape: readonly number[];
  readonly type: StorageType;
  /** stands where nothing was written and the file says not to fill; 0 if not given */
  readonly fill?: number | bigint | undefined;
}

/** HDF5's code for a dimension that can grow. */
const UNLIMITED = 2 ** 64;
/** Bytes read into the library's memory at a time. */
const SLAB = 32 * 2 ** 20;
/** HDF5's number of the n-bit filter. */
const NBIT = 5;
const CLASS = { integer: 0, float: 1, string: 3, bitfield: 4, reference: 7, enum: 8 };

/** Whether data can be appended along a dimension. */
export function isUnlimited(metadata: Metadata, dimension: number): boolean {
  const most = metadata.maxshape?.[dimension];
  return most !== undefined && most >= UNLIMITED;
}

/** Our name for an HDF5 type; "other" for compounds, references, opaque and odd-sized ones. */
export function typeOf(metadata: Metadata): StorageType {
  const { type, size, signed } = metadata;
  if (type === CLASS.string) return "string";
  if (type === CLASS.float) return size === 4 ? "f32" : size === 8 ? "f64" : "other";
  const integer =
    type === CLASS.integer ||
    type === CLASS.bitfield ||
    (type === CLASS.enum && metadata.enum_type?.type === CLASS.integer);
  if (!integer || ![1, 2, 4, 8].includes(size)) return "other";
  return `${signed ? "i" : "u"}${(size * 8) as 8 | 16 | 32 | 64}`;
}

/** Describe the data set at a path. */
export function openDataset(file: Hdf5File, path: string): Hdf5Dataset {
  const name = path.slice(1);
  const where = `${file.path}:${name}`;
  const metadata = guarded(file.engine, where, (m) => m.get_dataset_metadata(file.id, path));
  const shape = metadata.shape ?? [0];
  const type = typeOf(metadata);
  if (metadata.chunks !== null)
    refuseHuge(sizeOf(metadata.chunks) * metadata.size, file.size, where);
  return { name, metadata, shape, type };
}

/** Read the attributes of an object that have a text or numbers for a value. */
export function readAttributes(file: Hdf5File, path: string): Map<string, StoredAttribute> {
  const where = `${file.path}:${path}`;
  return guarded(file.engine, where, (module) => {
    const attributes = new Map<string, StoredAttribute>();
    for (const name of module.get_attribute_names(file.id, path)) {
      const attribute = readAttribute(file, path, name);
      if (attribute !== undefined) attributes.set(name, attribute);
    }
    return attributes;
  });
}

/** Read one attribute; undefined if its type is none of ours. */
function readAttribute(file: Hdf5File, path: string, name: string): StoredAttribute | undefined {
  const where = `${file.path}:${path}@${name}`;
  return guarded(file.engine, where, (module) => {
    const metadata = module.get_attribute_metadata(file.id, path, name);
    const type = typeOf(metadata);
    if (type === "other") return undefined;
    if (metadata.shape === null) return { type, value: type === "string" ? "" : [] };
    const bytes = metadata.size * metadata.total_size;
    refuseHuge(bytes, file.size, where);
    const values = withMemory(module, bytes, (pointer) => {
      const status = module.get_attribute_data(file.id, path, name, BigInt(pointer));
      if (status < 0) throw unreadable(where);
      const found = take(module, pointer, metadata, metadata.total_size);
      if (metadata.vlen) module.reclaim_vlen_memory(file.id, path, name, BigInt(pointer));
      return found;
    });
    const list: readonly (number | string)[] = Array.isArray(values)
      ? values
      : Array.from(values, Number);
    return { type, value: list.length === 1 ? list[0]! : (list as number[] | string[]) };
  });
}

/** The address of an object in its file, as a key. */
export function addressOf(file: Hdf5File, path: string): string {
  return guarded(file.engine, `${file.path}:${path}`, (m) =>
    m.create_object_reference(file.id, path).join(),
  );
}

/**
 * Addresses of the scales that `DIMENSION_LIST` gives each dimension, undefined where it gives
 * none. The library's own way to the names searches the whole file for each.
 */
export function readScaleAddresses(
  file: Hdf5File,
  path: string,
): readonly (string | undefined)[] | undefined {
  const where = `${file.path}:${path}@DIMENSION_LIST`;
  return guarded(file.engine, where, (module) => {
    if (!module.get_attribute_names(file.id, path).includes("DIMENSION_LIST")) return undefined;
    const metadata = module.get_attribute_metadata(file.id, path, "DIMENSION_LIST");
    const { vlen_type: base, total_size: count } = metadata;
    if (base?.type !== CLASS.reference || base.size !== 8 || count > 1024) return undefined;
    return withMemory(module, count * 8, (pointer) => {
      const at = BigInt(pointer);
      const status = module.get_attribute_data(file.id, path, "DIMENSION_LIST", at);
      if (status < 0) throw unreadable(where);
      const pairs = new Uint32Array(module.HEAPU8.slice(pointer, pointer + count * 8).buffer);
      const found = Array.from({ length: count }, (_, d) => {
        const [length, start] = [pairs[2 * d]!, pairs[2 * d + 1]!];
        return length === 0 ? undefined : module.HEAPU8.slice(start, start + 8).join();
      });
      module.reclaim_vlen_memory(file.id, path, "DIMENSION_LIST", at);
      return found;
    });
  });
}

/** Read a range of each dimension, slab by slab. */
export function readData(
  file: Hdf5File,
  dataset: Hdf5Dataset,
  ranges: readonly Range[],
): StoredNumbers | string[] {
  const { metadata, type, name } = dataset;
  const where = `${file.path}:${name}`;
  if (type === "other" || (metadata.virtual_sources?.length ?? 0) > 0) {
    throw new DataError({
      where,
      what: "data set",
      wanted: "numbers or text in this file",
      got:
        type === "other" ? "another type (compound, reference, opaque, …)" : "a virtual data set",
    });
  }
  refuseOddNumbers(file, name);
  const count = metadata.shape === null ? 0 : sizeOf(ranges.map((r) => r.stop - r.start));
  refuseHuge(count * metadata.size, file.size, where);
  if (type === "string") return readTexts(file, dataset, ranges, count);
  const bytes = new Uint8Array(count * bytesOf(type));
  let done = 0;
  for (const slab of count === 0 ? [] : slabsOf(ranges, metadata)) {
    done += readSlab(file, dataset, slab, (module, pointer, length) => {
      bytes.set(module.HEAPU8.subarray(pointer, pointer + length), done);
    });
  }
  return viewNumbers(bytes, type);
}

/** N-bit packing keeps numbers of odd widths and layouts, which h5wasm hands over as they are. */
function refuseOddNumbers(file: Hdf5File, name: string): void {
  const where = `${file.path}:${name}`;
  const filters = guarded(file.engine, where, (m) => m.get_dataset_filters(file.id, `/${name}`));
  if (!filters.some((f) => f.id === NBIT)) return;
  throw new DataError({
    where,
    what: "data set",
    wanted: "numbers of a standard layout",
    got: "n-bit packed ones",
    remedy: "repack the file (h5repack -f NONE)",
  });
}

function readTexts(
  file: Hdf5File,
  dataset: Hdf5Dataset,
  ranges: readonly Range[],
  count: number,
): string[] {
  const { metadata, name } = dataset;
  const texts: string[] = [];
  for (const slab of count === 0 ? [] : slabsOf(ranges, metadata)) {
    readSlab(file, dataset, slab, (module, pointer, length) => {
      const found = take(module, pointer, metadata, length / metadata.size) as string[];
      for (const text of found) texts.push(text);
      if (!metadata.vlen) return;
      const counts = slab.map((r) => BigInt(r.stop - r.start));
      module.reclaim_vlen_memory_count(file.id, `/${name}`, "", BigInt(pointer), counts);
    });
  }
  return texts;
}

/** Read one slab into the library's memory and hand it over there; returns its bytes. */
function readSlab(
  file: Hdf5File,
  dataset: Hdf5Dataset,
  slab: readonly Range[],
  use: (module: Hdf5Module, pointer: number, bytes: number) => void,
): number {
  const { name, metadata } = dataset;
  const where = `${file.path}:${name}`;
  const bytes = sizeOf(slab.map((r) => r.stop - r.start)) * metadata.size;
  const whole = slab.length === 0;
  const counts = whole ? null : slab.map((r) => BigInt(r.stop - r.start));
  const starts = whole ? null : slab.map((r) => BigInt(r.start));
  const steps = whole ? null : slab.map(() => 1n);
  guarded(file.engine, where, (module) =>
    withMemory(module, bytes, (pointer) => {
      const at = BigInt(pointer);
      const heap = module.HEAPU8.subarray(pointer, pointer + bytes);
      if (dataset.fill === undefined) heap.fill(0);
      else fillWith(viewNumbers(heap, dataset.type), dataset.fill);
      const status = module.get_dataset_data(file.id, `/${name}`, counts, starts, steps, at);
      if (status < 0) throw unreadable(where);
      use(module, pointer, bytes);
    }),
  );
  return bytes;
}

/** Cut ranges along the first dimension that is longer than one, at chunk borders. */
function slabsOf(ranges: readonly Range[], metadata: Metadata): (readonly Range[])[] {
  const bytes = sizeOf(ranges.map((r) => r.stop - r.start)) * metadata.size;
  const d = ranges.findIndex((r) => r.stop - r.start > 1);
  if (bytes <= SLAB || d === -1) return [ranges];
  const { start, stop, drop } = ranges[d]!;
  const chunk = metadata.chunks?.[d] ?? 1;
  const fit = Math.floor((SLAB * (stop - start)) / bytes / chunk) * chunk;
  const step = Math.max(fit, Math.min(chunk, stop - start - 1));
  const slabs: (readonly Range[])[] = [];
  for (let from = start; from < stop; ) {
    const to = Math.min(stop, Math.floor(from / step) * step + step);
    const part = ranges.map((r, i) => (i === d ? { start: from, stop: to, drop } : r));
    slabs.push(...(step > fit ? slabsOf(part, metadata) : [part]));
    from = to;
  }
  return slabs;
}

/** Copy values out of the library's memory. */
function take(
  module: Hdf5Module,
  pointer: number,
  metadata: Metadata,
  count: number,
): StoredNumbers | string[] {
  const type = typeOf(metadata);
  const bytes = module.HEAPU8.slice(pointer, pointer + metadata.size * count);
  if (type !== "string") return viewNumbers(bytes, type);
  const { size, strpad } = metadata;
  if (metadata.vlen) {
    const pointers = new Uint32Array(bytes.buffer);
    return Array.from(pointers, (at) => (at === 0 ? "" : decodeText(cString(module, at))));
  }
  return Array.from({ length: count }, (_, i) => {
    const text = decodeText(bytes.subarray(i * size, (i + 1) * size));
    return strpad === 2 ? text.replace(/ +$/, "") : text;
  });
}

function cString(module: Hdf5Module, at: number): Uint8Array {
  const end = module.HEAPU8.indexOf(0, at);
  return module.HEAPU8.slice(at, end === -1 ? at : end);
}

function unreadable(where: string): DataError {
  return new DataError({
    where,
    what: "values",
    wanted: "to read them",
    got: "an error of the HDF5 library",
    remedy: "the file is damaged, or packed with a filter that is not built in (szip, blosc, …)",
  });
}
