import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finding, saveFindings } from "carbonbook/figures";
import { expect, test } from "vitest";

test("a notebook's findings are written where the run gathers them, and replace its earlier ones", async () => {
  const folder = mkdtempSync(join(tmpdir(), "findings-"));
  try {
    const finding: Finding = { id: "x", ours: "7", verdict: "differs", note: "two seeds of three" };
    await saveFindings(folder, "05-biome-clustering", [{ ...finding, ours: "9" }]);
    await saveFindings(folder, "05-biome-clustering", [finding]);
    expect(readdirSync(join(folder, "claims"))).toEqual(["05-biome-clustering.json"]);
    const text = readFileSync(join(folder, "claims", "05-biome-clustering.json"), "utf8");
    expect(JSON.parse(text)).toEqual([finding]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
