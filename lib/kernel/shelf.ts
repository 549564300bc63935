/**
 * The shelf: TypeScript and the declarations of its library and of Node, loaded and parsed before
 * this process began. A process that was started from the start-up snapshot (see `snapshot.ts`) has
 * them in its memory; in any other the shelf is empty and TypeScript is loaded when it is wanted.
 */
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import type * as TS from "typescript";

/** What a start-up snapshot leaves in memory. */
export interface Shelf {
  /** the module that `ts` is */
  readonly typescript: Stamp;
  readonly ts: typeof TS;
  /** parsed and bound, by absolute path */
  readonly files: ReadonlyMap<string, Stamp & { readonly file: TS.SourceFile }>;
  readonly Console: typeof console.Console;
}

/** A file as it was when it was read. */
interface Stamp {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

const require = createRequire(import.meta.url);
const shelf = (globalThis as Record<symbol, Shelf | undefined>)[Symbol.for("carbonbook.snapshot")];

/** Put back what V8 leaves out of a start-up snapshot. */
export function completeGlobals(): void {
  Error.stackTraceLimit ??= 10;
  if (shelf !== undefined) console.Console ??= shelf.Console;
}

/** The converter's own copy of TypeScript, good for parsing too. */
export const ts: typeof TS = load();

function load(): typeof TS {
  const path = require.resolve("@tslab/typescript-for-tslab");
  if (shelf?.typescript.path === path && isSame(shelf.typescript)) {
    const module = { id: path, filename: path, loaded: true, exports: shelf.ts, children: [] };
    require.cache[path] = module as unknown as NodeModule;
  }
  return require(path);
}

/** Let `host` take what it can from the shelf. */
export function useShelf(host: TS.CompilerHost): void {
  if (shelf?.ts !== ts || served.has(host)) return;
  served.add(host);
  const { getSourceFileByPath: byPath, getSourceFile: byName } = host;
  host.getSourceFile = (name, ...rest) => take(name) ?? byName(name, ...rest);
  if (byPath === undefined) return;
  host.getSourceFileByPath = (name, path, ...rest) => take(name) ?? byPath(name, path, ...rest);
}

const served = new WeakSet<TS.CompilerHost>();

/** The parsed file, if it is on the shelf and the one on disk is still the same. */
function take(name: string): TS.SourceFile | undefined {
  const found = shelf?.files.get(name);
  if (found === undefined || !isSame(found)) return undefined;
  return Object.assign(found.file, { version: String(found.mtimeMs) });
}

function isSame({ path, size, mtimeMs }: Stamp): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now?.size === size && now.mtimeMs === mtimeMs;
}
