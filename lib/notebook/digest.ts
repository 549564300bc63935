/** sha256 of files; those of unchanged files (size and time) are remembered in a folder. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { writeWhole } from "./atomic.js";

/** A file as it was when it was hashed. */
export interface FileDigest {
  readonly size: number;
  /** [ms] */
  readonly modified: number;
  readonly sha256: string;
}

/** Hashes files, and remembers. */
export interface Digester {
  /** sha256 of a file; undefined if it is not there */
  file(path: string): Promise<FileDigest | undefined>;
  /** Write what was learnt to the disk. */
  save(): Promise<void>;
}

/** Make a digester that remembers in `memory`, a JSON file. */
export async function makeDigester(memory: string): Promise<Digester> {
  const text = await readFile(memory, "utf8").catch(() => "{}");
  const known = new Map(Object.entries(parse(text)));
  let learnt = false;
  return {
    async file(path) {
      const absolute = resolve(path);
      const found = await stat(absolute).catch(() => undefined);
      if (found === undefined || !found.isFile()) return undefined;
      const { size, mtimeMs: modified } = found;
      const old = known.get(absolute);
      if (old !== undefined && old.size === size && old.modified === modified) return old;
      const digest = { size, modified, sha256: await sha256OfFile(absolute) };
      known.set(absolute, digest);
      learnt = true;
      return digest;
    },
    async save() {
      if (learnt) await writeWhole(memory, JSON.stringify(Object.fromEntries(known)));
    },
  };
}

/** sha256 of a text, in hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function parse(text: string): Record<string, FileDigest> {
  try {
    return JSON.parse(text) as Record<string, FileDigest>;
  } catch {
    return {}; // a damaged memory is only a slow one
  }
}
