/**
 * The HDF5 library as WebAssembly (h5wasm), one instance for all open files.
 *
 * The instance has no file system but the files mounted here, each backed by one descriptor: an
 * external link, external storage or a virtual data set in a hostile file finds nothing else. Its
 * error prints are dropped, statuses are checked instead. After a trap or an abort the instance
 * is left to its open files and the next file gets a fresh one. Its memory may grow by what the open
 * files can hold and no further: a blown-up length in a file would else take 2 GiB.
 */

import { DataError, EnvironmentError, isCarbonbookError } from "../core/index.js";

/** The functions of h5wasm's module that this room calls. */
export type Hdf5Module = Awaited<typeof import("h5wasm").ready> & {
  readonly HEAPU8: Uint8Array;
} & {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
};

/** A live instance of the library. */
export interface Engine {
  readonly module: Hdf5Module;
  /** set by a trap: whatever the instance holds can no longer be trusted */
  broken: boolean;
  mounted: number;
  /** what each open file may take up of its memory, by the name it has there [bytes] */
  readonly allowed: Map<string, number>;
}

/** What a mounted file reads from and writes to. */
export interface Backing {
  size(): number;
  read(target: Uint8Array, position: number): number;
  write?(source: Uint8Array, position: number): number;
  truncate?(length: number): void;
  /** most memory that the library may take up for it [bytes]; all there is if not given */
  readonly memory?: number;
}

/** What a backing throws for the library to see a disk that cannot be read (EIO). */
export const READ_ERROR = { name: "ErrnoError", errno: 29 };

/** What the library takes up by itself, and for attributes, caches and slabs of any file. */
const OWN_MEMORY = 128 * 2 ** 20;

let current: Promise<Engine> | undefined;

/**
 * The engine for the next file.
 *
 * @throws {EnvironmentError} if WebAssembly cannot be started
 */
export async function engine(): Promise<Engine> {
  if (current !== undefined && (await current).broken) current = undefined;
  current ??= start();
  return current;
}

/**
 * Call into the library; a trap marks the engine broken. The library's clock stands at 1970: it
 * stamps every object it writes, and equal contents should be equal bytes.
 *
 * @throws {DataError} if the library stops
 */
export function guarded<T>(engine: Engine, where: string, work: (module: Hdf5Module) => T): T {
  const { now } = Date;
  const { grow } = WebAssembly.Memory.prototype;
  Date.now = () => 0;
  WebAssembly.Memory.prototype.grow = function (pages) {
    const most = [...engine.allowed.values()].reduce((sum, bytes) => sum + bytes, OWN_MEMORY);
    if (this.buffer.byteLength + pages * 65536 > most) throw new RangeError("more than allowed");
    return grow.call(this, pages);
  };
  try {
    return work(engine.module);
  } catch (cause) {
    if (isCarbonbookError(cause)) throw cause;
    if (cause instanceof WebAssembly.RuntimeError || !(cause instanceof Error))
      engine.broken = true;
    const said = cause instanceof Error ? cause.message : String(cause);
    const got = said.includes("name not defined") ? "an object that cannot be opened" : said;
    const remedy = "the file is damaged or of a kind that HDF5 2.0 does not read";
    throw new DataError({ where, what: "HDF5", wanted: "a readable file", got, remedy, cause });
  } finally {
    Date.now = now;
    WebAssembly.Memory.prototype.grow = grow;
  }
}

/** Let the library see a file under a name of its own; returns that name. */
export function mount(engine: Engine, backing: Backing): string {
  const fs = engine.module.FS as unknown as FileSystem;
  const name = `/${engine.mounted++}.h5`;
  engine.allowed.set(name, backing.memory ?? Number.POSITIVE_INFINITY);
  const node = fs.createFile("/", name.slice(1), {}, true, true);
  const attributes = node.node_ops;
  const getattr = attributes.getattr as (node: FileNode) => Record<string, unknown>;
  node.node_ops = {
    ...attributes,
    getattr: (n) => ({ ...getattr(n), size: backing.size() }),
    setattr: (_, change) => {
      if (change.size !== undefined) backing.truncate?.(change.size);
    },
  };
  node.stream_ops = {
    ...node.stream_ops,
    read: (_, heap, offset, length, position) =>
      backing.read(heapBytes(heap, offset, length), position),
    write: (_, heap, offset, length, position) =>
      backing.write?.(heapBytes(heap, offset, length), position) ?? 0,
    llseek: (stream, offset, whence) => {
      const from = whence === 1 ? stream.position : whence === 2 ? backing.size() : 0;
      return from + offset;
    },
  };
  return name;
}

/** Take a mounted file away again. */
export function unmount(engine: Engine, name: string): void {
  engine.allowed.delete(name);
  if (!engine.broken) (engine.module.FS as unknown as FileSystem).unlink(name);
}

/** Allocate in the library's memory for the time of `work`. */
export function withMemory<T>(module: Hdf5Module, bytes: number, work: (pointer: number) => T): T {
  const pointer = bytes > module.MAXIMUM_MEMORY ? 0 : module._malloc(Math.max(bytes, 1));
  if (pointer === 0) {
    throw new DataError({
      what: "memory",
      wanted: `${bytes} bytes at once`,
      got: `at most ${module.MAXIMUM_MEMORY}`,
      remedy: "read a smaller slice",
    });
  }
  try {
    return work(pointer);
  } finally {
    module._free(pointer);
  }
}

interface FileNode {
  node_ops: {
    getattr: (node: FileNode) => Record<string, unknown>;
    setattr: (node: FileNode, change: { size?: number }) => void;
  };
  stream_ops: StreamOperations;
}

interface Stream {
  position: number;
}

type Transfer = (
  stream: Stream,
  heap: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => number;

interface StreamOperations {
  read: Transfer;
  write: Transfer;
  llseek: (stream: Stream, offset: number, whence: number) => number;
}

interface FileSystem {
  createFile(
    parent: string,
    name: string,
    properties: object,
    canRead: boolean,
    canWrite: boolean,
  ): FileNode;
  unlink(path: string): void;
}

type Factory = (options: object) => Promise<Hdf5Module>;

async function start(): Promise<Engine> {
  try {
    const url = new URL("hdf5_util.js", import.meta.resolve("h5wasm"));
    const { default: makeModule } = (await import(url.href)) as { default: Factory };
    const silent = () => undefined;
    const module = await makeModule({ noInitialRun: true, print: silent, printErr: silent });
    return { module, broken: false, mounted: 0, allowed: new Map() };
  } catch (cause) {
    const remedy = "install h5wasm again (npm install)";
    throw new EnvironmentError({ what: "h5wasm", wanted: "it to start", remedy, cause });
  }
}

function heapBytes(heap: Uint8Array, offset: number, length: number): Uint8Array {
  return new Uint8Array(heap.buffer, heap.byteOffset + offset, length);
}
