/**
 * What the compiler is told about changed files. Not by watching: local files are looked at when a
 * cell is about to run, so that a change a moment ago counts and an idle kernel stays idle. Files
 * in node_modules never change under a running kernel.
 */
import { readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type * as TS from "typescript";
import { ts } from "./shelf.js";

type FileListener = (path: string, kind: TS.FileWatcherEventKind) => void;

/** How the compiler hears of local files. */
export interface LocalFiles {
  /** the system to give to the compiler */
  readonly system: TS.System;
  /** Let timers of `system` that only debounce fire at once. */
  patch(system: TS.System): void;
  /** Tell the compiler what has changed since the last call; whether anything has. */
  poll(): boolean;
}

/** Make a system whose watchers only fire in `poll`, and only for files below `folder`. */
export function watchLocalFiles(folder: string): LocalFiles {
  const files = new Map<string, { listeners: Set<FileListener>; stamp: number }>();
  const listing = { names: new Set(namesIn(folder)), listeners: new Set<(path: string) => void>() };
  const isLocal = (path: string) =>
    path.startsWith(folder + sep) && !path.includes(`${sep}node_modules${sep}`);

  const system: TS.System = Object.assign(Object.create(ts.sys), {
    watchFile(path: string, listener: FileListener) {
      if (!isLocal(path)) return { close: () => undefined };
      const entry = files.get(path) ?? { listeners: new Set(), stamp: stampOf(path) };
      files.set(path, entry);
      entry.listeners.add(listener);
      return { close: () => entry.listeners.delete(listener) };
    },
    watchDirectory(path: string, listener: (path: string) => void) {
      if (path !== folder) return { close: () => undefined };
      listing.listeners.add(listener);
      return { close: () => listing.listeners.delete(listener) };
    },
  });

  return {
    system,
    patch(host) {
      const later = host.setTimeout!.bind(host);
      host.setTimeout = (callback, ms, ...rest) => {
        if (callback.name === UPDATE) return later(callback, ms, ...rest);
        return callback();
      };
    },
    poll() {
      let hasChanged = false;
      for (const [path, entry] of files) {
        const stamp = stampOf(path);
        if (stamp === entry.stamp) continue;
        entry.stamp = stamp;
        hasChanged = true;
        const kind = stamp < 0 ? ts.FileWatcherEventKind.Deleted : ts.FileWatcherEventKind.Changed;
        for (const listener of entry.listeners) listener(path, kind);
      }
      const names = new Set(namesIn(folder));
      const changed = [...names].filter((name) => !listing.names.delete(name));
      for (const name of [...changed, ...listing.names]) {
        hasChanged = true;
        for (const listener of listing.listeners) listener(join(folder, name));
      }
      listing.names = names;
      return hasChanged;
    },
  };
}

/** TypeScript's function that rebuilds a program; its other timers only debounce. */
const UPDATE = "updateProgramWithWatchStatus";

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a working folder that may not be listed
  }
}

function stampOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? -1 : stats.mtimeMs + stats.size;
}
