import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./session.js";

const PYTHON = "/usr/bin/python3"; // Debian's, with python3-nbconvert and python3-nbclient
const isHere = spawnSync(PYTHON, ["-c", "import nbconvert, nbclient"]).status === 0;

function notebook(...cells: readonly string[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 4,
    metadata: { kernelspec: { name: "carbonbook", display_name: "x", language: "typescript" } },
    cells: cells.map((source) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
  });
}

test.skipIf(!isHere)(
  "nbconvert runs a notebook, and fails with name and message where a cell fails (python3-nbconvert)",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "carbonbook-nbconvert-"));
    await writeFile(join(folder, "good.ipynb"), notebook("const a = 20;", "a + 1"));
    await writeFile(
      join(folder, "bad.ipynb"),
      notebook("throw new RangeError('depth is negative')"),
    );
    const convert = (name: string) =>
      spawnSync(PYTHON, ["-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", name], {
        cwd: folder,
        env: { ...process.env, JUPYTER_PATH: ROOT },
        encoding: "utf8",
      });
    const good = convert("good.ipynb");
    const bad = convert("bad.ipynb");
    await rm(folder, { recursive: true });
    expect(good.status).toBe(0);
    const [, cell] = JSON.parse(good.stdout).cells;
    expect(cell).toMatchObject({
      execution_count: 2,
      outputs: [{ data: { "text/plain": ["21"] } }],
    });
    expect(bad.status).not.toBe(0);
    expect(bad.stderr).toContain("RangeError: depth is negative");
  },
  180_000,
);
