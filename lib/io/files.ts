/** Records that come as a file, as many, or as a folder of them. */

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * The files that some paths name: of a folder those in it, by name and without hidden ones; any other
 * path is itself, whether or not something is there, for its reader to say.
 */
export function filesAt(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
    const entries = readdirSync(path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
    return names.map(({ name }) => join(path, name)).sort();
  });
}
