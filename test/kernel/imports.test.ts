import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { output, ROOT, result, type Session, startSession } from "./session.js";

let session: Session;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "carbonbook-imports-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "depths.json"), '{ "trap": 3000 }');
  await writeFile(
    join(folder, "flux.ts"),
    'import { readFileSync } from "node:fs";\nimport { ready } from "h5wasm/node";\n' +
      'import { half } from "./half";\n\nexport interface Flux {\n  carbon: number;\n}\n' +
      "export const kinds = [typeof readFileSync, typeof ready];\n" +
      "export function flux(carbon: number): Flux {\n" +
      '  if (carbon < 0) throw new RangeError("negative");\n  return { carbon: half(carbon) };\n}\n',
  );
  await writeFile(join(folder, "half.ts"), "export const half = (x: number) => x / 2;\n");
  session = await startSession({ folder });
});
afterAll(async () => {
  await session.stop();
  await rm(folder, { recursive: true });
});
const run = (code: string) => session.run(code);

test("rooms of the library arrive with their types", async () => {
  const good = 'import { ShapeError, formatShape } from "carbonbook/core";\nformatShape([2, 3])';
  expect(result(await run(good))).toBe("'(2, 3)'");
  const { reply } = await run("formatShape('2')");
  expect(reply.evalue).toMatch(/Argument of type 'string' is not assignable/);
});

test("packages with only an import condition, with CommonJS, and with a default export", async () => {
  expect(
    result(await run('import { ready, File } from "h5wasm/node";\nawait ready; typeof File')),
  ).toBe("'function'");
  expect(result(await run('import { parse } from "yaml"; parse("a: 3")'))).toBe("{ a: 3 }");
  expect(result(await run('import FFT from "fft.js"; new FFT(4).size'))).toBe("4");
  expect(result(await run('import * as matrix from "ml-matrix"; typeof matrix.Matrix'))).toBe(
    "'function'",
  );
  expect(result(await run('import path, { join as j } from "node:path"; j === path.join'))).toBe(
    "true",
  );
  expect(result(await run('const yaml = await import("yaml"); yaml.stringify([1])'))).toBe(
    "'- 1\\n'",
  );
});

test("types alone may be imported, and JSON", async () => {
  const types =
    'import type { Problem } from "carbonbook/core"; const p: Problem = { what: "u" }; p';
  expect(result(await run(types))).toBe("{ what: 'u' }");
  expect(result(await run('import depths from "./depths.json"; depths.trap / 2'))).toBe("1500");
});

test("a file next to the notebook is imported, with its types and its own imports", async () => {
  const answer = await run('import { flux, kinds } from "./flux";\n[flux(4).carbon, ...kinds]');
  expect(result(answer)).toBe("[ 2, 'function', 'object' ]");
  expect((await run("flux('4')")).reply.ename).toBe("TypeScriptError");
  const { traceback } = output(await run("flux(-1)"), "error") as { traceback: string[] };
  expect(traceback.join("\n")).toMatch(/flux \(.*flux\.[jt]s:10:/);
});

test("a changed file is loaded again, also by those that import it", async () => {
  const path = join(folder, "half.ts");
  await writeFile(path, "export const half = (x: number) => x / 20;\n");
  await utimes(path, new Date(), new Date(Date.now() + 5000));
  expect(result(await run('import { flux } from "./flux"; flux(4).carbon'))).toBe("0.2");
  await writeFile(path, "export const half = (x: string) => x;\n");
  await utimes(path, new Date(), new Date(Date.now() + 9000));
  const { reply } = await run('import { flux } from "./flux"; flux(4).carbon');
  expect(reply.evalue).toMatch(/^flux\.ts:11:\d+ - .*\nflux.*Argument of type 'number'/);
});

test("a file that appears after an import failed is found", async () => {
  const code = 'import { now } from "./later"; now';
  expect((await run(code)).reply.evalue).toMatch(/Cannot find module '\.\/later'/);
  await writeFile(join(folder, "later.ts"), "export const now = 1;\n");
  expect(result(await run(code))).toBe("1");
});

test("what cannot be found is said", async () => {
  expect((await run('import { x } from "no-such-package"')).reply.evalue).toMatch(
    /^line 1:19 .*TS2307/,
  );
  expect((await run('await import("no-such-package" as string)')).reply.ename).toBe("Error");
});

test("a folder without packages still has the library", async () => {
  const bare = join(folder, "bare");
  await mkdir(bare);
  const other = await startSession({ folder: bare });
  const code = 'import { formatShape } from "carbonbook/core"; formatShape([7])';
  expect(result(await other.run(code))).toBe("'(7,)'");
  await other.stop();
});
