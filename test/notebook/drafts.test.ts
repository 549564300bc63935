import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { sweepDrafts } from "../../lib/notebook/drafts.js";
import { makeTemporary } from "../../lib/notebook/temporary.js";
import { makeFolder } from "./samples.js";

const YESTERDAY = Date.now() / 1000 - 86_400;

function write(path: string, written: number): string {
  writeFileSync(path, "");
  utimesSync(path, written, written);
  return path;
}

test("drafts of processes that are gone are swept in every folder, and nothing else is", async () => {
  const folder = makeFolder();
  const inner = join(folder, "artifacts");
  mkdirSync(inner);
  const { pid: gone } = spawnSync("true");
  const left = [`a.nc.${gone}-0.part`, `b.ipynb.${gone}.12.tmp`, `c.onnx.${gone}.part`];
  const kept = ["a.nc", "notes.tmp", "sites.json.part", `v1.${gone}.tmp.txt`];
  for (const place of [folder, inner]) {
    for (const name of [...left, ...kept]) write(join(place, name), YESTERDAY);
  }
  expect((await sweepDrafts(folder)).length).toBe(2 * left.length);
  expect(readdirSync(folder).sort()).toEqual([...kept, "artifacts"].sort());
  expect(readdirSync(inner).sort()).toEqual(kept);
});

test("a draft that somebody wrote to just now is kept: its process may be of another machine", async () => {
  const folder = makeFolder();
  const { pid: gone } = spawnSync("true");
  write(join(folder, `a.nc.${gone}-0.part`), Date.now() / 1000);
  expect(await sweepDrafts(folder)).toEqual([]);
});

test.runIf(process.platform === "linux")(
  "a draft older than the process that has its number by now is swept",
  async () => {
    const folder = makeFolder();
    const path = write(join(folder, `a.nc.${process.pid}-0.part`), YESTERDAY);
    expect(await sweepDrafts(folder)).toEqual([path]);
  },
);

test("a temporary folder is named after its process, and those of killed ones are swept", async () => {
  const folder = makeFolder();
  vi.stubEnv("TMPDIR", folder);
  const { pid: gone } = spawnSync("true");
  const names = [`carbonbook-kernel-${gone}-x7Gh2a`, `carbonbook-lab-${gone}`];
  for (const name of names) {
    mkdirSync(join(folder, name));
    utimesSync(join(folder, name), YESTERDAY, YESTERDAY);
  }
  const made = await makeTemporary("kernel", async () => "filled");
  vi.unstubAllEnvs();
  expect(made.folder.startsWith(join(folder, `carbonbook-kernel-${process.pid}-`))).toBe(true);
  rmSync(made.folder, { recursive: true });
  expect(readdirSync(folder)).toEqual([names[1]]);
});
