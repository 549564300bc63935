/** Two readers of the classic header, one of them netcdfjs, say the same. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseOwn, parseWithNetcdfjs } from "../../lib/io/classic-header.js";

const parents = fileURLToPath(new URL("../fixtures/io/parents", import.meta.url));
const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";

/** Files that one of the two refuses or that are cut off; each is tested elsewhere. */
const ODD = /bad_cdf5_begin|Time_Varying_Biomes/;

function classicFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".nc"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => ["43444601", "43444602"].includes(readFileSync(path).toString("hex", 0, 4)));
}

test.each([
  ["parents", parents, 2],
  ["mirror", mirror, 25],
])("headers in the %s folder", (_, folder, atLeast) => {
  if (folder === "") return expect(mirror).toBe("");
  const files = classicFiles(folder).filter((path) => !ODD.test(path));
  expect(files.length).toBeGreaterThanOrEqual(atLeast);
  for (const path of files) {
    const bytes = new Uint8Array(readFileSync(path));
    expect(parseOwn(bytes, path), path).toEqual(parseWithNetcdfjs(bytes, path));
  }
});
