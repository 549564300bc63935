/**
 * The fingerprint of a notebook's run: one hash for each thing that its result depends on. Two
 * equal fingerprints mean that nothing needs to run; where they differ, the parts say why.
 */

import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { GraphNode } from "./declaration.js";
import { type Digester, sha256 } from "./digest.js";
import { languageNameOf } from "./language.js";
import { tagsOf } from "./nbformat.js";
import { stripPython, stripScript } from "./strip.js";
import { describeValue, type Value } from "./value.js";

/** A hash by the name of the part, as `cells`, `room ocean`, `input artifacts/a.nc`. */
export type Fingerprint = Readonly<Record<string, string>>;

/** A room of the library: the hash of its compiled code, and the rooms it imports. */
export interface Room {
  readonly digest: string;
  readonly imports: readonly string[];
}

/** Rooms by their names. */
export type Rooms = Readonly<Record<string, Room>>;

/** Where the things a notebook depends on are. */
export interface Surroundings {
  /** folder of the compiled library, with a folder for each room */
  readonly library: string;
  /** rooms that are known and need not be read there */
  readonly rooms?: Rooms;
  /** the lockfile */
  readonly lockfile: string;
  /** the folder of the kernelspec the notebook runs on; none for code that runs without a kernel */
  readonly kernelFolder?: string;
  /** the run's folder */
  readonly runFolder: string;
  readonly digester: Digester;
  /** where a file of the data manifest is; undefined if it is not here */
  locate(id: string): Promise<string | undefined>;
}

/** Take the fingerprint of a notebook with its parameters. */
export async function takeFingerprint(
  node: GraphNode,
  parameters: Readonly<Record<string, Value>>,
  around: Surroundings,
): Promise<Fingerprint> {
  const code = codeOf(node);
  const { kernelFolder = "" } = around;
  const ours = basename(kernelFolder) === "carbonbook" ? ["kernel"] : [];
  const imported = [...code.matchAll(/["']carbonbook\/([a-z]+)["']/g)].map((match) => match[1]!);
  const rooms = await readRooms([...imported, ...ours], around.library, around.rooms);
  const hash = (path: string) => hashPath(path, around.digester);
  const parts: Record<string, string> = {
    cells: sha256(code),
    parameters: sha256(describeValue(parameters)),
    node: process.version,
    lockfile: await hash(around.lockfile),
    ...(kernelFolder !== "" && { kernel: await hash(join(kernelFolder, "kernel.json")) }),
  };
  const provider = process.env.CARBONBOOK_PROVIDER;
  if (provider !== undefined && Object.hasOwn(rooms, "learn")) parts.provider = provider;
  for (const room of Object.keys(rooms).sort()) parts[`room ${room}`] = rooms[room]!.digest;
  for (const id of node.data) {
    const path = await around.locate(id);
    parts[`data ${id}`] = path === undefined ? "absent" : await hash(path);
  }
  for (const input of node.inputs)
    parts[`input ${input}`] = await hash(join(around.runFolder, input));
  return parts;
}

/** Say what of a fingerprint is not as it was; empty if nothing changed. */
export function changesBetween(before: Fingerprint, now: Fingerprint): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    if (before[name] === now[name]) return [];
    if (before[name] === undefined) return [`${name} is new`];
    if (now[name] === undefined) return [`${name} is no longer used`];
    return [now[name] === "absent" ? `${name} is gone` : `${name} changed`];
  });
}

/** The code of a notebook that runs, without comments, one cell after the other. */
function codeOf(node: GraphNode): string {
  const language = languageNameOf(node.notebook);
  const isScript = language === "typescript" || language === "javascript";
  return node.notebook.cells
    .filter((cell) => cell.cell_type === "code" && !tagsOf(cell).includes("skip-execution"))
    .map((cell) => {
      const source = isScript ? stripScript(cell.source) : cell.source;
      return language === "python" ? stripPython(source) : source;
    })
    .filter((source) => source.trim() !== "")
    .join("\n\u0000\n");
}

/** The hash of a file, or of all files of a folder. */
async function hashPath(path: string, digester: Digester): Promise<string> {
  const file = await digester.file(path);
  if (file !== undefined) return file.sha256;
  const names = await readdir(path, { recursive: true }).catch(() => [] as string[]);
  if (names.length === 0) return "absent";
  const digests = await Promise.all(
    names.sort().map(async (name) => `${name} ${(await digester.file(join(path, name)))?.sha256}`),
  );
  return sha256(digests.join("\n"));
}

/**
 * Rooms and those they import.
 *
 * @param library folder of the compiled library
 * @param known   rooms that need not be read
 */
export async function readRooms(
  names: readonly string[],
  library: string,
  known: Rooms = {},
): Promise<Rooms> {
  const found: Record<string, Room> = {};
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (Object.hasOwn(found, name)) continue;
    const room = known[name] ?? describeRoom(await readSources(join(library, name)));
    found[name] = room;
    waiting.push(...room.imports);
  }
  return found;
}

function describeRoom(sources: readonly [name: string, text: string][]): Room {
  const imports = sources.flatMap(([, text]) =>
    [...text.matchAll(/["']\.\.\/([a-z]+)\/index\.js["']/g)].map((match) => match[1]!),
  );
  const code = sources.map(([name, text]) => `${name}\0${stripScript(text)}`).join("\0");
  return { digest: sha256(code), imports: [...new Set(imports)] };
}

async function readSources(folder: string): Promise<[name: string, text: string][]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
  const sources = names.filter((name) => /\.(js|json)$/.test(name)).sort();
  return Promise.all(
    sources.map(
      async (name) => [name, await readFile(join(folder, name), "utf8")] as [string, string],
    ),
  );
}
