/**
 * The converter builds each cell twice: it looks at the names of the first build and appends an
 * export of them for the second. Here the text it reads has that export from the start, so that the
 * second build finds nothing new; and its own start, with an empty cell, is a build less.
 */
import type * as TS from "typescript";
import { bind, namesOf, parse } from "./scope.js";

/** Give the converter at its first look the text it would make for its second. */
export function makeExporter(source: string) {
  let active = false;
  let first: string | undefined;
  let bare = "";
  let exported = "";
  const read = (text: string): string => {
    if (text.startsWith(bare) && /^\nexport \{[^}]*\}$/.test(text.slice(bare.length))) {
      return sameNames(text, exported) ? exported : text;
    }
    const names = topLevelNames(text);
    bare = text;
    exported = names.length === 0 ? text : `${text}\nexport {${names.join(", ")}}`;
    return exported;
  };
  return {
    patch(system: TS.System) {
      const readFile = system.readFile.bind(system);
      system.readFile = (path, encoding) => {
        const text = readFile(path, encoding);
        if (path !== source || text === undefined) return text;
        return active ? read(first === undefined ? text : text + first) : text;
      };
    },
    /** While the converter starts, the cell it reads is already the first. */
    starting<T>(code: string, work: () => T): T {
      first = code;
      try {
        return work();
      } finally {
        first = undefined;
      }
    },
    during<T>(work: () => T): T {
      active = true;
      try {
        return work();
      } finally {
        active = false;
      }
    },
  };
}

function topLevelNames(text: string): string[] {
  const file = parse(text);
  bind(file);
  return namesOf(file);
}

function sameNames(a: string, b: string): boolean {
  const names = (text: string) =>
    text
      .slice(text.lastIndexOf("{") + 1, -1)
      .split(", ")
      .sort()
      .join();
  return names(a) === names(b);
}
