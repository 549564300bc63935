import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesAt } from "carbonbook/io";
import { expect, test } from "vitest";

test("a folder stands for its files by name, and any other path for itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "files-"));
  for (const name of ["b.nc", "a.nc", ".hidden"]) writeFileSync(join(folder, name), "");
  mkdirSync(join(folder, "deeper"));
  const [a, b] = [join(folder, "a.nc"), join(folder, "b.nc")];
  expect(filesAt([folder, b, "/no/such/file.nc"])).toEqual([a, b, b, "/no/such/file.nc"]);
  expect(filesAt([])).toEqual([]);
});
