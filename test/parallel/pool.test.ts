import { workerFile } from "carbonbook/parallel";
import { expect, test } from "vitest";

test("a worker's file is the compiled one, from source and from the build", () => {
  expect(workerFile("file:///home/lib/x/lib/ocean/run.ts", "worker")).toBe(
    "/home/lib/x/lib/dist/ocean/worker.js",
  );
  expect(workerFile("file:///x/lib/dist/ocean/run.js", "worker")).toBe(
    "/x/lib/dist/ocean/worker.js",
  );
});
