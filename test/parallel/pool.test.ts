import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePool, workerFile } from "carbonbook/parallel";
import { expect, test } from "vitest";

test("a worker's file is the compiled one, from source and from the build", () => {
  expect(workerFile("file:///home/lib/x/lib/ocean/run.ts", "worker")).toBe(
    "/home/lib/x/lib/dist/ocean/worker.js",
  );
  expect(workerFile("file:///x/lib/dist/ocean/run.js", "worker")).toBe(
    "/x/lib/dist/ocean/worker.js",
  );
});

test("an answer that was on its way when the pool closed harms nobody", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "carbonbook-pool-")), "fail.mjs");
  writeFileSync(
    file,
    `const cell = new Int32Array(new SharedArrayBuffer(4));
     export function fail(wait) { Atomics.wait(cell, 0, 0, wait); throw new Error("no"); }`,
  );
  const pool = makePool(file, "fail", 1);
  const [first, second] = [pool.run(0), pool.run(100)];
  const closed = first.catch(() => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500); // the second answers meanwhile
    return pool.close();
  });
  await expect(second).rejects.toThrow("Terminating");
  await closed;
});
