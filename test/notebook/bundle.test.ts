import { spawnSync } from "node:child_process";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTask } from "carbonbook/parallel";
import { expect, test } from "vitest";
import { makeBundle } from "../../lib/notebook/bundle.js";
import { openGraph } from "../../lib/notebook/reproduce.js";
import { listUnits } from "../../lib/notebook/unit.js";
import { carbonbook } from "../cli/bin.js";
import { makeClusterProject } from "./cluster-project.js";

const ENTRY = fileURLToPath(new URL("../../lib/dist/cli/taskmain.js", import.meta.url));

/** A round that needs what has native parts: HDF5 and onnxruntime. */
const ROUND = `
import { writeNetcdf, open } from "carbonbook/io";
import { openEngine } from "carbonbook/learn";

import { half } from "./half.mjs";

export async function square({ index, runFolder }) {
  const path = \`\${runFolder}/round-\${index}.nc\`;
  const x = { dimensions: ["x"], data: Float32Array.of(half(2), 2) };
  await writeNetcdf(path, { dimensions: { x: 2 }, attributes: {}, variables: { x } });
  const file = await open(path);
  const { data } = await file.variable("x").read();
  file.close();
  const { name, provider } = await openEngine();
  return { data, name, provider };
}
`;

test("a job's program needs no folder of packages, and its hashes are those of the installed library", async () => {
  const root = makeClusterProject({ count: 2, library: "installed" });
  writeFileSync(join(root, "notebooks/rounds.mjs"), ROUND);
  const half = join(root, "notebooks/half.mjs");
  writeFileSync(half, "export const half = (x) => x / 2;");
  const here = await carbonbook(["run-task", "--root", root, "01-sum/squares/0"]);
  expect(here.stderr).toContain("01-sum/squares/0: completed");
  const units = listUnits(await openGraph(root), "quick");
  const folder = join(root, "runs/quick/.slurm");
  const program = await makeBundle({ entry: ENTRY, units }, folder);
  const { ino } = statSync(program);
  await makeBundle({ entry: ENTRY, units }, folder);
  expect(statSync(program).ino).toBe(ino); // nothing changed: nothing is bundled
  writeFileSync(half, "export const half = (x) => 0.5 * x;");
  await makeBundle({ entry: ENTRY, units }, folder);
  expect(statSync(program).ino).not.toBe(ino); // what a round's module imports counts too
  rmSync(join(root, "node_modules"), { recursive: true });
  const { stderr, status } = spawnSync(
    process.execPath,
    [program, "run-task", "--root", root, "01-sum/squares"],
    { encoding: "utf8" },
  );
  expect(stderr).toContain("01-sum/squares/0: completed"); // by what its module imports, too
  expect(stderr).toContain("01-sum/squares/1: completed");
  expect(status).toBe(0);
  const made = await readTask(join(root, "runs/quick"), "01-sum/squares/1");
  expect(made?.value).toEqual({ data: Float32Array.of(1, 2), name: "onnx", provider: "cpu" });
  expect(await makeBundle({ entry: ENTRY, units }, folder)).toBe(program);
  const again = await carbonbook(["run-task", "--root", root, "01-sum/squares"]);
  expect(again.stderr.match(/up to date, nothing to do/g)).toHaveLength(2);
});
