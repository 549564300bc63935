import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  installKernel,
  listKernels,
  makeConnectionFile,
  ownKernelFolder,
  startKernel,
} from "carbonbook/kernel";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carbonbook-spec-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("the kernelspec that travels with the project is relocatable and has its logos", () => {
  const own = ownKernelFolder();
  const spec = JSON.parse(readFileSync(join(own, "kernel.json"), "utf8"));
  expect(spec).toMatchObject({ language: "typescript", interrupt_mode: "message" });
  expect(spec.argv.join(" ")).toContain("{resource_dir}");
  expect(
    ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"].every((name) =>
      existsSync(join(own, name)),
    ),
  ).toBe(true);
});

test("an installed kernelspec stands alone and is found", () => {
  vi.stubEnv("JUPYTER_PATH", join(folder, "share", "jupyter"));
  const { folder: installed } = installKernel({ prefix: folder });
  const found = listKernels().find(({ name }) => name === "carbonbook");
  expect(found).toMatchObject({ folder: installed, language: "typescript" });
  expect(existsSync(found!.argv[1]!)).toBe(true);
  expect(existsSync(join(installed, "logo-64x64.png"))).toBe(true);
});

test("installing for the user follows Jupyter's own variable", () => {
  vi.stubEnv("JUPYTER_DATA_DIR", folder);
  expect(installKernel("user").folder).toBe(join(folder, "kernels", "carbonbook"));
});

test("without Jupyter it says so", () => {
  vi.stubEnv("PATH", folder);
  expect(installKernel({ prefix: folder }).advice).toMatch(
    /Jupyter was not found; .* install jupyterlab/,
  );
});

test("a place that cannot be written is an error that names it", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  expect(() => installKernel({ prefix: file })).toThrow(
    /kernelspec: expected a folder that can be written at .*file\/share/,
  );
});

test("a folder that cannot be written to is named with what to do, and nothing starts", async () => {
  const gone = join(folder, "gone");
  await expect(makeConnectionFile(join(gone, "c.json"))).rejects.toThrow(
    `${gone}: connection file: expected a folder to write it to, got ENOENT; start it in`,
  );
  vi.stubEnv("TMPDIR", gone);
  await expect(startKernel()).rejects.toThrow("got ENOENT; set TMPDIR to a folder");
});
