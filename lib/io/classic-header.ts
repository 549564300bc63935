/**
 * The header of netCDF classic (CDF-1), 64-bit offset (CDF-2) and 64-bit data (CDF-5) files.
 * netcdfjs reads the first two; CDF-5, and CDF-2 with variables past 4 GiB, which it does not
 * know, are read here. The two readers are tested against each other.
 *
 * @see the NetCDF Users Guide, appendix "File Format Specifications"
 */

import { NetCDFReader } from "netcdfjs";
import { DataError } from "../core/index.js";
import type { ByteFile } from "./bytes.js";
import { bytesOf, swapFromBigEndian, viewNumbers } from "./bytes.js";
import type { AttributeValue, StorageType, StoredAttribute } from "./dataset.js";
import { decodeAll } from "./text.js";

/** What the header of a classic file says. */
export interface ClassicHeader {
  readonly version: number;
  /** records written; undefined if the writer left it open ("streaming") */
  readonly records: number | undefined;
  readonly dimensions: readonly { readonly name: string; readonly length: number }[];
  readonly attributes: ReadonlyMap<string, StoredAttribute>;
  readonly variables: readonly ClassicVariable[];
}

/** One variable of the header. */
export interface ClassicVariable {
  readonly name: string;
  readonly dimensionIds: readonly number[];
  readonly attributes: ReadonlyMap<string, StoredAttribute>;
  readonly type: StorageType;
  /** where its first value stands in the file */
  readonly begin: number;
}

const TYPES: readonly StorageType[] = [
  "i8",
  "char",
  "i16",
  "i32",
  "f32",
  "f64",
  "u8",
  "u16",
  "u32",
  "i64",
  "u64",
];
const NETCDFJS_TYPES: Readonly<Record<string, StorageType>> = {
  byte: "i8",
  char: "char",
  short: "i16",
  int: "i32",
  float: "f32",
  double: "f64",
};

/**
 * Read the header, taking in as much of the file as it turns out to need.
 *
 * @throws {DataError} if it is damaged
 */
export function readClassicHeader(file: ByteFile): ClassicHeader {
  for (let length = 1 << 16; ; length *= 4) {
    const bytes = new Uint8Array(Math.min(length, file.size));
    file.read(bytes, 0);
    try {
      return parseHeader(bytes, file.path);
    } catch (cause) {
      if (cause instanceof RangeError && bytes.length < file.size) continue;
      if (cause instanceof DataError) throw cause;
      throw damaged(file.path, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }
}

/**
 * Parse a header by the reader that knows its version. netcdfjs takes every count at its word and
 * would fill the memory with a blown-up one: it only gets headers that have been walked through.
 */
export function parseHeader(bytes: Uint8Array, path: string): ClassicHeader {
  const own = parseOwn(bytes, path);
  if (own.version === 5) return own;
  try {
    return parseWithNetcdfjs(bytes, path);
  } catch (cause) {
    if (cause instanceof TypeError && cause.message.includes("4GB")) return own;
    throw cause;
  }
}

/** Parse with netcdfjs: CDF-1 and CDF-2 whose variables begin below 4 GiB. */
export function parseWithNetcdfjs(bytes: Uint8Array, path: string): ClassicHeader {
  const { header } = new NetCDFReader(bytes);
  const attributesOf = (list: readonly NetcdfjsAttribute[] | undefined) =>
    new Map((list ?? []).map((a) => [latin1ToText(a.name), fromNetcdfjs(a, path)]));
  const count = header.recordDimension.length;
  return {
    version: header.version,
    records: count === 0xffffffff ? undefined : count,
    dimensions: (header.dimensions ?? []).map(({ name, size }) => ({
      name: latin1ToText(name),
      length: size,
    })),
    attributes: attributesOf(header.globalAttributes),
    variables: (header.variables ?? []).map((v) => ({
      name: latin1ToText(v.name),
      dimensionIds: v.dimensions,
      attributes: attributesOf(v.attributes),
      type: NETCDFJS_TYPES[v.type] ?? fail(path, `type ${v.type}`),
      begin: v.offset,
    })),
  };
}

/** Parse with the reader of this file: any of the three versions. */
export function parseOwn(bytes: Uint8Array, path: string): ClassicHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(3);
  const cursor: Cursor = { bytes, view, at: 4, wide: version === 5, path };
  const streaming = version === 5 ? 2 ** 64 : 0xffffffff;
  const records = readCount(cursor);
  const dimensions = readList(cursor, 10, () => ({
    name: readName(cursor),
    length: readCount(cursor),
  }));
  const attributes = readAttributes(cursor);
  const variables = readList(cursor, 11, () => readVariable(cursor, version));
  const open = records >= streaming;
  return { version, records: open ? undefined : records, dimensions, attributes, variables };
}

interface NetcdfjsAttribute {
  readonly name: string;
  readonly type: string;
  readonly value: number | string | readonly number[];
}

interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly wide: boolean;
  readonly path: string;
  at: number;
}

function fromNetcdfjs(attribute: NetcdfjsAttribute, path: string): StoredAttribute {
  const type = NETCDFJS_TYPES[attribute.type] ?? fail(path, `type ${attribute.type}`);
  const { value } = attribute;
  if (typeof value === "string") return { type, value: latin1ToText(value) };
  const list = typeof value === "number" ? [value] : [...value];
  const signed = type === "i8" ? list.map((x) => (x << 24) >> 24) : list;
  return { type, value: oneOrAll(signed) };
}

function readVariable(cursor: Cursor, version: number): ClassicVariable {
  const name = readName(cursor);
  const rank = readCount(cursor);
  if (rank > 1024) fail(cursor.path, `${rank} dimensions of ${name}`);
  const dimensionIds = Array.from({ length: rank }, () => readCount(cursor));
  const attributes = readAttributes(cursor);
  const type = readType(cursor);
  readCount(cursor);
  const begin = version === 1 ? readUint32(cursor) : readUint64(cursor);
  return { name, dimensionIds, attributes, type, begin };
}

function readAttributes(cursor: Cursor): Map<string, StoredAttribute> {
  return new Map(
    readList(cursor, 12, (): [string, StoredAttribute] => {
      const name = readName(cursor);
      const type = readType(cursor);
      const length = readCount(cursor) * bytesOf(type);
      const bytes = take(cursor, length).slice();
      if (type === "char") return [name, { type, value: trimNuls(decodeAll(bytes)) }];
      swapFromBigEndian(bytes, type);
      return [name, { type, value: oneOrAll(Array.from(viewNumbers(bytes, type), Number)) }];
    }),
  );
}

function readList<T>(cursor: Cursor, wanted: number, readItem: () => T): T[] {
  const tag = readUint32(cursor);
  const count = readCount(cursor);
  if (tag === 0 && count === 0) return [];
  if (tag !== wanted) fail(cursor.path, `list tag ${tag} instead of ${wanted}`);
  if (count > cursor.bytes.length) throw new RangeError("list longer than the header");
  return Array.from({ length: count }, readItem);
}

function readName(cursor: Cursor): string {
  return trimNuls(decodeAll(take(cursor, readCount(cursor))));
}

function readType(cursor: Cursor): StorageType {
  const code = readUint32(cursor);
  return TYPES[code - 1] ?? fail(cursor.path, `type ${code}`);
}

/** Take bytes padded to a multiple of four. */
function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw new RangeError("header ends early");
  const bytes = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end + ((4 - (length % 4)) % 4);
  return bytes;
}

function readCount(cursor: Cursor): number {
  return cursor.wide ? readUint64(cursor) : readUint32(cursor);
}

function readUint32(cursor: Cursor): number {
  cursor.at += 4;
  return cursor.view.getUint32(cursor.at - 4);
}

function readUint64(cursor: Cursor): number {
  cursor.at += 8;
  return Number(cursor.view.getBigUint64(cursor.at - 8));
}

function oneOrAll(list: readonly number[]): AttributeValue {
  return list.length === 1 ? list[0]! : list;
}

function latin1ToText(text: string): string {
  return trimNuls(decodeAll(Buffer.from(text, "latin1")));
}

function trimNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

function fail(path: string, got: string): never {
  throw damaged(path, got);
}

function damaged(path: string, got: string, cause?: unknown): DataError {
  const remedy = "the file is damaged: fetch it again";
  return new DataError({
    where: path,
    what: "netCDF header",
    wanted: "a whole one",
    got,
    remedy,
    cause,
  });
}
