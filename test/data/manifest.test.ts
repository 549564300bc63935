import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { readManifest } from "carbonbook/data";
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
  const stuck = manifest.datasets.filter((d) => d.mirrors.length === 0 && d.account === undefined);
  expect(stuck.map((d) => d.id)).toEqual([]);
});

test("each study has data sets, and no password or token is in the manifest", () => {
  const needed = new Set(manifest.datasets.flatMap((d) => d.neededBy));
  for (const study of ["picard2024", "picard2025", "mohanty2025", "upton2024", "tao2020"]) {
    expect(needed).toContain(study);
  }
  const text = readFileSync(new URL("data-manifest.json", root), "utf8");
  expect(text).not.toMatch(/:\/\/[^/\s"]+@|token=|api_key=|password=/i);
});
