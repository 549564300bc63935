/** The code of a loop's module that lies beside its notebook. */

import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { DataError } from "../core/index.js";

const IMPORTED = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/**
 * The code of a module and of the files that it imports by their places, each named by where it is
 * from the module: a round depends on all of them.
 *
 * @throws {DataError} if one of them is not there
 */
export async function readModule(path: string): Promise<string> {
  const codes = new Map<string, string>();
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (codes.has(next)) continue;
    const code = await readFile(next, "utf8").catch((cause: unknown) => {
      const problem = { where: next!, what: "module of a loop", wanted: "a file", got: "none" };
      throw new DataError({ ...problem, remedy: "correct its name, or bring it", cause });
    });
    codes.set(next, code);
    const folder = dirname(next);
    waiting.push(...Array.from(code.matchAll(IMPORTED), ([, name]) => resolve(folder, name!)));
  }
  return Array.from(codes, ([file, code]) => `/* ${relative(path, file)} */${code}`)
    .sort()
    .join("\n");
}
