import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "./session.js";

const PYTHON = "/usr/bin/python3"; // Debian's, with python3-jupyter-kernel-test
const isHere = spawnSync(PYTHON, ["-c", "import jupyter_kernel_test"]).status === 0;
const env = { ...process.env, JUPYTER_PATH: ROOT };

test.skipIf(!isHere)(
  "Jupyter's own conformance suite passes whole, nothing skipped (python3-jupyter-kernel-test)",
  async () => {
    const suite = fileURLToPath(new URL("conformance.py", import.meta.url));
    const { stderr } = await promisify(execFile)(PYTHON, [suite], { env, cwd: ROOT });
    expect(stderr).toMatch(/Ran 12 tests/);
    expect(stderr).toMatch(/^OK$/m);
    expect(stderr).not.toMatch(/skipped/);
  },
  180_000,
);
