/** `carbonbook clean`: what runs take, and away with them. */

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { addJson, columns, type Finish, formatBytes } from "./command.js";
import { makeConsole } from "./console.js";
import { EXIT } from "./exit.js";
import { findRoot } from "./root.js";

interface Options {
  readonly yes: boolean;
  readonly root?: string;
  readonly json: boolean;
}

/** Add the command to the program. */
export function addClean(program: Command, finish: Finish): void {
  addJson(program.command("clean"))
    .description("say how large runs and cache are; with --yes, delete them")
    .argument("[profile...]", "profiles; all, and the cache, by default")
    .option("--yes", "delete", false)
    .option("--root <folder>", "root of the project (the present folder, or this package's)")
    .action(async (profiles: string[], options: Options) => finish(await clean(profiles, options)));
}

async function clean(profiles: readonly string[], options: Options): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { takeLock } = await import("../notebook/index.js");
  const root = findRoot(options.root);
  const runs = await readdir(join(root, "runs")).catch(() => [] as string[]);
  const named = profiles.length === 0 ? runs : profiles;
  const folders = [
    ...named.map((name) => join("runs", name)),
    ...(profiles.length === 0 ? [".cache"] : []),
  ];
  const sizes = await Promise.all(folders.map((folder) => sizeOf(join(root, folder))));
  const found = folders
    .map((folder, i) => ({ folder, bytes: sizes[i]! }))
    .filter(({ bytes }) => bytes > 0);
  for (const line of columns(found.map((f) => [f.folder, formatBytes(f.bytes)])))
    console.print(line);
  if (options.yes) {
    for (const { folder } of found) {
      const isRun = folder.startsWith("runs");
      const release = isRun ? await takeLock(join(root, folder, ".lock")) : undefined;
      await rm(join(root, folder), { recursive: true, force: true });
      await release?.();
    }
  }
  const total = formatBytes(found.reduce((sum, { bytes }) => sum + bytes, 0));
  console.print(options.yes ? `${total} deleted` : `${total}; nothing deleted, --yes deletes`);
  console.document({ deleted: options.yes, folders: found });
  return EXIT.done;
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
  const sizes = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found?.isFile() ? found.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
