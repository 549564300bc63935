import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listData, locate, type Manifest, readManifest, verifyData } from "carbonbook/data";
import { expect, test } from "vitest";

function dataSet(id: string, paths: string[]): Manifest["datasets"][number] {
  const files = paths.map((path) => ({ path, bytes: 1, sha256: "unknown" }));
  const about = { title: id, url: "", licence: "", citation: "", neededBy: [], mirrors: [] };
  return { id, ...about, files };
}

const manifest: Manifest = {
  version: 1,
  datasets: [dataSet("one", ["a/one.nc"]), dataSet("two", ["b/c/u.nc", "b/c/v.nc"])],
};

function folderWith(...paths: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "carbonbook-data-"));
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "x");
  }
  return folder;
}

test("a data set of one file is found as that file, in the first folder that has it", () => {
  const [empty, full] = [folderWith(), folderWith("a/one.nc")];
  expect(locate("one", { manifest, folders: [empty, full] })).toBe(join(full, "a/one.nc"));
  expect(locate("one", { manifest, folders: [empty] })).toBeUndefined();
});

test("a data set of several files is found as its folder, and only when it is whole", () => {
  const whole = folderWith("b/c/u.nc", "b/c/v.nc");
  const half = folderWith("b/c/u.nc");
  expect(locate("two", { manifest, folders: [half, whole] })).toBe(join(whole, "b/c"));
  expect(locate("two/u.nc", { manifest, folders: [half] })).toBe(join(half, "b/c/u.nc"));
});

test("files put by hand are found as their folder, counted, and not called extra", async () => {
  const byHand = { account: "none", how: "download it", files: "unknown" } as const;
  const only: Manifest = { version: 1, datasets: [{ ...dataSet("paper", []), byHand }] };
  const [empty, full] = [folderWith(), folderWith("paper/a.nc", "paper/b/c.nc")];
  expect(locate("paper", { manifest: only, folders: [empty] })).toBeUndefined();
  expect(locate("paper", { manifest: only, folders: [empty, full] })).toBe(join(full, "paper"));
  const [status] = listData({ manifest: only, folders: [full] });
  expect(status).toMatchObject({ here: 2, files: 2, bytes: "unknown", account: "none" });
  expect((await verifyData([], { manifest: only, folder: full })).extra).toEqual([]);
});

test("an unknown id is refused with the list of ids", () => {
  expect(() => locate("three", { manifest, folders: [] })).toThrow(
    'data set "three": expected one of one, two',
  );
});

test("the manifest of the repository is found from the library's own folder", () => {
  expect(readManifest().datasets.map((d) => d.id)).toContain("roms_nordic");
});
