import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "carbonbook/core";
import { expect, test } from "vitest";

const lib = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "lib");

const sources = readdirSync(lib, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((path) => !/\/(dist|node_modules)\//.test(path))
  .map((path) => ({ file: relative(lib, path), text: readFileSync(path, "utf8") }));

test("every error that a docstring promises exists", () => {
  const promised = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/@throws \{(\w+)\}/g)].map(([, name]) => ({ file, name: name as string })),
  );
  const unknown = promised.filter(
    ({ file, name }) =>
      !(name in core) && !sources.some((s) => sameRoom(s.file, file) && declares(s.text, name)),
  );
  expect(promised.length).toBeGreaterThan(0);
  expect(unknown.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

test("every exported function, class and interface has a docstring", () => {
  const bare = sources.flatMap(({ file, text }) =>
    [
      ...text.matchAll(
        /^(?<!\*\/\n)export (?:declare |abstract |async )*(?:function\*?|class|interface) (\w+)/gm,
      ),
    ]
      .filter((match) => !text.slice(0, match.index).trimEnd().endsWith("*/"))
      .filter((match) => !isOverload(text, match[1] as string, match.index))
      .map((match) => `${file}: ${match[1]}`),
  );
  expect(bare).toEqual([]);
});

function sameRoom(a: string, b: string): boolean {
  return a.split("/")[0] === b.split("/")[0];
}

function declares(text: string, name: string): boolean {
  return new RegExp(`export class ${name}\\b`).test(text);
}

/** Whether an earlier signature of the same function carries the docstring. */
function isOverload(text: string, name: string, before: number): boolean {
  return new RegExp(`^export (async )?function ${name}\\b`, "m").test(text.slice(0, before));
}
