/** A small project of two notebooks, the second needing what the first writes. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metadata } from "carbonbook/notebook";
import { expect } from "vitest";
import { makeFolder, PYTHON, writeSample } from "./samples.js";

/** A notebook with `runFolder` that writes and reads as its cells say. */
export function put(
  root: string,
  name: string,
  cells: readonly string[],
  carbonbookMetadata: Metadata,
) {
  const parameters = { source: "runFolder = ''\nn = 3 # how many", tags: ["parameters"] };
  const prose = { source: `# Notebook ${name}`, type: "markdown" as const };
  const metadata = { ...PYTHON, carbonbook: carbonbookMetadata };
  writeSample(join(root, "notebooks", `${name}.ipynb`), [prose, parameters, ...cells], metadata);
}

/** A cell that writes `a.txt`. */
const WRITE_A = "open(runFolder + '/artifacts/a.txt', 'w').write('x' * n)";
/** A cell that writes `b.txt` from `a.txt`. */
export const WRITE_B = `text = open(runFolder + '/artifacts/a.txt').read()
open(runFolder + '/artifacts/b.txt', 'w').write(text * 2)`;

/** A project of two notebooks; the second needs what the first writes. */
export function makeProject(second: readonly string[] = [WRITE_B]): string {
  const root = makeFolder();
  mkdirSync(join(root, "notebooks"));
  put(root, "01-a", [WRITE_A], {
    study: "s1",
    outputs: ["artifacts/a.txt"],
    profiles: { workshop: { n: 5 } },
  });
  put(root, "02-b", second, {
    study: "s2",
    inputs: ["artifacts/a.txt"],
    outputs: ["artifacts/b.txt"],
  });
  return root;
}

/** Change the text of a notebook. */
export function edit(root: string, name: string, from: string, to: string): void {
  const path = join(root, "notebooks", `${name}.ipynb`);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

/** Read a file of a run. */
export function result(root: string, file: string, profile = "quick"): string {
  return readFileSync(join(root, "runs", profile, file), "utf8");
}
