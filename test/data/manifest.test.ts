import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv } from "ajv";
import { readManifest } from "carbonbook/data";
import { readTable } from "carbonbook/io";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const manifest = readManifest();

test("the manifest obeys its schema", () => {
  const schema = JSON.parse(readFileSync(new URL("lib/data/manifest.schema.json", root), "utf8"));
  const validate = new Ajv({ allErrors: true }).compile(schema);
  validate(JSON.parse(readFileSync(new URL("data-manifest.json", root), "utf8")));
  expect(validate.errors).toBeNull();
});

test("ids and paths are there once", () => {
  const ids = manifest.datasets.map((d) => d.id);
  const paths = manifest.datasets.flatMap((d) => d.files.map((f) => f.path));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(paths).size).toBe(paths.length);
});

test("a data set can be fetched by us, or says how else to get it", () => {
  const stuck = manifest.datasets.filter((d) => d.mirrors.length === 0 && d.byHand === undefined);
  expect(stuck.map((d) => d.id)).toEqual([]);
});

test("each data set lists its files, or states that their names are unknown", () => {
  const unnamed = manifest.datasets.filter((d) => d.files.length === 0);
  expect(unnamed.filter((d) => d.byHand?.files !== "unknown").map((d) => d.id)).toEqual([]);
  const loose = manifest.datasets.filter((d) => d.files.some((f) => f.sha256 === "unknown"));
  expect(loose.filter((d) => d.byHand === undefined).map((d) => d.id)).toEqual([]);
});

test("each real test file has the size and the checksum that its source list gives", () => {
  const path = join(process.env.CARBONBOOK_DATA_MIRROR ?? "", "SOURCES.tsv");
  if (!existsSync(path)) return expect(process.env.CARBONBOOK_DATA_MIRROR ?? "").toBe("");
  const files = new Map(manifest.datasets.flatMap((d) => d.files.map((f) => [f.path, f])));
  const table = readTable(path);
  const sizes = table.numbers("bytes");
  const sums = table.texts("sha256");
  const differs = (p: string, i: number) =>
    files.get(p)?.bytes !== sizes[i] || files.get(p)?.sha256 !== sums[i];
  const isData = (p: string) => !basename(p).startsWith("."); // a file browser left one
  expect(table.texts("file").filter((p, i) => isData(p) && differs(p, i))).toEqual([]);
});

test("each study has data sets, and no password or token is in the manifest", () => {
  const needed = new Set(manifest.datasets.flatMap((d) => d.neededBy));
  for (const study of ["picard2024", "picard2025", "mohanty2025", "upton2024", "tao2020"]) {
    expect(needed).toContain(study);
  }
  const text = readFileSync(new URL("data-manifest.json", root), "utf8");
  expect(text).not.toMatch(/:\/\/[^/\s"]+@|token=|api_key=|password=/i);
});
