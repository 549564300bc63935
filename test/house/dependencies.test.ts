import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

test("every dependency has a line that says what it replaces", () => {
  const page = read("environment/README.md");
  const named = ["package.json", "lib/package.json"].flatMap((file) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file));
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  });
  const types = (name: string) => name.startsWith("@types/");
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !types(name) && !page.includes(name))).toEqual([]);
});
