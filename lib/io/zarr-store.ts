/** The keys and bytes of a Zarr hierarchy, in a folder or in a zip archive. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ByteFile } from "./bytes.js";
import { openZip } from "./zip.js";

/** What zarrita reads from, and what we list. */
export interface ZarrStore {
  /** where the arrays stand: "" for the root, else "group/array" */
  readonly arrays: readonly string[];
  get(key: string): Promise<Uint8Array | undefined>;
  /** bytes of the whole store, counted when they are asked for */
  size(): number;
}

const MARKS = [".zarray", ".zgroup", "zarr.json"];
const MOST_DEPTH = 32;

/** Whether a folder is the root of a Zarr hierarchy. */
export function isZarrFolder(path: string): boolean {
  const names = readdirSync(path);
  return MARKS.some((mark) => names.includes(mark));
}

/** Look through a folder; links in it are not followed. */
export function openFolderStore(root: string): ZarrStore {
  const arrays: string[] = [];
  function visit(path: string, depth: number): void {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    const files = new Set(entries.filter((e) => e.isFile()).map((e) => e.name));
    if (isArray(files, (name) => readFileSync(join(root, path, name)))) {
      arrays.push(path);
      return;
    }
    if (depth >= MOST_DEPTH) return;
    const folders = entries.filter((e) => e.isDirectory() && !e.name.startsWith("."));
    for (const { name } of folders) visit(path === "" ? name : `${path}/${name}`, depth + 1);
  }
  visit("", 0);
  return {
    arrays,
    get: async (key) => readOrNothing(join(root, ...safeParts(key))),
    size: () => sizeOfFolder(root),
  };
}

/** Look through an archive, whose hierarchy may stand in a folder of its own; undefined if none. */
export function openZipStore(file: ByteFile): ZarrStore | undefined {
  const zip = openZip(file);
  const marked = zip.names.filter((n) => MARKS.includes(n.split("/").at(-1)!));
  if (marked.length === 0) return undefined;
  const folders = marked.map((n) => n.slice(0, n.lastIndexOf("/") + 1));
  const root = folders.reduce((a, b) => (b.length < a.length ? b : a));
  const inside = [...new Set(folders)].filter((f) => f.startsWith(root)).sort();
  const arrays = inside
    .filter((folder) => {
      const files = new Set(MARKS.filter((mark) => zip.names.includes(folder + mark)));
      return isArray(files, (name) => zip.read(folder + name)!);
    })
    .map((folder) => folder.slice(root.length).replace(/\/$/, ""));
  return {
    arrays,
    get: async (key) => zip.read(root + safeParts(key).join("/")),
    size: () => file.size,
  };
}

function isArray(files: ReadonlySet<string>, read: (name: string) => Uint8Array): boolean {
  if (files.has(".zarray")) return true;
  if (!files.has("zarr.json")) return false;
  return Buffer.from(read("zarr.json")).toString("utf8").includes('"array"');
}

/** Keys are made of names in metadata: none may lead out of the hierarchy. */
function safeParts(key: string): string[] {
  return key.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
}

function readOrNothing(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function sizeOfFolder(root: string): number {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
