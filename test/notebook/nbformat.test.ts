import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { formatNotebook, type Notebook, parseNotebook } from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { faultsOf } from "../../lib/notebook/validate.js";
import { hasPython, hasSamples, python, samples } from "./samples.js";

const nbformat = join(samples, "nbformat");
const needsSamples = test.skipIf(!hasSamples);

function text(name: string): string {
  return readFileSync(join(nbformat, name), "utf8");
}

function officialSchema(): ValidateFunction {
  const file = join(samples, "nbformat_schema", "v4", "nbformat.v4.5.schema.json");
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  return new Ajv({ strict: false, validateSchema: false }).compile(schema);
}

/** All notebooks of all the folders, by path. */
function allNotebooks(): string[] {
  const names = readdirSync(samples, { recursive: true }).map(String);
  return names.filter((name) => name.endsWith(".ipynb")).sort();
}

function tryParse(path: string): Notebook | undefined {
  try {
    return parseNotebook(readFileSync(join(samples, path), "utf8"), path);
  } catch {
    return undefined;
  }
}

needsSamples("every notebook that is read is written as a valid one by the official schema", () => {
  const isValid = officialSchema();
  const read = allNotebooks().flatMap((path) => tryParse(path) ?? []);
  expect(read.length).toBeGreaterThan(50);
  for (const notebook of read) {
    expect(isValid(JSON.parse(formatNotebook(notebook))), JSON.stringify(isValid.errors)).toBe(
      true,
    );
  }
});

needsSamples("our rules and the official schema agree on notebooks broken in many ways", () => {
  const isValid = officialSchema();
  const sound = JSON.parse(text("test4.5.ipynb")) as Notebook;
  let refused = 0;
  for (const damage of damages(sound)) {
    const notebook = structuredClone(sound);
    damage.apply(notebook);
    const ours = faultsOf(notebook).filter((fault) => !fault.includes("used twice"));
    expect(ours.length === 0, `${damage.name}: ${ours}`).toBe(isValid(notebook) === true);
    if (ours.length > 0) refused++;
  }
  expect(refused).toBeGreaterThan(100);
});

interface Damage {
  readonly name: string;
  apply(notebook: unknown): void;
}

/** Every value of the notebook replaced by one of another type, or taken away. */
function damages(notebook: unknown): Damage[] {
  const places: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]) => {
    if (path.length > 0) places.push(path);
    if (typeof value !== "object" || value === null) return;
    const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
    for (const key of keys) walk((value as Record<string, unknown>)[key as string], [...path, key]);
  };
  walk(notebook, []);
  const others = [undefined, null, 3, "text", ["a", 1], { a: 1 }, true];
  return places.flatMap((path) =>
    others.map((other) => ({
      name: `${path.join(".")} = ${JSON.stringify(other)}`,
      apply: put(path, other),
    })),
  );
}

function put(path: readonly (string | number)[], value: unknown) {
  return (notebook: unknown) => {
    let at = notebook as Record<string | number, unknown>;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
    const last = path.at(-1)!;
    if (value === undefined && !Array.isArray(at)) delete at[last];
    else at[last] = value ?? null;
  };
}

describe("notebooks that are refused", () => {
  test.skipIf(!hasSamples).each([
    ["invalid.ipynb", 'notebook.cells[0]: lacks "source"'],
    [
      "invalid_cell_id.ipynb",
      'cells[0].id: expected 1 to 64 letters, digits, - or _, got "$illegal_chars"',
    ],
    ["invalid_unique_cell_id.ipynb", 'cells[1].id: "dup" is used twice'],
    ["v4_5_invalid_metadata.ipynb", "kernelspec: expected an object"],
    ["test3_no_min_version.ipynb", "expected 2, 3 or 4.0 to 4.5, got 3.an unknown minor"],
    ["no_min_version.ipynb", "got 4.an unknown minor"],
    ["test3_worksheet_with_no_cells.ipynb", 'lacks "cells"'],
    ["test3_no_worksheets.ipynb", 'lacks "cells"'],
    ["test4plus.ipynb", "notebook format: expected 2, 3 or 4.0 to 4.5, got 4.99"],
  ])("%s: %s", (name, message) => {
    expect(() => parseNotebook(text(name), name)).toThrow(message);
    expect(() => parseNotebook(text(name), name)).toThrow(`${name}: `);
  });

  test.each([
    ["", "expected JSON, got an empty file"],
    ["{", "expected JSON"],
    ["[]", "expected an object with nbformat and cells"],
    ['{"cells": []}', "got keys cells"],
    ['{"nbformat": 5, "nbformat_minor": 0}', "got 5.0"],
    ['{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', 'lacks "cells"'],
  ])("%s: %s", (content, message) => {
    expect(() => parseNotebook(content, "x.ipynb")).toThrow(message);
  });
});

describe("old notebooks are brought to 4.5 as nbformat does", () => {
  const convert = `
import json, sys, nbformat
nb = nbformat.read(sys.argv[1], as_version=4)
print(json.dumps([[c.cell_type, c.source, c.get("outputs")] for c in nb.cells]))`;

  test
    .skipIf(!hasSamples || !hasPython)
    .each([
      "test3.ipynb",
      "test4.ipynb",
      "test4custom.ipynb",
      "test4docinfo.ipynb",
      "test4jupyter_metadata.ipynb",
      "many_tracebacks.ipynb",
    ])("%s", (name) => {
    const { stdout, stderr } = spawnSync(python, ["-c", convert, join(nbformat, name)], {
      encoding: "utf8",
    });
    const wanted = JSON.parse(stdout || JSON.stringify(stderr)) as unknown;
    const { cells } = parseNotebook(text(name), name);
    const got = cells.map((c) => [
      c.cell_type,
      c.source,
      c.cell_type === "code" ? c.outputs : null,
    ]);
    expect(got).toEqual(wanted);
  });

  needsSamples("format 2 too, whose lines have no ends", () => {
    const { cells } = parseNotebook(text("test2.ipynb"), "test2.ipynb");
    expect(cells.length).toBeGreaterThan(10);
    expect(cells[0]!.source.split("\n")[0]).toBe("# An introduction to the Jupyter notebook");
  });
});

needsSamples("a 4.5 notebook is written back byte for byte as Jupyter wrote it", () => {
  const { cells, metadata } = JSON.parse(text("test4.5.ipynb"));
  const written = JSON.parse(formatNotebook(parseNotebook(text("test4.5.ipynb"), "x")));
  expect(written.cells).toEqual(cells);
  expect(written.metadata).toEqual(metadata);
});

test("cells without an id get one that depends on their content and place", () => {
  const cell = { cell_type: "markdown", metadata: {}, source: "same" };
  const old = JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell, cell] });
  const ids = () => parseNotebook(old, "x").cells.map(({ id }) => id);
  expect(ids()).toEqual(ids());
  expect(new Set(ids()).size).toBe(2);
});
