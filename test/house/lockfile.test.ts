import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import forbidden from "./forbidden-versions.json" with { type: "json" };

interface Lockfile {
  readonly packages: Readonly<Record<string, { version?: string; resolved?: string }>>;
}

const path = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
const lockfile = JSON.parse(readFileSync(path, "utf8")) as Lockfile;

test("the lockfile names no registry host", () => {
  const hosts = Object.values(lockfile.packages).filter(({ resolved }) =>
    resolved?.startsWith("http"),
  );
  expect(hosts).toEqual([]);
});

test("no package with a known serious advisory is locked", () => {
  const locked = Object.entries(lockfile.packages).flatMap(([key, { version }]) =>
    version === undefined ? [] : [{ name: key.split("node_modules/").at(-1) ?? key, key, version }],
  );
  const found = locked.filter(({ name, key, version }) =>
    forbidden.some(
      (rule) =>
        rule.name === name && !key.startsWith("stubs/") && isBelow(version, rule.fixedIn ?? "∞"),
    ),
  );
  expect(found.map(({ name, version }) => `${name} ${version}`)).toEqual([]);
});

test("the version order that the rule rests on is numeric", () => {
  expect(isBelow("1.9.0", "1.10.0")).toBe(true);
  expect(isBelow("2.0.0", "1.10.0")).toBe(false);
  expect(isBelow("99.0.0", "∞")).toBe(true);
});

function isBelow(version: string, limit: string): boolean {
  if (limit === "∞") return true;
  const [a, b] = [version, limit].map((v) => v.split(/[.-]/).slice(0, 3).map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
