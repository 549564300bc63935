/**
 * The files of a zip archive, read where they stand: nothing is unpacked to disk, so names with
 * ".." or links in an archive lead nowhere.
 *
 * @see PKWARE, APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12, 4.3.16
 */

import { crc32, inflateRawSync } from "node:zlib";
import { DataError } from "../core/index.js";
import type { ByteFile } from "./bytes.js";

/** A file in an archive. */
interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  readonly header: number;
}

/** The files of an archive by name. */
export interface ZipFile {
  readonly names: readonly string[];
  /** @throws {DataError} if the file is damaged; undefined if there is none of this name */
  read(name: string): Uint8Array | undefined;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MOST_ENTRIES = 1_000_000;

/** Whether bytes begin a zip archive. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}

/**
 * Read the directory of an archive.
 *
 * @throws {DataError} if it is damaged or of the 64-bit kind
 */
export function openZip(file: ByteFile): ZipFile {
  const entries = readDirectory(file);
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name);
      return entry === undefined ? undefined : readEntry(file, name, entry);
    },
  };
}

function readDirectory(file: ByteFile): Map<string, Entry> {
  const tail = new Uint8Array(Math.min(file.size, 65_557));
  file.read(tail, file.size - tail.length);
  const view = viewOf(tail);
  let at = tail.length - 22;
  while (at >= 0 && view.getUint32(at, true) !== END) at--;
  if (at < 0) throw damaged(file.path, "no directory at its end");
  const count = view.getUint16(at + 10, true);
  const length = view.getUint32(at + 12, true);
  const start = view.getUint32(at + 16, true);
  if (count === 0xffff || start === 0xffffffff) throw damaged(file.path, "the 64-bit kind");
  if (start + length > file.size || count > MOST_ENTRIES)
    throw damaged(file.path, "a cut-off directory");
  const directory = new Uint8Array(length);
  file.read(directory, start);
  return parseDirectory(directory, count, file.path);
}

function parseDirectory(bytes: Uint8Array, count: number, path: string): Map<string, Entry> {
  const view = viewOf(bytes);
  const entries = new Map<string, Entry>();
  for (let i = 0, at = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      throw damaged(path, "a damaged directory");
    }
    const [name, extra, comment] = [28, 30, 32].map((o) => view.getUint16(at + o, true)) as [
      number,
      number,
      number,
    ];
    entries.set(Buffer.from(bytes.subarray(at + 46, at + 46 + name)).toString("utf8"), {
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      header: view.getUint32(at + 42, true),
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}

function readEntry(file: ByteFile, name: string, entry: Entry): Uint8Array {
  const where = `${file.path}:${name}`;
  const head = new Uint8Array(30);
  file.read(head, entry.header);
  const view = viewOf(head);
  if (view.getUint32(0, true) !== LOCAL) throw damaged(where, "no file where one should be");
  const start = entry.header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.packed > file.size) throw damaged(where, "a cut-off file");
  const packed = new Uint8Array(entry.packed);
  file.read(packed, start);
  const bytes = unpack(packed, entry, where);
  if (bytes.length === entry.size && crc32(bytes) === entry.crc) return bytes;
  throw damaged(where, `${bytes.length} bytes with another checksum, instead of ${entry.size}`);
}

function unpack(packed: Uint8Array, entry: Entry, where: string): Uint8Array {
  if (entry.method === 0) return packed;
  if (entry.method !== 8) throw damaged(where, `packing method ${entry.method}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) });
  } catch (cause) {
    throw damaged(where, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(where: string, got: string, cause?: unknown): DataError {
  return new DataError({ where, what: "zip archive", wanted: "a whole one", got, cause });
}
